"""G8: a page that is open while something ends refuses, and keeps what was typed."""

import pytest

from clinic.database import transaction
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import at, make_approval, make_intake
from tests.screening.page import NOTE, content, examined, newest_note, nothing_signed, shown

BEFORE, AFTER = at(24, 23, 58), at(25, 0, 2)


@pytest.fixture
def open_late(page, at_work, consultation):
    """The review of Cal, opened at ten to midnight, with a decision typed in."""
    at_work(at(24, 23, 50))
    return lambda **over: examined(page(), **over)


def test_G8_a_last_day_that_passes_while_the_page_is_open_is_said_and_everything_typed_stays(
    cast, consultation, open_late, at_work
):
    form = open_late(valid_until="2026-11-24")
    at_work(AFTER)

    again = form.press("Sign and approve", status=422)

    assert "The last day lies in the past. Choose a later one." in again.text
    assert nothing_signed(cast.cal, consultation)
    assert shown(again) == content(form)
    assert NOTE in shown(again)["text"]


def test_G8_until_midnight_it_is_signed(cast, open_late, at_work):
    form = open_late(valid_until="2026-11-24")
    at_work(BEFORE)

    assert form.press("Sign and approve").heading == "Approved"

    assert str(treatment.approvals_of(cast.cal.id)[0].valid_until) == "2026-11-24"


@pytest.mark.parametrize(("moment", "signs"), [(BEFORE, True), (AFTER, False)])
def test_G8_a_licence_that_runs_out_at_midnight_signs_until_then_and_loses_no_word(
    cast, consultation, open_late, at_work, moment, signs
):
    with transaction():
        for held in cast.ana.credentials:
            held.valid_until = at(24, 0).date()
    form = open_late()
    at_work(moment)

    if signs:
        form.press("Sign and approve")
        assert newest_note(cast.cal).decision == "approve"
        return
    again = form.press("Sign and approve", status=409)
    assert "No licence of yours is on file for today." in again.text
    assert nothing_signed(cast.cal, consultation)
    assert shown(again) == content(form)


@pytest.mark.parametrize(("moment", "resumed"), [(BEFORE, True), (AFTER, False)])
def test_G8_an_approval_that_is_over_at_midnight_is_resumed_until_then_and_the_reason_stays(
    cast, ana, at_work, moment, resumed
):
    note = make_approval(cast, valid_until="2026-11-24")
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})
    at_work(at(24, 23, 50))
    form = ana.get(f"/notes/{note.public_id}").form("/resume").set(because="Half a tablet.")
    at_work(moment)

    again = form.press(status=200 if resumed else 409)

    state = treatment.state_of(treatment.approvals_of(cast.cal.id)[0])
    assert (state == ApprovalState.IN_FORCE) is resumed
    assert "Half a tablet." in again.text
    if not resumed:
        assert "This approval is not paused any more" in again.text
        assert "Over since 25 November 2026" in again.text
