"""Which approvals stand on a day, asked in SQL: for lists, and for what the desk may know.

The gate asks more, patient by patient; where both are asked, the gate has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from clinic import clock
from clinic.catalogue.rules import TREATMENTS
from clinic.database import db
from clinic.jurisdiction import queries as jurisdiction
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening.models import ScreeningNote
from clinic.screening.rules import Modality
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalEventKind, ApprovalScope
from clinic.treatment.queries import ENDINGS


def standing_now() -> Sequence[Approval]:
    """Every approval in force, by its date in Greenwich: nowhere is it more than a day away."""
    return db.session.scalars(
        select(Approval)
        .options(
            joinedload(Approval.patient),
            joinedload(Approval.note)
            .joinedload(ScreeningNote.appointment)
            .joinedload(Appointment.location),
        )
        .where(_in_force_on(clock.now().date()))
        .order_by(Approval.id)
    ).all()


@dataclass(frozen=True)
class DeskApproval:
    """All that the desk reads of an approval."""

    modalities: tuple[Modality, ...]
    valid_until: date


def need_renewal(visits: Sequence[Appointment]) -> frozenset[int]:
    """Which of these booked treatment visits no approval carries any more: their row numbers."""
    asked = {visit.id for visit in visits if visit.service.kind in TREATMENTS and is_open(visit)}
    if not asked:
        return frozenset()
    carried = db.session.scalars(
        select(Appointment.id)
        .join(Approval, Approval.id == Appointment.approval_id)
        .where(Appointment.id.in_(asked), stands_on(Appointment.starts_on))
    )
    return frozenset(asked.difference(carried))


def is_open(visit: Appointment) -> bool:
    return visit.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)


def approved_until(patient_ids: Sequence[int], today: date) -> Mapping[int, list[DeskApproval]]:
    """What the desk may know, for many patients in one statement: modality and last day."""
    rows = db.session.execute(
        select(Approval.id, Approval.patient_id, Approval.valid_until, ApprovalScope.modality)
        .join(ApprovalScope, ApprovalScope.approval_id == Approval.id)
        .where(
            Approval.patient_id.in_(list(patient_ids)),
            stands_on(today),
        )
        .distinct()
        .order_by(Approval.id)
    )
    gathered: dict[tuple[int, int, date], set[Modality]] = {}
    for approval_id, patient_id, until, modality in rows:
        gathered.setdefault((patient_id, approval_id, until), set()).add(modality)
    found: dict[int, list[DeskApproval]] = {}
    for (patient_id, _approval, until), modalities in gathered.items():
        ordered = tuple(m for m in Modality if m in modalities)
        found.setdefault(patient_id, []).append(DeskApproval(ordered, until))
    return found


def is_paused_on(day: date) -> ColumnElement[bool]:
    """SQL: an approval whose last day is not over waits for a physician to read new answers."""
    return and_(Approval.valid_until >= day, ~_has_ended(), _is_suspended())


def stands_on(day: ColumnElement[date] | InstrumentedAttribute[date] | date) -> ColumnElement[bool]:
    """SQL: the approval's dates include *day*, nothing has ended or paused it, and the profile of
    the jurisdiction lets it count."""
    return and_(_in_force_on(day), _was_seen_as_asked())


def _in_force_on(
    day: ColumnElement[date] | InstrumentedAttribute[date] | date,
) -> ColumnElement[bool]:
    in_its_dates = and_(Approval.valid_from <= day, Approval.valid_until >= day)
    return and_(in_its_dates, ~_has_ended(), ~_is_suspended())


def _was_seen_as_asked() -> ColumnElement[bool]:
    """SQL: in person, or by live video where the profile in force lets that count."""
    by_live_video = exists().where(
        ScreeningNote.id == Approval.note_id, ScreeningNote.by_live_video
    )
    return or_(jurisdiction.COUNTS_BY_LIVE_VIDEO, ~by_live_video.correlate(Approval))


def _has_ended() -> ColumnElement[bool]:
    return (
        exists()
        .where(ApprovalEvent.approval_id == Approval.id, ApprovalEvent.kind.in_(list(ENDINGS)))
        .correlate(Approval)
    )


def _is_suspended() -> ColumnElement[bool]:
    last = (
        select(ApprovalEvent.kind)
        .where(
            ApprovalEvent.approval_id == Approval.id,
            ApprovalEvent.kind.in_([ApprovalEventKind.SUSPENDED, ApprovalEventKind.RESUMED]),
        )
        .order_by(ApprovalEvent.id.desc())
        .limit(1)
        .correlate(Approval)
        .scalar_subquery()
    )
    return func.coalesce(last, ApprovalEventKind.RESUMED) == ApprovalEventKind.SUSPENDED
