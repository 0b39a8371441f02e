"""The switch: remembered per person on the server, while an address still wins."""

from __future__ import annotations

import pytest

from clinic.accounts.models import SiteChosen
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.sites.views import PAGES
from tests import walk
from tests.factories import make_account
from tests.sites.conftest import limit
from tests.sites.test_views_lists import CAL, DEE, names
from tests.visitor import Person


def switch(page, words):
    return page.form("look-at").press(words)


def test_what_is_chosen_is_remembered_in_another_browser_and_after_signing_out(
    cast, two, signed_in
):
    desk, at_home = signed_in(cast.bea), signed_in(cast.bea)

    shown = switch(desk.get("/desk/"), "Mitte")
    desk.get("/desk/").form("/sign-out").press()

    assert names(shown) == {DEE}
    assert names(at_home.get("/desk/")) == {DEE}
    assert names(signed_in(cast.bea).get("/desk/calendar")) == {DEE}
    assert names(signed_in(cast.max).get("/roster/outside")) == set()


def test_it_is_one_persons_choice(cast, two, signed_in):
    switch(signed_in(cast.bea).get("/desk/"), "Mitte")

    assert names(signed_in(cast.ana_user).get("/my-day")) == {CAL, DEE}


@pytest.mark.parametrize("path", ["/desk/", "/desk/calendar", "/desk/arrivals", "/desk/day/print"])
def test_the_address_wins_and_is_not_remembered(cast, two, signed_in, path):
    desk = signed_in(cast.bea)
    switch(desk.get("/desk/"), "Mitte")

    assert names(desk.get(f"{path}?site={two.halden.public_id}")) == {CAL}
    assert names(desk.get(path)) == {DEE}


def test_links_of_a_page_name_the_site_so_that_they_show_a_colleague_the_same(cast, two, signed_in):
    desk = signed_in(cast.bea)
    switch(desk.get("/desk/"), "Mitte")

    links = desk.get("/desk/calendar").links()

    assert f"site={two.mitte.public_id}" in links["Week"]
    assert names(signed_in(cast.bea).get(links["List"])) == {DEE}


def test_all_sites_are_chosen_again(cast, two, signed_in):
    desk = signed_in(cast.bea)
    switch(desk.get("/desk/"), "Mitte")

    shown = switch(desk.get("/desk/"), "All sites")

    assert names(shown) == {CAL, DEE}
    assert names(desk.get("/desk/")) == {CAL, DEE}
    assert db.session.scalars(db.select(SiteChosen)).all() == []


def test_the_day_and_the_view_stay_and_the_column_of_the_other_site_goes(cast, two, signed_in):
    desk = signed_in(cast.bea)
    path = f"/desk/calendar?view=week&day=2026-11-26&by=room&who={two.halden.rooms[0].public_id}"

    shown = switch(desk.get(path), "Mitte")

    for part in ("view=week", "day=2026-11-26", "by=room", f"site={two.mitte.public_id}"):
        assert part in shown.path
    assert "who=" not in shown.path


def test_a_state_changed_at_the_site_of_the_address_leads_back_to_it(cast, two, signed_in):
    desk = signed_in(cast.bea)
    switch(desk.get("/desk/"), "Mitte")

    page = desk.get(f"/desk/?site={two.halden.public_id}")
    shown = page.form(two.here.public_id).press("Mark arrived")

    assert names(shown) == {CAL}


def test_each_page_with_a_switch_leads_back_to_itself(cast, two, signed_in, app):
    people = [signed_in(who) for who in (cast.bea, cast.ana_user, cast.max)]
    rules = {rule.endpoint: rule.rule for rule in walk.rules(app) if rule.endpoint in PAGES}

    for endpoint, path in sorted(rules.items()):
        may = [p for p in people if p.send("GET", path).status_code == 200]
        for person in may:
            form = person.get(path).form("look-at")
            assert dict(form.fields)["page"] == endpoint
            assert form.press("Mitte").path.split("?")[0] == path
    assert set(rules) == PAGES


def test_who_may_see_one_site_has_no_switch_and_nor_has_a_clinic_with_one(cast, two, signed_in):
    limit(cast.bea, two.mitte)

    for path in ("/desk/", "/desk/calendar", "/desk/arrivals", "/desk/waiting-list"):
        assert "look-at" not in signed_in(cast.bea).get(path).html


def test_control_a_clinic_with_one_site_has_no_switch(cast, signed_in):
    assert "look-at" not in signed_in(cast.bea).get("/desk/").html


def test_what_was_chosen_is_forgotten_once_it_may_not_be_seen(cast, two, signed_in):
    desk = signed_in(cast.bea)
    switch(desk.get("/desk/"), "Mitte")
    limit(cast.bea, two.halden)

    assert names(desk.get("/desk/")) == {CAL}


@pytest.mark.parametrize("wanted", ["of another", "0" * 32, "", "all "])
def test_a_site_that_is_not_theirs_cannot_be_chosen(cast, two, signed_in, wanted):
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)
    site = two.halden.public_id if wanted == "of another" else wanted

    answer = send(desk, site, "frontdesk.day")

    assert answer.status_code == 404
    assert db.session.scalars(db.select(SiteChosen)).all() == []


@pytest.mark.parametrize("page", ["https://evil.example", "staff.person", "", "catalogue.manage"])
def test_the_switch_leads_to_no_page_but_its_own(cast, two, signed_in, page):
    answer = send(signed_in(cast.bea), two.mitte.public_id, page)

    assert answer.location == "/welcome"
    assert db.session.scalars(db.select(SiteChosen)).all() == []


def test_a_patient_has_nothing_to_choose(app, cast, two, signed_in):
    patient = signed_in(make_account(cast.cal))

    assert send(patient, two.mitte.public_id, "frontdesk.day").status_code == 403
    assert send(Person(app), two.mitte.public_id, "frontdesk.day").status_code == 303


def test_a_choice_is_written_down_and_the_same_one_again_is_none(cast, two, signed_in):
    desk = signed_in(cast.bea)

    for _press in range(2):
        send(desk, two.mitte.public_id, "frontdesk.day")

    chosen = db.select(AuditEvent).where(AuditEvent.event == Event.SITE_CHOSEN)
    assert [row.facts for row in db.session.scalars(chosen)] == [{"site": two.mitte.public_id}]


def send(person, site, page):
    fields = {"csrf_token": walk.token_of(person), "site": site, "page": page, "asked": ""}
    return person.raw_post("/look-at", fields)
