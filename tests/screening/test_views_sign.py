"""Signing from the page: what it does, and what it refuses."""

import pytest

from clinic.database import db
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.screening.page import (
    content,
    examined,
    mails,
    nothing_signed,
    shown,
    signed_count,
)

ALLERGY = "overrule-toxin-allergy.absolute.toxin.any"


# Signed.


def test_signing_an_approval_closes_note_and_visit_and_leads_to_booking(cast, page, consultation):
    signed = examined(page()).press("Sign and approve")

    db.session.refresh(consultation)
    assert (signed.heading, consultation.status) == ("Approved", S.FULFILLED)
    assert "Signed by Dr Ana Silva, Tue 24 November" in signed.text
    assert signed.follow("Book the treatment").heading == "Book for Cal Ortega"
    (approval,) = treatment.approvals_of(cast.cal.id)
    assert (approval.toxin_ceiling_units, str(approval.valid_until)) == (40, "2027-05-24")


def test_the_button_says_all_that_it_signs(page):
    drafted = examined(page()).press("Work out the rating")

    assert (
        "Sign and approve Botox (onabotulinumtoxinA): forehead, frown lines, up to 40 units;"
        " until 24 May 2027" in drafted.text
    )


def test_combined_gives_each_modality_its_own_areas_product_and_ceiling(cast, page):
    signed = examined(
        page(),
        modality="combined",
        filler_areas=["lips"],
        filler_ceiling="1,5",
        filler_product="hyaluronic-acid-without-lidocaine",
    ).press("Sign and approve")

    assert "BotoxForehead, Frown lines" in signed.text
    assert "up to 1.5 ml" in signed.text
    (approval,) = treatment.approvals_of(cast.cal.id)
    assert {(row.modality, row.area) for row in approval.scopes} == {
        ("toxin", "forehead"),
        ("toxin", "glabella"),
        ("filler", "lips"),
    }


@pytest.mark.parametrize(
    ("decision", "typed", "button", "heading", "mail"),
    [
        (
            "ask",
            {"question": "Since when?"},
            "Sign and send the question",
            "Question to the patient",
            "question",
        ),
        (
            "defer",
            {"defer_until": "2027-02-01", "defer_words": "After the birth."},
            "Sign and defer",
            "Deferred",
            "decided",
        ),
        ("decline", {"decline_words": "Not advised."}, "Sign and decline", "Declined", "decided"),
        (
            "refer",
            {"refer_to": "Eye clinic", "refer_words": "Lids first."},
            "Sign and refer Cal",
            "Referred",
            "decided",
        ),
    ],
)
def test_every_other_decision_is_signed_told_and_approves_nothing(
    cast, page, consultation, decision, typed, button, heading, mail
):
    signed = examined(page(), decision=decision, **typed).press(button)

    db.session.refresh(consultation)
    assert (signed.heading, consultation.status) == (heading, S.FULFILLED)
    assert list(typed.values())[-1] in signed.text
    assert treatment.approvals_of(cast.cal.id) == []
    assert mails()[-1] == mail
    assert "Book a visit" in signed.links()


def test_signing_twice_with_one_page_signs_once(cast, page):
    form = examined(page())

    first, second = form.press("Sign and approve"), form.press("Sign and approve")

    assert first.path == second.path
    assert signed_count(cast.cal) == 1


# Refused, and everything typed is still there.


@pytest.mark.parametrize(
    ("button", "typed", "words"),
    [
        ("Sign and approve", {"text": ""}, "Write what you found and discussed"),
        ("Sign and approve", {"modality": None}, "Choose Botox, filler or combined"),
        ("Sign and approve", {"valid_until": ""}, "Enter until when the approval is valid"),
        ("Sign and approve", {"toxin_areas": None}, "Tick at least one area"),
        ("Sign and approve", {"toxin_ceiling": ""}, "Enter a ceiling"),
        ("Sign and approve", {"valid_until": "2027-11-25"}, "at most 12 months"),
        ("Sign and approve", {"valid_until": "2026-11-23"}, "lies in the past"),
        ("Sign and approve", {"levator_left": ""}, "droop examination is incomplete"),
        ("Sign and approve", {"dermatochalasis": "moderate"}, "tick at least one mitigation"),
        ("Sign and approve", {"mrd1_right": "2", "mrd1_left": "2"}, "at least one mitigation"),
        (
            "Sign and approve",
            {"dermatochalasis": "moderate", "rating_overruled": "low", "rating_because": ""},
            "You overrule the rating: write why",
        ),
        (
            "Sign and approve",
            {"mrd1_right": "2", "mrd1_left": "2", "mitigations": ["concentrated"], "why": ""},
            "write why you approve all the same",
        ),
        ("Sign and send the question", {"decision": "ask", "question": ""}, "Write your question"),
        (
            "Sign and defer",
            {"decision": "defer", "defer_words": "Later.", "defer_until": "2026-11-24"},
            "a date after today",
        ),
        (
            "Sign and defer",
            {"decision": "defer", "defer_words": "", "defer_until": "2027-02-01"},
            "Write why",
        ),
        ("Sign and decline", {"decision": "decline", "decline_words": ""}, "Write the reason"),
        (
            "Sign and refer",
            {"decision": "refer", "refer_to": "", "refer_words": "Lids."},
            "Write to whom you refer",
        ),
        (
            "Sign and refer",
            {"decision": "refer", "refer_to": "Eye clinic", "refer_words": ""},
            "Write why",
        ),
    ],
)
def test_what_is_missing_is_said_signs_nothing_and_keeps_the_page(
    cast, page, consultation, button, typed, words
):
    form = examined(page(), **typed)

    again = form.press(button, status=422)

    assert words in again.text
    assert nothing_signed(cast.cal, consultation)
    assert shown(again) == content(form)


@pytest.mark.parametrize(
    ("answers", "typed", "words"),
    [
        ({"toxin-allergy": {"value": "yes"}}, {}, "Overrule it with a written reason"),
        ({"toxin-allergy": {"value": "yes"}}, {ALLERGY: ""}, "Overrule it with a written"),
        ({"pregnancy": {"value": "yes"}}, {}, "can’t be overruled. Defer instead."),
        ({"blood-thinners": {"value": "yes"}}, {"why": ""}, "write why you approve all the same"),
    ],
)
def test_a_flag_without_a_written_reason_stands_in_the_way(
    cast, page, consultation, answers, typed, words
):
    form = examined(page(**answers))
    for name, value in typed.items():
        form.put(name, value)

    again = form.press("Sign and approve", status=422)

    assert words in again.text
    assert shown(again) == content(form)
    assert nothing_signed(cast.cal, consultation)


def test_a_flag_overruled_with_a_reason_is_signed_and_the_reason_is_read_beside_it(page):
    form = examined(page(**{"toxin-allergy": {"value": "yes"}})).put(ALLERGY, "It was a bruise.")

    signed = form.press("Sign and approve")

    assert "Overruled: It was a bruise." in signed.text


def test_pregnancy_offers_no_field_to_overrule_it_and_takes_no_forged_one(cast, page, consultation):
    read = page(pregnancy={"value": "yes"})

    form = examined(read).put("overrule-pregnancy.absolute.both.any", "She insists.")
    again = form.press("Sign and approve", status=422)

    assert "Can’t be overruled." in read.text
    assert "overrule-pregnancy" not in read.html
    assert "Defer instead." in again.text
    assert nothing_signed(cast.cal, consultation)


def test_a_rating_overruled_with_a_reason_is_read_beside_the_rules_own(page):
    signed = examined(
        page(),
        dermatochalasis="moderate",
        rating_overruled="low",
        rating_because="Lids lift well.",
    ).press("Sign and approve")

    assert "Droop risk: moderate" in signed.text
    assert "Overruled to low: Lids lift well." in signed.text
