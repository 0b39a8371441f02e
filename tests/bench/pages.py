"""Figures of pages: the product and the floor asked in turns, the best of three of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from clinic.accounts.models import Practitioner
from clinic.catalogue.models import Room, Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from tests.bench import clinic, people
from tests.bench.databases import Database, Place
from tests.bench.load import Measured, ask, get, one_by_one, over_and_over
from tests.bench.report import Line, at_least, at_most, told
from tests.bench.servers import FLOOR, OURS, serving

ROUNDS = 3
DAY = (clinic.NOW + timedelta(days=9)).date()  # half full
PRESSES, BARE_PRESSES = 2_500, 6_000
WARM = 0.4


@dataclass(frozen=True)
class Asked:
    """What browsers send to the product and to the floor."""

    times: bytes
    bare_times: bytes
    picker: bytes
    desk: bytes
    search: bytes
    floor_cookie: str
    presses: list[bytes]
    bare_presses: list[bytes]


@contextmanager
def inside(database: Database) -> Iterator[Flask]:
    """An app of this process, its connections closed at the end: servers come after."""
    app = database.app()
    with app.app_context(), app.test_request_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def written(database: Database, presses: int = PRESSES) -> Asked:
    with inside(database) as app:
        times, bare = times_of_a_day()
        return Asked(
            times=get(times),
            bare_times=get(bare),
            picker=get(f"/book/consultation?day={DAY}", people.patient(app)),
            desk=get(f"/desk/?day={DAY}", people.desk(app)),
            search=get("/desk/patients?q=patiemt+12", people.desk(app)),
            floor_cookie=people.on_the_floor(app),
            presses=people.holders(app, presses),
            bare_presses=people.bare_presses(app, BARE_PRESSES),
        )


def times_of_a_day() -> tuple[str, str]:
    """The same physician and day, as the product and as the floor is asked."""
    consultation = select(Service).where(Service.kind == ServiceKind.CONSULTATION)
    service = db.session.scalars(consultation).one().public_id
    who = db.session.scalars(
        select(Practitioner).order_by(Practitioner.id).offset(7).limit(1)
    ).one()
    rooms = db.session.scalars(select(Room.actor_id).order_by(Room.name))
    ours = f"/api/slots?service={service}&practitioner={who.public_id}&from={DAY}&days=1"
    listed = ",".join(map(str, rooms))
    return ours, f"/times?physician={who.actor_id}&rooms={listed}&day={DAY}"


Turn = Callable[[], Measured]


def in_turns(ours: Turn, floor: Turn) -> tuple[Measured, Measured]:
    """The best of each: most requests a second, and the smallest p95."""
    rounds = [(ours(), floor()) for _ in range(ROUNDS)]
    return _best(pair[0] for pair in rounds), _best(pair[1] for pair in rounds)


def _best(measured: Iterable[Measured]) -> Measured:
    found = list(measured)
    return Measured(
        rate=max(m.rate for m in found),
        middle=min(m.middle for m in found),
        p95=min(m.p95 for m in found),
        failed=sum(m.failed for m in found),
    )


def turn(port: int, question: bytes, seconds: float) -> Turn:
    ask(port, over_and_over(question), seconds=WARM)
    return lambda: _answered(ask(port, over_and_over(question), seconds=seconds))


def _answered(measured: Measured) -> Measured:
    if measured.failed:
        raise RuntimeError(f"{measured.failed} requests failed: see server.log of the benchmark")
    return measured


def figures(place: Place, name: str, seconds: float) -> Iterator[Line]:
    """Times, page of times, day list and booking over a copy of database *name*."""
    place.copy(name, "run")
    database = place.database("run")
    asked = written(database)
    with serving(database, OURS) as ours, serving(database, FLOOR) as floor:
        yield from _times(place.engine, asked, (ours.port, floor.port), seconds)
        for what, question in (
            ("page of times, a week, all physicians", asked.picker),
            ("desk's day list", asked.desk),
        ):
            rows = rows_of(ours.port, question)
            bare = get(f"/list?day={DAY}&rows={rows}", asked.floor_cookie)
            best = in_turns(turn(ours.port, question, seconds), turn(floor.port, bare, seconds))
            yield at_least(f"{what} ({rows} rows), {place.engine}", best[0].rate, best[1].rate, 0.5)
        yield least_for_staff(place.engine, floor.port, rows, asked.floor_cookie, seconds)
        yield _booking(place.engine, asked, (ours.port, floor.port), seconds)
    place.drop("run")


def _times(engine: str, asked: Asked, ports: tuple[int, int], seconds: float) -> Iterator[Line]:
    ours, floor = in_turns(
        turn(ports[0], asked.times, seconds), turn(ports[1], asked.bare_times, seconds)
    )
    yield at_least(f"times of a physician's day, JSON, {engine}", ours.rate, floor.rate, 0.5)
    yield at_most("  p95 of it", ours.p95, floor.p95, 2.5)


def least_for_staff(engine: str, port: int, rows: int, cookie: str, seconds: float) -> Line:
    """What is left of the floor once it does what every look of staff's takes."""
    pages = (get(f"/{path}?day={DAY}&rows={rows}", cookie) for path in ("staff", "list"))
    with_duties, bare = (turn(port, page, seconds) for page in pages)
    best = in_turns(with_duties, bare)
    name = f"  the floor with sign-in and log ({rows} rows), {engine}"
    return told(name, best[0].rate, best[1].rate)


def rows_of(port: int, question: bytes) -> int:
    """What the page lists: entries of lists, times and physicians to choose from."""
    page = one_by_one(port, [question])[0][1]
    return sum(page.count(mark) for mark in (b"<li", b'class="slot"', b'type="radio"'))


def _booking(engine: str, asked: Asked, ports: tuple[int, int], seconds: float) -> Line:
    presses, bare = iter(asked.presses), iter(asked.bare_presses)
    ask(ports[0], (next(presses) for _ in range(40)), seconds=WARM, status=303)
    ask(ports[1], (next(bare) for _ in range(40)), seconds=WARM, status=303)
    ours, floor = in_turns(
        lambda: _answered(ask(ports[0], presses, seconds=seconds, status=303)),
        lambda: _answered(ask(ports[1], bare, seconds=seconds, status=303)),
    )
    return at_least(f"booking a held time, POST, {engine}", ours.rate, floor.rate, 0.4)


def by_size(place: Place, small: str, large: str, seconds: float) -> Line:
    """The same question of a large past and of a small one."""
    few, many = place.database(small), place.database(large)
    with inside(few):
        little = get(times_of_a_day()[0])
    with inside(many):
        much = get(times_of_a_day()[0])
    with serving(many, OURS) as ours, serving(few, OURS) as floor:
        best = in_turns(turn(ours.port, much, seconds), turn(floor.port, little, seconds))
    sizes = f"{int(large.split('-')[1]):,} visits against {int(small.split('-')[1]):,}"
    return at_least(f"same at {sizes}, {place.engine}", best[0].rate, best[1].rate, 0.85)
