"""A consultation by live video: told on the review where it counts, refused where it does not."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.treatment import queries as treatment
from tests.factories import put_profile
from tests.screening.page import address, examined, newest_note, review_form

BOX = "Seen by live video, not in person"


def test_where_only_in_person_counts_nothing_is_asked(page):
    assert BOX not in page().text


def test_what_is_seen_by_live_video_is_written_down(page, cast):
    put_profile(live_video_counts=True)

    signed = examined(page(), by_live_video="y").press("Sign and approve")

    assert "Seen by live video." in signed.text
    assert newest_note(cast.cal).by_live_video is True
    assert len(treatment.approvals_of(cast.cal.id)) == 1


def test_what_is_seen_in_person_stays_so_where_both_count(page, cast):
    put_profile(live_video_counts=True)

    signed = examined(page()).press("Sign and approve")

    assert "Seen by live video." not in signed.text
    assert newest_note(cast.cal).by_live_video is False


def test_a_profile_that_changes_meanwhile_refuses_the_signature_and_keeps_what_was_typed(
    page, cast, ana, consultation
):
    put_profile(live_video_counts=True)
    form = examined(page(), by_live_video="y")
    put_profile(live_video_counts=False)

    refused = form.press("Sign and approve", status=422)

    assert "Here only an examination in person carries an approval." in refused.text
    assert dict(review_form(refused).fields)["by_live_video"] == "y"
    db.session.rollback()
    assert treatment.approvals_of(cast.cal.id) == []


def test_a_draft_keeps_how_the_patient_was_seen(page, ana, consultation):
    put_profile(live_video_counts=True)
    examined(page(), by_live_video="y").press("Save draft")

    assert dict(review_form(ana.get(address(consultation))).fields)["by_live_video"] == "y"


@pytest.mark.parametrize(("months", "until"), [(6, "2027-05-24"), (3, "2027-02-24")])
def test_a_fresh_page_proposes_the_usual_validity_of_the_profile(page, months, until):
    put_profile(default_validity_months=months)

    assert dict(review_form(page()).fields)["valid_until"] == until
