"""Has anything changed? In a real browser, with scripts and without: a minute before a visit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.database import db
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_approval, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(cast: Cast, open_tab: Callable[[], Tab]) -> Tab:
    """Cal, signed in on a phone; his treatment in December is approved and booked."""
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(10, 10, month=12))
    account = make_account(cast.cal)
    return staff.sign_in(open_tab(), account).follow("Has anything changed?")


def approval_state(cast: Cast) -> ApprovalState:
    db.session.rollback()
    (approval,) = treatment.approvals_of(cast.cal.id)
    return treatment.state_of(approval)


def test_nothing_has_changed_is_one_press(cast: Cast, phone: Tab):
    phone.press("Nothing has changed")

    assert "Your answers are confirmed for your visit on Thu 10 December" in phone.text
    assert approval_state(cast) == ApprovalState.IN_FORCE


def test_what_has_changed_is_sent_again_and_pauses_the_approval(
    cast: Cast, phone: Tab, open_tab: Callable[[], Tab]
):
    physician = open_tab()

    phone.press("Something has changed")
    assert phone.heading == "Check and send your form"
    phone.follow("Change Your health").choose("Are you pregnant", "Yes").press("Continue")
    assert phone.heading == "What this means for treatment"
    phone.follow("Go on").press("Send my form")
    assert "Your answers have changed, so the approval is paused." in phone.text
    assert "Booked Needs renewal Botox treatment" in phone.text

    assert approval_state(cast) == ApprovalState.SUSPENDED
    staff.sign_in(physician, cast.ana_user).follow("Intake review").follow("Cal Ortega")
    assert "Are you pregnant, or might you be? No Yes" in physician.text
    assert "Absolute: pregnancy" in physician.text
    assert "Can’t be overruled." in physician.text
