"""Booking: a first consultation by somebody new, a visit of somebody known, a treatment.

A treatment asks the gate first, in the transaction that holds the locks; the database asks it
again. What is refused is refused with all its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts import same_person
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, Visitor
from clinic.accounts.rules import ADULT, name_key
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.database import retried, rows, transaction
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.journey import submit, waitlist
from clinic.made import Made
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.press import Press, at_the_press
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import Reason, Wish
from clinic.waitlist import queries as wishes


class GateClosed(RuntimeError):
    """A treatment that no decision covers; *reasons* are codes, worded by the pages."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Newcomer:
    """Who somebody says they are, with an address that a code proved."""

    name: str
    email: str
    phone: str | None


def first_consultation(
    hold: Appointment, draft: Intake, newcomer: Newcomer, visitor: Visitor, *, actor: Actor
) -> Appointment:
    """Send the form and turn the hold into a consultation, for a record found or made.

    Raises the errors of `scheduling.services.confirm` and of sending a form.
    """
    with transaction():
        patient = find_or_add(draft, newcomer, actor)
        confirm_held(hold.id, patient.id, actor=actor, draft=draft)
        accounts.prove_visitor(visitor, patient, newcomer.email)
    return hold


def find_or_add(draft: Intake, newcomer: Newcomer, actor: Actor) -> Patient:
    """The record with this address and birth date, or a new one (design section 8).

    Relatives may share an address. A different name, or two records that fit, make a new record
    that the desk sees as a possible duplicate: nobody is ever matched by name alone (P2).
    """
    assert draft.born_on is not None
    found = people.patients_at(newcomer.email, draft.born_on)
    if len(found) == 1 and same_person.is_called(found[0], name_key(newcomer.name)):
        return found[0]
    return accounts.add_patient(
        name=newcomer.name,
        born_on=draft.born_on,
        email=newcomer.email,
        phone=newcomer.phone,
        actor=actor,
        data_key=draft.data_key,
        possible_duplicate_of=found[0] if found else None,
        proved=True,
    )


@retried
def hold(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    visitor: Visitor,
    actor: Actor,
    patient: Patient | None = None,
    address: str | None = None,
) -> Appointment:
    """Keep a time. For a treatment the patient is known and the gate is asked about this time.

    Raises `GateClosed`, `SlotTaken` and `TooManyHolds`.
    """
    with transaction():
        approval = None
        if MODALITIES[service.kind]:
            approval = _carried_by(service, patient, starts_at)
        elif patient is not None:
            _adult(patient, service, starts_at)
        return scheduling.hold(
            service,
            practitioner_actor_id,
            starts_at,
            visitor=visitor,
            actor=actor,
            patient=patient,
            approval=approval,
            address=address,
        )


class HeldByKnown(NamedTuple):
    """What a browser holds, and whether its patient has a form to send along."""

    id: int
    public_id: str
    approval_id: int | None
    form_is_sent: bool


HELD_BY_KNOWN = Made(
    visits.HELD_BY.add_columns(
        intakes.NEWEST_SENT_AT.scalar_subquery().is_not(None).label("form_is_sent")
    )
)


def held_by_known(visitor_id: int | None, patient_id: int) -> HeldByKnown | None:
    """None when it holds nothing."""
    values = {"visitor_id": visitor_id, "patient_id": patient_id}
    found = rows(HELD_BY_KNOWN, values)
    return HeldByKnown(*found[0]) if found else None


def confirm(
    held: Appointment, patient: Patient, *, actor: Actor, draft: Intake | None = None
) -> Appointment:
    """Turn the hold of somebody known into a booking, sending a finished *draft* along.

    Raises `GateClosed`, and the errors of `scheduling.services.confirm`.
    """
    confirm_held(held.id, patient.id, actor=actor, draft=draft)
    return held


def confirm_held(
    visit_id: int, patient_id: int, *, actor: Actor, draft: Intake | None = None
) -> None:
    """The same by their row numbers: nothing else of them need be read before the lock.

    The form is sent behind that lock, which holds the patient too: actors before rows.
    """
    with transaction():
        wish = wishes.entry_for_held(patient_id, visit_id)
        with waitlist.settling(wish, visit_id, actor=actor):
            press = _pressed(visit_id, patient_id)
            scheduling.confirm(press, actor=actor, approval=_carrier(press))
            if draft is not None:  # once it is known whom the patient is going to see
                submit.intake(draft, people.patient_of(patient_id), actor=actor)
        tell(visit_id, patient_id, press.email, press.version + 1)


def _pressed(visit_id: int, patient_id: int) -> Press:
    """The hold under its lock. Raises `HoldOver` when there is none."""
    press = at_the_press(visit_id, patient_id)
    if press is None:
        raise scheduling.HoldOver
    return press


def _carrier(press: Press) -> Approval | None:
    """As `allowed`, of what is pressed."""
    if MODALITIES[press.kind]:
        patient = people.patient_of(press.patient_id)
        return _carried(patient, Wish(MODALITIES[press.kind], press.starts_at, press.starts_on))
    if not press.is_of_an_adult:
        raise GateClosed([Reason.UNDER_18])
    return None


@retried
def all_the_same(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    reason: str,
    actor: Actor,
) -> Appointment:
    """Book for somebody known where no time is on offer, with staff's typed *reason*.

    Raises `GateClosed`: nobody overrides the gate, nor an age. And the errors of
    `scheduling.services.book_all_the_same`.
    """
    with transaction():
        approval = allowed(service, patient, starts_at)
        with waitlist.settling(wishes.entry_of(patient.id, service.id), actor=actor):
            appointment = scheduling.book_all_the_same(
                service,
                practitioner_actor_id,
                starts_at,
                patient,
                reason=reason,
                actor=actor,
                approval=approval,
            )
        tell(appointment.id, patient.id, patient.email, appointment.version)
    return appointment


def renew_hold(held: Appointment, visitor: Visitor, *, actor: Actor) -> Appointment:
    """An expired hold that somebody else's booking retired, taken again if its time is free.

    Raises `SlotTaken`, `GateClosed`, or `HoldOver` when it was not taken away by expiry.
    """
    with transaction():
        if held.cancel_reason != "expired":
            raise scheduling.HoldOver
        practitioner = visits.practitioner_of(held)
        if practitioner is None:
            raise scheduling.HoldOver
        return hold(
            held.service,
            practitioner.actor_id,
            held.starts_at,
            visitor=visitor,
            actor=actor,
            patient=held.patient,
        )


def allowed(service: Service, patient: Patient, starts_at: datetime) -> Approval | None:
    """What carries a visit of somebody known at this time; None for a service that needs nothing
    but an adult. Raises `GateClosed`."""
    if MODALITIES[service.kind]:
        return _carried_by(service, patient, starts_at)
    _adult(patient, service, starts_at)
    return None


def _carried_by(service: Service, patient: Patient | None, starts_at: datetime) -> Approval:
    """The approval that carries this treatment at this time. Raises `GateClosed`."""
    if patient is None:
        raise GateClosed([Reason.NO_CONSULTATION])
    day = clock.local(starts_at, service.location.zone).date()
    return _carried(patient, Wish(MODALITIES[service.kind], starts_at, day))


def _carried(patient: Patient, wish: Wish) -> Approval:
    approval, reasons = treatment.gate(patient).ask(wish)
    if reasons or approval is None:
        raise GateClosed(reasons)
    return approval


def _adult(patient: Patient, service: Service, starts_at: datetime) -> None:
    """Nobody under 18 on the visit's date has a visit, consultations included (truth 5)."""
    day = clock.local(starts_at, service.location.zone).date()
    if clock.age_on(patient.born_on, day) < ADULT:
        raise GateClosed([Reason.UNDER_18])


def note_refusal(
    service: Service, patient: Patient | None, reasons: Sequence[Reason], *, actor: Actor
) -> None:
    """Put a refusal into the audit log; called after the refused transaction is undone."""
    audit.record(
        Event.BOOKING_REFUSED,
        actor=actor,
        patient_id=patient.id if patient else None,
        result="refused",
        service=service.kind,
        reasons=[str(reason) for reason in reasons],
    )


def tell(visit_id: int, patient_id: int, email: str | None, version: int) -> None:
    """Write to the patient that the visit is booked."""
    notices.queue(
        MessageKind.BOOKED,
        to=email,
        params={},
        patient_id=patient_id,
        appointment_id=visit_id,
        version=version,
    )
