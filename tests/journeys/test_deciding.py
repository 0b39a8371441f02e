"""Decisions that take more than one press: a question, an examination, a written reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.scheduling.models import Appointment
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_intake, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


def alert(tab: Tab) -> str:
    return " ".join(tab.page.get_by_role("alert").inner_text().split())


def test_a_question_goes_to_the_patient_and_the_answer_back_to_the_queue(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    make_account(cast.cal)
    physician, phone = open_tab(), open_tab()

    staff.sign_in(physician, cast.ana_user).follow("Cal Ortega")
    staff.examine(physician).page.locator("#d-ask").check()
    physician.fill({"What do you need to know?": "Which cream did you use?"})
    physician.press("Sign and send the question")
    assert physician.heading == "Question to the patient"
    staff.sign_in(phone, cast.cal.user).follow("Read and answer")
    assert "Which cream did you use?" in phone.text
    phone.fill({"Your answer": "Only a sun cream."}).press("Send my answer")
    assert "Your answer is sent to your physician." in phone.text
    physician.open("/reviews")
    assert "Question answered" in physician.text
    physician.follow("Cal Ortega")
    assert "Only a sun cream." in physician.text
    staff.examine(physician)
    staff.decide_botox(physician).press("Sign and approve")

    assert physician.heading == "Approved"


def test_botox_of_the_upper_face_waits_for_the_examination_and_its_mitigation(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    tab = staff.sign_in(open_tab(), cast.ana_user).open(f"/reviews/{examined_today.public_id}")

    staff.examine(tab, levator_left="")
    staff.decide_botox(tab)
    tab.page.locator("[name=mitigations]").first.uncheck()
    tab.press("Sign and approve")
    assert (tab.status, "while the droop examination is incomplete" in alert(tab)) == (422, True)
    tab.page.locator("[name=levator_left]").fill("14")
    tab.press("Sign and approve")
    assert (tab.status, "tick at least one mitigation" in alert(tab)) == (422, True)
    assert tab.page.locator("[name=text]").input_value() == staff.NOTE
    tab.page.locator("[name=mitigations]").first.check()
    tab.press("Sign and approve")

    assert tab.heading == "Approved"


def test_an_absolute_flag_is_overruled_with_a_written_reason_only(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_intake(cast.cal, answers={"toxin-allergy": {"value": "yes"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    tab = staff.sign_in(open_tab(), cast.ana_user).open(f"/reviews/{visit.public_id}")

    staff.examine(tab)
    staff.decide_botox(tab).press("Sign and approve")
    assert (tab.status, "An absolute flag stands against this" in alert(tab)) == (422, True)
    absolute = tab.page.locator(".flag.bad")
    absolute.locator("summary").click()
    absolute.get_by_label("Overruled, because").fill("It was a bruise, not an allergy.")
    tab.press("Sign and approve")

    assert tab.heading == "Approved"
    assert "Overruled: It was a bruise, not an allergy." in tab.text


def test_a_visit_that_is_over_without_a_signed_note_is_shown_until_it_is_signed(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab], at_work: Callable
):
    at_work(at(24, 12))
    tab = staff.sign_in(open_tab(), cast.ana_user)
    assert "1 visit is over without a signed note" in tab.text

    tab.follow("Cal Ortega, Tue 24 November, 11:00 am")
    staff.examine(tab)
    staff.decide_botox(tab).press("Sign and approve")
    tab.fill({"Addendum": "Signed after the visit."}).press("Add to the note")
    assert "Signed after the visit." in tab.text
    tab.open("/my-day")

    assert "without a signed note" not in tab.text
