"""The page of areas: what its ticks and choices mean, and what they lack.

The fields are those of the face map (templates/intake/where.html), not of a form library: the list
and the picture are one control, and each area opens its own questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from clinic import fields
from clinic.forms import ClinicForm
from clinic.intake.areas import AreaChoice, AreaKind
from clinic.intake.questionnaire import Questionnaire
from clinic.screening.rules import Area, Side

HOW = {"little": 1, "clear": 2, "deep": 3}
HDSS = ("1", "2", "3", "4")
# Which picture is shown: the face from the front, your left, your right, the armpits, the hands.
VIEWS = ("front", "left", "right", "axillae", "palms")
# What turns the picture alone: its names begin with this in place of an area's code.
PICTURE = "f"


class WhereForm(ClinicForm):
    """The tick list of areas; *rows* are the document's, by area."""

    def __init__(self, *args: Any, questions: Questionnaire, saved: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.rows: dict[Area, dict[str, Any]] = {row["area"]: row for row in saved}
        self.area_errors: dict[Area, list[str]] = {}
        self.nothing_ticked: str | None = None
        self.view = VIEWS[0]

    def read(self, typed: MultiDict[str, str]) -> bool:
        """Take the ticks from *typed*; False, with messages, when an area lacks an answer."""
        ticked = set(typed.getlist("area"))
        places = {area.value for area in Area} | {PICTURE}
        fields.also(*(name for name in typed if name.rpartition("-")[0] in places))
        if typed.get(f"{PICTURE}-view") in VIEWS:
            self.view = typed[f"{PICTURE}-view"]
        choices = self.questions.area_choices().items()
        self.rows = {area: self._row(choice, typed) for area, choice in choices if area in ticked}
        if not self.rows:
            self.nothing_ticked = _("Tick at least one place, on the face or in the list")
        return not self.area_errors and not self.nothing_ticked

    def _row(self, choice: AreaChoice, typed: MultiDict[str, str]) -> dict[str, Any]:
        how = typed.get(f"{choice.area}-how", "")
        row: dict[str, Any] = {"area": choice.area.value}
        if choice.kind == AreaKind.SWEAT:
            row |= self._sweat(choice.area, how, typed)
        else:
            row["how"] = how if how in HOW else None
            row |= self._signs(choice, how, typed)
            if how not in HOW:
                self._lacks(choice.area, _("Choose how much"))
        return row | self._side(choice, typed)

    def _signs(self, choice: AreaChoice, how: str, typed: MultiDict[str, str]) -> dict[str, Any]:
        """What is seen there; a depth only where a line is."""
        if not choice.is_line:
            return {choice.kind.value: True}
        seen = typed.getlist(f"{choice.area}-see")
        signs: dict[str, Any] = {"in_motion": "move" in seen, "at_rest": "rest" in seen}
        is_line = any(signs.values())
        if choice.fuller:
            signs["volume"] = "full" in seen
        if not any(signs.values()):
            missing = _("Choose what you see") if choice.fuller else _("Choose when you see it")
            self._lacks(choice.area, missing)
        return signs | {"fws": HOW.get(how) if is_line or not choice.fuller else None}

    def _sweat(self, area: Area, how: str, typed: MultiDict[str, str]) -> dict[str, Any]:
        if how not in HDSS:
            self._lacks(area, _("Choose how much the sweating is in your way"))
        creams_failed = typed.get(f"{area}-creams") == "1"
        return {"hdss": int(how) if how in HDSS else None, "creams_failed": creams_failed}

    def _side(self, choice: AreaChoice, typed: MultiDict[str, str]) -> dict[str, Any]:
        """The side that was chosen; nothing chosen is no answer, and read as both."""
        side = typed.get(f"{choice.area}-side", "")
        if not choice.sides or not side:
            return {}
        if side not in set(Side):
            self._lacks(choice.area, _("Choose both sides, your left or your right"))
            return {}
        return {"side": side}

    def _lacks(self, area: Area, message: str) -> None:
        self.area_errors.setdefault(area, []).append(message)

    @property
    def status(self) -> int:
        return 422 if self.area_errors or self.nothing_ticked else 200

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.nothing_ticked:
            yield f"a-{Area.FOREHEAD}", self.nothing_ticked
        names = self.questions.area_names()
        for area, messages in self.area_errors.items():
            for message in messages:
                yield f"a-{area}", f"{names[area]}: {message}"

    @property
    def concerns(self) -> list[dict[str, Any]]:
        return list(self.rows.values())
