"""What a patient sees of their own record, and a physician of a patient's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import Patient
from clinic.accounts.same_person import ids_of
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES, TREATMENTS, ServiceKind
from clinic.database import db
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.permissions import Actor, only_readable
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import Who
from clinic.scheduling.rules import COMING
from clinic.screening import alerts as screening_alerts
from clinic.screening import asking
from clinic.screening import queries as screening
from clinic.screening.models import Decision, Question, SafetyAlert, ScreeningNote
from clinic.screening.rules import Area, Modality
from clinic.treatment import paused
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import ApprovalState, Reason, Wish, off_label

# What a note that does not approve says to its patient; a decision has one of them.
WORDS = ("defer_words", "decline_words", "refer_words")


def approval_view(approval: Approval, actor: Actor) -> dict[str, object]:
    """An approval as this kind of person may read it: fields of `permissions.FIELDS` only."""
    areas: dict[Modality, list[Area]] = {}
    products = {scope.modality: scope.product for scope in approval.scopes}
    for scope in approval.scopes:
        areas.setdefault(scope.modality, []).append(scope.area)
    everything = {
        "modalities": [m for m in Modality if m in areas],
        "areas": areas,
        "off_label": off_label(products.get(Modality.TOXIN), areas.get(Modality.TOXIN, [])),
        "product": products,
        "ceiling": {
            Modality.TOXIN: approval.toxin_ceiling_units,
            Modality.FILLER: approval.filler_ceiling_tenths_ml,
        },
        "valid_from": approval.valid_from,
        "valid_until": approval.valid_until,
        "conditions": approval.conditions,
        "physician": approval.practitioner.name,
    }
    return only_readable("approval", actor.roles, everything)


def decision_view(note: ScreeningNote, actor: Actor) -> dict[str, object]:
    """A signed decision in the words that were written for its patient."""
    decided = note.decided or {}
    everything = {
        "decision": note.decision,
        "physician": note.practitioner.name,
        "signed_on": note.signed_on,
        "words": next((decided[key] for key in WORDS if decided.get(key)), ""),
        "until": decided.get("defer_until"),
        "to": decided.get("refer_to"),
        "question": decided.get("question"),
        "answer": note.reply.text if note.reply else None,
    }
    return only_readable("note", actor.roles, everything)


def contact_view(patient: Patient, actor: Actor) -> dict[str, object]:
    """Who a patient is and how to reach them, as this kind of person may read it."""
    everything = {
        "name": patient.name,
        "born_on": patient.born_on,
        "phone": patient.phone,
        "email": patient.email,
    }
    return only_readable("patient", actor.roles, everything)


@dataclass(frozen=True)
class Bookable:
    """A treatment and what the gate says about booking it from now on."""

    service: Service
    reasons: Sequence[Reason]


@dataclass(frozen=True)
class OwnPage:
    """What the patient reads beside the visits; each decision behind the id of its page."""

    approvals: Sequence[tuple[str, dict[str, object], ApprovalState, date]]
    decisions: Sequence[tuple[str, dict[str, object]]]
    questions: Sequence[Question | ScreeningNote]
    draft: Intake | None
    has_form: bool
    may_change_form: bool
    bookable: Sequence[Bookable]


def own_page(
    patient: Patient, gate: treatment.Gate, seen: Sequence[Appointment], actor: Actor
) -> OwnPage:
    """The patient's own record, in the words meant for them; *seen* are all their visits."""
    today = clock.today(catalogue.site().zone)
    notes = screening.signed_notes(patient.id)
    early = [one for one in asking.of_patient(patient.id) if asking.is_open(one)]
    asked = [n for n in notes if n.decision == Decision.ASK and n.reply is None]
    return OwnPage(
        approvals=[
            (
                approval.note.public_id,
                approval_view(approval, actor),
                treatment.state_on(approval, today),
                approval.over_since,
            )
            for approval in [*(own for own, _facts in gate.approvals), *gate.elsewhere]
        ],
        decisions=[
            (note.public_id, decision_view(note, actor))
            for note in notes
            if note.decision != Decision.APPROVE and note not in asked
        ],
        questions=[*early, *asked],
        draft=intakes.draft_of_patient(patient.id),
        has_form=gate.form is not None,
        may_change_form=any(
            visit.service.kind == ServiceKind.CONSULTATION and visit.status in COMING
            for visit in seen
        ),
        bookable=_bookable(gate) if gate.approvals else [],
    )


def _bookable(gate: treatment.Gate) -> list[Bookable]:
    """The treatments that an approval in force covers, with the reasons against today there."""
    now = clock.now()
    found = []
    for service in catalogue.services():
        if service.kind not in TREATMENTS:
            continue
        today = clock.local(now, service.location.zone).date()
        approval, reasons = gate.ask(Wish(MODALITIES[service.kind], now, today))
        soon = {Reason.COOLING_OFF, Reason.TOXIN_INTERVAL}
        if approval is not None and set(reasons) <= soon:
            found.append(Bookable(service, reasons))
    return found


@dataclass(frozen=True)
class History:
    """One patient's record for a physician, newest first."""

    visits: Sequence[Appointment]
    who: Mapping[int, Who]
    notes: Sequence[ScreeningNote]
    approvals: Sequence[tuple[Approval, ApprovalState]]
    changed: Sequence[paused.Changed]
    confirmed: Mapping[int, datetime]
    alerts: Sequence[SafetyAlert]
    intakes: Sequence[Intake]
    questions: Sequence[Question]


def history(patient: Patient, today: date) -> History:
    seen = visits.own_visits(patient.id)
    sent = db.session.scalars(
        select(Intake)
        .options(joinedload(Intake.data_key))
        .where(Intake.patient_id.in_(ids_of(patient.id)), Intake.submitted_at.is_not(None))
        .order_by(Intake.id.desc())
    ).all()
    approvals = treatment.approvals_of(patient.id)
    return History(
        visits=seen,
        who=visits.who_and_where(seen),
        notes=screening.signed_notes(patient.id),
        approvals=[(a, treatment.state_on(a, today)) for a in approvals],
        changed=paused.changed(approvals, today),
        confirmed=confirmations.confirmed(seen),
        alerts=screening_alerts.alerts_of(patient.id),
        intakes=sent,
        questions=asking.of_patient(patient.id)[::-1],
    )
