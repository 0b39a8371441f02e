"""What is paused: which approvals wait for a physician to read new answers, and what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from clinic.accounts.models import Patient
from clinic.catalogue.own_sites import at_own_sites
from clinic.database import db
from clinic.intake import queries as intakes
from clinic.intake import rules as intake_rules
from clinic.intake.changes import ANSWER, Change
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.screening import rules
from clinic.screening.care import in_lasting_care
from clinic.screening.models import Flag, ScreeningNote
from clinic.screening.rules import Area, Modality, ScopeModality
from clinic.screening.rules.flags import Scope
from clinic.treatment import queries, standing
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalEventKind
from clinic.treatment.rules import ApprovalState, FlagFacts


@dataclass(frozen=True)
class Waiting:
    """One line of the physician's lists: whose approval, since when, and where it is decided."""

    consultation_id: str
    patient_name: str
    since: datetime


def waiting(actor: Actor, today: date) -> list[Waiting]:
    """Paused approvals of patients in the physician's care, the oldest first; once for each."""
    if actor.practitioner_id is None:
        return []
    rows = db.session.execute(
        select(Appointment.public_id, Patient.name, func.max(ApprovalEvent.at))
        .select_from(Approval)
        .join(ScreeningNote, ScreeningNote.id == Approval.note_id)
        .join(Appointment, Appointment.id == ScreeningNote.appointment_id)
        .join(Patient, Patient.id == Approval.patient_id)
        .join(ApprovalEvent, ApprovalEvent.approval_id == Approval.id)
        .where(
            standing.is_paused_on(today),
            ApprovalEvent.kind == ApprovalEventKind.SUSPENDED,
            at_own_sites(actor, Appointment.location_id),  # where it is decided
            in_lasting_care(actor, Approval.patient_id),
        )
        .group_by(Appointment.public_id, Patient.name)
    )
    return sorted((Waiting(*row) for row in rows), key=lambda line: line.since)


@dataclass(frozen=True)
class Changed:
    """A paused approval beside what its patient answers now. *form* is the newest; *stops* are the
    absolute flags of its answers that allow nothing but a new decision."""

    approval: Approval
    form: Intake
    since: datetime
    changes: list[Change]
    stops: list[rules.Flag]


def changed(approvals: Iterable[Approval], today: date) -> list[Changed]:
    """Of approvals of one patient those that are paused, with every answer that is another now.

    One whose last day is over waits for nothing.
    """
    paused = [a for a in approvals if queries.state_on(a, today) == ApprovalState.SUSPENDED]
    form = intakes.latest_submitted(paused[0].patient_id) if paused else None
    if form is None:
        return []
    return [
        Changed(
            approval=approval,
            form=form,
            since=max(e.at for e in approval.events if e.kind == ApprovalEventKind.SUSPENDED),
            changes=queries.what_changed(approval, form),
            stops=stops(approval, form, today),
        )
        for approval in paused
    ]


def stops(approval: Approval, form: Intake, today: date) -> list[rules.Flag]:
    """The absolute flags that the answers of *form* raise today about what was approved, and that
    no physician has resolved: the approval is not resumed over them."""
    found = rules.evaluate(intake_rules.case(form.document, approval.patient.born_on, today)).flags
    anew = {change.key for change in queries.what_changed(approval, form) if change.kind == ANSWER}
    return [flag for flag in found if _stops(flag, approval, anew)]


def _stops(flag: rules.Flag, approval: Approval, anew: Collection[str]) -> bool:
    """*anew* are the topics that are answered otherwise than before: what was overruled in the
    note was overruled for the answer it had."""
    fact = FlagFacts(
        topic=flag.topic,
        level=flag.level,
        modality=flag.scope.modality,
        areas=flag.scope.areas,
        product=flag.scope.product,
        resolved=flag.topic not in anew and any(_resolves(k, flag) for k in approval.note.flags),
    )
    areas: dict[Modality, set[Area]] = {}
    for row in approval.scopes:
        areas.setdefault(row.modality, set()).add(row.area)
    products = {row.modality: row.product for row in approval.scopes}
    return any(fact.stops(m, areas[m], products[m]) for m in areas)


def _resolves(known: Flag, flag: rules.Flag) -> bool:
    """Whether a physician's written reason answers this very flag: its causes, all it reaches."""
    body = known.body
    if known.overruled_because_sealed is None or body["topic"] != flag.topic:
        return False
    return set(flag.causes) <= set(body["raised_by"].split("; ")) and scope_of(known).covers(
        flag.scope
    )


def scope_of(flag: Flag) -> Scope:
    """What a stored flag speaks about, as the rules say it."""
    body = flag.body
    areas = None if body["areas"] is None else tuple(Area(area) for area in body["areas"])
    return Scope(ScopeModality(body["modality"]), areas, body["product"])
