"""Six-digit codes: the same for everybody who asks, good once, in one browser, for a quarter hour.

Shows S11, S13 and S14 of the security checklist for the code.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from clinic.accounts import codes, throttle
from clinic.accounts.models import CodePurpose, EmailCode, Throttle
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from tests import factories, newcomer
from tests.accounts.work import Work, counted
from tests.factories import TESTER
from tests.newcomer import born, newest_code
from tests.rows import everything_stored
from tests.visitor import Page, Person

CAL = "cal@example.org"
STRANGER = "nobody.here@example.org"
VISITS = CodePurpose.VISITS
HIDDEN = re.compile(r'(name="(?:csrf_token|idempotency_key)"[^>]* value=")[^"]*')


def asked(person: Person, email: str = CAL, *, status: int = 200) -> Page:
    form = person.get("/visits/open").form("email")
    return form.set(email=email, **born()).press(status=status)


def typed(person: Person, code: str, *, status: int = 200) -> Page:
    return person.get("/visits/open/code").form("code").set(code=code).press(status=status)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def typed_wrong(person: Person, times: int) -> str:
    """Ask for a code, mistype it some times; the right one is given."""
    asked(person)
    code = newest_code()
    for _time in range(times):
        typed(person, wrong(code), status=422)
    return code


def visits_opened(app: Flask, email: str) -> tuple[str, Work]:
    """What a new browser reads after asking for a code, and what work it made."""
    form = Person(app).get("/visits/open").form("email").set(email=email, **born())
    with counted() as work:
        page = form.press()
    return HIDDEN.sub(r"\1", page.html).replace(email, "ADDRESS"), work


def booking_checked(app: Flask, cast: factories.Cast, email: str, hour: int) -> tuple[str, Work]:
    form = newcomer.at_the_last_page(cast, app, hour=hour).get("/book/check").form("email")
    with counted() as work:
        page = form.set(**{**newcomer.KIM, "email": email}).press()
    return HIDDEN.sub(r"\1", page.html).replace(email, "ADDRESS"), work


@pytest.fixture
def codes_sent_before(app, cast) -> None:
    """Codes were sent before: the network address is known to the throttle."""
    visits_opened(app, "somebody.else@example.org")


def test_opening_visits_is_the_same_page_and_work_for_known_and_unknown_addresses(
    app, cast, codes_sent_before
):
    factories.make_account(cast.cal)

    known, work_for_known = visits_opened(app, CAL)
    unknown, work_for_unknown = visits_opened(app, STRANGER)

    assert known == unknown
    assert work_for_known.statements == work_for_unknown.statements
    assert work_for_known.hashes == work_for_unknown.hashes == 0


def test_booking_is_the_same_page_and_work_for_known_and_unknown_addresses(
    app, cast, codes_sent_before
):
    factories.make_account(cast.cal)

    known, work_for_known = booking_checked(app, cast, CAL, hour=11)
    unknown, work_for_unknown = booking_checked(app, cast, STRANGER, hour=14)

    assert known == unknown
    assert work_for_known.statements == work_for_unknown.statements
    assert work_for_known.hashes == work_for_unknown.hashes == 0


def mistyped(person: Person, email: str) -> str:
    asked(person, email)
    code = wrong(newest_code())
    page = HIDDEN.sub(r"\1", typed(person, code, status=422).html)
    return page.replace(email, "ADDRESS").replace(code, "CODE")


def test_a_wrong_code_is_the_same_page_for_known_and_unknown_addresses(app, cast):
    known, unknown = (mistyped(Person(app), email) for email in (CAL, STRANGER))

    assert known == unknown


def test_the_right_code_opens_the_visits(cast, anyone):
    asked(anyone)

    assert typed(anyone, newest_code()).heading == "My visits"


def test_a_code_may_be_pasted_with_spaces(cast, anyone):
    asked(anyone)
    code = newest_code()

    assert typed(anyone, f" {code[:3]} {code[3:]} ").heading == "My visits"


def test_a_right_code_of_somebody_unknown_tells_only_them_that_no_visits_were_found(cast, anyone):
    asked(anyone, STRANGER)

    page = typed(anyone, newest_code(), status=404)

    assert anyone.send("GET", "/visits").status_code == 303
    assert "Cal Ortega" not in page.text


def test_a_right_code_with_another_birth_date_opens_nothing(cast, anyone):
    form = anyone.get("/visits/open").form("email")
    form.set(email=CAL, **born(factories.date(1991, 3, 2))).press()

    typed(anyone, newest_code(), status=404)

    assert anyone.send("GET", "/visits").status_code == 303


def test_a_wrong_code_is_counted_though_its_page_is_refused(cast, anyone):
    typed_wrong(anyone, 1)

    counted_for = db.session.scalars(db.select(Throttle).filter_by(kind=codes.TYPE)).all()
    assert [row.failures for row in counted_for] == [1, 1]  # the e-mail and the network address


def test_a_wrong_code_is_written_down(cast, anyone):
    typed_wrong(anyone, 1)

    [row] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.CODE_REFUSED))
    assert (row.result, row.facts) == ("refused", {"purpose": "visits"})


def test_S13_even_the_right_code_is_refused_while_the_address_waits(cast, anyone):
    code = typed_wrong(anyone, 5)

    page = typed(anyone, code, status=429)

    assert 0 < int(page.response.headers["Retry-After"]) <= 30
    assert anyone.send("GET", "/visits").status_code == 303


def test_S13_after_the_wait_the_right_code_opens_the_visits(cast, anyone, travel, today):
    code = typed_wrong(anyone, 5)

    travel(today + timedelta(seconds=40))

    assert typed(anyone, code).heading == "My visits"


def test_S13_each_further_wrong_code_doubles_the_wait(cast, anyone, travel, today):
    code = typed_wrong(anyone, 5)
    travel(today + timedelta(seconds=40))
    typed(anyone, wrong(code), status=422)

    page = typed(anyone, code, status=429)

    assert 30 < int(page.response.headers["Retry-After"]) <= 60


def test_S13_guesses_from_another_browser_close_the_address_too(cast, app, anyone):
    asked(anyone)
    code = newest_code()
    typed_wrong(Person(app), 5)

    typed(anyone, code, status=429)


def test_a_right_code_forgets_the_wrong_ones(cast, anyone):
    code = typed_wrong(anyone, 4)

    typed(anyone, code)

    assert throttle._row(codes.TYPE, CAL) is None


def test_a_code_works_once(cast, anyone):
    asked(anyone)
    code = newest_code()
    typed(anyone, code)
    row = db.session.scalars(db.select(EmailCode)).one()

    with pytest.raises(codes.WrongCode):
        codes.use_up(row, actor=TESTER)

    assert anyone.get("/visits/open/code").heading == "Open my visits"


def test_a_code_used_before_is_refused_in_its_own_browser(cast, anyone):
    asked(anyone)
    code = newest_code()
    typed(anyone, code)
    asked(anyone)

    typed(anyone, code, status=422)


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (15, 422)])
def test_a_code_is_good_for_a_quarter_of_an_hour(cast, anyone, travel, today, minutes, status):
    asked(anyone)
    code = newest_code()

    travel(today + timedelta(minutes=minutes, seconds=30))

    typed(anyone, code, status=status)


def test_a_code_works_only_in_the_browser_that_asked_for_it(cast, app, anyone):
    asked(anyone)
    code = newest_code()
    other = Person(app)
    asked(other)

    typed(other, code, status=422)
    typed(anyone, code)


def test_a_newer_code_ends_the_older_one(cast, anyone):
    asked(anyone)
    older = newest_code()
    asked(anyone)

    typed(anyone, older, status=422)
    typed(anyone, newest_code())


def test_a_code_for_booking_does_not_open_visits(cast, app):
    person = newcomer.at_the_last_page(cast, app)
    asked(person)
    newcomer.ask_for_a_code(person, email=CAL)

    typed(person, newest_code(), status=422)


def test_S13_nobody_is_sent_codes_without_end(cast, app, anyone):
    for _time in range(5):
        asked(anyone)

    page = asked(Person(app), status=429)

    assert 0 < int(page.response.headers["Retry-After"]) <= 30


def test_S13_one_network_address_asks_for_thirty_codes_an_hour_at_most(app, cast, travel, today):
    visitor = factories.make_visitor()

    def send(number: int) -> None:
        with app.test_request_context():
            codes.send(visitor, f"person{number}@example.org", VISITS, actor=TESTER)

    for number in range(30):
        send(number)

    with pytest.raises(throttle.TooMany) as refused:
        send(30)
    assert timedelta(minutes=59) < refused.value.retry_after <= timedelta(hours=1)
    travel(today + timedelta(hours=1, seconds=5))
    send(31)


def test_a_code_is_stored_in_no_readable_place(cast, anyone):
    asked(anyone)

    assert newest_code() not in repr(everything_stored(besides=()))
