"""Holds on pages: the own one is shown to its holder, let go, kept longer; five for an address."""

import pytest

from clinic.accounts import services as accounts
from clinic.database import transaction
from clinic.scheduling.forms import slot_value
from tests.factories import at, make_approval, make_intake
from tests.full_record import by_code, with_cookie
from tests.scheduling.times_page import for_patient, forge, offered, own, press


@pytest.fixture
def cal(app, cast):
    return by_code(app, cast.cal)


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def holder(app, cast):
    """A browser of Cal that holds Thursday at ten."""
    make_intake(cast.cal)
    visitor, token = accounts.greet_visitor()
    accounts.prove_visitor(visitor, cast.cal)
    person = with_cookie(app, token)
    forge(person.get("/visits"), "/book/consultation", cast.ana, at(26, 10), status=200)
    return person


def test_L8_back_from_the_last_page_shows_the_own_hold_and_lets_it_go(cast, holder, bea):
    back = holder.get("/book/check").follow("Back")

    assert "Held for you until 9:10 am" in back.text
    slot, address = slot_value(cast.ana.actor_id, at(26, 10)), "/book/consultation"
    day = f"?day=2026-11-26&who={cast.ana.public_id}"
    assert slot in offered(holder.get(address + day))  # never hidden from its holder
    desk = for_patient(cast.dee, cast.service("consultation"))
    assert slot not in offered(bea.get(desk + day))
    gone = back.form("/release").press()
    assert "Held for you" not in gone.text
    assert slot in offered(bea.get(desk + day))


def test_what_is_kept_as_drawn_shows_no_other_browsers_hold_and_has_no_token(cast, holder, cal):
    address = f"/book/consultation?day=2026-11-26&who={cast.ana.public_id}"
    slot = slot_value(cast.ana.actor_id, at(26, 10))

    mine, theirs, again = holder.get(address), cal.get(address), holder.get(address)

    pressed = [page.response.text.count("aria-pressed") for page in (mine, theirs, again)]
    assert pressed == [1, 0, 1]
    assert slot in offered(again)
    assert slot not in offered(theirs)
    secrets = [dict(page.form("Dr ").fields)["csrf_token"] for page in (mine, theirs)]
    assert len(set(secrets)) == 2


def test_a_physician_with_another_name_has_it_at_the_next_look(cast, cal):
    make_intake(cast.cal)
    before = cal.get("/book/consultation?day=2026-11-26")
    with transaction():
        cast.ana.name = "Dr Ana Stone"

    after = cal.get("/book/consultation?day=2026-11-26")

    assert after.text == before.text.replace("Dr Ana Silva", "Dr Ana Stone")
    assert "<small>Dr Ana Stone</small>" in after.response.text


def test_S74_a_hold_of_a_treatment_at_its_longest_leads_back_to_its_own_page(cast, cal):
    make_approval(cast)
    address = own(cast.service("toxin"))
    page = press(cal.get(address), offered(cal.get(address))[0])
    for _ in range(5):
        page = page.form("/extend").press()

    longest = page.form("/extend").press(status=409)

    assert longest.heading == "This is as long as we can hold it"
    assert longest.follow("Continue with this time").path.startswith(address)


def test_S74_a_sixth_hold_from_one_address_is_told_when_to_try_again(cast, app):
    make_intake(cast.cal)
    for hour in (9, 10, 11, 12, 13):
        visitor, token = accounts.greet_visitor()
        accounts.prove_visitor(visitor, cast.cal)
        page = with_cookie(app, token).get("/visits")
        forge(page, "/book/consultation", cast.ana, at(26, hour), status=200)
    sixth = by_code(app, cast.cal)

    page = forge(sixth.get("/visits"), "/book/consultation", cast.ana, at(26, 14), status=429)

    assert "Several times are held from your connection. Book one, or try again at 9:10 am." in (
        page.text
    )
    assert 540 <= int(page.response.headers["Retry-After"]) <= 600
