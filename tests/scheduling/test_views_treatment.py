"""A treatment booked by patient, physician and desk inside the approval."""

import pytest

from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import (
    make_account,
    make_approval,
)
from tests.full_record import CLINICAL, by_code, found_in
from tests.scheduling.times_page import booked, offered, own, press_first

# Booked inside the approval.


@pytest.mark.parametrize("enter", ["signed in", "by code"])
def test_the_patient_books_what_was_approved_from_my_visits(app, cast, signed_in, enter):
    make_approval(cast)
    cal = {
        "signed in": lambda: signed_in(make_account(cast.cal)),
        "by code": lambda: by_code(app, cast.cal),
    }[enter]()

    times = cal.get("/visits").follow("Choose a time Botox treatment")
    done = press_first(times).form("Book this time").press()

    assert done.heading == "Booked: Wed 25 November, 9:15 am"
    assert booked() == [("toxin", S.BOOKED, True)]


def test_the_physician_books_from_the_signed_note(cast, signed_in):
    note = make_approval(cast)
    ana = signed_in(cast.ana_user)

    services = ana.get(f"/notes/{note.public_id}").follow("Book the treatment")
    done = press_first(services.follow("Botox treatment")).form("Book this time").press()

    assert (done.heading, "Booked." in done.text) == ("Cal Ortega", True)
    assert booked() == [("toxin", S.BOOKED, True)]


def test_the_desk_books_and_reads_nothing_clinical_on_the_way(cast, signed_in):
    make_approval(cast)
    bea = signed_in(cast.bea)

    services = bea.get(f"/desk/patients/{cast.cal.public_id}").follow("Book a visit")
    firsts = services.follow("Botox treatment")
    times = firsts.follow("Another day or physician")
    held = press_first(times)
    done = held.form("Book this time").press()

    assert done.heading == "Cal Ortega"
    assert "Approved until24 May 2027, Botox" in done.text
    assert booked() == [("toxin", S.BOOKED, True)]
    shown = services.html + firsts.html + times.html + held.html + done.html
    assert found_in(shown, [*CLINICAL, "units", "lids"]) == []


def test_only_days_inside_the_approval_are_offered(cast, signed_in):
    make_approval(cast, valid_until="2026-11-26")
    cal = signed_in(make_account(cast.cal))
    address = own(cast.service("toxin"))

    first = cal.get(address)
    last = cal.get(f"{address}?day=2026-11-26")
    after = cal.get(f"{address}?day=2026-11-27")

    assert first.heading == "Choose a time: Botox treatment"
    assert "Wednesday 25 November" in first.text
    assert len(offered(last)) > 0
    assert offered(after) == []


def test_only_what_was_approved_stands_under_my_visits(cast, signed_in):
    make_approval(cast)

    links = signed_in(make_account(cast.cal)).get("/visits").links()

    assert "Choose a time Botox treatment" in links
    assert "Choose a time Filler treatment" not in links
    assert "Choose a time Combined treatment" not in links


def test_a_press_repeated_books_once_and_leads_to_the_same_page(cast, signed_in):
    make_approval(cast)
    cal = signed_in(make_account(cast.cal))
    form = press_first(cal.get(own(cast.service("toxin")))).form("Book this time")

    first, second = form.press(), form.press()

    assert first.path == second.path
    assert booked() == [("toxin", S.BOOKED, True)]
