"""The examination and the dose on the page: live, without scripts, and kept with the note."""

import pytest

from clinic.screening.models import Decision
from tests.factories import at, make_intake, make_visit, sign
from tests.screening.page import (
    address,
    draft_of,
    examined,
    flag_cards,
    newest_note,
    review_form,
    shown,
)
from tests.visitor import words

LID = {
    "snap_back_right": "1.9",
    "snap_back_left": "0",
    "distraction_right": "8",
    "distraction_left": "7.9",
}
RECENT = {"date": "2026-11-01", "product": "onabotulinumtoxinA", "units": "380", "where": "neck"}


def part(page, id):
    """The words of the one element with this id."""
    (found,) = [element for element in page.root.iter() if element.get("id") == id]
    return words(found)


def live(ana, consultation, form):
    """What the page is sent while it is typed on."""
    response = ana.raw_post(f"{address(consultation)}/rating", form.fields)
    assert response.status_code == 200
    return response.get_data(as_text=True)


# The lower lid.


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Lower lid: not measured"),
        (LID, "Lower lid: not lax"),
        ({**LID, "snap_back_right": "2"}, "Lower lid: lax, because snap-back right 2.0 s"),
        ({**LID, "distraction_left": "8.1"}, "Lower lid: lax, because distraction left 8.1 mm"),
        ({"snap_back_right": "1"}, "Missing: snap-back left, distraction right, distraction left."),
        ({"snap_back_right": "3"}, "Missing: snap-back left, distraction right, distraction left."),
    ],
)
def test_the_lower_lid_is_judged_apart_with_scripts_and_without(
    page, ana, consultation, typed, says
):
    form = examined(page(), **typed)

    assert says in live(ana, consultation, form)
    worked_out = form.press("Work out the rating")
    assert says in part(worked_out, "lower-lid")
    assert "Droop risk: low" in part(worked_out, "rating")


@pytest.mark.parametrize("typed", [{}, {"snap_back_right": "1"}])
def test_a_lower_lid_that_is_not_wholly_measured_is_never_called_firm(page, typed):
    assert "not lax" not in part(examined(page(), **typed).press("Save draft"), "lower-lid")


@pytest.mark.parametrize(
    ("name", "inside", "beyond", "unit"),
    [
        ("snap_back_right", "30", "30.1", "0 to 30 seconds"),
        ("snap_back_left", "0", "-0.1", "0 to 30 seconds"),
        ("distraction_right", "20", "20.1", "0 to 20 mm"),
        ("distraction_left", "0", "-1", "0 to 20 mm"),
    ],
)
def test_each_sign_of_the_lower_lid_has_its_limits(page, consultation, name, inside, beyond, unit):
    refused = examined(page(), **{name: beyond}).press("Save draft", status=422)

    assert f"a number from {unit}" in refused.text
    assert name not in draft_of(consultation).findings
    review_form(refused).set(**{name: inside}).press("Save draft")
    assert draft_of(consultation).findings[name] == inside


def test_units_limits_and_what_is_usual_stand_beside_the_fields(page):
    text = page().text

    for limits in (
        "4–5 mm −5 to 8 mm",
        "12–15 mm or more 0 to 20 mm",
        "2 cm or more 0 to 10 cm",
        "at once, under 1 s 0 to 30 s",
        "8 mm or less 0 to 20 mm",
    ):
        assert limits in text


def test_how_far_apart_the_lids_stand_is_worked_out_though_no_rating_is_needed(
    cast, ana, consultation
):
    make_intake(cast.cal, concerns=[{"area": "masseter", "bulk": True, "how": "clear"}])
    form = review_form(ana.get(address(consultation))).set(mrd1_right="4.5", mrd1_left="3.2")

    rating = part(form.press("Work out the rating"), "rating")

    assert "Droop risk: not needed" in rating
    assert "Right and left 1.3 mm apart (usual: under 1)." in rating


def test_what_was_measured_is_read_on_the_signed_note(page):
    signed = examined(page(), **{**LID, "mrd1_left": "4.1", "snap_back_right": "2.5"}).press(
        "Sign and approve"
    )

    assert "Lower lid: lax, because snap-back right 2.5 s" in signed.text
    assert "distraction left7.9 mm" in signed.text
    assert "MRD1, right and left apart0.4 mm" in signed.text
    assert "Caution: lower-lid laxity" in signed.text


def test_a_note_that_was_signed_before_the_lower_lid_was_asked_is_still_read(
    cast, ana, consultation, monkeypatch
):
    make_intake(cast.cal)
    was = {"rating": "low", "fired": [], "missing": [], "overruled_to": None}
    monkeypatch.setattr("clinic.journey.decide.droop_document", lambda *_: was)
    note = sign(consultation, cast.ana_user, cast.ana)

    text = ana.get(f"/notes/{note.public_id}").text

    assert "Droop risk: low" in text
    assert "Lower lid" not in text


# What the patient said, beside the field that starts from it.


@pytest.mark.parametrize(
    ("answers", "beside"),
    [
        ({}, "said no"),
        (
            {"previous-droop-after-toxin": {"value": "yes", "times": "more"}},
            "said yes, more than once",
        ),
        (
            {"eyelid-or-face-surgery": {"value": "yes", "note": "Lids, 2019"}},
            "said yes“Lids, 2019”",
        ),
        ({"neuromuscular-disease": {"value": "not-sure"}}, "said not sure"),
    ],
)
def test_the_answers_that_the_examination_starts_from_stand_beside_their_fields(
    page, answers, beside
):
    assert beside in page(**answers).text


def test_an_answer_fills_in_no_finding(page):
    read = page(**{"previous-droop-after-toxin": {"value": "yes", "times": "more"}})

    assert "droop_after_toxin" not in shown(read)


# Flags, as what is typed raises others.


def test_flags_come_again_when_a_finding_raises_another_and_not_otherwise(page, ana, consultation):
    form = examined(page())
    same, other = (
        live(ana, consultation, form),
        live(ana, consultation, form.set(snap_back_left="4")),
    )

    assert 'id="flags"' not in same
    assert 'id="flags"' in other
    assert "Caution: lower-lid laxity" in other
    assert "Nothing else flagged" in other


def test_a_reason_that_is_being_typed_comes_back_with_the_flags(page, ana, consultation):
    form = examined(page(**{"toxin-allergy": {"value": "yes"}}), dermatochalasis="moderate")
    form.put("overrule-toxin-allergy.absolute.toxin.any", "It was a bruise.")

    assert 'value="It was a bruise."' in live(ana, consultation, form)


@pytest.mark.parametrize(
    ("answers", "word", "shape"),
    [
        ({"toxin-allergy": {"value": "yes"}}, "Absolute: ", "#stop"),
        ({"blood-thinners": {"value": "yes"}}, "Caution: ", "#alert"),
        ({"planned-surgery": {"value": "yes"}}, "Information: ", "#info"),
    ],
)
def test_each_level_has_a_word_and_a_shape_of_its_own(page, answers, word, shape):
    read = page(**answers)
    (card, rest) = [e for e in read.root.iter() if (e.get("class") or "").startswith("flag ")]

    assert words(card).startswith(word)
    assert [use.get("href").endswith(shape) for use in card.iter() if use.get("href")] == [True]
    assert words(rest).startswith("Nothing else flagged by answers and findings")


def test_what_was_written_beside_an_answer_is_told_with_the_flag(page):
    (card, _rest) = flag_cards(page(**{"blood-thinners": {"value": "yes", "note": "zolvatrine"}}))

    assert "answered “yes, zolvatrine” to blood thinners" in card


# The labelled dose beside the ceiling.


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ({}, "Label: forehead 20 + frown lines 20 = 40 units."),
        ({"toxin_areas": ["glabella"]}, "Label: frown lines 20 units."),
        (
            {"toxin_product": "abobotulinumtoxinA"},
            "Label: frown lines 50 units. Not on the label: forehead.",
        ),
        ({"toxin_areas": ["palms"]}, "Not on the label: hands."),
    ],
)
def test_the_label_of_the_chosen_product_and_areas_stands_beside_the_ceiling(
    page, ana, consultation, over, says
):
    form = examined(page(), **over)

    assert says in " ".join(live(ana, consultation, form).split())
    assert says in part(form.press("Work out the rating"), "dose-toxin")


@pytest.mark.parametrize(("ceiling", "warns"), [("40", False), ("41", True)])
def test_a_ceiling_above_the_label_is_a_caution_with_its_source_and_stops_nothing(
    page, cast, ceiling, warns
):
    worked_out = examined(page(), toxin_ceiling=ceiling).press("Work out the rating")
    dose = part(worked_out, "dose-toxin")

    assert ("Caution: above label dose" in dose) == warns
    assert ("Because the ceiling is 41 units" in dose) == warns
    assert ("Source: our rule" in dose) == warns
    examined(worked_out, toxin_ceiling=ceiling).press("Sign and approve")
    kept = [flag.body["topic"] for flag in newest_note(cast.cal).flags]
    assert ("above-label-dose" in kept) == warns


def test_a_ceiling_that_was_not_approved_leaves_no_flag(page, cast):
    examined(page(), toxin_ceiling="60", decline_words="Not advised.").press("Sign and decline")

    assert [flag.body["topic"] for flag in newest_note(cast.cal).flags] == []


@pytest.mark.parametrize(
    ("session", "says"),
    [
        (None, "Last 3 months: none told."),
        (RECENT, "Told since 24 August 2026: 380 units."),
        ({**RECENT, "date": "2026-08-23"}, "Last 3 months: none told."),
        ({**RECENT, "units": ""}, "1 session without product or units is not added."),
        ({**RECENT, "product": "abobotulinumtoxinA"}, "Last 3 months: none told."),
    ],
)
def test_what_the_patient_had_of_the_product_in_three_months_stands_beside_the_ceiling(
    page, session, says
):
    answers = {"recent-toxin": {"value": "yes", "session": session}} if session else {}

    assert says in part(examined(page(**answers)).press("Work out the rating"), "dose-toxin")


@pytest.mark.parametrize(("ceiling", "warns"), [("20", False), ("21", True)])
def test_above_four_hundred_units_with_what_was_told_is_a_caution(page, ceiling, warns):
    opened = page(**{"recent-toxin": {"value": "yes", "session": RECENT}})

    dose = part(examined(opened, toxin_ceiling=ceiling).press("Save draft"), "dose-toxin")

    assert ("Caution: cumulative dose" in dose) == warns
    assert ("the patient told of 380 units; you allow 21 units" in dose) == warns
    assert ("Source: Botox Cosmetic label" in dose) == warns


@pytest.mark.parametrize(
    ("ml", "warned"), [("6", []), ("6.1", ["Restylane"]), ("9.1", ["Restylane", "Juvederm Volux"])]
)
def test_the_volumes_on_record_stand_beside_a_fillers_ceiling(page, ana, consultation, ml, warned):
    filler = {"modality": "filler", "filler_areas": ["cheeks"], "filler_ceiling": ml}
    form = examined(page(), toxin_areas=[], **filler)

    worked_out = form.press("Work out the rating")

    dose = part(worked_out, "dose-filler")
    assert "Label: Restylane 6.0 ml; Juvederm Volux 9.0 ml." in dose
    assert [n for n in ("Restylane", "Juvederm Volux") if f"product {n} only" in dose] == warned
    assert part(worked_out, "dose-toxin") == ""


def test_before_areas_are_ticked_nothing_is_said_of_a_label(page):
    assert part(page(), "dose-toxin") == part(page(), "dose-filler") == ""


# What came before, on the same page.


@pytest.fixture
def before(cast):
    """One consultation of before this one, with as many signed notes; the newest declines."""

    def make(count):
        make_intake(cast.cal)
        visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
        for version in range(count):
            decision = Decision.DECLINE if version == count - 1 else Decision.APPROVE
            more = {"version": version, "decline_words": "Not advised.", "standing": "goes-on"}
            sign(visit, cast.ana_user, cast.ana, decision, **more)

    return make


def test_earlier_notes_approvals_and_visits_are_read_in_place(ana, before, cast):
    before(2)
    now = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))

    read = ana.get(address(now))

    assert "1 earlier visit." in read.text
    assert "Declined, 24 November 2026, Dr Ana Silva: “Examined and discussed.”" in read.text
    assert "Approved, 24 November 2026" in read.text
    assert "until 24 May 2027" in read.text
    assert read.follow("Declined, 24 November 2026").heading == "Declined"


def test_a_visit_to_come_is_no_earlier_one(cast, ana, page):
    opened = page()
    make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(30, 11))

    read = ana.get(opened.path)

    assert "First visit." in read.text
    assert "History" not in read.text


def test_of_a_long_history_the_newest_are_shown_and_the_rest_is_one_link_away(ana, before, cast):
    before(5)
    now = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))

    read = ana.get(address(now))

    assert read.text.count("“Examined and discussed.”") == 4
    assert read.follow("1 more in the record").heading == "Cal Ortega"
