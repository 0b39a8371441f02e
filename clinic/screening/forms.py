"""The physician's page: findings, note, overrulings, decision. Shape is checked here; whether a
decision holds is asked of the rules when it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional, ValidationError

from clinic.controls import NOTE_LENGTH, Printable, choices, text_area, tidy
from clinic.forms import PressedOnce
from clinic.screening.finding_fields import FINDING_FIELDS, FindingFields, NumberField
from clinic.screening.models import Decision, EarlierApproval
from clinic.screening.rules import ToxinProduct
from clinic.treatment.rules import MITIGATIONS, FillerClass

OVERRULE = "overrule-"
# What a physician grades: a line on the FWS, moving and at rest, and sweating on the HDSS.
OF_A_LINE, FWS = ("moving", "rest"), ("0", "1", "2", "3")
OF_SWEATING, HDSS = ("hdss",), ("1", "2", "3", "4")

DECISIONS = [
    (Decision.APPROVE.value, _l("Approve")),
    (Decision.ASK.value, _l("Ask the patient")),
    (Decision.DEFER.value, _l("Defer")),
    (Decision.DECLINE.value, _l("Decline")),
    (Decision.REFER.value, _l("Refer")),
]
MODALITIES = [("toxin", _l("Botox")), ("filler", _l("Filler")), ("combined", _l("Combined"))]
MITIGATION_WORDS = {
    "upper-frontalis": _l("Upper forehead only, lowest 2 cm free"),
    "away-from-levator": _l("At least 1 cm above the brow bone"),
    "lower-dose": _l("Lower forehead dose, or two sessions"),
    "glabella-with-forehead": _l("Frown lines together with forehead"),
    "concentrated": _l("Concentrated, low volume"),
    "frontalis-untreated": _l("Leave the forehead muscle untreated"),
    "baseline-photographs": _l("Photographs: rest, brow raised, eyes closed"),
    "refer-first": _l("Refer first"),
}
STANDING = [
    (EarlierApproval.ENDS.value, _l("Ends with this decision")),
    (EarlierApproval.GOES_ON.value, _l("Goes on")),
]
FILLERS = [
    (FillerClass.WITH_LIDOCAINE.value, _l("hyaluronic acid with lidocaine")),
    (FillerClass.WITHOUT_LIDOCAINE.value, _l("hyaluronic acid without lidocaine")),
]


DECIDED_FIELDS = (
    "decision",
    "modality",
    "toxin_areas",
    "filler_areas",
    "toxin_product",
    "filler_product",
    "toxin_ceiling",
    "filler_ceiling",
    "mitigations",
    "why",
    "conditions",
    "question",
    "defer_words",
    "decline_words",
    "standing",
    "refer_to",
    "refer_words",
    "private",
    "by_live_video",
    "rating_overruled",
    "rating_because",
)


class ReviewForm(FindingFields, PressedOnce):
    """All that a physician types on one page; every field may stay empty until it is signed."""

    version = HiddenField()
    intake_id = HiddenField()  # the form that the page showed: a newer one is read first
    flags_shown = HiddenField()  # what the page shows already is not sent to it again
    text = text_area(_l("Findings and what was discussed"), None, NOTE_LENGTH, rows=3)

    decision = RadioField(_l("Your decision"), choices=choices(*DECISIONS), validators=[Optional()])
    modality = RadioField(_l("Modality"), choices=choices(*MODALITIES), validators=[Optional()])
    toxin_areas = SelectMultipleField(_l("Botox in"))
    filler_areas = SelectMultipleField(_l("Filler in"))
    toxin_product = SelectField(
        _l("Botox product"), choices=choices(*((p.value, p.value) for p in ToxinProduct))
    )
    filler_product = SelectField(_l("Filler product"), choices=choices(*FILLERS))
    toxin_ceiling = StringField(
        _l("Botox ceiling, units"), filters=[tidy], render_kw={"inputmode": "numeric"}
    )
    filler_ceiling = NumberField(_l("Filler ceiling, ml"), "0.1", "20", "ml")
    valid_until = DateField(_l("Valid until"), validators=[Optional()])
    mitigations = SelectMultipleField(
        _l("Mitigations"),
        choices=choices(*((code, MITIGATION_WORDS[code]) for code in MITIGATIONS)),
    )
    by_live_video = BooleanField(_l("Seen by live video, not in person"))
    why = text_area(_l("Why, given the flags"), None, 2000, rows=2)
    conditions = text_area(_l("Conditions the patient will read (optional)"), None, 1000, rows=2)
    question = text_area(_l("What do you need to know?"), None, 1000, rows=3)
    defer_until = DateField(_l("Until"), validators=[Optional()])
    defer_words = text_area(_l("Why, in words the patient will read"), None, 1000, rows=3)
    decline_words = text_area(_l("Reason, in words the patient will read"), None, 1000, rows=3)
    refer_to = StringField(_l("To whom"), filters=[tidy], validators=[Optional(), Printable(200)])
    refer_words = text_area(_l("Why, in words the patient will read"), None, 1000, rows=3)
    standing = RadioField(
        _l("The approval in force"), choices=choices(*STANDING), validators=[Optional()]
    )
    private = text_area(_l("Private reason, for colleagues only (optional)"), None, 2000, rows=2)

    def __init__(
        self,
        *args: Any,
        areas: list[tuple[str, Any]],
        graded: list[tuple[str, Any]],
        sweating: list[str],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.graded = graded
        self.sweating = sweating
        self.toxin_areas.choices = self.filler_areas.choices = choices(*areas)
        self.grades: dict[str, dict[str, str]] = {}
        self.overruled: dict[str, str] = {}
        # Written over a flag that other answers raised: shown beside it, and no reason any more.
        self.written_before: dict[str, str] = {}
        self.grade_errors: dict[str, str] = {}

    def validate_toxin_ceiling(self, field: StringField) -> None:
        if field.data and not (
            field.data.isascii() and field.data.isdigit() and 0 < int(field.data) <= 400
        ):
            raise ValidationError(_("Botox ceiling: enter whole units from 1 to 400"))

    def read_more(self) -> None:
        """Take grades and overrulings, whose fields depend on the patient, from the request."""
        for area, _name in self.graded:
            self._read_grades(area, OF_A_LINE, FWS, _("Grades are 0, 1, 2 or 3"))
        for area in self.sweating:
            self._read_grades(area, OF_SWEATING, HDSS, _("Grades of sweating are 1, 2, 3 or 4"))
        self.overruled = {
            name.removeprefix(OVERRULE): (tidy(text) or "")[:500]
            for name in request.form
            if name.startswith(OVERRULE) and (text := request.form[name]).strip()
        }

    def _read_grades(
        self, area: str, names: tuple[str, ...], scale: tuple[str, ...], otherwise: str
    ) -> None:
        typed = {name: (request.form.get(f"grade-{area}-{name}") or "").strip() for name in names}
        self.grades[area] = typed
        if any(grade and grade not in scale for grade in typed.values()):
            self.grade_errors[area] = otherwise

    def fill(self, findings: Mapping[str, Any], decided: Mapping[str, Any]) -> None:
        """Show what a draft holds."""
        for name in FINDING_FIELDS:
            self[name].data = findings.get(name) or None
        self.grades = findings.get("grades", {})
        for name in DECIDED_FIELDS:
            if name in decided:
                self[name].data = decided[name]
        for name in ("valid_until", "defer_until"):
            if decided.get(name):
                self[name].data = date.fromisoformat(decided[name])
        self.overruled = decided.get("overruled", {})

    @property
    def findings(self) -> dict[str, Any]:
        """As the note stores them; what has an error is left out, so that the rest is kept."""
        kept = {name: self[name].data for name in FINDING_FIELDS if not self[name].errors}
        grades = {a: g for a, g in self.grades.items() if a not in self.grade_errors}
        return {**{name: value for name, value in kept.items() if value}, "grades": grades}

    @property
    def decided(self) -> dict[str, Any]:
        kept = {name: self[name].data for name in DECIDED_FIELDS if not self[name].errors}
        dates = {
            name: self[name].data.isoformat()
            for name in ("valid_until", "defer_until")
            if self[name].data
        }
        return {**{n: v for n, v in kept.items() if v}, **dates, "overruled": self.overruled}

    def problems(self) -> Any:
        yield from super().problems()
        for area, message in self.grade_errors.items():
            yield f"grade-{area}-{next(iter(self.grades[area]))}", message

    @property
    def status(self) -> int:
        return 422 if self.errors or self.grade_errors else 200


def demand(form: ReviewForm, decision: Decision) -> bool:
    """Put messages where something is missing that *decision* needs; True when all is there.

    Every other decision than approval says something that the patient will read.
    """
    needed: list[tuple[Any, str]] = []
    if not (form.text.data or "").strip():
        needed.append((form.text, _("Write what you found and discussed, before you sign")))
    if decision == Decision.APPROVE:
        if not form.modality.data:
            needed.append((form.modality, _("Choose Botox, filler or combined")))
        needed += _scope_missing(form)
        if form.valid_until.data is None:
            needed.append((form.valid_until, _("Enter until when the approval is valid")))
    words = {
        Decision.ASK: (form.question, _("Write your question to the patient")),
        Decision.DEFER: (form.defer_words, _("Write why, in words the patient will read")),
        Decision.DECLINE: (
            form.decline_words,
            _("Write the reason, in words the patient will read"),
        ),
        Decision.REFER: (form.refer_words, _("Write why, in words the patient will read")),
    }
    if decision in words and not (words[decision][0].data or "").strip():
        needed.append(words[decision])
    if decision == Decision.DEFER and (
        form.defer_until.data is None or form.defer_until.data <= form.today
    ):
        needed.append((form.defer_until, _("Enter a date after today until which you defer")))
    if decision == Decision.REFER and not form.refer_to.data:
        needed.append((form.refer_to, _("Write to whom you refer")))
    for field, message in needed:
        field.errors = [*field.errors, message]
    return not needed


def _scope_missing(form: ReviewForm) -> list[tuple[Any, str]]:
    """Areas and ceiling that the chosen modality needs; combined asks both of each."""
    needed: list[tuple[Any, str]] = []
    if form.modality.data in ("toxin", "combined"):
        if not form.toxin_areas.data:
            needed.append((form.toxin_areas, _("Tick at least one area for Botox")))
        if not form.toxin_ceiling.data and not form.toxin_ceiling.errors:
            needed.append((form.toxin_ceiling, _("Enter a ceiling for Botox")))
    if form.modality.data in ("filler", "combined"):
        if not form.filler_areas.data:
            needed.append((form.filler_areas, _("Tick at least one area for filler")))
        if not form.filler_ceiling.data and not form.filler_ceiling.errors:
            needed.append((form.filler_ceiling, _("Enter a ceiling for filler")))
    return needed


class AddendumForm(PressedOnce):
    text = text_area(_l("Addendum"), _l("Write what you want to add"), NOTE_LENGTH, rows=4)


class WithdrawForm(PressedOnce):
    reason = text_area(_l("Why do you withdraw it?"), _l("Write why you withdraw it"), 2000, rows=3)


class ResumeForm(PressedOnce):
    """*intake_id* is the form that the page showed."""

    intake_id = HiddenField("", id="main")
    because = text_area(_l("Why may it go on?"), _l("Write why it may go on"), 2000, rows=3)


class ReplyForm(PressedOnce):
    text = text_area(_l("Your answer"), _l("Write your answer"), 2000, rows=5)
