"""Writing approvals: given once, then only added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clinic import clock
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.screening.models import ScreeningNote
from clinic.screening.rules import Area, Modality
from clinic.treatment import queries
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalEventKind, ApprovalScope
from clinic.treatment.rules import ApprovalState


class AlreadyEnded(RuntimeError):
    """The approval was withdrawn or superseded before."""


class NotPaused(RuntimeError):
    """The approval is in force: a colleague has resumed it, or its last day is over."""


@dataclass(frozen=True)
class Terms:
    """What is approved. Ceilings: toxin in units of its product, filler in tenths of a ml."""

    scope: Mapping[Modality, frozenset[Area]]
    products: Mapping[Modality, str | None]
    toxin_ceiling_units: int | None
    filler_ceiling_tenths_ml: int | None
    valid_until: date
    conditions: str | None


def approve(note: ScreeningNote, terms: Terms, *, today: date, actor: Actor) -> Approval:
    """Store the decision of a signed note. *today* is the date at the site.

    Earlier approvals that share a modality are superseded: one decision at a time stands for each.
    """
    with transaction():
        rows = [
            ApprovalScope(modality=modality, area=area, product=terms.products.get(modality))
            for modality, areas in terms.scope.items()
            for area in sorted(areas)
        ]
        earlier = [a for a in queries.approvals_of(note.patient_id) if _shares(a, terms)]
        approval = Approval(
            data_key=note.data_key,
            patient_id=note.patient_id,
            note_id=note.id,
            practitioner_id=note.practitioner_id,
            given_on=today,
            valid_from=today,
            valid_until=terms.valid_until,
            scope_count=len(rows),
            toxin_ceiling_units=terms.toxin_ceiling_units,
            filler_ceiling_tenths_ml=terms.filler_ceiling_tenths_ml,
            conditions=terms.conditions,
        )
        db.session.add(approval)
        db.session.flush()
        approval.scopes.extend(rows)
        audit.record(
            Event.APPROVAL_GIVEN,
            actor=actor,
            patient_id=note.patient_id,
            subject=approval,
            modalities=sorted(terms.scope),
            valid_until=terms.valid_until.isoformat(),
            note=note.public_id,
        )
        for old in earlier:
            _supersede(old, approval, actor)
    return approval


def end_by(note: ScreeningNote, *, today: date, actor: Actor) -> None:
    """Supersede every approval of the patient that is not over: *note*, signed, is against it."""
    with transaction():
        for old in queries.open_ones(note.patient_id, today):
            _supersede(old, note, actor)


def _shares(approval: Approval, terms: Terms) -> bool:
    if queries.state_of(approval) not in queries.OPEN:
        return False
    return any(scope.modality in terms.scope for scope in approval.scopes)


def _supersede(old: Approval, new: Approval | ScreeningNote, actor: Actor) -> None:
    old.events.append(_event(old, ApprovalEventKind.SUPERSEDED, actor, None))
    audit.record(
        Event.APPROVAL_SUPERSEDED,
        actor=actor,
        patient_id=old.patient_id,
        subject=old,
        by=new.public_id,
    )


def withdraw(approval: Approval, reason: str, *, actor: Actor) -> None:
    """End an approval from this moment. Raises `AlreadyEnded`."""
    with transaction():
        lock_row(approval)
        if queries.state_of(approval) in (ApprovalState.WITHDRAWN, ApprovalState.SUPERSEDED):
            raise AlreadyEnded
        approval.events.append(_event(approval, ApprovalEventKind.WITHDRAWN, actor, reason))
        audit.record(
            Event.APPROVAL_WITHDRAWN,
            actor=actor,
            patient_id=approval.patient_id,
            subject=approval,
        )


def suspend(approval: Approval, reason: str, form: Intake, *, actor: Actor) -> bool:
    """Pause an approval because of what *form* tells; whether it was in force until now.

    *reason* says in codes what it did not rest on. Whoever withdrew it a moment ago is waited for.
    """
    with transaction():
        lock_row(approval)
        if queries.state_of(approval) != ApprovalState.IN_FORCE:
            return False
        approval.events.append(_event(approval, ApprovalEventKind.SUSPENDED, actor, reason))
        audit.record(
            Event.APPROVAL_SUSPENDED,
            actor=actor,
            patient_id=approval.patient_id,
            subject=approval,
            form=form.public_id,
        )
    return True


def resume(approval: Approval, reason: str, form: Intake, *, today: date, actor: Actor) -> None:
    """Put a paused approval in force again: from now on it rests on *form*, which *actor* has read.

    *today* is the date at the site. Raises `AlreadyEnded` and `NotPaused`.
    """
    with transaction():
        lock_row(approval)
        state = queries.state_on(approval, today)
        if state in (ApprovalState.WITHDRAWN, ApprovalState.SUPERSEDED):
            raise AlreadyEnded
        if state != ApprovalState.SUSPENDED:
            raise NotPaused
        resumed = _event(approval, ApprovalEventKind.RESUMED, actor, reason)
        resumed.intake_id, resumed.practitioner_id = form.id, actor.practitioner_id
        resumed.resumed_on = today
        approval.events.append(resumed)
        audit.record(
            Event.APPROVAL_RESUMED,
            actor=actor,
            patient_id=approval.patient_id,
            subject=approval,
            form=form.public_id,
        )


def _event(
    approval: Approval, kind: ApprovalEventKind, actor: Actor, reason: str | None
) -> ApprovalEvent:
    return ApprovalEvent(
        data_key=approval.data_key, kind=kind, by=actor.label, reason=reason, at=clock.now()
    )
