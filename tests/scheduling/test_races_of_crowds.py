"""A crowd that wants a morning: 8 processes and 20 clients, 2 and 100 as well under --soak.

Each client is a browser of its own that sends its press to one of the processes, several at once.
"""

from __future__ import annotations

import pytest
from flask import session
from flask_wtf.csrf import generate_csrf

from clinic.accounts import services as accounts
from clinic.intake import services as intakes
from clinic.scheduling.forms import slot_value
from clinic.scheduling.rules import AppointmentStatus as S
from tests import factories, rush
from tests.factories import TESTER, at
from tests.newcomer import BORN
from tests.scheduling import truths
from tests.scheduling.presses import ELEVEN, visits_at
from tests.visitor import Person

CROWDS = [(2, 20), (8, 20)]
GREAT_CROWDS = [(2, 100), (8, 100)]
NEXT_DOOR = 2  # how many times a client tries before it gives up
BUSY = "503, told"  # a machine with much else to do
TAKEN = "Someone has just taken that time"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "crowd" in metafunc.fixturenames:
        is_soak = metafunc.config.getoption("--soak")
        crowds = [*CROWDS, *GREAT_CROWDS] if is_soak else CROWDS[1:]
        ids = [f"{processes} processes, {clients} clients" for processes, clients in crowds]
        metafunc.parametrize("crowd", crowds, ids=ids)


@pytest.fixture
def browsers(app, cast):
    """Browsers with a finished form, each at an address of its own."""
    with app.test_request_context():
        token = generate_csrf()  # for whoever has the same secret in the cookie
        secret = session["csrf_token"]

    def make(count):
        return [_browser(app, number, secret, token) for number in range(count)]

    return make


def _browser(app, number, secret, token):
    visitor, cookie = accounts.greet_visitor()
    draft = intakes.start(visitor, BORN, actor=TESTER)
    intakes.save(draft, "all", factories.ANSWERS, actor=TESTER)
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as kept:
        kept.update(visitor=cookie, csrf_token=secret)
    person.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"

    def press(slot):
        sent = {"slot": slot, "csrf_token": token}
        return person.raw_post("/book/consultation", sent)

    return press


def answer_of(response):
    """The status, and whether the answer says what to do: 409 what went, 503 when to try again."""
    told = TAKEN in response.get_data(as_text=True) or "Retry-After" in response.headers
    return f"{response.status_code}{', told' if told else ''}"


def until_held(press, slots):
    """A client that takes the next time of its list when one is gone: every answer it had."""

    def work():
        answers = []
        for slot in slots:
            answers.append(answer_of(press(slot)))
            if answers[-1] == "303":
                break
        return "; ".join(answers)

    return work


def test_C9_a_crowd_in_a_race_for_a_morning_meets_no_error_and_nobody_twice(cast, browsers, crowd):
    processes, clients = crowd
    starts = [ELEVEN, at(24, 11, 20), at(24, 11, 40), at(24, 12), at(24, 12, 20)]
    slots = [slot_value(who.actor_id, start) for start in starts for who in (cast.ana, cast.eli)]
    presses = [
        until_held(press, [slots[(n + more) % len(slots)] for more in range(NEXT_DOOR)])
        for n, press in enumerate(browsers(clients))
    ]

    answers = rush.crowd(presses, processes)

    held = [answer for answer in answers if answer.endswith("303")]
    assert set("; ".join(answers).split("; ")) <= {"303", "409, told", BUSY}
    assert len(held) == sum(len(visits_at(start, S.PROPOSED)) for start in starts)
    assert truths.broken() == {}
