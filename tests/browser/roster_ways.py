"""How to get to the manager's pages of hours, rooms and services, and to visits nobody can keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import select

from clinic.accounts import practitioners
from clinic.accounts.models import (
    ActorKind,
    ActorRow,
    Credential,
    CredentialKind,
    Practitioner,
)
from clinic.catalogue import services
from clinic.catalogue.models import ClosedDay, Device, Location, Room
from clinic.database import db, transaction
from clinic.scheduling import rosters
from clinic.scheduling.models import Absence, ExtraHours, Schedule
from clinic.scheduling.rules import AbsenceKind, Away, DayHours
from tests.browser.demo import NOON, STAFF, TESTER, Demo
from tests.browser.tab import Tab
from tests.browser.ways import During, Way

AMARA = "Dr Amara Okafor"


def person(path: str = "", name: str = AMARA) -> Way:
    """A page about a physician."""
    return lambda _demo: f"/manage/people/{_practitioner(name).public_id}{path}"


def _practitioner(name: str = AMARA) -> Practitioner:
    return db.session.scalars(select(Practitioner).where(Practitioner.name == name)).one()


def site(path: str = "") -> Way:
    return lambda _demo: f"/manage/sites/{_site().public_id}{path}"


def _site() -> Location:
    return db.session.scalars(select(Location).order_by(Location.id)).first()


def room(path: str = "") -> Way:
    return lambda _demo: f"/manage/rooms/{_room().public_id}{path}"


def _room() -> Room:
    return db.session.scalars(select(Room).order_by(Room.id)).first()


def service(kind: str) -> Way:
    return lambda demo: f"/manage/services/{demo.service(kind).public_id}"


def the_only(table: type[Absence | ClosedDay | ExtraHours], path: str) -> Way:
    """The page that takes a row of the demo back."""
    return lambda _demo: path.format(db.session.scalars(select(table)).first().public_id)


@contextmanager
def ill_today(_demo: Demo) -> Iterator[None]:
    """The first physician is away for the rest of the day and the next."""
    day = NOON.date()
    away = Away(day, 13 * 60, day + timedelta(days=1), 1440)
    rosters.add_absence(_practitioner(), away, AbsenceKind.ILL, actor=TESTER)
    yield
    absence = select(Absence).where(Absence.kind == AbsenceKind.ILL)
    rosters.remove(db.session.scalars(absence).one(), actor=TESTER)


def nobody_works() -> During:
    """Nobody can take anybody's visits."""

    @contextmanager
    def during(_demo: Demo) -> Iterator[None]:
        people = db.session.scalars(select(Practitioner)).all()
        with transaction():
            for one in people:
                one.active = False
        yield
        db.session.rollback()
        with transaction():
            for one in db.session.scalars(select(Practitioner)):
                one.active = True

    return during


@contextmanager
def extra_hours(_demo: Demo) -> Iterator[None]:
    """The site opens once on the closed day, and the first physician works then."""
    day = NOON.date() + timedelta(days=31)
    rosters.add_extra(_site(), None, DayHours(day, 600, 720), actor=TESTER)
    rosters.add_extra(_site(), _practitioner(), DayHours(day, 600, 720), actor=TESTER)
    yield
    for row in db.session.scalars(select(ExtraHours)):
        rosters.remove(row, actor=TESTER)


def a_device(path: str = "") -> Way:
    """A page about a device; the demo has none of its own."""

    def way(_demo: Demo) -> str:
        found = db.session.scalars(select(Device)).first()
        if found is None:
            with transaction():
                found = Device(
                    actor=ActorRow(kind=ActorKind.DEVICE),
                    location_id=_site().id,
                    name="Ultrasound 1",
                    kind="ultrasound",
                )
                db.session.add(found)
        return f"/manage/devices/{found.public_id}{path}"

    return way


def room_changed_meanwhile(tab: Tab, _demo: Demo) -> None:
    """A colleague renames the room that is being edited."""
    found = _room()
    services.change(found, {"name": "Salon"}, shown_before=services.shown(found), actor=TESTER)
    tab.fill({"Name": "Blue room"}).press("Save")
    db.session.rollback()
    found = _room()
    services.change(found, {"name": "Room 1"}, shown_before=services.shown(found), actor=TESTER)


def no_more_tuesdays(tab: Tab, _demo: Demo) -> None:
    tab.fill({"Tuesday": "", "Wednesday": ""}).press("Save")


def half_a_physician(tab: Tab, _demo: Demo) -> None:
    """A licence that ends before it begins, and no address."""
    tab.fill({"Name as patients see it": "Dr Noor Rahimi"})
    tab.page.get_by_role("group", name="Licence").get_by_label("From").fill("2026-01-01")
    tab.page.get_by_role("group", name="Licence").get_by_label("Until").fill("2025-01-01")
    tab.press("Add and send the link")


def a_physician_whose_address_is_known(tab: Tab, _demo: Demo) -> None:
    typed = {"Name as patients see it": "Jonas Reed", "E-mail address": STAFF["front-desk"]}
    tab.fill(typed).press("Add and send the link")


def without_licence_and_hours(name: str) -> During:
    """Somebody whose licence was over yesterday and whose hours are not entered."""

    @contextmanager
    def during(_demo: Demo) -> Iterator[None]:
        who = _practitioner(name)
        hours, licence = _set_aside(who)
        yield
        db.session.rollback()
        with transaction():
            db.session.add_all(Schedule(**row) for row in hours)
            _licence_of(_practitioner(name)).valid_until = licence

    return during


def _set_aside(who: Practitioner) -> tuple[list[dict[str, object]], date]:
    rows = rosters.hours_of(who)
    names = [column.name for column in Schedule.__table__.columns if column.name != "id"]
    kept = [{column: getattr(row, column) for column in names} for row in rows]
    until = _licence_of(who).valid_until
    with transaction():
        for row in rosters.hours_of(who):
            db.session.delete(row)
        _licence_of(who).valid_until = NOON.date() - timedelta(days=1)
    return kept, until


def _licence_of(who: Practitioner) -> Credential:
    held = practitioners.newest(practitioners.credentials_of(who))
    return held[CredentialKind.LICENCE]
