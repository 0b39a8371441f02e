"""How to get to the pages of checking in by phone: patients of their own, made when asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clinic import clock
from clinic.accounts import tablet as phones
from clinic.accounts.models import Patient, Practitioner
from clinic.arriving import services as arriving
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.notices.models import Message, MessageKind
from clinic.scheduling import availability
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.rules import free_slots
from tests.browser import changed_ways
from tests.browser.demo import LONG_NAME, NOON, TESTER, Arrival, Demo, newest_mail
from tests.browser.ways import Way
from tests.factories import make_intake, make_patient, make_visit

SOON = timedelta(minutes=20)


def _at(visit: Appointment, before: timedelta = SOON) -> Appointment:
    clock.shift(visit.starts_at - before - datetime.now(UTC))
    return visit


def _opened(visit: Appointment) -> Arrival:
    assert visit.patient is not None
    with transaction():
        visitor, token = phones.open_phone(visit.patient)
        arriving.begin(visit, visitor, None, actor=phones.actor_of(visitor))
    return Arrival("/arrive", {"visitor": token})


def _somebody(name: str, demo: Demo) -> Appointment:
    """The consultation of somebody who has no other part in the demo, on a form of theirs."""
    known = db.session.scalars(db.select(Patient).where(Patient.name == name)).one_or_none()
    if known is not None:
        return demo.visit(name)
    patient = make_patient(name=name, email=f"{name.split()[0].lower()}@example.org")
    make_intake(patient)
    service, day = demo.service(ServiceKind.CONSULTATION), NOON.date() + timedelta(days=9)
    slot = free_slots(availability.times(service, day, 7).facts, day, 7)[0]
    seen_by = db.select(Practitioner).where(Practitioner.actor_id == slot.practitioner_id)
    physician = db.session.scalars(seen_by).one()
    return make_visit(patient, physician, service, slot.starts_at)


def asks(demo: Demo) -> Arrival:
    changed_ways.treated(demo, "Lena Brook")
    return _opened(_at(demo.visit("Lena Brook", "toxin")))


def form_missing(demo: Demo) -> Arrival:
    return _opened(_at(demo.visit("Samuel Osei")))


def ready(demo: Demo) -> Arrival:
    return _opened(_at(demo.visit(LONG_NAME)))


def here(demo: Demo) -> Arrival:
    visit = _at(_somebody("Uma Brook", demo))
    arrival = _opened(visit)
    if visit.status == S.BOOKED:
        scheduling.change_status(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
    return arrival


def refused(demo: Demo) -> Arrival:
    visit = _at(_somebody("Nils Brook", demo))
    arrival = _opened(visit)
    if visit.status == S.BOOKED:
        scheduling.change_status(visit, S.BOOKED, S.NOSHOW, actor=TESTER)
    return arrival


def link(before: timedelta = SOON) -> Way:
    """A link that was mailed to somebody, so long before their visit."""

    def way(demo: Demo) -> str:
        visit = _at(demo.visit(LONG_NAME), before)
        mailed = db.select(Message.id).where(Message.kind == MessageKind.CHECK_IN)
        if db.session.scalar(mailed) is None:
            arriving.send(visit, actor=TESTER)
        return f"/arrive/{newest_mail('check-in').params['token']}"

    return way


def desk_code(demo: Demo) -> str:
    """Where the code on the desk leads."""
    visit = _at(demo.visit(LONG_NAME))
    return f"/arrive/at/{visit.location.public_id}"
