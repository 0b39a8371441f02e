"""Reading approvals, and the gate's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from clinic.accounts.models import Patient
from clinic.accounts.same_person import pairs
from clinic.catalogue import sites
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES, ServiceKind
from clinic.database import db
from clinic.intake import queries as intakes
from clinic.intake.changes import Change, health_changes
from clinic.intake.models import Intake
from clinic.jurisdiction.rules import Profile
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening.models import Flag, ScreeningNote
from clinic.screening.rules import Area, Modality, ScopeModality, Topic
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalEventKind
from clinic.treatment.rules import (
    ApprovalFacts,
    ApprovalState,
    FlagFacts,
    GateFacts,
    Reason,
    Wish,
    reasons_not_to_book,
)

ENDINGS = {
    ApprovalEventKind.WITHDRAWN: ApprovalState.WITHDRAWN,
    ApprovalEventKind.SUPERSEDED: ApprovalState.SUPERSEDED,
}


def state_of(approval: Approval) -> ApprovalState:
    """What its events made of an approval; its dates are not looked at."""
    state = ApprovalState.IN_FORCE
    for event in approval.events:
        if event.kind in ENDINGS:
            return ENDINGS[event.kind]
        suspended = event.kind == ApprovalEventKind.SUSPENDED
        state = ApprovalState.SUSPENDED if suspended else ApprovalState.IN_FORCE
    return state


def state_on(approval: Approval, day: date) -> ApprovalState:
    """What a page says of an approval on *day*: one whose last day is over is over, which nothing
    stores; how it ended by a physician's word stays what it was."""
    state = state_of(approval)
    if state in OPEN and approval.valid_until < day:
        return ApprovalState.OVER
    return state


OPEN = (ApprovalState.IN_FORCE, ApprovalState.SUSPENDED)


def open_ones(patient_id: int, day: date) -> list[Approval]:
    """The approvals of a patient that neither a person nor their last day has ended, on *day*."""
    return still_open(approvals_of(patient_id), day)


def still_open(approvals: Sequence[Approval], day: date) -> list[Approval]:
    return [approval for approval in approvals if state_on(approval, day) in OPEN]


def approvals_of(patient_id: int) -> Sequence[Approval]:
    """All approvals of a patient, on each of their records, newest first, with scopes, events, note
    and its flags."""
    return approvals_of_each([patient_id])[patient_id]


def approvals_of_each(patient_ids: Sequence[int]) -> Mapping[int, Sequence[Approval]]:
    """The same for many patients, in as many statements as for one."""
    same = pairs()
    rows = db.session.execute(
        select(same.c.of_id, Approval)
        .join(same, same.c.patient_id == Approval.patient_id)
        .options(
            joinedload(Approval.practitioner),
            joinedload(Approval.note).options(
                selectinload(ScreeningNote.flags), joinedload(ScreeningNote.intake)
            ),
            joinedload(Approval.scopes),
            joinedload(Approval.events).options(
                joinedload(ApprovalEvent.intake), joinedload(ApprovalEvent.practitioner)
            ),
        )
        .where(same.c.of_id.in_(list(patient_ids)))
        .order_by(Approval.id.desc())
    ).unique()
    found: dict[int, list[Approval]] = {patient_id: [] for patient_id in patient_ids}
    for patient_id, approval in rows:
        found[patient_id].append(approval)
    return found


def flag_facts(flag: Flag) -> FlagFacts:
    body = flag.body
    return FlagFacts(
        topic=Topic(body["topic"]),
        level=flag.level,
        modality=ScopeModality(body["modality"]),
        areas=tuple(body["areas"]) if body["areas"] is not None else None,
        product=body["product"],
        resolved=flag.overruled_because_sealed is not None,
    )


def approval_facts(approval: Approval, *, intake_changed: bool) -> ApprovalFacts:
    scope: dict[Modality, set[Area]] = {}
    products: dict[Modality, str | None] = {}
    for row in approval.scopes:
        scope.setdefault(row.modality, set()).add(row.area)
        products[row.modality] = row.product
    return ApprovalFacts(
        scope={modality: frozenset(areas) for modality, areas in scope.items()},
        products=products,
        valid_from=approval.valid_from,
        valid_until=approval.valid_until,
        given_at=approval.given_at,
        state=state_of(approval),
        flags=tuple(flag_facts(flag) for flag in approval.note.flags),
        intake_changed=intake_changed,
        by_live_video=approval.note.by_live_video,
    )


def rests_on_other_answers(approval: Approval, form: Intake) -> bool:
    """Condition 8: whether *form* tells what the newest form that a physician has read for the
    approval did not; own words aside.

    An approval that was given without any form rests on no answer of one that came later.
    """
    read = approval.rests_on
    if read is None or read.id == form.id:
        return read is None
    return bool(what_changed(approval, form))


def what_changed(approval: Approval, form: Intake) -> list[Change]:
    """Question by question, from the answers that the approval rests on to those of *form*."""
    read = approval.rests_on
    areas = {scope.area for scope in approval.scopes}
    return health_changes(read.document if read else {}, form.document, areas)


def flags_of_form(intake_id: int) -> Sequence[Flag]:
    """What the rules said of a form when it was sent."""
    return db.session.scalars(
        select(Flag).where(Flag.intake_id == intake_id).order_by(Flag.id)
    ).all()


@dataclass(frozen=True)
class Gate:
    """The gate for one patient: every approval with its facts, ready to be asked about any time.

    *form* is the one that counts: the newest that was sent. History and answers are the person's,
    on whichever record. An approval carries visits on its own record only (truth 2): those of
    another one, *elsewhere*, are never asked.
    """

    base: GateFacts
    form: Intake | None
    approvals: tuple[tuple[Approval, ApprovalFacts], ...]
    elsewhere: tuple[Approval, ...] = ()

    def ask(self, wish: Wish) -> tuple[Approval | None, list[Reason]]:
        """The approval that carries the wish, or the reasons of the one that comes nearest."""
        best: tuple[Approval | None, list[Reason]] = (None, self._reasons(None, wish))
        for approval, facts in self.approvals:
            reasons = self._reasons(facts, wish)
            if not reasons:
                return approval, []
            if best[0] is None or len(reasons) < len(best[1]):
                best = (approval, reasons)
        return best

    def about(self, approval_id: int | None, wish: Wish) -> list[Reason]:
        """The reasons against the wish on one approval: the one a visit was booked on."""
        for approval, facts in self.approvals:
            if approval.id == approval_id:
                return self._reasons(facts, wish)
        return self._reasons(None, wish)

    def _reasons(self, approval: ApprovalFacts | None, wish: Wish) -> list[Reason]:
        return reasons_not_to_book(replace(self.base, approval=approval), wish)


def gate(patient: Patient) -> Gate:
    """Everything the gate needs of a patient, read now."""
    return gates([patient])[patient.id]


def gates(patients: Sequence[Patient]) -> Mapping[int, Gate]:
    """The same for many patients, by row number, in as many statements as for one."""
    if not patients:
        return {}
    ids = [patient.id for patient in patients]
    forms = intakes.latest_of_each(ids)
    approvals = approvals_of_each(ids)
    profile = sites.profile()
    done = _done_here(ids)
    return {p.id: _gate(p, forms.get(p.id), approvals[p.id], done[p.id], profile) for p in patients}


# The kind of finished visits, their last day, and whether its patient was seen by live video.
Done = Sequence[tuple[ServiceKind, date, bool]]


def _gate(
    patient: Patient,
    latest: Intake | None,
    approvals: Sequence[Approval],
    done: Done,
    profile: Profile,
) -> Gate:
    own = []
    for approval in approvals:
        if approval.patient_id != patient.id:
            continue
        changed = latest is not None and rests_on_other_answers(approval, latest)
        own.append((approval, approval_facts(approval, intake_changed=changed)))
    sessions = intakes.toxin_sessions(latest) if latest is not None else []
    here = [day for kind, day, _seen in done if Modality.TOXIN in MODALITIES[kind]]
    return Gate(
        base=GateFacts(
            born_on=patient.born_on,
            consulted=any(
                kind == ServiceKind.CONSULTATION and not seen for kind, _day, seen in done
            ),
            consulted_by_live_video=any(seen for _kind, _day, seen in done),
            approval=None,
            last_toxin_on=max([*sessions, *here], default=None),
            treated_with=frozenset(m for kind, _day, _seen in done for m in MODALITIES[kind]),
            profile=profile,
        ),
        form=latest,
        approvals=tuple(own),
        elsewhere=tuple(a for a in approvals if a.patient_id != patient.id),
    )


def _done_here(patient_ids: Sequence[int]) -> Mapping[int, Done]:
    """The kinds of each patient's finished visits, consultations too, each with its last day."""
    same = pairs()
    signed = and_(
        ScreeningNote.appointment_id == Appointment.id, ScreeningNote.signed_at.is_not(None)
    )
    rows = db.session.execute(
        select(
            same.c.of_id,
            Service.kind,
            func.max(Appointment.starts_on),
            ScreeningNote.by_live_video,
        )
        .join(Service, Service.id == Appointment.service_id)
        .join(same, same.c.patient_id == Appointment.patient_id)
        .outerjoin(ScreeningNote, signed)
        .where(
            same.c.of_id.in_(list(patient_ids)),
            Appointment.status == AppointmentStatus.FULFILLED,
        )
        .group_by(same.c.of_id, Service.kind, ScreeningNote.by_live_video)
    )
    found: dict[int, list[tuple[ServiceKind, date, bool]]] = {key: [] for key in patient_ids}
    for patient_id, kind, day, by_live_video in rows:
        found[patient_id].append((kind, day, bool(by_live_video)))
    return found
