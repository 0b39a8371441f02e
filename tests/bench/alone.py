"""Figures that are not pages': first free times, writers in a crowd, sign-ins, statements."""

from __future__ import annotations

import contextvars
import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import select, update

from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, User, Visitor
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.journey import book
from clinic.scheduling import availability, diary, picker, roster
from clinic.scheduling.models import DiaryStamp
from clinic.scheduling.rules import Facts
from tests.bench import clinic, people
from tests.bench.databases import Place, Sqlite
from tests.bench.load import one_by_one, post
from tests.bench.pages import inside, written
from tests.bench.report import Line, at_most, no_more_than
from tests.bench.servers import OURS, serving
from tests.factories import TESTER
from tests.rush import together
from tests.statements import all_but_sign_in_and_audit, reads, statements

DAYS = 60
TRIES = 5
WRITERS, WRITING_SECONDS = 8, 20.0
SIGN_INS = 20
BASE = "http://localhost"


def first_free(place: Place, name: str) -> Iterator[Line]:
    """The first free time of each of twenty physicians right after somebody's booking, against the
    sweep over loaded facts."""
    place.copy(name, "firsts")
    with inside(place.database("firsts")):
        service = _consultation()
        today = clinic.NOW.date()
        _loaded_and_swept(service)  # roster and diary are in memory now
        _somebody_books()
        with statements() as sent:
            _loaded_and_swept(service)
        asked = len(reads(sent))
        facts = availability.times(service, today, DAYS + 1).facts
        ours = min(
            _seconds(lambda: _loaded_and_swept(service), _somebody_books) for _ in range(TRIES)
        )
        floor = min(_seconds(lambda: _swept(_fresh(facts))) for _ in range(TRIES))
    place.drop("firsts")
    what = f"first free time of each of 20 physicians, {place.engine}"
    yield at_most(what, ours * 1000, floor * 1000, 3)
    yield no_more_than("  statements of it", asked, 3)


def _somebody_books() -> None:
    """What the pages notice of a booking: a physician and a room have another stamp."""
    two = select(DiaryStamp.actor_id).order_by(DiaryStamp.actor_id).limit(2)
    with transaction():
        for actor_id in db.session.scalars(two).all():
            db.session.execute(
                update(DiaryStamp)
                .where(DiaryStamp.actor_id == actor_id)
                .values(stamp=secrets.token_hex(16))
            )


def _consultation() -> Service:
    return db.session.scalars(select(Service).filter_by(kind=ServiceKind.CONSULTATION)).one()


def _loaded_and_swept(service: Service) -> object:
    db.session.rollback()
    return _swept(diary.current().facts_of(roster.offered(service)))


def _swept(facts: Facts) -> object:
    first = clinic.NOW.date()
    last = first + timedelta(days=DAYS)
    return picker.first_of_each(facts, [p.actor_id for p in facts.practitioners], first, last)


def _fresh(facts: Facts) -> Facts:
    """The same facts with nothing worked out beforehand."""
    return replace(
        facts,
        practitioners=tuple(replace(p) for p in facts.practitioners),
        rooms=tuple(replace(r) for r in facts.rooms),
    )


def _seconds(work: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    before()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def crowd(place: Sqlite, name: str) -> Iterator[Line]:
    """Writers of several processes that hold and book without a pause, over one SQLite file."""
    place.copy(name, "crowd")
    with inside(place.database("crowd")):
        free = people.free_places()
        works = [[] for _ in range(WRITERS)]
        for number, one in enumerate(free):
            works[number % WRITERS].append(one)
        db.session.remove()
        answers = together(
            *(lambda n=n: _book_on(works[n], n) for n in range(WRITERS)),
            longest=WRITING_SECONDS * 3,
        )
    place.drop("crowd")
    told = [json.loads(a) if a.startswith("[") else [0, 99.0, 1] for a in answers]
    booked, failed = sum(t[0] for t in told), sum(t[2] for t in told)
    what = f"{WRITERS} writers on SQLite for {WRITING_SECONDS:.0f} s ({booked} bookings)"
    yield no_more_than(f"{what}: longest wait", round(max(t[1] for t in told), 2), 1, " s")
    yield no_more_than("  that failed", failed, 0)


def _book_on(places: list[people.Place], number: int) -> str:
    """Bookings made, the longest in seconds (holding and booking), and how many failed."""
    step = people.with_nothing_coming().offset(number * 400).limit(400)
    patients = [p.id for p in db.session.scalars(step)]
    visitor_id = accounts.greet_visitor()[0].id
    booked, longest, failed = 0, 0.0, 0
    until = time.monotonic() + WRITING_SECONDS
    for turn, place in enumerate(places):
        if time.monotonic() > until:
            break
        began = time.monotonic()
        try:
            _one(place, patients[turn % len(patients)], visitor_id)
            booked += 1
        except Exception:  # whatever it is, it is a booking that failed
            failed += 1
        longest = max(longest, time.monotonic() - began)
    return json.dumps([booked, longest, failed])


def _one(place: people.Place, patient_id: int, visitor_id: int) -> None:
    visitor = db.session.get(Visitor, visitor_id)
    patient = db.session.get(Patient, patient_id)
    assert visitor is not None and patient is not None
    held = book.hold(
        _consultation(), place.practitioner, place.starts_at,
        visitor=visitor, actor=TESTER, patient=patient,
    )  # fmt: skip
    book.confirm(held, patient, actor=TESTER)
    db.session.rollback()


def sign_in(place: Place, name: str) -> Line:
    """The median answer to a wrong password, for addresses that are known and that are not."""
    place.copy(name, "signs")
    database = place.database("signs")
    with inside(database) as app, transaction():
        db.session.execute(update(User).values(password=hash_password(clinic.PASSWORD)))
        cookies = [_try(app, f"physician{n}@bench.example", n) for n in range(SIGN_INS)]
        strange = [_try(app, f"stranger{n}@bench.example", n + 100) for n in range(SIGN_INS)]
    both = [press for pair in zip(cookies, strange, strict=True) for press in pair]
    with serving(database, OURS) as ours:
        one_by_one(ours.port, both[:4])
        took = [seconds for seconds, _answer in one_by_one(ours.port, both)]
    place.drop("signs")
    known, unknown = median(took[::2]) * 1000, median(took[1::2]) * 1000
    name = f"sign-in, known {known:.0f} ms, unknown {unknown:.0f} ms: apart"
    return no_more_than(name, round(abs(known - unknown), 1), 20, " ms")


def _try(app: Flask, email: str, number: int) -> bytes:
    secret = secrets.token_hex(20)
    fields = {"csrf_token": people.token_for(secret), "email": email, "password": "not this one"}
    headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
    return post("/sign-in", fields, people.cookie(app, people.OURS, csrf_token=secret), headers)


def statement_counts(place: Place, name: str) -> Iterator[Line]:
    """Statements of one request, beyond who is signed in and the audit's rows."""
    place.copy(name, "counts")
    database = place.database("counts")
    asked = written(database, presses=2)
    with inside(database) as app:
        _statements(app, asked.times)  # the roster is in memory now
        for what, question, most in (
            ("statements: times", asked.times, 3),
            ("statements: desk's day list", asked.desk, 4),
            ("statements: search for a patient", asked.search, 3),
            ("statements: booking", asked.presses[1], 10),
        ):
            yield no_more_than(what, len(_statements(app, question)), most)
    place.drop("counts")


def _statements(app: Flask, question: bytes) -> list[str]:
    head, _blank, body = question.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    client = app.test_client(use_cookies=False)
    with statements() as sent:
        # As in a server: nothing of this block's own context is there.
        contextvars.Context().run(
            client.open, path, method=method, headers=headers, data=body, base_url=BASE
        )
    return all_but_sign_in_and_audit(sent)
