"""Lists show what is at one's own sites alone; what is the whole clinic's stays whole."""

from __future__ import annotations

import pytest

from clinic.database import db, transaction
from clinic.scheduling.models import Schedule
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import at, make_approval
from tests.sites.conftest import limit
from tests.statements import statements
from tests.two_sites import make_mitte

DESK_LISTS = [
    "/desk/",
    "/desk/?by=physician",
    "/desk/calendar",
    "/desk/calendar?view=week",
    "/desk/arrivals",
    "/desk/waiting-list",
    "/desk/day/print",
    "/desk/day/day.csv",
    "/desk/arrivals/list.csv",
    "/desk/waiting-list/list.csv",
]
PHYSICIANS_LISTS = ["/my-day", "/reviews", "/my-day/print"]
CAL, DEE = "Cal Ortega", "Dee Novak"


def names(page) -> set[str]:
    return {name for name in (CAL, DEE) if name in page.html}


def ids_of_part(page):
    """The part that an open calendar asks for again."""
    return page.html.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("path", DESK_LISTS)
def test_a_desk_sees_its_own_site_alone_whatever_the_address_asks_for(cast, two, signed_in, path):
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)
    more = "&" if "?" in path else "?"

    assert names(desk.get(path)) == {DEE}
    for site in (two.halden.public_id, "0" * 32, "all"):
        assert names(desk.get(f"{path}{more}site={site}")) == {DEE}


@pytest.mark.parametrize("path", [p for p in DESK_LISTS if "calendar" not in p])
def test_control_a_desk_without_a_limit_sees_both(cast, two, signed_in, path):
    assert names(signed_in(cast.bea).get(path)) == {CAL, DEE}


def test_the_part_of_the_calendar_that_is_asked_for_again_is_of_the_own_site_too(
    cast, two, signed_in
):
    limit(cast.bea, two.mitte)
    part = ids_of_part(signed_in(cast.bea).get("/desk/calendar")).replace("seen=", "was=")

    shown = signed_in(cast.bea).send(
        "GET", f"{part}&site={two.halden.public_id}", headers={"HX-Request": "true"}
    )

    body = shown.get_data(as_text=True)
    assert DEE in body
    assert CAL not in body


@pytest.mark.parametrize("path", PHYSICIANS_LISTS)
def test_a_physician_sees_their_day_and_queue_at_their_own_site(cast, two, signed_in, path):
    before = names(signed_in(cast.ana_user).get(path))
    limit(cast.ana_user, two.mitte)

    assert before == {CAL, DEE}
    assert names(signed_in(cast.ana_user).get(path)) == {DEE}


def test_what_a_physician_left_open_at_another_site_is_no_link_into_nothing(
    cast, two, signed_in, travel
):
    travel(at(25, 9))
    before = names(signed_in(cast.ana_user).get("/my-day"))
    limit(cast.ana_user, two.mitte)

    assert before == {CAL, DEE}
    assert names(signed_in(cast.ana_user).get("/my-day")) == {DEE}


def test_a_physician_reads_the_whole_record_of_whom_they_saw_at_another_site(cast, two, signed_in):
    limit(cast.ana_user, two.mitte)
    ana = signed_in(cast.ana_user)

    page = ana.get(f"/records/{cast.cal.public_id}")

    assert "Consultation" in page.text
    assert not [href for href in page.links().values() if two.here.public_id in href]
    ana.get(f"/reviews/{two.here.public_id}", status=404)


def test_what_was_approved_at_another_site_is_the_whole_clinics(cast, signed_in):
    make_approval(cast)
    limit(cast.bea, make_mitte(cast).location)

    page = signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}")

    assert "Botox, until" in page.text


def test_patients_are_found_everywhere_and_visits_elsewhere_say_when_and_no_more(
    cast, two, signed_in
):
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)

    assert CAL in desk.get("/desk/patients?q=Ortega").text
    page = desk.get(f"/desk/patients/{cast.cal.public_id}")
    assert "All times are London time.Tue 24 November, 11:00 am, at another site" in page.text
    visits = page.html.split('id="h-visits"')[1]
    assert "Ana Silva" not in visits
    assert two.consultation.name not in visits
    assert two.here.public_id not in page.html


def test_a_visit_elsewhere_that_is_over_is_not_on_the_page_of_a_patient(cast, two, signed_in):
    with transaction():
        two.here.status = S.CANCELLED
    limit(cast.bea, two.mitte)

    page = signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}")

    assert "at another site" not in page.text


def test_only_services_of_the_own_site_can_be_booked_moved_to_or_asked_about(cast, two, signed_in):
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)
    book = f"/patients/{cast.cal.public_id}/book"

    offered = desk.get(book).html
    assert two.in_mitte.public_id in offered
    assert two.consultation.public_id not in offered
    asked = desk.get("/why-not").html
    assert two.in_mitte.public_id in asked
    assert two.consultation.public_id not in asked
    first = desk.get(f"{book}/{two.in_mitte.public_id}/first").html
    assert "Mitte" in first
    assert "Halden" not in first.split("<main")[1].split("</main")[0]


def test_a_free_time_of_another_site_is_neither_listed_nor_booked(cast, two, signed_in):
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)

    desk.get(f"/patients/{cast.cal.public_id}/book/{two.consultation.public_id}", status=404)
    wait = desk.get(f"/desk/patients/{cast.cal.public_id}/wait").html
    assert two.in_mitte.public_id in wait
    assert two.consultation.public_id not in wait


def test_a_desk_cannot_accept_a_proposal_about_a_visit_of_another_site(cast, two, signed_in):
    nobody_works()
    unlimited = signed_in(cast.bea).get("/roster/outside")
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)

    page = desk.get("/roster/outside")

    assert names(unlimited) == {CAL, DEE}
    assert names(page) == {DEE}
    sent = f"{two.here.public_id}|{two.here.version}|{cast.ana.public_id}|2026-11-26T11:00+00:00"
    token = dict(desk.get("/desk/").form("/sign-out").fields)["csrf_token"]
    answer = desk.raw_post(
        "/roster/outside",
        {"csrf_token": token, "idempotency_key": "k" * 20, "proposal": sent},
    )
    assert answer.status_code == 422


def nobody_works() -> None:
    with transaction():
        db.session.execute(db.delete(Schedule))


def test_the_code_for_phones_is_that_of_the_own_site(cast, two, signed_in):
    limit(cast.bea, two.mitte)

    page = signed_in(cast.bea).get("/desk/check-in-code")

    assert two.mitte.public_id in page.html
    assert two.halden.public_id not in page.html


def test_numbers_are_those_of_the_own_sites_and_what_is_of_all_is_left_out(cast, two, signed_in):
    both = signed_in(cast.bea).get("/numbers").text
    limit(cast.bea, two.mitte)
    desk = signed_in(cast.bea)

    own = desk.get("/numbers").text

    assert "Approval rate" in both
    assert "Approval rate" not in own
    assert "Room 1" in both
    assert "Room 1" not in own
    assert "Raum 1" in own
    refused = desk.get(f"/numbers?site={two.halden.public_id}", status=422)
    made_up = desk.get(f"/numbers?site={'0' * 32}", status=422)
    assert "Choose one of the list." in refused.text
    assert "Choose one of the list." in made_up.text


def test_S7_a_limit_costs_no_further_statement(cast, two, signed_in):
    desk = signed_in(cast.bea)
    desk.get("/desk/")
    with statements() as before:
        desk.get("/desk/")
    limit(cast.bea, two.mitte)
    with statements() as after:
        desk.get("/desk/")

    assert len(after) == len(before)


def test_the_managers_page_lists_what_is_at_their_sites(cast, two, signed_in):
    limit(cast.max, two.mitte)
    limit(cast.bea, two.mitte)

    page = signed_in(cast.max).get("/manage/")

    assert "Services at Mitte" not in page.text  # there is but one
    assert "Raum 1" in page.text
    assert "Room 1" not in page.text
    assert cast.bea.public_id in page.html
    assert cast.eli_user.public_id not in page.html
    assert cast.ana_user.public_id not in page.html  # she works elsewhere too
    assert f"/manage/people/{cast.ana.public_id}" in page.links().values()
    assert "Add a site" not in page.text


def test_a_manager_changes_hours_at_their_site_and_what_holds_everywhere_not(cast, two, signed_in):
    limit(cast.max, two.mitte)
    manager = signed_in(cast.max)

    page = manager.get(f"/manage/people/{cast.ana.public_id}")

    assert "Works at other sites, too" in page.text
    assert "Edit name and booking" not in page.text
    for part in ("details", "credentials"):
        manager.get(f"/manage/people/{cast.ana.public_id}/{part}", status=404)
    hours = f"/manage/people/{cast.ana.public_id}/hours?site="
    asked = [two.halden.public_id, two.mitte.public_id, "0" * 32]
    forms = [dict(manager.get(f"{hours}{site}").form("shown").fields) for site in asked]
    assert {form["monday"] for form in forms} == {"13:00-17:00"}  # Ana's afternoons in Mitte
    manager.get(f"/manage/people/{cast.eli.public_id}", status=404)


def test_a_manager_of_every_site_that_somebody_works_at_changes_all_of_them(cast, two, signed_in):
    limit(cast.max, two.mitte)
    limit(cast.ana_user, two.mitte)

    page = signed_in(cast.max).get(f"/manage/people/{cast.ana.public_id}")

    assert "Edit name and booking" in page.text
    assert "Works at other sites, too" not in page.text
