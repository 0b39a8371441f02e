"""The review as a page: everything that a physician reads before deciding, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from flask import Response, abort, make_response, render_template

from clinic import clock
from clinic.accounts.models import Patient
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.intake import rules as intake_rules
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import assess, may_sign, scope
from clinic.photos import queries as photos
from clinic.photos import words as photo_words
from clinic.photos.rules import Purpose, View
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening import forms, queries
from clinic.screening.models import Decision, ScreeningNote
from clinic.screening.rules import SWEATING_AREAS, Evaluation, Flag, Rating, Side, Topic
from clinic.screening.services import flag_key
from clinic.screening.views.around import around
from clinic.treatment import paused
from clinic.treatment import queries as treatment

OVER = (AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW)
# How many of the earlier visits, notes and approvals stand on the page; the record has all.
SHOWN = 4
# The answers that the examination starts from, beside the field of each (clinical reference d.1).
STARTS_FROM: Mapping[str, Topic] = {
    "neuromuscular_disease": Topic.NEUROMUSCULAR_DISEASE,
    "droop_after_toxin": Topic.PREVIOUS_DROOP_AFTER_TOXIN,
    "eyelid_or_brow_surgery": Topic.EYELID_OR_FACE_SURGERY,
}


@dataclass(frozen=True)
class Examined:
    """Who is examined, with the form that counts; *today* is the date where the patient sits."""

    consultation: Appointment
    patient: Patient
    intake: Intake | None
    today: date

    @property
    def intake_id(self) -> str:
        return self.intake.public_id if self.intake is not None else ""

    @property
    def document(self) -> Mapping[str, Any]:
        return self.intake.document if self.intake is not None else {}


def examined(consultation: Appointment) -> Examined:
    return Examined(
        consultation=consultation,
        patient=consultation.patient or abort(404),
        intake=intakes.latest_submitted(consultation.patient_id or 0),
        today=clock.today(consultation.location.zone),
    )


def form_of(seen: Examined) -> forms.ReviewForm:
    """An empty form: the areas that the patient named come first."""
    names = CURRENT.area_names()
    wanted = dict.fromkeys(c.area for c in intake_rules.concerns(seen.document))
    lines = {area for area, choice in CURRENT.area_choices().items() if choice.is_line}
    first = [(area.value, names[area]) for area in wanted]
    rest = [(area.value, name) for area, name in names.items() if area not in wanted]
    graded = [(area.value, names[area]) for area in wanted if area in lines]
    sweating = [area.value for area in wanted if area in SWEATING_AREAS]
    return forms.ReviewForm(areas=first + rest, graded=graded, sweating=sweating, today=seen.today)


def evaluated(seen: Examined, form: forms.ReviewForm) -> Evaluation:
    return assess.evaluate(
        seen.patient, seen.intake, seen.today, form.findings, scope.toxin_areas(form.decided)
    )


def forget_what_other_answers_raised(
    form: forms.ReviewForm, seen: Examined, read: Intake | None
) -> None:
    """A reason written over a flag goes with the answer that it was written for: one of a form
    that was *read* before counts no more where the answer is another now."""
    if read is None or seen.intake is None or read.id == seen.intake.id:
        return
    before = _causes(replace(seen, intake=read), form)
    for key, cause in _causes(seen, form).items():
        if key in form.overruled and before.get(key) != cause:
            form.written_before[key] = form.overruled.pop(key)


def _causes(seen: Examined, form: forms.ReviewForm) -> dict[str, tuple[str, Any]]:
    """What raised each flag, and the whole answer to its question."""
    answers = seen.document.get("answers", {})
    flags = evaluated(seen, form).flags
    return {flag_key(flag): (flag.raised_by, answers.get(flag.topic)) for flag in flags}


def live_parts(seen: Examined, form: forms.ReviewForm) -> dict[str, Any]:
    """What changes while the physician types: ratings, what the button signs, label and doses."""
    decided, found = form.decided, evaluated(seen, form)
    return {
        "form": form,
        "intake": seen.intake,
        "document": seen.document,
        "found": found,
        "flag_key": flag_key,
        "flags_shown": fingerprint(found.flags),
        "lower_lid": assess.lower_lid(form.findings),
        "mrd1_difference": assess.mrd1_difference(form.findings),
        "approving": approving(decided),
        "rating_that_counts": may_sign.rating_that_counts(found, decided),
        "beside": scope.beside_the_label(seen.patient, seen.intake, seen.today, decided),
    }


def fingerprint(flags: Sequence[Flag]) -> str:
    """What a page that shows these flags sends back, so that only others are sent again."""
    told = "\n".join(f"{flag_key(flag)} {flag.raised_by}" for flag in flags)
    return sha256(told.encode()).hexdigest()[:16]


def approving(decided: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the button would approve, part by part; empty until areas are ticked."""
    return [
        {
            "modality": m,
            "areas": sorted(areas),
            "product": decided.get(f"{m}_product"),
            "ceiling": decided.get(f"{m}_ceiling"),
        }
        for m, areas in scope.scope_of(decided).items()
        if areas
    ]


def page(
    seen: Examined,
    form: forms.ReviewForm,
    draft: ScreeningNote | None,
    *,
    status: int = 200,
    **more: object,
) -> Response:
    consultation, patient, intake = seen.consultation, seen.patient, seen.intake
    questions = intakes.questionnaire(intake) if intake else CURRENT
    body = render_template(
        "screening/review.html",
        consultation=consultation,
        patient=patient,
        age=clock.age_on(patient.born_on, seen.today),
        questions=questions,
        names=questions.area_names(),
        said=_said(seen.document),
        photos=photos.sets_for(patient.id, Purpose.ASSESSMENT),
        view_names=photo_words.FOR_STAFF,
        View=View,
        swap=False,
        draft=draft,
        drawn=drawn(seen.document, form.decided),
        wanted_count=wanted_count,
        over=more.pop("over", consultation.status in OVER),
        objections=more.pop("objections", []),
        Rating=Rating,
        Decision=Decision,
        **live_parts(seen, form),
        **around(consultation),
        **_history(seen),
        **more,
    )
    return make_response(body, status)


def _history(seen: Examined) -> dict[str, Any]:
    """What came before on this consultation, and before this consultation."""
    here, patient_id = seen.consultation, seen.patient.id
    notes = queries.signed_notes(patient_id)
    approvals = treatment.approvals_of(patient_id)
    earlier = [v for v in visits.own_visits(patient_id) if v.starts_at < here.starts_at]
    who = visits.who_and_where([here, *earlier[:SHOWN]])
    return {
        "who": who[here.id],
        "who_then": who,
        "signed": [note for note in notes if note.appointment_id == here.id],
        "notes_before": [note for note in notes if note.appointment_id != here.id],
        "approvals": [(a, treatment.state_on(a, seen.today)) for a in approvals],
        "standing_now": [
            a for a in approvals if treatment.state_on(a, seen.today) in treatment.OPEN
        ],
        "changed": paused.changed(approvals, seen.today),
        "resume_form": forms.ResumeForm(formdata=None),
        "confirmed_at": confirmations.confirmed([here]).get(here.id),
        "earlier": earlier,
        "shown": SHOWN,
        "today": seen.today,
    }


def _said(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the patient answered, by the finding that it belongs beside."""
    answers = document.get("answers", {})
    return {name: answers[topic] for name, topic in STARTS_FROM.items() if topic in answers}


ONE_SIDE = {Side.LEFT: ["only-l"], Side.RIGHT: ["only-r"]}


def zone_marks(document: Mapping[str, Any]) -> dict[str, str]:
    """Class of each named area: m is hatched, r solid (as sweating is), only-l, only-r one side."""
    marks = {}
    for row in document.get("concerns", []):
        still = row.get("at_rest") or row.get("volume") or row.get("bulk") or row.get("hdss")
        seen = [letter for letter, is_so in (("m", row.get("in_motion")), ("r", still)) if is_so]
        marks[row["area"]] = " ".join([*seen, *ONE_SIDE.get(row.get("side"), ())])
    return marks


@dataclass(frozen=True)
class Drawn:
    """What is drawn, with the class of each area on it: the face, and of the body armpits, hands.

    The face is left out where all is sweating. A part of the body is drawn that the patient named,
    or that is about to be approved; unasked if the patient did not.
    """

    face: bool
    marks: Mapping[str, str]
    body: Mapping[str, str]

    @property
    def still(self) -> bool:
        """Whether an area of the face is solid alone, which then stands in the key."""
        return any(mark.startswith("r") for mark in self.marks.values())


def drawn(document: Mapping[str, Any], decided: Mapping[str, Any]) -> Drawn:
    marks, approved = zone_marks(document), set().union(*scope.scope_of(decided).values())
    places = {*marks, *approved}
    return Drawn(
        face=not places or not places <= {*SWEATING_AREAS},
        marks={area: mark for area, mark in marks.items() if area not in SWEATING_AREAS},
        body={a.value: marks.get(a, "unasked") for a in SWEATING_AREAS if a in places},
    )


def wanted_count(document: Mapping[str, Any]) -> int:
    """How many areas the patient named: they come first, the rest behind "More areas"."""
    return len({row["area"] for row in document.get("concerns", [])})
