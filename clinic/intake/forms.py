"""The pages of the form: date of birth, questions, areas, own words, leaving, resuming."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, Length, Optional, ValidationError

from clinic import fields
from clinic.controls import (
    NO,
    NOT_SURE,
    YES,
    YES_NO_NOT_SURE,
    DatePartsField,
    Printable,
    Required,
    choices,
    text_area,
    tidy,
)
from clinic.forms import ClinicForm
from clinic.intake.questionnaire import (
    AreaChoice,
    AreaKind,
    Detail,
    Page,
    Question,
    Questionnaire,
)
from clinic.screening.rules import Area, ToxinProduct

HOW = {"little": 1, "clear": 2, "deep": 3}
WORDS_LENGTH = 600
NOTE_LENGTH = 300

ONCE_OR_MORE = [("once", _l("Once")), ("more", _l("More than once"))]
# Patients know brands; the code is the product's own name, because units differ by product.
PRODUCTS = [
    ("", _l("I don’t know")),
    (ToxinProduct.ONABOTULINUMTOXIN_A.value, "Botox"),
    (ToxinProduct.ABOBOTULINUMTOXIN_A.value, "Dysport"),
    (ToxinProduct.INCOBOTULINUMTOXIN_A.value, "Xeomin"),
    (ToxinProduct.DAXIBOTULINUMTOXIN_A.value, "Daxxify"),
    (ToxinProduct.PRABOTULINUMTOXIN_A.value, "Jeuveau, Nuceiva"),
    (ToxinProduct.LETIBOTULINUMTOXIN_A.value, "Letybo"),
]


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


def _name(question: Question, part: str = "") -> str:
    base = question.topic.value.replace("-", "_")
    return f"{base}_{part}" if part else base


def question_form(
    page: Page, areas: list[tuple[str, str]], saved: dict[str, Any], today: date
) -> ClinicForm:
    """A form for one page of questions, filled with what was *saved* before.

    Every question has yes, no and not sure, nothing preselected; a detail field follows a yes.
    """

    class QuestionsForm(ClinicForm):
        pass

    for question in page.questions:
        setattr(
            QuestionsForm,
            _name(question),
            RadioField(
                question.asked,
                choices=choices(*YES_NO_NOT_SURE),
                validators=[Required(_l("Choose yes, no or not sure"))],
                validate_choice=True,
            ),
        )
        for part, field in _detail_fields(question, areas, today).items():
            setattr(QuestionsForm, _name(question, part), field)
    return QuestionsForm(data=_saved_data(page, saved))


def _detail_fields(question: Question, areas: list[tuple[str, str]], today: date) -> dict[str, Any]:
    if question.detail == Detail.NOTE:
        return {
            "note": StringField(
                question.detail_asked,
                filters=[tidy],
                validators=[Optional(), Printable(NOTE_LENGTH)],
            )
        }
    if question.detail == Detail.AREAS:
        return {"areas": SelectMultipleField(question.detail_asked, choices=choices(*areas))}
    if question.detail == Detail.TIMES:
        return {
            "times": RadioField(
                question.detail_asked, choices=choices(*ONCE_OR_MORE), validators=[Optional()]
            )
        }
    if question.detail == Detail.SESSION:
        return {
            "date": DatePartsField(
                _l("When?"),
                "",
                "3 9 2026",
                required=False,
                earliest=date(2000, 1, 1),
                validators=[_not_after(today)],
            ),
            "product": SelectField(
                _l("Which product?"), choices=choices(*PRODUCTS), validators=[Optional()]
            ),
            "units": StringField(_l("How many units?"), validators=[Optional(), _units]),
            "where": StringField(
                _l("Where on your body?"),
                filters=[tidy],
                validators=[Optional(), Printable(NOTE_LENGTH)],
            ),
        }
    return {}


def _units(_form: Any, field: StringField) -> None:
    text = (field.data or "").replace(",", ".")
    try:
        units = float(text)
    except ValueError:
        units = -1
    if not 0 < units <= 5000:
        raise ValidationError(_("Enter the units as a number, for example 20, or leave it empty"))


def _saved_data(page: Page, saved: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for question in page.questions:
        given = saved.get(question.topic, {})
        data[_name(question)] = given.get("value")
        for part in ("note", "areas", "times"):
            data[_name(question, part)] = given.get(part)
        session = given.get("session") or {}
        for part in ("product", "units", "where"):
            data[_name(question, part)] = session.get(part)
        if session.get("date"):
            data[_name(question, "date")] = date.fromisoformat(session["date"])
    return data


def _not_after(today: date) -> Callable[[Any, DatePartsField], None]:
    def check(_form: Any, field: DatePartsField) -> None:
        if field.data and field.data > today:
            raise ValidationError(_("Enter a date that is not in the future"))

    return check


def can_be_kept(form: ClinicForm, page: Page) -> bool:
    """Whether what was typed is fit to store, though questions may be left for later."""
    asked = {_name(question) for question in page.questions}
    return not any(field.errors for field in form if field.name not in asked)


def has_session_dates(form: ClinicForm, page: Page) -> bool:
    """A yes to recent toxin needs a date: it decides the interval. Puts the message there."""
    for question in page.questions:
        if question.detail != Detail.SESSION or form[_name(question)].data != YES:
            continue
        field = form[_name(question, "date")]
        if field.data is None and not field.errors:
            field.errors = [_("Enter the date of the last time, roughly if need be")]
            return False
    return True


def answers_of(form: ClinicForm, page: Page) -> dict[str, Any]:
    """The page's answers as the document keeps them; details of a "no" are dropped."""
    answers: dict[str, Any] = {}
    for question in page.questions:
        given: dict[str, Any] = {"value": form[_name(question)].data}
        if given["value"] not in (YES, NO, NOT_SURE):
            continue  # left for later
        if given["value"] != NO:
            given |= _details_of(form, question)
        answers[question.topic.value] = given
    return answers


def _details_of(form: ClinicForm, question: Question) -> dict[str, Any]:
    if question.detail == Detail.SESSION:
        day = form[_name(question, "date")].data
        if day is None:
            return {}
        parts = ("product", "units", "where")
        session = {part: form[_name(question, part)].data for part in parts}
        kept = {part: value for part, value in session.items() if value}
        return {"session": {"date": day.isoformat(), **kept}}
    if question.detail is None:
        return {}
    part = question.detail.value
    value = form[_name(question, part)].data
    return {part: value} if value else {}


class WordsForm(ClinicForm):
    """Own words; what is missing may be left for later, what cannot be stored may not."""

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
