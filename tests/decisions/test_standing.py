"""What has become of a decision, told to its patient, and what is missing next."""

from __future__ import annotations

import pytest

from clinic.journey import withdraw
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from tests.decisions.notes import ALLERGY, COMBINED, address, consult_again, decide
from tests.factories import TESTER, at, make_approval, make_intake, make_visit, put_profile

both = pytest.mark.parametrize("part", ["", "/letter"], ids=["page", "letter"])

# Where it stands.


def test_an_approval_in_force_says_until_when(cast, cal):
    text = cal.get(address(make_approval(cast))).text

    assert "In force" in text
    assert "Your treatment can be booked until and including 24 May 2027." in text


def test_changed_answers_pause_it_and_nothing_is_to_be_booked(cast, cal):
    note = make_approval(cast)
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "fish oil"}})

    page = cal.get(address(note))

    assert "Paused" in page.text
    assert "paused since 24 November 2026, because your answers have changed" in page.text
    assert "You need do nothing" in page.text
    assert "Choose a time Botox treatment" not in page.links()
    assert "fish oil" not in page.text


def test_a_withdrawn_one_says_when_and_not_why(cast, cal):
    note = make_approval(cast)
    withdraw.approval(treatment.approvals_of(cast.cal.id)[0], cast.cal, "Flimmer.", actor=TESTER)

    page = cal.get(address(note))

    assert "Your physician withdrew it on 24 November 2026." in page.text
    assert "limmer" not in page.html
    assert "Choose a time Botox treatment" not in page.links()
    assert page.follow("Book a consultation").path == "/book/consultation"


@both
def test_a_replaced_one_leads_to_the_newer_and_the_letter_says_that_it_is_replaced(cast, cal, part):
    old = make_approval(cast)
    new = consult_again(cast)

    page = cal.get(address(old, part))

    assert "A newer decision of your physician counts now." in page.text
    leads_to = page.links().get("Read the newer decision")
    assert leads_to == (None if part else address(new))


def test_past_its_last_day_it_is_over(cast, cal, at_work):
    note = make_approval(cast, valid_until="2026-11-26")
    at_work(at(26, 23))
    on_the_last = cal.get(address(note)).text
    at_work(at(27, 9))
    page = cal.get(address(note))

    assert "In force" in on_the_last
    assert "Its last day was 26 November 2026." in page.text
    assert page.follow("Book a consultation").path == "/book/consultation"


def test_a_refusal_that_was_decided_again_leads_to_the_approval(cast, cal):
    refused = decide(cast, Decision.DECLINE)
    approved = consult_again(cast, why="x", overruled={ALLERGY: "x"})

    page = cal.get(address(refused))

    assert page.links()["Read the newer decision"] == address(approved)
    assert "Replaced by a newer decision" in page.text


def test_a_deferral_whose_day_has_passed_says_so(cast, cal, at_work):
    note = decide(cast, Decision.DEFER)
    before = cal.get(address(note)).text
    at_work(at(2, 9, month=2, year=2027))
    after = cal.get(address(note)).text

    assert "Your physician would like to decide later." in before
    assert "The day has passed." in after


def test_a_question_leads_to_the_answer_and_then_shows_it(cast, cal):
    note = decide(cast, Decision.ASK)

    asked = cal.get(address(note))
    asked.follow("Answer").form("text").set(text="Only a sun cream.").press()
    answered = cal.get("/visits").follow("Read the decision")

    assert "Waits for your answer" in asked.text
    assert answered.path == address(note)
    assert "Only a sun cream." in answered.text
    assert "Waits for your answer" not in answered.text


# What is next.


def test_time_to_think_is_said_while_it_lasts(cast, cal, at_work):
    note = make_approval(cast)
    before = cal.get(address(note)).text
    at_work(at(25, 9, 1))
    after = cal.get(address(note)).text

    assert "your first treatment is possible from Wed 25 November, 9:00 am on" in before
    assert "Time to think it over" not in after


def test_the_day_after_the_last_toxin_is_said_while_it_lies_ahead(cast, cal, at_work):
    session = {"date": "2026-11-01", "where": "elsewhere"}
    make_intake(cast.cal, answers={"recent-toxin": {"value": "yes", "session": session}})
    note = consult_again(cast, hour=11)

    before = cal.get(address(note)).text
    at_work(at(24, 9, month=1, year=2027))
    after = cal.get(address(note)).text

    assert "Botox again from 24 January 2027 on" in before
    assert "Botox again" not in after


def test_it_leads_to_the_times_and_once_booked_to_the_visit(cast, cal):
    note = make_approval(cast)
    before = cal.get(address(note))
    service = cast.service("toxin")
    visit = make_visit(cast.cal, cast.ana, service, at(26, 10))
    after = cal.get(address(note))

    assert before.links()["Choose a time Botox treatment"] == f"/book/{service.public_id}"
    assert "Choose a time Filler treatment" not in before.links()
    assert "Booked: Botox treatment, Thu 26 November, 10:00 am." in after.text
    assert after.links()["Your visit Thu 26 November, 10:00 am"] == f"/visits/{visit.public_id}"
    assert "Choose a time Botox treatment" not in after.links()


def test_answers_to_confirm_before_the_visit_are_asked_for(cast, cal):
    note = make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(10, 10, month=12))

    page = cal.get(address(note))

    assert page.links()["Has anything changed?"] == f"/visits/{visit.public_id}/changed"


@pytest.mark.parametrize(
    ("over", "heading"),
    [
        ({}, "What you agree to: Botox"),
        (
            {"modality": "filler", "filler_areas": ["cheeks"], "filler_ceiling": "1"},
            "What you agree to: Filler",
        ),
        (COMBINED, "What you agree to: Botox and filler"),
    ],
)
def test_it_leads_to_the_text_that_is_agreed_to_before_the_treatment(cast, cal, over, heading):
    put_profile(names_brand=True)

    text = cal.get(address(make_approval(cast, **over))).follow("Read it")

    assert text.heading == heading
