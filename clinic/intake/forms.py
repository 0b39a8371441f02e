"""The pages of the form: date of birth, questions, areas, own words, leaving, resuming."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, RadioField
from wtforms.validators import Email, Length, ValidationError

from clinic import fields
from clinic.controls import (
    DatePartsField,
    Required,
    choices,
    text_area,
    tidy,
)
from clinic.forms import ClinicForm
from clinic.intake.areas import AreaChoice, AreaKind
from clinic.intake.questionnaire import Questionnaire
from clinic.screening.rules import Area

HOW = {"little": 1, "clear": 2, "deep": 3}
WORDS_LENGTH = 600


class BirthForm(ClinicForm):
    born_on = DatePartsField(
        _l("What is your date of birth?"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_born_on(self, field: DatePartsField) -> None:
        if field.data and field.data >= self.today:
            raise ValidationError(_("Enter a date of birth in the past"))


class LeaveForm(ClinicForm):
    email = EmailField(
        _l("E-mail address"),
        filters=[tidy],
        validators=[
            Required(_l("Enter the e-mail address that the link should go to")),
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


class WordsForm(ClinicForm):
    """Own words; what is missing may be left for later, what cannot be stored may not."""

    @property
    def words(self) -> dict[str, Any]:
        """The words as the document keeps them."""
        return {part: self[part].data for part in ("change", "how_long", "matters", "fears")}

    @property
    def has_unstorable_text(self) -> bool:
        return any((field.data or "") and field.errors for field in (self.change, self.fears))

    change = text_area(
        _l("What would you like to change?"),
        _l("Write in a few words what you would like to change"),
        WORDS_LENGTH,
        rows=5,
    )
    how_long = RadioField(
        _l("How long have you noticed it?"),
        choices=choices(
            ("weeks", _l("Weeks")),
            ("months", _l("Months")),
            ("years", _l("Years")),
        ),
        validators=[Required(_l("Choose how long you have noticed it"))],
    )
    matters = RadioField(
        _l("How much does it matter to you?"),
        choices=choices(
            ("1", _l("Hardly")),
            ("2", _l("A little")),
            ("3", _l("Quite")),
            ("4", _l("A lot")),
            ("5", _l("Very much")),
        ),
        validators=[Required(_l("Choose how much it matters to you"))],
    )
    fears = text_area(_l("Is there a result you would not like?"), None, WORDS_LENGTH, rows=3)


class WhereForm(ClinicForm):
    """The tick list of areas. Its fields are those of the face map; see templates/intake/where."""

    def __init__(self, *args: Any, questions: Questionnaire, saved: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.rows: dict[Area, dict[str, Any]] = {row["area"]: row for row in saved}
        self.area_errors: dict[Area, str] = {}
        self.nothing_ticked: str | None = None

    def read(self, typed: MultiDict[str, str]) -> bool:
        """Take the ticks from *typed*; False, with messages, when an area lacks an answer."""
        ticked = set(typed.getlist("area"))
        places = {area.value for area in Area} | {"f"}  # "f-face" turns the picture alone
        fields.also(*(name for name in typed if name.rpartition("-")[0] in places))
        self.rows = {}
        for group in self.questions.area_groups:
            for choice in group.areas:
                if choice.area in ticked:
                    self.rows[choice.area] = self._row(choice, typed)
        if not self.rows:
            self.nothing_ticked = _("Tick at least one place, on the face or in the list")
        return not self.area_errors and not self.nothing_ticked

    def _row(self, choice: AreaChoice, typed: MultiDict[str, str]) -> dict[str, Any]:
        area = choice.area
        how = typed.get(f"{area}-how", "")
        if choice.kind == AreaKind.SWEAT:
            return self._sweat(area, how, typed)
        row: dict[str, Any] = {"area": area.value, "how": how if how in HOW else None}
        if choice.kind == AreaKind.LINE:
            seen = typed.getlist(f"{area}-see")
            row |= {"in_motion": "move" in seen, "at_rest": "rest" in seen}
            row["fws"] = HOW.get(how)
            if not (row["in_motion"] or row["at_rest"]):
                self.area_errors[area] = _("Choose when you see it")
        else:
            row["volume" if choice.kind == AreaKind.VOLUME else "bulk"] = True
        if how not in HOW:
            self.area_errors.setdefault(area, _("Choose how much"))
        return row

    def _sweat(self, area: Area, how: str, typed: MultiDict[str, str]) -> dict[str, Any]:
        hdss = int(how) if how in ("1", "2", "3", "4") else None
        if hdss is None:
            self.area_errors[area] = _("Choose how much the sweating is in your way")
        return {
            "area": area.value,
            "hdss": hdss,
            "creams_failed": typed.get(f"{area}-creams") == "1",
        }

    @property
    def status(self) -> int:
        return 422 if self.area_errors or self.nothing_ticked else 200

    def problems(self) -> Any:
        if self.nothing_ticked:
            yield f"a-{Area.FOREHEAD}", self.nothing_ticked
        names = self.questions.area_names()
        for area, message in self.area_errors.items():
            yield f"a-{area}", f"{names[area]}: {message}"

    @property
    def concerns(self) -> list[dict[str, Any]]:
        return list(self.rows.values())
