"""Rosters that Hypothesis makes up, in the database; and a way to undo all that an example did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import delete, update

from clinic.accounts.models import ActorKind, ActorRow, Credential, CredentialKind
from clinic.catalogue.models import (
    ClosedDay,
    Device,
    Location,
    OpeningHours,
    Room,
    RoomHosts,
    Service,
)
from clinic.database import db, transaction
from clinic.scheduling.models import Absence, ExtraHours, Schedule
from clinic.scheduling.rules import AbsenceKind
from tests.scheduling.test_rules_clock_changes import CHANGES
from tests.scheduling.worlds import MINUTE, OFTEN, SELDOM, WHICH, absences, dates, weekly

LASER = "laser"


class _Undo(Exception):
    """Nothing of an example stays."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is seen inside, and gone afterwards."""
    with suppress(_Undo), transaction():
        yield
        raise _Undo


@contextmanager
def tried() -> Iterator[None]:
    """The same for a part of it, refusals of the database included."""
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        db.session.expire_all()


@st.composite
def weeks(draw):
    """Where, from which date, and what o'clock it is."""
    zone, change = draw(st.sampled_from(CHANGES))
    first = change - timedelta(days=draw(st.integers(0, 5)))
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return zone, first, midnight + draw(st.integers(-1200, 1200)) * MINUTE


def write_roster(cast, draw, zone, first):
    """Put another roster in place of the cast's, at a site in *zone*."""
    for table in (Schedule, ExtraHours, Absence, OpeningHours, ClosedDay, RoomHosts, Credential):
        db.session.execute(delete(table))
    db.session.execute(update(Location).values(zone=zone))
    site = cast.site.id
    _write_opening(draw, site, first)
    for who in (cast.ana, cast.eli):
        _write_practitioner(draw, site, who, first)
    rooms = db.session.scalars(db.select(Room).order_by(Room.id)).all()
    for room in rooms:
        kinds = [kind for kind in ("consultation", "follow-up") if draw(OFTEN)]
        db.session.add_all(RoomHosts(room_id=room.id, kind=kind) for kind in kinds)
    device = ActorRow(kind=ActorKind.DEVICE)
    db.session.add(device)
    db.session.flush()
    db.session.add(Device(actor_id=device.id, location_id=site, name="A", kind=LASER))
    for actor_id in (cast.ana.actor_id, cast.eli.actor_id, rooms[0].actor_id, device.id):
        _write_absences(draw, actor_id, first)
    for kind in ("consultation", "follow-up"):
        _write_service(draw, cast.service(kind))
    db.session.flush()
    db.session.expire_all()


def _write_opening(draw, site, first):
    for h in draw(weekly(first)) or ():
        dates_of = {"valid_from": h.valid_from, "valid_until": h.valid_until}
        if h.valid_until is None or h.valid_from <= h.valid_until:
            db.session.add(
                OpeningHours(
                    location_id=site,
                    weekday=h.weekday,
                    opens_minute=h.opens_minute,
                    closes_minute=h.closes_minute,
                    **dates_of,
                )
            )
    if draw(SELDOM):
        db.session.add(ClosedDay(location_id=site, day=draw(dates(first)), name="Closed"))
    _write_extra(draw, site, None, first)


def _write_extra(draw, site, practitioner_id, first):
    if draw(SELDOM):
        day = draw(dates(first))
        db.session.add(
            ExtraHours(
                location_id=site,
                practitioner_id=practitioner_id,
                day=day,
                opens_minute=draw(st.sampled_from([0, 420, 600])),
                closes_minute=draw(st.sampled_from([660, 1290, 1440])),
                closes_second=draw(WHICH),
            )
        )


def _write_practitioner(draw, site, who, first):
    for h in draw(weekly(first)):
        if h.valid_until is None or h.valid_from <= h.valid_until:
            db.session.add(
                Schedule(
                    practitioner_id=who.id,
                    location_id=site,
                    weekday=h.weekday,
                    opens_minute=h.opens_minute,
                    closes_minute=h.closes_minute,
                    valid_from=h.valid_from,
                    valid_until=h.valid_until,
                )
            )
    _write_extra(draw, site, who.id, first)
    until = first + timedelta(days=draw(st.integers(0, 6)) if draw(SELDOM) else 2000)
    db.session.add(
        Credential(
            practitioner_id=who.id,
            kind=CredentialKind.LICENCE,
            valid_from=first - timedelta(days=1000),
            valid_until=until,
        )
    )


def _write_absences(draw, actor_id, first):
    for away in draw(absences(first)):
        db.session.add(
            Absence(
                actor_id=actor_id,
                starts_on=away.starts_on,
                starts_minute=min(away.starts_minute, 1439),
                ends_on=away.ends_on,
                ends_minute=max(away.ends_minute, 1),
                starts_second=away.starts_second,
                ends_second=away.ends_second,
                kind=AbsenceKind.OTHER,
            )
        )


def _write_service(draw, service: Service) -> None:
    service.duration_minutes = draw(st.sampled_from([20, 30, 45]))
    service.buffer_before_minutes = draw(st.sampled_from([0, 5]))
    service.buffer_after_minutes = draw(st.sampled_from([0, 10]))
    service.notice_hours = draw(st.sampled_from([0, 1, 24]))
    service.horizon_days = draw(st.sampled_from([5, 60]))
    service.step_minutes = draw(st.sampled_from([15, 20, 25]))
    service.device_kind = LASER if draw(SELDOM) else None
