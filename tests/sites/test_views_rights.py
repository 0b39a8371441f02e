"""At which sites somebody works: given and taken by managers, who give no more than they have."""

from __future__ import annotations

import pytest

from clinic.accounts import site_rights, staff
from clinic.accounts.models import User
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.permissions import Role
from tests import walk
from tests.factories import TESTER, staff_actor
from tests.sites.conftest import limit

DESK, MANAGER = Role.FRONT_DESK, Role.MANAGER


@pytest.fixture
def manager(cast, signed_in):
    return signed_in(cast.max)


def page_of(user) -> str:
    return f"/manage/staff/{user.public_id}"


def sites_form(person, user):
    return person.get(page_of(user)).form("/sites")


def stored(user):
    db.session.rollback()
    return site_rights.of_user(user.id)


def a_second_manager(cast) -> User:
    staff.change_roles(cast.bea, frozenset({MANAGER}), actor=staff_actor(cast.max))
    return cast.bea


def test_a_limit_is_set_on_the_page_of_a_person_and_acts_on_the_next_request(
    cast, two, manager, signed_in
):
    desk = signed_in(cast.bea)
    desk.get(f"/desk/visits/{two.here.public_id}")

    page = sites_form(manager, cast.bea).set(where="some", sites=[two.mitte.public_id]).press()

    assert "Works atMitte" in page.text
    desk.get(f"/desk/visits/{two.here.public_id}", status=404)
    desk.get(f"/desk/visits/{two.there.public_id}")


def test_a_limit_is_taken_away_again(cast, two, manager):
    limit(cast.bea, two.mitte)

    page = sites_form(manager, cast.bea).set(where="every").press()

    assert "Works atall sites" in page.text
    assert stored(cast.bea) is None


def test_a_change_is_in_the_log_with_what_was_and_is(cast, two, manager):
    sites_form(manager, cast.bea).set(where="some", sites=[two.mitte.public_id]).press()

    changed = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == Event.SITES_CHANGED)
    ).one()
    assert changed.facts == {"was": ["all"], "now": [two.mitte.public_id]}
    assert changed.actor == f"user:{cast.max.public_id}"


def test_nobody_works_nowhere(cast, two, manager):
    page = sites_form(manager, cast.bea).set(where="some", sites=None).press(status=422)

    assert "Tick at least one site" in page.text
    with pytest.raises(staff.NotGiven):
        staff.change_sites(cast.bea, frozenset(), actor=staff_actor(cast.max))


def test_a_clinic_with_one_site_asks_nothing(cast, manager):
    assert "Works at" not in manager.get(page_of(cast.bea)).text


def test_visits_that_a_physician_would_no_longer_find_are_shown_before_it_is_saved(
    cast, two, manager
):
    form = sites_form(manager, cast.ana_user).set(where="some", sites=[two.mitte.public_id])

    shown = form.press()
    before = stored(cast.ana_user)
    shown.form("/sites").press("all the same")

    assert "Halden: 1 visit, the first on Tue 24 November, 11:00 am" in shown.text
    assert "Cal Ortega" not in shown.text
    assert before is None
    assert stored(cast.ana_user) == {two.mitte.id}


def test_nobody_changes_their_own(cast, two, manager):
    a_second_manager(cast)

    assert "Change the sites" not in manager.get(page_of(cast.max)).text
    sent = {"csrf_token": walk.token_of(manager), "where": "some", "sites": two.mitte.public_id}
    assert manager.raw_post(f"{page_of(cast.max)}/sites", sent).status_code == 404
    with pytest.raises(staff.OwnAccount):
        staff.change_sites(cast.max, None, actor=staff_actor(cast.max))


@pytest.mark.parametrize("over", [{"where": "every"}, {"sites": "of another"}])
def test_a_limited_manager_gives_no_more_than_they_have(cast, two, manager, over):
    limit(cast.max, two.mitte)
    limit(cast.bea, two.mitte)
    more = {"where": "some", "sites": two.mitte.public_id, **over}
    if more["sites"] == "of another":
        more["sites"] = two.halden.public_id

    answer = manager.raw_post(
        f"{page_of(cast.bea)}/sites", {"csrf_token": walk.token_of(manager), **more}
    )

    assert answer.status_code == 422
    assert stored(cast.bea) == {two.mitte.id}


@pytest.mark.parametrize("wanted", ["every", "another", "both"])
def test_what_a_manager_has_is_asked_of_what_is_stored_and_not_of_when_they_came(cast, two, wanted):
    came_unlimited = staff_actor(cast.max)
    limit(cast.max, two.mitte)
    limit(cast.bea, two.mitte)
    sites = {
        "every": None,
        "another": frozenset({two.halden.id}),
        "both": frozenset({two.halden.id, two.mitte.id}),
    }

    with pytest.raises(site_rights.BeyondOwn):
        staff.change_sites(cast.bea, sites[wanted], actor=came_unlimited)


def test_a_limited_manager_takes_nothing_from_whoever_works_at_more_sites(cast, two):
    limit(cast.max, two.mitte)

    with pytest.raises(site_rights.BeyondOwn):
        staff.change_sites(cast.bea, frozenset({two.mitte.id}), actor=staff_actor(cast.max))


def test_somebody_whom_a_limited_manager_adds_works_where_they_do(cast, two, manager):
    limit(cast.max, two.mitte)
    form = manager.get("/manage/staff/new").form("name")

    form.set(name="Gus New", email="gus@example.org", roles=["manager"]).press()

    gus = db.session.scalars(db.select(User).filter_by(email="gus@example.org")).one()
    assert gus.sites == {two.mitte.id}


def test_a_limited_manager_changes_nothing_of_the_whole_clinic(cast, two, manager):
    limit(cast.max, two.mitte)

    for path in ("/manage/profile", "/manage/sites/new"):
        manager.get(path, status=404)
    page = manager.get("/manage/")
    assert "Rules of this country" in page.text


def test_the_last_manager_of_every_site_is_limited_by_nobody(cast, two, signed_in):
    bea = a_second_manager(cast)
    limit(bea, two.mitte)
    limited = staff_actor(cast.eli_user)

    for change in (
        lambda: staff.change_sites(cast.max, frozenset({two.mitte.id}), actor=TESTER),
        lambda: staff.change_roles(cast.max, frozenset({DESK}), actor=TESTER),
        lambda: staff.shut_out(cast.max, actor=limited),
    ):
        with pytest.raises(staff.LastManager):
            change()


def test_why_the_last_one_stays_is_said_in_words(cast, two, manager, monkeypatch):
    """Two managers at once: the other has just limited whoever asks, but for this request."""
    bea = a_second_manager(cast)
    form = sites_form(manager, bea).set(where="some", sites=[two.mitte.public_id])
    monkeypatch.setattr(staff, "_somebody_else_manages", lambda _user: False)

    page = form.press(status=409)

    assert "This is the last manager of all sites whose account is open." in page.text
    assert stored(bea) is None
