"""From an intake form to a treatment that only a physician's approval makes possible."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import PASSWORD, Cast, at
from tests.journeys import patients, staff

pytestmark = pytest.mark.browser

CLINICAL = (
    "forehead",
    "frown",
    "nose to mouth",
    "aspirin",
    "thinner",
    "cross in photos",
    "levator",
    "droop",
    "moderate",
    "caution",
)


def clinical_words(tab: Tab) -> list[str]:
    """Words of the record that the desk must never read."""
    return [word for word in CLINICAL if word in tab.html.lower()]


def test_a_newcomer_is_examined_approved_and_booked_for_treatment(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool, at_work: Callable[..., None]
):
    inbox, desk = new_tab(scripts=scripts), new_tab(scripts=scripts)
    laptop, phone, physician = (new_tab(scripts=scripts) for _ in range(3))

    # The form is begun on one device, left, and ended on another.
    patients.answer_no(patients.start(laptop)).press("Continue")
    patients.answer_no(laptop).press("Continue")
    patients.take_aspirin(patients.answer_no(laptop)).press("Save and leave")
    laptop.fill({"E-mail": patients.EMAIL}).press("Send me the link")
    assert laptop.heading == "The link is on its way"
    link = inbox.open("/demo/mail").page.get_by_role("link", name="/intake/resume/").first
    patients.born(phone.open(link.inner_text())).press("Open my form")
    patients.tick_area(phone, "forehead", "move")
    patients.tick_area(phone, "glabella", "move", how="deep")
    patients.tick_area(phone, "nasolabial-folds", "rest").press("Continue")
    phone.press("Go on without photos")
    patients.say(phone).press("Continue")
    patients.wish(phone).press("Continue")

    # Anyone, soonest (who may inject filler); an answer is changed from the last page, which leads
    # back to it.
    assert phone.page.get_by_label("Anyone, soonest").is_checked()
    patients.hold_and_check(phone, "Dr Ana Silva")
    assert "Aspirin, daily." in phone.text
    phone.follow("Change Medicines")
    patients.take_aspirin(phone, "Aspirin 75 mg.").press("Continue")
    assert phone.heading == "Check and send"
    assert "Aspirin 75 mg." in phone.text
    patients.type_the_code(patients.ask_for_the_code(phone), inbox)
    assert phone.heading == "Booked: Tue 24 November, 10:40 am"
    assert "Dr Ana Silva" in phone.text

    # A password afterwards; my visits says what is still to come.
    phone.follow("Choose a password").fill({"Password": PASSWORD}).press("Set my password")
    assert phone.heading == "My visits"
    assert "Nothing yet. Your physician decides after examining you." in phone.text

    # The desk: arrived, in the room, and nothing clinical on any of its pages.
    staff.sign_in(desk, cast.bea).open("/desk/")
    assert desk.heading == "Tuesday 24 November"
    assert clinical_words(desk) == []
    desk.press("Mark arrived Kim Larsen").press("To the room Kim Larsen")
    assert "In room" in desk.text
    assert clinical_words(desk) == []

    # The physician: queue, flags, words, examination, rating, decision.
    staff.sign_in(physician, cast.ana_user)
    physician.follow("Intake review")
    assert "1 Caution" in physician.text
    physician.follow("Kim Larsen")
    assert "Caution: blood thinners" in physician.text
    assert "Because the patient answered “yes" in physician.text
    assert "to blood thinners." in physician.text
    assert "Source: Juvéderm directions" in physician.text
    physician.page.get_by_text("All answers").click()
    assert clinical_words(physician) != []
    assert "Aspirin 75 mg." in physician.text
    assert patients.CROSS in physician.text
    assert "Droop risk: not assessed" in physician.text
    staff.examine(physician).press("Save draft")
    assert "Droop risk: moderate, because MRD1 right 2.8 mm" in physician.text
    staff.decide_combined(physician, filler="nasolabial-folds").press("Sign and approve")
    assert physician.heading == "Approved"
    assert "up to 40 units" in physician.text
    assert "up to 1.5 ml" in physician.text

    # The treatment is booked from the same page.
    physician.follow("Book the treatment").follow("Combined treatment")
    staff.book_first_time(physician)
    assert "Booked." in physician.text

    # The patient sees what was approved, where, until when, and the visit.
    phone.open("/visits")
    assert "Approved by Dr Ana Silva, until and including 24 May 2027." in phone.text
    assert "Combined treatment, Dr Ana Silva" in phone.text
    phone.follow("Read the decision")
    assert phone.heading == "Approved: Botox and filler"
    assert "Forehead (lines across), Frown lines (between the brows)" in phone.text
    assert "Nose to mouth (folds)" in phone.text

    # On the day the desk sees until when, and nothing clinical.
    at_work(at(25, 8))
    desk.open("/desk/").follow("Kim Larsen")
    assert "Approved until 24 May 2027, Botox and filler" in desk.text
    assert clinical_words(desk) == []
    desk.press("Mark arrived").press("To the room Kim Larsen")
    physician.open("/my-day").press("Done Kim Larsen")
    desk.open("/desk/")
    assert "Combined treatment" in desk.text
    assert "Done" in desk.text
