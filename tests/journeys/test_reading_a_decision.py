"""A patient reads what was decided, what is next, and what they will be asked to agree to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.treatment import queries as treatment
from tests.browser.tab import Tab
from tests.factories import TESTER, Cast
from tests.journeys import staff
from tests.journeys.conftest import Approved

pytestmark = pytest.mark.browser


def test_from_the_approval_to_the_text_the_letter_and_the_visit(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab], scripts: bool
):
    phone = staff.sign_in(open_tab(), cast.cal.user).follow("Read the decision")
    assert phone.heading == "Approved: Botox"
    assert "Forehead (lines across), Frown lines (between the brows)" in phone.text
    assert "24 May 2027, that day included" in phone.text
    assert "Time to think it over" in phone.text
    assert phone.page.get_by_role("img", name="The approved areas").is_visible()

    phone.follow("Read it")
    assert "You sign nothing here." in phone.text
    assert "fewer than 1 in 100 in experienced hands" in phone.text
    assert phone.page.get_by_role("button", name="Print").count() == scripts
    phone.page.go_back()

    phone.follow("Open the letter")
    sheet = phone.page.get_by_role("article").inner_text()
    assert "Cal Ortega" in sheet
    assert cast.site.address in sheet
    assert phone.page.get_by_role("button", name="Print").count() == scripts
    phone.page.emulate_media(media="print")
    assert not phone.page.get_by_role("banner").is_visible()
    assert not phone.page.get_by_role("link", name="Back to the decision").is_visible()
    assert phone.page.get_by_role("article").is_visible()
    phone.page.emulate_media(media="screen")

    phone.follow("Back to the decision").follow("Choose a time Botox treatment")
    staff.book_first_time(phone)
    assert phone.heading == "Booked: Wed 25 November, 9:15 am"
    phone.follow("Read it before")
    assert "You sign nothing here." in phone.text
    phone.open("/visits").follow("Read the decision")
    assert "Booked: Botox treatment, Wed 25 November, 9:15 am." in phone.text


def test_an_approval_that_is_withdrawn_says_so_where_it_was_read(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab]
):
    phone = staff.sign_in(open_tab(), cast.cal.user).follow("Read the decision")
    with transaction():
        ended = treatment.approvals_of(cast.cal.id)[0]
        withdraw.approval(ended, cast.cal, "New medicine.", actor=TESTER)
    db.session.remove()

    phone.page.reload()
    assert "Your physician withdrew it on 24 November 2026." in phone.text
    assert "New medicine" not in phone.html
    phone.follow("Book a consultation")

    assert phone.status == 200
    assert "Choose a time" in phone.heading
