"""The review: what the physician reads, and a draft that keeps whatever was typed."""

import pytest

from clinic.screening import services
from clinic.screening.models import Decision
from clinic.screening.views.review_page import zone_marks
from tests.factories import at, make_intake, make_visit, sign, staff_actor
from tests.screening.page import (
    NOTE,
    address,
    draft_of,
    examined,
    flag_cards,
    newest_note,
    review_form,
    shown,
    signed_count,
)

ANSWERED = {
    "blood-thinners": {"value": "yes", "note": "zolvatrine"},
    "toxin-allergy": {"value": "yes"},
    "pregnancy": {"value": "not-sure"},
}


# What is read.


def test_flags_come_first_and_the_strongest_first(page):
    read = page(**ANSWERED)

    cards = flag_cards(read)
    levels = [card.partition(":")[0] for card in cards[:-1]]
    assert levels == ["Absolute", "Absolute", "Caution"]
    assert read.text.index("Absolute: ") < read.text.index("I look cross")


@pytest.mark.parametrize("part", ["Because", "Source:"])
def test_each_flag_says_what_raised_it_and_whose_rule_it_is(page, part):
    cards = flag_cards(page(**ANSWERED))

    assert [part in card for card in cards[:-1]] == [True, True, True]


def test_a_flag_gives_the_answer_that_raised_it_the_reason_and_the_source(page):
    (card, _rest) = flag_cards(page(**{"toxin-allergy": {"value": "yes"}}))

    assert card.startswith("Absolute: ")
    assert "Botox. Because " in card
    assert "Hypersensitivity to any botulinum toxin product or ingredient." in card
    assert "Source: " in card


def test_the_physician_reads_words_areas_answers_and_age(page):
    text = page(**ANSWERED).text

    assert "36 years, born 2 March 1990." in text
    assert "First visit." in text
    assert "I look cross in photos." in text
    assert "“Heavy eyes.”" in text
    assert "years, 3 of 5" in text
    assert "zolvatrine" in text
    assert "Frown lines" in text


@pytest.mark.parametrize(
    ("seen", "mark"),
    [
        ({"in_motion": True, "at_rest": False}, "m"),
        ({"in_motion": False, "at_rest": True}, "r"),
        ({"in_motion": True, "at_rest": True}, "m r"),
        ({"volume": True}, "r"),
        ({"bulk": True}, "r"),
        ({"bulk": True, "side": "left"}, "r only-l"),
        ({"hdss": 3, "creams_failed": True, "side": "right"}, "r only-r"),
        ({"in_motion": True, "side": "right"}, "m only-r"),
        ({"in_motion": True, "side": "both"}, "m"),
    ],
)
def test_an_area_is_marked_on_the_face_as_it_is_seen(seen, mark):
    assert zone_marks({"concerns": [{"area": "forehead", **seen}]}) == {"forehead": mark}


def test_the_side_and_which_of_the_two_are_read_beside_the_area(cast, consultation, ana):
    told = [
        {"area": "cheeks", "volume": True, "how": "deep", "side": "left"},
        {"area": "masseter", "bulk": True, "how": "clear"},
        {"area": "chin", "volume": True, "how": "little"},
    ]
    make_intake(cast.cal, concerns=told)

    text = ana.get(address(consultation)).text

    assert "a lot, left side" in text
    assert "clearly, both sides" in text
    assert "profile: small chin; a little" in text


def test_the_face_carries_a_mark_for_each_area_that_the_patient_named(page):
    assert page().html.count('class="zone m"') == 2


def drawings(page):
    """The figures on a page, by name."""
    figures = [(e.get("href") or "").partition("#")[2] for e in page.root.iter() if "use" in e.tag]
    return [name for name in figures if name in ("face", "armpits", "hands")]


def marked(page, figure):
    """The class of the one zone on the drawing of *figure*."""
    (svg,) = [
        svg
        for svg in page.root.iter()
        if "svg" in svg.tag and any((e.get("href") or "").endswith(f"#{figure}") for e in svg)
    ]
    (zone,) = [e.get("class") for e in svg if (e.get("class") or "").startswith("zone ")]
    return zone


ARMPITS = {"area": "axillae", "hdss": 3, "creams_failed": True, "side": "left"}
PALMS = {"area": "palms", "hdss": 4, "creams_failed": True, "side": "both"}
CHEEKS = {"area": "cheeks", "volume": True, "how": "deep"}


@pytest.mark.parametrize(
    ("named", "drawn"),
    [
        ([CHEEKS], ["face"]),
        ([CHEEKS, ARMPITS], ["face", "armpits"]),
        ([PALMS, CHEEKS], ["face", "hands"]),
        ([PALMS, CHEEKS, ARMPITS], ["face", "armpits", "hands"]),
        ([PALMS, ARMPITS], ["armpits", "hands"]),
        ([ARMPITS], ["armpits"]),
    ],
)
def test_armpits_and_hands_are_drawn_where_the_patient_named_them(
    cast, consultation, ana, named, drawn
):
    make_intake(cast.cal, concerns=named)

    read = ana.get(address(consultation))

    assert drawings(read) == drawn
    assert ("figures-body" in read.html) == (drawn != ["face"])


def test_without_a_form_the_face_alone_is_drawn(ana, consultation):
    assert drawings(ana.get(address(consultation))) == ["face"]


def test_sweating_is_marked_on_the_side_that_the_patient_named(cast, consultation, ana):
    make_intake(cast.cal, concerns=[ARMPITS, PALMS])

    read = ana.get(address(consultation))

    assert (marked(read, "armpits"), marked(read, "hands")) == ("zone r only-l", "zone r")
    assert "Armpits, left side" in read.text
    assert "Hands, both sides" in read.text


def test_hands_that_a_draft_allows_are_drawn_and_said_not_to_be_named(page, consultation, ana):
    examined(page(), toxin_areas=["forehead", "palms"]).press("Save draft")

    read = ana.get(address(consultation))

    assert drawings(read) == ["face", "hands"]
    assert marked(read, "hands") == "zone unasked"
    assert "<b>Hands</b><span>not named by the patient</span>" in read.html
    assert "grade-palms-hdss" not in dict(review_form(read).fields)


def test_hands_ticked_for_a_modality_that_is_not_chosen_are_not_drawn(page, consultation, ana):
    typed = {"modality": "filler", "filler_areas": ["cheeks"], "toxin_areas": ["palms"]}
    examined(page(), **typed).press("Save draft")

    assert drawings(ana.get(address(consultation))) == ["face"]


def test_the_key_names_solid_areas_where_the_face_has_one(cast, consultation, ana, page):
    assert "</span>at rest</span>" not in page().html

    make_intake(cast.cal, concerns=[CHEEKS])

    assert "</span>at rest</span>" in ana.get(address(consultation)).html


def test_the_grade_of_sweating_is_kept_counts_and_stands_in_the_note(cast, consultation, ana):
    mild = {**ARMPITS, "hdss": 1}
    make_intake(cast.cal, concerns=[mild])
    graded = examined(ana.get(address(consultation)), toxin_areas=["axillae"])
    assert "Pattern: none yet" in ana.get(address(consultation)).text

    again = graded.put("grade-axillae-hdss", "3").press("Save draft")
    assert shown(again)["grade-axillae-hdss"] == "3"
    assert "Pattern: Botox" in again.text

    examined(again, toxin_areas=["axillae"]).press("Sign and approve")
    assert "Armpits, HDSS3" in ana.get(f"/notes/{newest_note(cast.cal).public_id}").text


@pytest.mark.parametrize("typed", ["0", "5", "2.5", "often"])
def test_a_grade_of_sweating_is_one_of_four(cast, consultation, ana, typed):
    make_intake(cast.cal, concerns=[PALMS])
    form = examined(ana.get(address(consultation)), toxin_areas=["palms"])

    again = form.put("grade-palms-hdss", typed).press("Save draft", status=422)

    assert "Grades of sweating are 1, 2, 3 or 4" in again.text
    assert 'href="#grade-palms-hdss"' in again.html
    assert shown(again)["grade-palms-hdss"] == typed
    assert draft_of(consultation).findings["grades"] == {}


def test_nothing_flagged_is_said_and_never_called_a_low_risk(page):
    read = page()

    assert "Nothing flagged" in read.text
    assert "Droop risk: not assessed" in read.text
    assert "Droop risk: low" not in read.text


def test_a_consultation_without_a_form_says_so(ana, consultation):
    text = ana.get(address(consultation)).text

    assert "The patient has sent no form: ask before you decide." in text
    assert "No form yet." in text


def test_earlier_visits_approvals_and_notes_are_on_the_page(cast, ana, consultation):
    make_intake(cast.cal)
    sign(consultation, cast.ana_user, cast.ana)

    page = ana.get(address(consultation))

    assert "Earlier approvals" in page.text
    assert "until 24 May 2027 In force" in page.text
    assert page.follow("Approved, Tue 24 November").heading == "Approved"


def test_a_fresh_page_proposes_a_last_day_and_nothing_clinical(page):
    typed = shown(page())

    assert typed.pop("valid_until") == "2027-05-24"
    chosen = {name: value for name, value in typed.items() if value not in ("", [])}
    assert set(chosen) == {"toxin_product", "filler_product"}


# The droop rating.


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({}, "Droop risk: low"),
        ({"dermatochalasis": "moderate"}, "Droop risk: moderate, because"),
        ({"mrd1_right": "2", "mrd1_left": "2"}, "Droop risk: high, because"),
        ({"levator_left": ""}, "Droop risk: not assessed"),
    ],
)
def test_the_rating_follows_the_findings_without_a_script(page, findings, words):
    worked_out = examined(page(), **findings).press("Work out the rating")

    assert words in worked_out.text


def test_what_is_missing_is_named(page):
    worked_out = examined(page(), levator_left="").press("Work out the rating")

    assert "Missing: levator left." in worked_out.text
    assert "Until then Botox in the upper face can’t be approved." in worked_out.text


def test_the_rating_of_a_page_in_work_is_answered_and_stored_nowhere(page, consultation, ana):
    form = examined(page(), dermatochalasis="moderate")

    response = ana.raw_post(f"{address(consultation)}/rating", form.fields)

    text = response.get_data(as_text=True)
    assert (response.status_code, "Droop risk: moderate" in text) == (200, True)
    assert "Sign and approve" in text
    assert draft_of(consultation) is None


# A draft.


def test_a_saved_draft_comes_back_as_it_was_typed(page, ana, consultation):
    typed = {
        "text": "First line\r\n<b>second</b>",
        "brow_right": "below",
        "mrd1_right": "3,5",
        "lowest_line_cm": "1.5",
        "short_forehead": "y",
        "grade-forehead-moving": "3",
        "overrule-toxin-allergy.absolute.toxin.any": "It was a bruise.",
        "rating_overruled": "high",
        "rating_because": "Tired lids.",
        "private": "gravelornish",
        "mitigations": ["away-from-levator", "concentrated"],
    }
    before = page(**ANSWERED)
    form = examined(before)
    for name, value in typed.items():
        form.put(name, value)

    form.press("Save draft")

    again = shown(ana.get(address(consultation)))
    expected = {**typed, "mrd1_right": "3.5"}
    assert {name: again[name] for name in typed} == expected


def test_a_half_filled_draft_is_saved_though_nothing_is_complete(page, consultation):
    saved = review_form(page()).set(text="Only this.").press("Save draft")

    assert "Draft saved." in saved.text
    assert draft_of(consultation).text == "Only this."


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("mrd1_right", "abc", "a number from -5 to 8 mm"),
        ("mrd1_left", "8.1", "a number from -5 to 8 mm"),
        ("levator_right", "21", "a number from 0 to 20 mm"),
        ("levator_left", "4.55", "at most one decimal"),
        ("lowest_line_cm", "NaN", "a number from 0 to 10 cm"),
        ("toxin_ceiling", "0", "enter whole units from 1 to 400"),
        ("toxin_ceiling", "12.5", "enter whole units from 1 to 400"),
        ("toxin_ceiling", "٤٠", "enter whole units from 1 to 400"),
        ("filler_ceiling", "0", "a number from 0.1 to 20 ml"),
        ("grade-forehead-moving", "4", "Grades are 0, 1, 2 or 3"),
        ("rating_because", "x" * 501, "Use at most 500 characters"),
    ],
)
@pytest.mark.parametrize("button", ["Save draft", "Sign and approve"])
def test_a_wrong_value_stays_on_the_page_says_what_fits_and_signs_nothing(
    page, cast, consultation, name, typed, words, button
):
    again = examined(page()).put(name, typed).press(button, status=422)

    assert words in again.text
    assert shown(again)[name] == typed
    assert shown(again)["text"] == NOTE
    assert signed_count(cast.cal) == 0


def test_what_is_right_is_saved_beside_what_is_wrong(page, consultation):
    examined(page(), mrd1_right="abc").press("Save draft", status=422)

    assert draft_of(consultation).text == NOTE
    assert "mrd1_right" not in draft_of(consultation).findings


def test_a_draft_saved_with_a_mistake_can_be_saved_again_from_the_same_page(page, consultation):
    again = examined(page(), mrd1_right="abc").press("Save draft", status=422)

    review_form(again).set(mrd1_right="4").press("Save draft")

    assert draft_of(consultation).findings["mrd1_right"] == "4"
    assert draft_of(consultation).version == 2


def test_a_colleague_who_cares_sees_the_draft_and_goes_on_with_it(cast, page, eli, consultation):
    examined(page()).press("Save draft")
    services.take_review(cast.cal, actor=staff_actor(cast.eli_user, cast.eli))

    assert shown(eli.get(address(consultation)))["text"] == NOTE


def test_the_next_patient_of_the_queue_is_one_link_away(cast, page, ana):
    first = page()
    make_intake(cast.dee)
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 12))

    again = ana.get(first.path)

    assert "1 of 2" in again.text
    assert again.follow("Next patient").heading == "Dee Novak"


def test_a_decided_consultation_shows_its_note_before_a_further_decision(
    cast, page, ana, consultation
):
    page()
    sign(consultation, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised.")

    again = ana.get(address(consultation))

    assert "Declined, Tue 24 November" in again.text
    assert "A new signature below is a further decision" in again.text
