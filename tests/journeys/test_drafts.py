"""A draft that keeps itself, and the ways of deciding that approve nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from clinic.database import db
from clinic.scheduling.models import Appointment
from clinic.screening import queries
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_intake, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


def stored(consultation: Appointment) -> tuple[str | None, int]:
    """What the draft holds by now, and how often it was saved."""
    db.session.rollback()
    draft = queries.draft_note(consultation)
    return (draft.text, draft.version) if draft else (None, 0)


def at_review(tab: Tab, cast: Cast, consultation: Appointment) -> Tab:
    return staff.sign_in(tab, cast.ana_user).open(f"/reviews/{consultation.public_id}")


def note_of(tab: Tab) -> str:
    return tab.page.locator("[name=text]").input_value()


def ten_seconds(tab: Tab) -> None:
    """The page's own clock, so that nobody waits for it."""
    tab.page.clock.run_for(10_500)


@pytest.fixture
def ana(new_tab: Callable[..., Tab]) -> Tab:
    """A window with scripts, whose clock is turned by hand."""
    tab = new_tab(scripts=True)
    tab.page.clock.install()
    return tab


def test_a_draft_is_saved_after_ten_seconds_and_taken_up_again_after_a_reload(
    cast: Cast, examined_today: Appointment, ana: Tab
):
    at_review(ana, cast, examined_today)
    staff.examine(ana, "Half way.")

    with ana.page.expect_response("**/draft"):
        ten_seconds(ana)
    expect(ana.page.locator("#saved")).to_contain_text("Saved 9:00 am")
    ten_seconds(ana)  # nothing has changed: nothing is sent
    ana.page.reload()

    assert stored(examined_today) == ("Half way.", 1)
    assert note_of(ana) == "Half way."
    assert ana.page.locator("[name=levator_left]").input_value() == "14"


def test_what_is_typed_last_is_saved_on_leaving(cast: Cast, examined_today: Appointment, ana: Tab):
    at_review(ana, cast, examined_today)
    staff.examine(ana, "Typed and gone.")

    ana.follow("My day")
    for _ in range(50):  # it goes its own way, after its page
        if stored(examined_today)[1]:
            break
        ana.page.wait_for_timeout(100)

    assert stored(examined_today) == ("Typed and gone.", 1)
    ana.follow("Cal Ortega")
    assert note_of(ana) == "Typed and gone."


def test_a_press_after_a_save_carries_its_version_and_signs(
    cast: Cast, examined_today: Appointment, ana: Tab
):
    at_review(ana, cast, examined_today)
    staff.examine(ana)
    staff.decide_botox(ana)

    with ana.page.expect_response("**/draft"):
        ten_seconds(ana)
    expect(ana.page.locator("#saved")).to_contain_text("Saved")
    ana.press("Sign and approve")

    assert ana.heading == "Approved"


def test_two_physicians_on_one_note_lose_nothing_and_the_second_is_told(
    cast: Cast, examined_today: Appointment, ana: Tab, new_tab: Callable[..., Tab]
):
    eli = new_tab(scripts=True)
    staff.sign_in(eli, cast.eli_user).open("/reviews").press("Take and open Cal Ortega")
    at_review(ana, cast, examined_today)
    eli.page.locator("[name=text]").fill("Typed by Eli.")
    eli.press("Save draft")

    ana.page.locator("[name=text]").fill("Typed by Ana.")
    ana.asked.add(f"{ana.page.url}/draft")  # its 409 is an answer, not a fault
    with ana.page.expect_response("**/draft") as answer:
        ten_seconds(ana)
    assert answer.value.status == 409
    expect(ana.page.locator("#not-saved")).to_contain_text("saved meanwhile, by a colleague")
    ana.page.locator("[name=text]").fill("Typed by Ana, and more.")
    ten_seconds(ana)  # it has stopped

    assert stored(examined_today) == ("Typed by Eli.", 1)
    ana.press("Save draft")
    assert (ana.status, note_of(ana)) == (409, "Typed by Ana, and more.")


def test_without_scripts_the_button_saves_the_draft(
    cast: Cast, examined_today: Appointment, new_tab: Callable[..., Tab]
):
    tab = at_review(new_tab(scripts=False), cast, examined_today)
    staff.examine(tab, "Half way.").press("Save draft")
    tab.open("/reviews").follow("Cal Ortega")

    assert note_of(tab) == "Half way."
    assert "Saved 9:00 am" in tab.text


def test_a_question_before_the_visit_is_answered_and_asked_again(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    make_account(cast.cal)
    physician, phone = open_tab(), open_tab()

    at_review(physician, cast, examined_today).page.locator("#d-ask").check()
    physician.fill({"What do you need to know?": "Which cream did you use?"})
    physician.press("Send the question to Cal")
    assert "Your question is sent." in physician.text
    staff.sign_in(phone, cast.cal.user).follow("Read and answer")
    assert "Which cream did you use?" in phone.text
    phone.fill({"Your answer": "Only a sun cream."}).press("Send my answer")
    physician.open("/reviews")
    assert "Question answered on" in physician.text
    physician.follow("Cal Ortega")
    assert "Only a sun cream." in physician.text
    physician.page.locator("#d-ask").check()
    physician.fill({"What do you need to know?": "For how long?"}).press("Send the question")
    phone.open("/visits").follow("Read and answer")
    assert "For how long?" in phone.text
    physician.page.locator("#d-decline").check()
    staff.examine(physician)
    physician.fill({"Reason, in words the patient will read": "Not needed."})
    physician.press("Sign and decline")
    phone.fill({"Your answer": "A year."}).press("Send my answer")

    assert phone.status == 410
    assert "This question needs no answer any more" in phone.text
    assert "Not needed." in phone.open("/visits").follow("Read the decision").text


OTHERS = {
    "defer": ({"Until": "2027-02-01", "Why, in words": "After the birth."}, "Sign and defer"),
    "decline": ({"Reason, in words": "It would not help."}, "Sign and decline"),
    "refer": ({"To whom": "Eye clinic", "Why, in words": "Lids first."}, "Sign and refer"),
}
HEADINGS = {"defer": "Deferred", "decline": "Declined", "refer": "Referred"}


@pytest.mark.parametrize("decision", OTHERS)
def test_a_decision_that_approves_nothing_is_read_by_its_patient_and_the_next_one_follows(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab], decision: str
):
    make_account(cast.cal)
    make_intake(cast.dee)
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 14))
    physician, phone = open_tab(), open_tab()
    words, button = OTHERS[decision]

    at_review(physician, cast, examined_today).page.locator(f"#d-{decision}").check()
    staff.examine(physician)
    pane = physician.page.locator(f".for-{decision}")
    for label, text in words.items():
        pane.get_by_label(label, exact=False).first.fill(text)
    pane.get_by_text("Private reason", exact=True).click()
    physician.fill({"Private reason, for colleagues": "Wants more than it can do."})
    physician.press(button)
    assert physician.heading == HEADINGS[decision]
    assert "Wants more than it can do." in physician.text
    physician.follow("Next patient")
    staff.sign_in(phone, cast.cal.user).open("/visits").follow("Read the decision")

    assert physician.heading == "Dee Novak"
    assert list(words.values())[-1] in phone.text
    assert "Wants more than it can do." not in phone.text


def test_a_sign_in_of_eleven_minutes_ago_asks_again_and_loses_nothing(
    cast: Cast,
    examined_today: Appointment,
    open_tab: Callable[[], Tab],
    travel: Callable,
):
    tab = at_review(open_tab(), cast, examined_today)
    staff.examine(tab)
    staff.decide_botox(tab)
    travel(at(24, 9, 11))

    tab.press("Sign and approve")
    assert "password" in tab.text.lower()
    tab.fill({"Password": staff.PASSWORD})
    with tab.page.expect_navigation():
        tab.page.locator("main button.pri").first.click()
    assert staff.NOTE in tab.text
    with tab.page.expect_navigation():
        tab.page.locator("main button.pri").first.click()

    assert tab.heading == "Approved"
    assert "up to 40 units" in tab.text
