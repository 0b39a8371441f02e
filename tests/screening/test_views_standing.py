"""A further decision while an approval stands: what becomes of it is said before it is signed."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.journey import withdraw
from clinic.journey.may_sign import CannotSign
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import TESTER, at, make_account, make_approval, make_intake, make_visit, sign
from tests.screening.page import address, examined, review_form

COMBINED = {"modality": "combined", "filler_areas": ["lips"], "filler_ceiling": "1"}
AGAINST = {
    "decline": ("Sign and decline treatment", {"decline_words": "It would not help here."}),
    "defer": (
        "Sign and defer the decision",
        {"defer_until": "2027-03-01", "defer_words": "After your holiday."},
    ),
    "refer": (
        "Sign and refer Cal",
        {"refer_to": "Oculoplastic clinic", "refer_words": "Your lids first."},
    ),
}
EACH = pytest.mark.parametrize("decision", AGAINST)


@pytest.fixture
def again(cast, ana):
    """Cal's next consultation after an approval of Botox and filler, opened by Ana."""
    make_approval(cast, **COMBINED)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))
    return ana.get(address(visit))


def states(cast):
    db.session.rollback()
    return [treatment.state_of(approval) for approval in treatment.approvals_of(cast.cal.id)]


def deciding(page, decision, **over):
    _button, words = AGAINST[decision]
    return examined(page, decision=decision, modality=None, **{**words, **over})


@EACH
def test_nothing_is_signed_before_it_is_said_whether_the_approval_ends(cast, again, decision):
    button, _words = AGAINST[decision]

    asked = deciding(again, decision).press(button, status=422)

    assert "In force: Botox, Filler until 24 May 2027" in asked.text
    assert "Say whether it ends with this decision or goes on." in asked.text
    assert states(cast) == [ApprovalState.IN_FORCE]
    review_form(asked).set(standing="ends").press(button)
    assert states(cast) == [ApprovalState.SUPERSEDED]


@EACH
def test_it_goes_on_where_the_physician_says_so(cast, again, decision):
    button, _words = AGAINST[decision]

    deciding(again, decision, standing="goes-on").press(button)

    assert states(cast) == [ApprovalState.IN_FORCE]


def test_a_visit_on_what_has_ended_needs_renewal_and_is_marked_on_my_day(cast, ana, again):
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(30, 10))
    day = "/my-day?day=2026-11-30"
    before = ana.get(day).text

    signed = deciding(again, "decline", standing="ends").press("Sign and decline treatment")

    assert "Needs renewal" not in before
    assert "Needs renewal" in ana.get(day).text
    assert "Book the treatment" not in signed.text


def test_what_is_withdrawn_is_marked_on_the_day_of_the_physician_who_treats(cast, eli, again):
    make_visit(cast.cal, cast.eli, cast.service("toxin"), at(30, 10))
    [given] = treatment.approvals_of(cast.cal.id)
    withdraw.approval(given, cast.cal, "New medicine.", actor=TESTER)

    assert "Needs renewal" in eli.get("/my-day?day=2026-11-30").text


def test_the_patient_reads_that_a_newer_decision_replaces_it(cast, signed_in, again):
    note = treatment.approvals_of(cast.cal.id)[0].note
    deciding(again, "decline", standing="ends").press("Sign and decline treatment")

    page = signed_in(make_account(cast.cal)).get(f"/decisions/{note.public_id}")

    assert "Replaced by a newer decision" in page.text
    assert "Choose a time" not in page.text


def test_before_approving_it_says_what_is_replaced(again):
    words = "It replaces the whole approval of Botox, Filler until 24 May 2027"

    assert words in again.text


def test_without_an_approval_nothing_is_asked(cast, page):
    text = page().text

    assert "Ends with this decision" not in text
    assert "It replaces" not in text


def test_the_service_asks_too(cast):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))

    with pytest.raises(CannotSign, match="standing-unsaid"):
        sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="No.", standing=None)


# Reasons that must be written.


def test_a_rating_overruled_without_a_reason_is_asked_for_it(cast, page):
    form = examined(page(), rating_overruled="high")

    asked = form.press("Sign and approve", status=422)

    assert "You overrule the rating: write why" in asked.text
    assert treatment.approvals_of(cast.cal.id) == []


def test_a_ceiling_above_the_label_needs_a_reason(cast, page):
    asked = examined(page(), toxin_ceiling="400", why="").press("Sign and approve", status=422)

    assert "write why you approve all the same" in asked.text


def test_without_a_form_an_approval_needs_a_reason(cast, ana, consultation):
    form = examined(ana.get(address(consultation)), why="")

    asked = form.press("Sign and approve", status=422)
    review_form(asked).set(why="Asked in the room: nothing of the list.").press("Sign and approve")

    assert "the patient has sent no form" in asked.text
    assert len(treatment.approvals_of(cast.cal.id)) == 1


# A reason goes with the answer that it was written for.

ALLERGY = "overrule-toxin-allergy.absolute.toxin.any"
BRUISE = {"toxin-allergy": {"value": "yes", "note": "a bruise"}}
SHOCK = {"toxin-allergy": {"value": "yes", "note": "shock in March"}}


def test_a_reason_written_over_another_answer_is_shown_and_overrules_nothing(
    cast, ana, page, consultation
):
    examined(page(**BRUISE)).put(ALLERGY, "It was a bruise.").press("Save draft")
    make_intake(cast.cal, answers=SHOCK)

    again = ana.get(address(consultation))

    assert "Written for the answer before: “It was a bruise.”" in again.text
    refused = review_form(again).press("Sign and approve", status=422)
    assert "An absolute flag stands against this approval." in refused.text


def test_a_reason_on_an_old_page_goes_the_same_way(cast, page):
    form = examined(page(**BRUISE)).put(ALLERGY, "It was a bruise.")
    make_intake(cast.cal, answers=SHOCK)

    newer = form.press("Sign and approve", status=409)

    assert "Written for the answer before: “It was a bruise.”" in newer.text
    assert dict(review_form(newer).fields)[ALLERGY] == ""


def test_a_script_that_saves_an_old_page_does_not_carry_the_reason_over(
    cast, ana, page, consultation
):
    form = examined(page(**BRUISE)).put(ALLERGY, "It was a bruise.")
    make_intake(cast.cal, answers=SHOCK)
    form.person.raw_post(f"{address(consultation)}/draft", form.fields)

    again = ana.get(address(consultation))

    assert "Written for the answer before: “It was a bruise.”" in again.text
    assert dict(review_form(again).fields)[ALLERGY] == ""


def test_a_reason_stays_where_the_answer_is_the_same(cast, ana, page, consultation):
    examined(page(**BRUISE)).put(ALLERGY, "It was a bruise.").press("Save draft")
    make_intake(cast.cal, answers={**BRUISE, "blood-thinners": {"value": "yes", "note": "x"}})

    again = ana.get(address(consultation))

    assert dict(review_form(again).fields)[ALLERGY] == "It was a bruise."
    assert "Written for the answer before" not in again.text


# What d.1 asks to be recorded beside a finding.


def test_what_drooped_and_what_surgery_are_read_in_the_note(page):
    form = examined(
        page(),
        droop_after_toxin="once",
        droop_of="brow",
        eyelid_or_brow_surgery="yes",
        surgery_what="upper lids 2019",
        mitigations=["lower-dose"],
    )

    signed = form.press("Sign and approve")

    assert "what droopedbrow" in signed.text.lower()
    assert "upper lids 2019" in signed.text
