"""The form on a phone, with scripts and without: kind stops, help, two windows, photos taken back,
and a minute before a later visit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime

import pytest

from clinic.database import db
from clinic.intake.models import Intake
from clinic.photos import queries as photos
from clinic.photos.rules import Purpose, View
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import SafetyAlert
from tests.arriving.phone import mailed_link, now_of
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_approval, make_intake, make_visit
from tests.journeys import patients, staff
from tests.journeys.counted import CountedFinger
from tests.pictures import add_photos

pytestmark = pytest.mark.browser

A_MINUTE = 60
SUPPORT = "You are not alone with this"


@pytest.fixture
def form(open_tab: Callable[[], Tab]) -> Tab:
    """Somebody new, on the first page of questions."""
    return patients.start(open_tab())


def forms_kept() -> int:
    db.session.rollback()
    return db.session.query(Intake).count()


# Kind stops.


def test_under_18_alone_ends_the_way_and_nothing_is_kept(cast: Cast, open_tab: Callable[[], Tab]):
    tab = patients.start(open_tab(), date(2008, 11, 25))

    assert tab.heading == "We treat people of 18 and over"
    assert tab.page.get_by_role("main").get_by_role("button").count() == 0
    assert "Questions? Call 020 7946 0123" in tab.text
    assert forms_kept() == 0
    tab.follow("Enter it again")
    patients.born(tab, date(2008, 11, 24)).press("Continue")
    assert tab.heading == "Your health"


def test_pregnancy_and_an_illness_are_told_what_they_mean_and_lead_on_to_a_time(
    cast: Cast, form: Tab
):
    patients.answer_no(form).choose("Are you pregnant", "Yes").press("Continue")
    assert form.heading == "What this means for treatment"
    assert "We can’t offer injections during pregnancy" in form.text
    assert "You can book a consultation all the same." in form.text
    assert form.page.locator("main a.tel").first.get_attribute("href") == "tel:02079460123"
    patients.answer_no(form.follow("Go on with the form"))
    form.choose("Do you have a condition of the muscles", "Yes").press("Continue")
    assert "Injections that relax a muscle are not for you" in form.text
    patients.answer_no(form.follow("Go on with the form")).press("Continue")
    patients.tick_area(form, "glabella", "move").press("Continue").press("Go on without photos")
    patients.wish(patients.say(form).press("Continue")).press("Continue")

    assert form.heading == "Choose a time for your consultation"
    assert form.page.locator("button.slot").count() > 0


# Help at once (g7).


def test_who_feels_unsafe_reads_help_at_once_a_physician_is_told_and_the_desk_is_not(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    phone, desk, physician = open_tab(), open_tab(), open_tab()
    staff.sign_in(phone, make_account(cast.cal)).press("Change my form")
    phone.follow("Change Your plans")
    help_now = phone.page.locator(".help-now")
    assert not help_now.is_visible()
    phone.choose("Do you feel unsafe", "Yes")
    assert help_now.is_visible()
    phone.press("Continue")

    assert phone.heading == SUPPORT
    assert "A physician of the clinic has been told" in phone.text
    db.session.rollback()
    assert db.session.query(SafetyAlert).count() == 1
    staff.sign_in(physician, cast.ana_user).follow("Intake review")
    assert "Cal Ortega" in physician.page.get_by_role("alert").inner_text()
    staff.sign_in(desk, cast.bea)
    for path in ("/desk/", f"/desk/patients/{cast.cal.public_id}", "/desk/patients?q=ortega"):
        said = desk.open(path).html.lower()
        assert [w for w in ("unsafe", "needs to be read", "urgent", "harm") if w in said] == []


# Two windows.


def test_a_second_window_is_shown_what_the_first_saved_and_loses_nothing(cast: Cast, form: Tab):
    older = Tab(form.page.context.new_page(), form.address, scripts=form.scripts).open(form.path)
    patients.answer_no(form).choose("Are you breastfeeding", "Yes").press("Continue")

    patients.answer_no(older).press("Continue")
    assert (older.status, form.heading) == (409, "What this means for treatment")
    assert "Another window saved this page" in older.text
    assert "This window: No Saved: Yes" in older.text
    newer = older.page.locator("#page [name=breastfeeding][value=yes]")
    assert newer.is_checked()
    older.press("Save what this window had")

    assert older.heading == "Conditions you have or had"
    assert older.open(form.path.replace("/meaning", "").split("?")[0]).heading == "Your health"
    assert older.page.locator("[name=breastfeeding][value=no]").is_checked()
    assert older.complaints == []


# Photos.


def test_each_yes_to_photos_is_taken_back_and_the_last_one_erases_them(
    cast: Cast, open_tab: Callable[[], Tab]
):
    sent = make_intake(
        cast.cal, lambda one: add_photos(one, [View.REST], purposes=frozenset(Purpose))
    )
    phone = staff.sign_in(open_tab(), make_account(cast.cal)).open("/photos/")
    for left in (2, 1, 0):
        phone.page.get_by_role("link", name="Take back").last.click()
        phone.press("Take it back")
        assert phone.heading == "Your photos"
        assert phone.page.get_by_role("link", name="Take back").count() == left

    assert "Erased on 24 November" in phone.text
    db.session.rollback()
    assert list(photos.photos_of(sent.id)) == []


# What changed?


@pytest.fixture
def finger(cast: Cast, new_tab: Callable[..., Tab], scripts: bool) -> CountedFinger:
    """Cal on a phone, before a treatment that is approved and booked."""
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(10, 10, month=12))
    phone = staff.sign_in(new_tab(scripts=scripts, has_touch=True), make_account(cast.cal))
    return CountedFinger(phone.follow("Has anything changed?"))


def test_that_nothing_has_changed_is_said_in_one_press_and_under_a_minute(finger: CountedFinger):
    finger.read(".column").press("Nothing has changed")

    sys.stdout.write(f"Nothing has changed: {finger}\n")
    assert "Your answers are confirmed" in finger.tab.text
    assert (finger.presses, finger.seconds < A_MINUTE) == (1, True)


def test_an_answer_is_changed_in_six_presses_and_under_a_minute(finger: CountedFinger):
    finger.read(".column").press("Something has changed")
    finger.read("h1", "h2", "h3").follow("Change Medicines")
    finger.read("h1", ".q:has([name=blood_thinners]) fieldset")
    finger.tick("blood_thinners", "yes").type("Which ones?", "Warfarin")
    finger.press("Continue").press("Send my form")

    sys.stdout.write(f"Something has changed: {finger}\n")
    assert "Your answers have changed, so the approval is paused." in finger.tab.text
    assert "Booked Needs renewal Botox treatment" in finger.tab.text
    assert (finger.presses, finger.seconds < A_MINUTE) == (6, True)


def test_at_the_check_in_what_has_changed_is_ticked_answered_and_sent_under_a_minute(
    cast: Cast,
    new_tab: Callable[..., Tab],
    travel: Callable[[datetime], None],
    scripts: bool,
):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(10, 10, month=12))
    travel(at(10, 9, 30, month=12))
    phone = new_tab(scripts=scripts, has_touch=True).widen(390).open(mailed_link())
    patients.born(phone).press("Continue")
    finger = CountedFinger(phone).read(".column")
    finger.use(phone.page.get_by_text("Medicines and past treatments", exact=True))
    finger.read("details[open] label")
    finger.use(phone.page.get_by_text("Work on my teeth", exact=True))
    finger.press("Something has changed").read("h1", "legend")
    finger.tick("dental_work", "no").press("Continue").read("h1", "h2", "h3").press("Send my form")

    sys.stdout.write(f"Something has changed, at the check-in: {finger}\n")
    assert finger.tab.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED
    assert (finger.presses, finger.seconds < A_MINUTE) == (6, True)
