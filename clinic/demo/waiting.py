"""Those of the demo's people who wait for a time: one declined an offer, one has an open one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.journey import line, offers, waitlist
from clinic.permissions import Actor, system
from clinic.scheduling import availability
from clinic.scheduling.rules import Slot, free_slots
from clinic.waitlist import services
from clinic.waitlist.models import WaitlistEntry
from clinic.waitlist.rules import EVERY_DAY, WHOLE_DAY, Wanted

DESK = system("demo-desk")
DECLINED, OFFERED, BY_PHONE = "Aiko Mori", "Tomás Rivera", "Björn Dahl"
MORNINGS, WORKDAYS = 0b001, 0b001_1111


def play(go: Callable[[datetime], None], now: datetime) -> None:
    """*go* moves the clock, *now* is the moment at which the story ends."""
    go(now - timedelta(days=1))
    first = _join(DECLINED, ServiceKind.FILLER)
    if first is not None:
        made = _offer(first, 3)
        go(now - timedelta(days=1) + timedelta(minutes=12))
        if made:
            waitlist.decline(first.offers[0], actor=_as(first.patient))
    go(now - timedelta(hours=20))
    _join(BY_PHONE, ServiceKind.CONSULTATION, weekdays=WORKDAYS, actor=DESK)
    go(now - timedelta(hours=15))
    second = _join(OFFERED, ServiceKind.CONSULTATION, parts=MORNINGS)
    go(now)
    if second is not None:
        _offer(second, 1)


def _join(
    name: str,
    kind: ServiceKind,
    *,
    weekdays: int = EVERY_DAY,
    parts: int = WHOLE_DAY,
    actor: Actor | None = None,
) -> WaitlistEntry | None:
    patient = db.session.scalar(select(Patient).where(Patient.name == name))
    service = db.session.scalar(select(Service).where(Service.kind == kind, Service.active))
    if patient is None or service is None:
        return None
    today = clock.today(service.location.zone)
    wish = Wanted(None, weekdays, parts, today, today + timedelta(days=60))
    return services.join(patient, service, wish, actor=actor or _as(patient))


def _as(patient: Patient) -> Actor:
    return Actor(label=f"patient:{patient.public_id}", patient_id=patient.id)


def _offer(entry: WaitlistEntry, days: int) -> bool:
    """The first free time that fits, from so many days on."""
    slot = first_free(entry, days)
    if slot is None:
        return False
    offers.by_hand(entry, slot.practitioner_id, slot.starts_at, actor=DESK)
    return True


def first_free(entry: WaitlistEntry, days: int) -> Slot | None:
    service, zone = entry.service, entry.service.location.zone
    first = clock.today(zone) + timedelta(days=days)
    facts = availability.times(service, first, 14, patient=entry.patient).facts
    wish = line.plain(entry)
    return next((s for s in free_slots(facts, first, 14) if wish.fits(s, zone)), None)
