"""Bare Flask pages over the same database: what the benchmark compares with.

Each does the least that a page of its kind must do, with the driver's own statements and one
connection kept in each thread, behind the same server and the same front.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import uuid
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from flask import Flask, abort, jsonify, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_wtf import CSRFProtect

from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.front import WholeRequests
from clinic.scheduling import rules
from clinic.scheduling.rules import Facts, Hours, PractitionerFacts, RoomFacts, ServiceFacts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ALWAYS = ((date(2010, 1, 1), date(2039, 12, 31)),)
HOURS = tuple(Hours(weekday, 8 * 60, 20 * 60) for weekday in range(7))
CONSULTATION = ServiceFacts(
    kind=ServiceKind.CONSULTATION,
    duration=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(minutes=10),
    notice=timedelta(hours=1),
    horizon=timedelta(days=60),
    step=timedelta(minutes=20),
)
BUSY = """SELECT actor_id, starts_at, ends_at FROM participant
 WHERE actor_id IN ({marks}) AND active AND starts_at > ? AND starts_at < ?"""
VISITS = """SELECT a.public_id, a.starts_at, p.name, s.name, a.status FROM appointment a
 JOIN patient p ON p.id = a.patient_id JOIN service s ON s.id = a.service_id
 WHERE a.starts_on = ? AND a.status NOT IN ('proposed', 'cancelled')
 ORDER BY a.starts_at, a.id LIMIT ?"""
SIGN_IN = """SELECT u.name, u.active, s.started_at, s.seen_at, s.ended_at FROM user_session s
 JOIN "user" u ON u.id = s.user_id WHERE s.token_hash = ?"""
LOOK = """INSERT INTO audit_event (at, event, actor, roles, facts, result, address, request_id)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT = "INSERT INTO floor_booking (actor_id, starts_at, ends_at, active) VALUES (?, ?, ?, ?)"
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Visits</title></head>
<body><p>{{ user.name }}</p><h1>{{ day }}</h1><ul>
{% for visit in visits %}<li><a href="/visits/{{ visit[0] }}">{{ visit[1].strftime("%H:%M") }}
<b>{{ visit[2] }}</b></a> {{ visit[3] }} <span>{{ visit[4] }}</span></li>
{% endfor %}</ul></body></html>"""


class Store:
    """One connection for each thread; question marks stand for values on either engine."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:///")
        self.local = threading.local()

    def connection(self) -> Any:
        if not hasattr(self.local, "connection"):
            if self.is_sqlite:
                self.local.connection = sqlite3.connect(self.url.removeprefix("sqlite:///"))
                self.local.connection.isolation_level = None
                self.local.connection.execute("PRAGMA synchronous = FULL")
                self.local.connection.execute("PRAGMA busy_timeout = 10000")
            else:
                address = self.url.replace("+psycopg", "")
                self.local.connection = psycopg.connect(address, autocommit=True)
        return self.local.connection

    def ask(self, statement: str, *values: Any) -> Any:
        if not self.is_sqlite:
            statement = statement.replace("?", "%s")
        return self.connection().execute(statement, values)

    def to(self, instant: datetime) -> Any:
        return (instant - EPOCH) // MICROSECOND if self.is_sqlite else instant

    def of(self, stored: Any) -> datetime:
        return EPOCH + stored * MICROSECOND if self.is_sqlite else stored.astimezone(UTC)


class User(UserMixin):
    def __init__(self, row: Any) -> None:
        self.id, self.name = row


store = Store(os.environ.get("BENCH_DATABASE", ""))
now = datetime.fromisoformat(os.environ.get("BENCH_NOW", "2026-11-24T09:00:00+00:00"))
app = Flask(__name__)
app.secret_key = os.environ.get("CLINIC_SECRET", "")
logins = LoginManager(app)
csrf = CSRFProtect(app)
LIST = app.jinja_env.from_string(PAGE)  # compiled once, as a template in a file is
front = WholeRequests(app, longest=64 * 1024, demo=True)


@logins.user_loader
def load_user(user_id: str) -> User | None:
    row = store.ask('SELECT id, name FROM "user" WHERE id = ?', int(user_id)).fetchone()
    return User(row) if row else None


@app.get("/times")
def times() -> ResponseReturnValue:
    """One indexed SELECT and the product's own arithmetic, as JSON."""
    physician, rooms = int(request.args["physician"]), request.args["rooms"].split(",")
    day = date.fromisoformat(request.args["day"])
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    window = midnight - timedelta(hours=1), midnight + timedelta(days=1, hours=1)
    actors = [physician, *map(int, rooms)]
    busy: dict[int, list[Period]] = defaultdict(list)
    statement = BUSY.format(marks=", ".join("?" * len(actors)))
    for actor, start, end in store.ask(statement, *actors, *map(store.to, window)):
        busy[actor].append(Period(store.of(start), store.of(end)))
    facts = Facts(
        service=CONSULTATION,
        zone="Europe/London",
        now=now,
        opening=HOURS,
        practitioners=(PractitionerFacts(physician, HOURS, ALWAYS, {}, tuple(busy[physician])),),
        rooms=tuple(RoomFacts(room, tuple(busy[room])) for room in actors[1:]),
    )
    slots = rules.free_slots(facts, day, 1)
    return jsonify(
        [{"start": s.starts_at.isoformat(), "end": s.ends_at.isoformat()} for s in slots]
    )


@app.get("/list")
@login_required
def listed() -> ResponseReturnValue:
    """As many rows as asked for, for somebody signed in."""
    found = store.ask(VISITS, request.args["day"], int(request.args["rows"]))
    visits = [(row[0], store.of(row[1]), *row[2:]) for row in found]
    return LIST.render(visits=visits, day=request.args["day"], user=current_user)


@app.get("/staff")
@login_required
def listed_for_staff() -> ResponseReturnValue:
    """The same, and what any look of staff's takes besides: the row of their session, which may
    have ended (S20), and a line in the log that is there before the page goes out (S50)."""
    token = hashlib.sha256(session["sid"].encode()).digest()
    if store.ask(SIGN_IN, token).fetchone() is None:
        abort(401)
    who, where, what = f"user:{current_user.id}", request.remote_addr, uuid.uuid4().hex
    at = store.to(now)
    store.ask(LOOK, at, "desk:viewed", who, "front-desk", "{}", "done", where, what)
    return listed()


@app.post("/form")
def form() -> ResponseReturnValue:
    """A form with its token (which the extension checks), and one raw insert."""
    start = datetime.fromisoformat(request.form["start"])
    end = start + timedelta(minutes=40)
    store.ask(INSERT, int(request.form["actor"]), store.to(start), store.to(end), True)
    session["last"] = uuid.uuid4().hex
    return redirect("/done", 303)
