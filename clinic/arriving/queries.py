"""Reading links and phones at the check-in, and whom the code on the desk is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from clinic.accounts.models import Patient, Visitor
from clinic.accounts.queries import token_hash
from clinic.accounts.rules import phone_key, tidy_email
from clinic.arriving.models import Arrival, ArrivalLink
from clinic.arriving.rules import HERE
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S

DAY = timedelta(days=1)
LAST_DIGITS = 4


@dataclass(frozen=True)
class Shown:
    """All that the phone is shown of a visit (P4)."""

    first_name: str
    starts_at: datetime
    zone: str


def shown(visit: Appointment) -> Shown:
    assert visit.patient is not None  # only holds may have none
    return Shown(visit.patient.name.split()[0], visit.starts_at, visit.location.zone)


def link_by_token(token: str) -> ArrivalLink | None:
    """The link with its visit and patient, good or not."""
    return db.session.scalar(
        select(ArrivalLink)
        .options(joinedload(ArrivalLink.appointment).joinedload(Appointment.patient))
        .where(ArrivalLink.token_hash == token_hash(token))
    )


def own_arrival(actor: Actor, _public_id: str = "") -> Arrival | None:
    """What the phone that asks checks in for."""
    if not actor.on_phone or actor.visitor_id is None:
        return None
    return db.session.scalar(
        select(Arrival)
        .options(joinedload(Arrival.appointment).joinedload(Appointment.patient))
        .where(Arrival.visitor_id == actor.visitor_id)
    )


def left_alone(since: datetime, opened_since: datetime, most: int) -> Sequence[Visitor]:
    """Phones that still check in and were not used *since*, of those opened in the last days."""
    return db.session.scalars(
        select(Visitor)
        .join(Arrival, Arrival.visitor_id == Visitor.id)
        .where(
            Arrival.opened_at > opened_since,
            Visitor.tablet_patient_id.is_not(None),
            Visitor.seen_at < since,
        )
        .order_by(Arrival.id)
        .limit(most)
    ).all()


def waiting_for_a_link(now: datetime, until: datetime, most: int) -> Sequence[int]:
    """Visits that begin by *until* and whose patients have an address and no link for the visit as
    it is: their row numbers, the soonest first."""
    sent = exists().where(
        ArrivalLink.appointment_id == Appointment.id, ArrivalLink.version == Appointment.version
    )
    return db.session.scalars(
        select(Appointment.id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(
            # The date at the site, for the index: no clock is more than a day ahead or behind.
            Appointment.starts_on.between((now - DAY).date(), (until + DAY).date()),
            Appointment.status == S.BOOKED,
            Appointment.starts_at > now,
            Appointment.starts_at <= until,
            Patient.email.is_not(None),
            ~sent,
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(most)
    ).all()


def at_the_desk(
    site_id: int, born_on: date, said: str, now: datetime, opens_before: timedelta
) -> Appointment | None:
    """The visit at a site, now, of the one patient with this date of birth who gave these last
    digits of their phone number, or this e-mail address.

    None for nobody, and for two people whom both would fit: nobody is mixed up with a twin (P2).
    """
    found = db.session.scalars(
        select(Appointment)
        .join(Patient, Patient.id == Appointment.patient_id)
        .options(joinedload(Appointment.patient))
        .where(
            Appointment.location_id == site_id,
            Appointment.starts_on.between((now - DAY).date(), (now + DAY).date()),
            Appointment.status.in_([S.BOOKED, *HERE]),
            Appointment.starts_at <= now + opens_before,
            Appointment.ends_at > now,
            Patient.born_on == born_on,
            or_(
                Patient.email == tidy_email(said),
                Patient.phone_key.endswith(_last_digits(said), autoescape=True),
            ),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    if len({visit.patient_id for visit in found}) != 1:
        return None
    booked = [visit for visit in found if visit.status == S.BOOKED]
    return (booked or found)[0]


def _last_digits(said: str) -> str:
    """Four digits; what no number ends in for anything shorter, or an address."""
    digits = "" if "@" in said else phone_key(said)[-LAST_DIGITS:]
    return digits if len(digits) == LAST_DIGITS else "-"
