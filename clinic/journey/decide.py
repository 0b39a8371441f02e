"""The decision: the physician signs, and everything that follows happens at once or not at all.

Signing moves the visit to fulfilled (through arrived and in-room if the desk forgot), stores the
flags as they were overruled or not, closes the note, gives the approval, erases photos that were
given for this decision alone, tells the patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.catalogue.rules import MODALITIES
from clinic.database import db, transaction
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.journey import assess, may_sign, scope
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.photos import services as photos
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_visit
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import services as screening
from clinic.screening.models import Decision, EarlierApproval, ScreeningNote
from clinic.screening.rules import Evaluation, Modality
from clinic.treatment import queries as treatment
from clinic.treatment import services as approvals
from clinic.treatment.models import Approval
from clinic.treatment.rules import (
    Wish,
)

# What a signed note keeps of the form, beside what every decision keeps.
KEPT_ALWAYS = frozenset(
    {"private", "by_live_video", "overruled", "rating_overruled", "rating_because"}
)
KEPT: Mapping[Decision, frozenset[str]] = {
    Decision.APPROVE: frozenset(
        {
            "modality",
            "toxin_areas",
            "filler_areas",
            "toxin_product",
            "filler_product",
            "toxin_ceiling",
            "filler_ceiling",
            "valid_until",
            "mitigations",
            "why",
            "conditions",
        }
    ),
    Decision.ASK: frozenset({"question"}),
    Decision.DEFER: frozenset({"standing", "defer_until", "defer_words"}),
    Decision.DECLINE: frozenset({"standing", "decline_words"}),
    Decision.REFER: frozenset({"standing", "refer_to", "refer_words"}),
}


class FormChanged(RuntimeError):
    """The patient has sent a newer form than the one that was read."""


class NotYet(RuntimeError):
    """The consultation is on a later day: nobody has been examined (truth 3)."""


class NotLicensed(RuntimeError):
    """No licence of the physician is on file for today (truth 3)."""


class OwnPatient(RuntimeError):
    """Nobody examines or approves themself (truth 3)."""


@dataclass(frozen=True)
class Typed:
    """A physician's page as sent: what `screening.services.save_draft` stores."""

    version: int
    text: str
    findings: Mapping[str, Any]
    decided: Mapping[str, Any]


def sign(
    appointment: Appointment,
    patient: Patient,
    intake: Intake | None,
    typed: Typed,
    decision: Decision,
    *,
    actor: Actor,
) -> ScreeningNote:
    """Close the consultation with *decision*.

    Raises `CannotSign`, `NotYet`, `NotLicensed`, `OwnPatient`, `FormChanged`, `SomebodyElseSaved`,
    and `Changed` when the visit was cancelled or marked as missed.
    """
    if patient.user_id is not None and patient.user_id == actor.user_id:
        raise OwnPatient
    today = clock.today(appointment.location.zone)
    if appointment.starts_on > today:
        raise NotYet
    if not people.is_licensed(actor.practitioner_id, today):
        raise NotLicensed
    with transaction():
        lock_visit(appointment)  # actors before rows, as everybody does
        _same_form(patient, intake)
        note = screening.save_draft(
            appointment,
            patient,
            intake,
            typed.version,
            text=typed.text,
            findings=dict(typed.findings),
            decided=_of_the_decision(typed.decided, decision),
            actor=actor,
        )
        _bring_in(appointment, actor)
        wanted = scope.toxin_areas(typed.decided)
        found = assess.evaluate(patient, intake, today, typed.findings, wanted)
        flags = found.flags
        may_sign.object_to_any(
            typed.decided, found, decision, treatment.open_ones(patient.id, today)
        )
        if decision == Decision.APPROVE:
            flags += scope.ceiling_flags(patient, intake, today, typed.decided)
            may_sign.object_to_approving(
                typed.decided, found, flags, today, has_form=intake is not None
            )
        overruled = typed.decided.get("overruled", {})
        screening.store_flags(flags, note.data_key, note=note, overruled=overruled)
        screening.sign(
            note,
            decision,
            droop_document(found, typed),
            today,
            by_live_video=may_sign.is_by_live_video(typed.decided),
            actor=actor,
        )
        if appointment.status == S.IN_ROOM:
            scheduling.change_status(appointment, S.IN_ROOM, S.FULFILLED, actor=actor)
        if decision == Decision.APPROVE:
            _approve(note, typed.decided, today, actor)
        if decision in may_sign.AGAINST and typed.decided.get("standing") == EarlierApproval.ENDS:
            approvals.end_by(note, today=today, actor=actor)
        if decision != Decision.ASK:
            photos.erase_what_is_decided(patient.id, actor=actor)
        _tell(note, patient, decision)
    return note


def _same_form(patient: Patient, read: Intake | None) -> None:
    newest = intakes.latest_submitted(patient.id)
    if (newest.id if newest else None) != (read.id if read else None):
        raise FormChanged


def _of_the_decision(decided: Mapping[str, Any], decision: Decision) -> dict[str, Any]:
    """The form without what was begun for another decision and given up."""
    kept = KEPT[decision] | KEPT_ALWAYS
    return {name: value for name, value in decided.items() if name in kept}


def _bring_in(appointment: Appointment, actor: Actor) -> None:
    """Through arrived and in-room, if the desk forgot."""
    for was, new in ((S.BOOKED, S.ARRIVED), (S.ARRIVED, S.IN_ROOM)):
        if appointment.status == was:
            scheduling.change_status(appointment, was, new, actor=actor)
    if appointment.status not in (S.IN_ROOM, S.FULFILLED):
        raise scheduling.Changed


def droop_document(found: Evaluation, typed: Typed) -> dict[str, Any]:
    """What is kept of the assessment: the rules' own rating beside the physician's, and the
    lower lid apart from both."""
    counts = may_sign.rating_that_counts(found, typed.decided)
    overruled = counts != found.droop.rating
    apart = assess.mrd1_difference(typed.findings)
    lower_lid = assess.lower_lid(typed.findings)
    return {
        "rating": found.droop.rating,
        "fired": [{"rule": fired.rule, "because": fired.sentence} for fired in found.droop.fired],
        "missing": list(found.droop.missing),
        "pattern": found.pattern,
        "after_flags": found.after_flags,
        "overruled_to": counts if overruled else None,
        "overruled_because": typed.decided.get("rating_because") if overruled else None,
        "mrd1_difference": str(apart) if apart is not None else None,
        "lower_lid": {"signs": list(lower_lid.signs), "missing": list(lower_lid.missing)},
    }


def _approve(note: ScreeningNote, decided: Mapping[str, Any], today: date, actor: Actor) -> None:
    wanted = may_sign.proposal(decided, today)
    toxin = wanted.ceilings.get(Modality.TOXIN)
    filler = wanted.ceilings.get(Modality.FILLER)
    terms = approvals.Terms(
        scope=wanted.scope,
        products=wanted.products,
        toxin_ceiling_units=int(toxin) if toxin else None,
        filler_ceiling_tenths_ml=round(filler * 10) if filler else None,
        valid_until=wanted.valid_until,
        conditions=decided.get("conditions") or None,
    )
    approval = approvals.approve(note, terms, today=today, actor=actor)
    _carry_coming_visits(approval, note.patient)


def _carry_coming_visits(approval: Approval, patient: Patient) -> None:
    """Visits booked on an approval that this one replaces go on under it, where it covers them."""
    gate = treatment.gate(patient)
    for visit in visits.coming_treatments(patient.id):
        wish = Wish(MODALITIES[visit.service.kind], visit.starts_at, visit.starts_on)
        if visit.approval_id != approval.id and not gate.about(approval.id, wish):
            visit.approval_id = approval.id
    db.session.flush()


def _tell(note: ScreeningNote, patient: Patient, decision: Decision) -> None:
    kind = MessageKind.QUESTION if decision == Decision.ASK else MessageKind.DECIDED
    notices.queue(kind, to=patient.email, params={}, patient_id=patient.id)
