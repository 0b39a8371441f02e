"""Twenty processes, one time: exactly one booking, and the others are offered the nearest times.

The control takes lock and constraint away and shows that the double booking then happens; each of
the two alone prevents it.
"""

from __future__ import annotations

import secrets

import pytest

from clinic.accounts import services as accounts
from clinic.database import db
from clinic.intake import services as intakes
from clinic.journey import book
from clinic.scheduling import rules
from clinic.scheduling.forms import slot_value
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.services import take_review
from tests import factories, rush
from tests.conftest import TODAY
from tests.engines import Engine
from tests.factories import TESTER, at, make_visit, make_visitor
from tests.full_record import with_cookie
from tests.newcomer import BORN
from tests.rush import Meeting, crowd, together
from tests.scheduling.presses import ELEVEN, booking, hold_at_eleven, new_hold, visits_at
from tests.visitor import Page

MEET_WITHIN = 20.0  # nobody is locked out: all come
WAIT_IN_VAIN = 0.4  # behind a lock nobody else comes


FEW = 5


@pytest.fixture
def racers(request) -> int:
    return 50 if request.config.getoption("--soak") else 20


@pytest.fixture
def few(request) -> int:
    """Where any number above one shows it: processes are not cheap."""
    return 50 if request.config.getoption("--soak") else FEW


# Many browsers, one time.


def test_C1_in_a_race_for_one_time_exactly_one_browser_holds_it(cast, racers):
    presses = [new_hold(cast) for _ in range(racers)]

    answers = together(*presses)

    assert sorted(answers) == ["SlotTaken"] * (racers - 1) + ["held"]
    assert len(visits_at(ELEVEN, S.PROPOSED)) == 1


@pytest.fixture
def browsers(app, cast):
    """Browsers with a finished form, at the page of times."""

    def make(count):
        return [_browser(app) for _ in range(count)]

    return make


def _browser(app):
    visitor, token = accounts.greet_visitor()
    draft = intakes.start(visitor, BORN, actor=TESTER)
    intakes.save(draft, "all", factories.ANSWERS, actor=TESTER)
    return with_cookie(app, token)


TOLD = "Someone has just taken that time"
ONE_OF_THREE = '<div class="soon">'


def a_press_on(page: Page, slot: str):
    """Press a time on the page; what the answer's status is, and how many times it offers."""
    form = page.form("Dr ")
    form.buttons = []
    form.set(slot=slot)

    def press():
        response = page.person.raw_post(form.action, form.fields)
        if response.status_code != 409:
            return response.status_code
        body = response.get_data(as_text=True)
        offered = body.partition(ONE_OF_THREE)[2].partition("</form>")[0].count('name="slot"')
        return f"409, told: {TOLD in body}, offered: {offered}"

    return press


def crowds(config):
    """How many processes, how many clients."""
    return [(2, 20), (8, 20), (2, 100), (8, 100)] if config.getoption("--soak") else [(8, 50)]


def pytest_generate_tests(metafunc):
    if "clients" in metafunc.fixturenames:
        metafunc.parametrize(("processes", "clients"), crowds(metafunc.config))


def test_C1_in_a_race_the_losers_are_told_and_offered_the_three_nearest_times(
    cast, browsers, processes, clients
):
    slot = slot_value(cast.ana.actor_id, ELEVEN)
    presses = [a_press_on(b.get("/book/consultation"), slot) for b in browsers(clients)]

    answers = crowd(presses, processes)

    assert sorted(answers) == ["303"] + ["409, told: True, offered: 3"] * (clients - 1)
    assert len(visits_at(ELEVEN, S.PROPOSED)) == 1


def test_C5_in_a_race_of_an_expired_hold_with_new_holds_one_gets_the_time(cast, few, travel):
    old = hold_at_eleven(cast, cast.cal)
    travel(at(24, 9, 11))
    presses = [new_hold(cast) for _ in range(few - 1)]

    answers = together(booking(old, cast.cal), *presses)

    winners = [answer for answer in answers if answer in ("booked", "held")]
    assert len(winners) == 1
    assert set(answers) - set(winners) <= {"SlotTaken", "HoldOver"}
    assert len(visits_at(ELEVEN, S.PROPOSED, S.BOOKED)) == 1


def test_C10_in_a_race_of_presses_on_one_hold_it_books_once(cast, few):
    hold = hold_at_eleven(cast, cast.cal)

    answers = together(*[booking(hold, cast.cal)] * few)

    assert sorted(answers) == ["HoldOver"] * (few - 1) + ["booked"]


def test_C7_in_a_race_of_two_browsers_one_patient_is_booked_in_one_place(cast):
    with_ana = hold_at_eleven(cast, None)
    with_eli = book.hold(
        cast.service("consultation"),
        cast.eli.actor_id,
        ELEVEN,
        visitor=make_visitor(),
        actor=TESTER,
    )

    answers = together(booking(with_ana, cast.cal), booking(with_eli, cast.cal))

    assert sorted(answers) == ["SlotTaken", "booked"]


def test_C4_in_a_race_each_of_two_physicians_is_booked_once(cast, few):
    def with_eli():
        make_visit(cast.dee, cast.eli, cast.service("consultation"), ELEVEN)
        return "with Eli"

    answers = together(with_eli, *[new_hold(cast) for _ in range(few)])

    assert sorted(answers) == ["SlotTaken"] * (few - 1) + ["held", "with Eli"]


# Everybody at once.


def a_press(form, button):
    """Press a button; the status that is answered."""
    name, value = next((b[1], b[2]) for b in form.buttons if button in b[0])
    typed = [*form.fields, *([(name, value)] if name else [])]
    return lambda: form.person.raw_post(form.action, typed).status_code


def test_C9_in_a_race_of_everything_nobody_meets_an_error(cast, browsers, signed_in, few):
    factories.make_intake(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 10, 20))
    desk = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    take_review(cast.cal, actor=factories.staff_actor(cast.ana_user, cast.ana))
    review = signed_in(cast.ana_user).get(f"/reviews/{visit.public_id}")
    slot = slot_value(cast.ana.actor_id, ELEVEN)
    presses = [
        a_press(desk.form("Mark arrived"), "Mark arrived"),
        a_press(desk.form("/cancel").set(reason="ill"), "Cancel"),
        a_press(review.form("Save").set(text="Examined."), "Save"),
        *[a_press_on(b.get("/book/consultation"), slot) for b in browsers(few)],
    ]

    answers = together(*presses)

    assert {answer[:3] for answer in answers} <= {"303", "409"}


# The control: what happens without lock and constraint.


@pytest.fixture
def scratch(engine, travel):
    """A database of its own, from which guards may be taken away."""
    made = Engine(engine.name, f"control{secrets.token_hex(4)}")
    travel(TODAY)  # starting an app sets the clock
    with made.app.app_context():
        yield made
        db.session.remove()
    made.close()


def keep(_engine: object) -> None:
    """Leave it as it is."""


def let_visits_overlap(engine) -> None:
    with engine.begin() as connection:
        rush.let_visits_overlap(connection)


@pytest.mark.parametrize(
    ("locks", "overlaps", "patience", "bookings"),
    [
        pytest.param(keep, keep, WAIT_IN_VAIN, 1, id="with lock and constraint"),
        pytest.param(keep, let_visits_overlap, WAIT_IN_VAIN, 1, id="with the lock alone"),
        pytest.param(rush.take_locks_away, keep, MEET_WITHIN, 1, id="with the constraint alone"),
        pytest.param(
            rush.take_locks_away, let_visits_overlap, MEET_WITHIN, FEW, id="with neither: all"
        ),
    ],
)
def test_how_many_get_one_time_in_a_race(scratch, monkeypatch, locks, overlaps, patience, bookings):
    cast = factories.make_cast()
    presses = [new_hold(cast) for _ in range(FEW)]
    locks(db.engine)
    overlaps(db.engine)
    meeting = Meeting(FEW, patience)
    monkeypatch.setattr(rules, "is_free", meeting.after(rules.is_free))

    answers = together(*presses)

    assert answers.count("held") == bookings
    assert len(visits_at(ELEVEN, S.PROPOSED)) == bookings
