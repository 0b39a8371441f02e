"""Reading wishes and offers. Each query that takes an actor gives only what is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from clinic import clock
from clinic.accounts.models import Patient
from clinic.accounts.queries import token_hash
from clinic.catalogue.models import Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.clock import Period
from clinic.columns import as_text
from clinic.database import db, rows, table_of
from clinic.made import Made
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import ANSWERABLE, EntryState, OfferState

W = EntryState.WAITING
SHOWN_AFTER = timedelta(days=14)  # what became of an entry stays on the desk's page for so long


_entry = table_of(WaitlistEntry).c


def somebody_waits(first: date, last: date) -> bool:
    """Whether any wish reaches into the days; one statement, by index."""
    return bool(db.session.scalar(select(exists().where(*_reaches(first, last)))))


def waiting(first: date, last: date, *, but_not: int | None = None) -> Sequence[WaitlistEntry]:
    """Whom a time on these days can be offered: nobody who has an open offer already, and nobody
    without an address to write to. *but_not* is a patient's row. Read anew each time."""
    statement = _waiting().where(*_reaches(first, last))
    if but_not is not None:
        statement = statement.where(WaitlistEntry.patient_id != but_not)
    return db.session.scalars(statement).all()


def still_waiting(entries: Iterable[WaitlistEntry]) -> Sequence[WaitlistEntry]:
    """Those of *entries* whom a time can be offered at this moment, read anew."""
    ids = [entry.id for entry in entries]
    return db.session.scalars(_waiting().where(WaitlistEntry.id.in_(ids))).all()


def _waiting() -> Select[WaitlistEntry]:
    has_offer = exists().where(Offer.entry_id == WaitlistEntry.id, Offer.state == OfferState.OPEN)
    return (
        select(WaitlistEntry)
        .join(WaitlistEntry.patient)
        .options(
            contains_eager(WaitlistEntry.patient),
            joinedload(WaitlistEntry.service),
            joinedload(WaitlistEntry.practitioner),
        )
        .where(WaitlistEntry.state == W, Patient.email.is_not(None), ~has_offer)
        .execution_options(populate_existing=True)
    )


def _reaches(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        WaitlistEntry.state == W,
        WaitlistEntry.from_on <= last,
        WaitlistEntry.until_on >= first,
    )


def had(entry_ids: Iterable[int]) -> Mapping[int, frozenset[Period]]:
    """The visits that each was offered before, whatever became of them but a withdrawal."""
    found: dict[int, set[Period]] = defaultdict(set)
    rows = db.session.execute(
        select(Offer.entry_id, Appointment.starts_at, Appointment.ends_at)
        .join(Appointment, Appointment.id == Offer.appointment_id)
        .where(Offer.entry_id.in_(list(entry_ids)), Offer.state != OfferState.WITHDRAWN)
    )
    for entry_id, starts_at, ends_at in rows:
        found[entry_id].add(Period(starts_at, ends_at))
    return {entry_id: frozenset(visits) for entry_id, visits in found.items()}


_visit = table_of(Appointment).c
WISH = select(_entry.id).where(
    _entry.patient_id == bindparam("patient_id"), _entry.state == as_text(W)
)
WISH_FOR = Made(WISH.where(_entry.service_id == bindparam("service_id")))
WISH_FOR_WHAT_IS_HELD = Made(
    WISH.where(
        _entry.service_id
        == select(_visit.service_id).where(_visit.id == bindparam("visit_id")).scalar_subquery()
    )
)


def entry_of(patient_id: int, service_id: int) -> WaitlistEntry | None:
    """The wish with which a patient waits for a service."""
    return _entry_found(WISH_FOR, {"patient_id": patient_id, "service_id": service_id})


def entry_for_held(patient_id: int, visit_id: int) -> WaitlistEntry | None:
    """The wish with which a patient waits for what a visit is for."""
    return _entry_found(WISH_FOR_WHAT_IS_HELD, {"patient_id": patient_id, "visit_id": visit_id})


def _entry_found(statement: Made, values: Mapping[str, int]) -> WaitlistEntry | None:
    """Most wait for nothing: the number alone is found sooner."""
    found = rows(statement, values)
    return db.session.get(WaitlistEntry, found[0][0]) if found else None


def open_offer(entry: WaitlistEntry) -> Offer | None:
    return db.session.scalar(
        select(Offer).where(Offer.entry_id == entry.id, Offer.state == OfferState.OPEN)
    )


def offer_of(appointment: Appointment) -> Offer | None:
    """The offer that a hold is for; None for a hold of a browser."""
    if appointment.held_by_id is not None:
        return None
    return db.session.scalar(select(Offer).where(Offer.appointment_id == appointment.id))


def expired(most: int) -> Sequence[Offer]:
    """Open offers that are past their end; one statement, by index."""
    return db.session.scalars(
        select(Offer)
        .where(Offer.state == OfferState.OPEN, Offer.until <= clock.now())
        .order_by(Offer.until)
        .limit(most)
    ).all()


def by_token(token: str) -> Offer | None:
    """The offer that a link belongs to, answered or not."""
    return db.session.scalar(select(Offer).where(Offer.token_hash == token_hash(token)))


def own_entry(actor: Actor, public_id: str) -> WaitlistEntry | None:
    """A wish of the patient who asks, waiting or ended."""
    if actor.patient_id is None:
        return None
    return db.session.scalar(
        select(WaitlistEntry).where(
            WaitlistEntry.public_id == public_id, WaitlistEntry.patient_id == actor.patient_id
        )
    )


def own_offer(actor: Actor, public_id: str) -> Offer | None:
    if actor.patient_id is None:
        return None
    return db.session.scalar(
        select(Offer)
        .join(Offer.entry)
        .where(Offer.public_id == public_id, WaitlistEntry.patient_id == actor.patient_id)
    )


def entry_for_desk(actor: Actor, public_id: str) -> WaitlistEntry | None:
    """Anybody's wish for a service of a site that the actor works at."""
    return db.session.scalar(
        select(WaitlistEntry)
        .join(Service, Service.id == WaitlistEntry.service_id)
        .where(WaitlistEntry.public_id == public_id, at_own_sites(actor, Service.location_id))
    )


def offer_for_desk(actor: Actor, public_id: str) -> Offer | None:
    return db.session.scalar(
        select(Offer)
        .join(Appointment, Appointment.id == Offer.appointment_id)
        .where(Offer.public_id == public_id, at_own_sites(actor, Appointment.location_id))
    )


@dataclass(frozen=True)
class Waits:
    """One wish with the offers that can still be answered, and who would see the patient."""

    entry: WaitlistEntry
    offers: Sequence[Offer]
    who: Mapping[int, visits.Who]


def own_waits(patient_id: int) -> Sequence[Waits]:
    """What a patient waits for, the longest first; with nothing to show, one statement."""
    rows = db.session.execute(
        select(WaitlistEntry, Offer)
        .outerjoin(Offer, and_(Offer.entry_id == WaitlistEntry.id, Offer.state.in_(ANSWERABLE)))
        .outerjoin(Appointment, Appointment.id == Offer.appointment_id)
        .options(
            joinedload(WaitlistEntry.service),
            joinedload(WaitlistEntry.practitioner),
            contains_eager(Offer.appointment),
        )
        .where(WaitlistEntry.patient_id == patient_id, WaitlistEntry.state == W)
        .order_by(WaitlistEntry.created_at, WaitlistEntry.id, Offer.id)
    ).all()
    offers: dict[int, list[Offer]] = defaultdict(list)
    for entry, offer in rows:
        if offer is not None and _may_be_taken(offer):
            offers[entry.id].append(offer)
    held = [offer.appointment for some in offers.values() for offer in some]
    who = visits.who_and_where(held)
    entries = {entry.id: entry for entry, _offer in rows}
    return [Waits(entry, offers[entry.id], who) for entry in entries.values() if _is_on(entry)]


def _may_be_taken(offer: Offer) -> bool:
    held = offer.appointment
    return held.status == AppointmentStatus.PROPOSED and held.starts_at > clock.now()


def _is_on(entry: WaitlistEntry) -> bool:
    return entry.until_on >= clock.today(entry.service.location.zone)


@dataclass(frozen=True)
class OfferLine:
    """An offer as the desk reads it; its fields are those of `permissions.FIELDS`."""

    public_id: str
    starts_at: datetime
    practitioner: str
    offered_at: datetime
    until: datetime
    ended_at: datetime | None
    state: OfferState


@dataclass(frozen=True)
class WishLine:
    """A wish as the desk reads it; the same. *practitioner* is None for anyone."""

    public_id: str
    patient_id: str  # random, as in the patient's address
    patient_name: str
    phone: str | None
    has_email: bool
    service: str
    practitioner: str | None
    weekdays: int
    parts: int
    from_on: date
    until_on: date
    since: datetime
    place: str  # the site's name
    zone: str
    state: EntryState
    offers: Sequence[OfferLine]


@dataclass(frozen=True)
class DeskList:
    """Everybody who waits, the longest first, and lately ended entries, newest first."""

    waiting: Sequence[WishLine]
    over: Sequence[WishLine]


def desk_list(sites: Collection[int] | None = None) -> DeskList:
    """At some *sites*, or at all. Three statements, whatever the number of entries."""
    wanted = _of_the_desk(clock.now() - SHOWN_AFTER)
    if sites is not None:
        wanted = wanted.where(WaitlistEntry.service.has(Service.location_id.in_(sorted(sites))))
    found = db.session.scalars(wanted).all()
    on = [entry for entry in found if entry.state == W and _is_on(entry)]
    over = [entry for entry in found if entry not in on]
    over.sort(key=lambda e: e.ended_at or e.created_at, reverse=True)
    who = visits.who_and_where(offer.appointment for e in found for offer in e.offers)
    return DeskList([_line(entry, who) for entry in on], [_line(entry, who) for entry in over])


def _of_the_desk(since: datetime) -> Select[WaitlistEntry]:
    return (
        select(WaitlistEntry)
        .options(
            joinedload(WaitlistEntry.patient),
            joinedload(WaitlistEntry.service),
            joinedload(WaitlistEntry.practitioner),
            selectinload(WaitlistEntry.offers).joinedload(Offer.appointment),
        )
        .where(
            or_(
                WaitlistEntry.state == W,
                and_(WaitlistEntry.state != W, WaitlistEntry.ended_at > since),
            )
        )
        .order_by(WaitlistEntry.created_at, WaitlistEntry.id)
    )


def _line(entry: WaitlistEntry, who: Mapping[int, visits.Who]) -> WishLine:
    return WishLine(
        public_id=entry.public_id,
        patient_id=entry.patient.public_id,
        patient_name=entry.patient.name,
        phone=entry.patient.phone,
        has_email=bool(entry.patient.email),
        service=entry.service.name,
        practitioner=entry.practitioner.name if entry.practitioner else None,
        weekdays=entry.weekdays,
        parts=entry.parts,
        from_on=entry.from_on,
        until_on=entry.until_on,
        since=entry.created_at,
        place=entry.service.location.name,
        zone=entry.service.location.zone,
        state=entry.state,
        offers=[_offer_line(offer, who.get(offer.appointment_id)) for offer in entry.offers],
    )


def _offer_line(offer: Offer, who: visits.Who | None) -> OfferLine:
    return OfferLine(
        public_id=offer.public_id,
        starts_at=offer.appointment.starts_at,
        practitioner=who.practitioner if who else "",
        offered_at=offer.offered_at,
        until=offer.until,
        ended_at=offer.ended_at,
        state=offer.state,
    )
