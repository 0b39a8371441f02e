"""A decision as its patient reads it, page and letter: what it says, and what it never says."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.screening import services as screening
from clinic.screening.models import Decision
from tests import factories
from tests.decisions.notes import address, consult_again, decide
from tests.factories import at, make_approval, make_visit
from tests.full_record import by_code, found_in
from tests.statements import statements
from tests.visitor import NS

SAID = {
    Decision.APPROVE: [
        "Approved: Botox and filler",
        "Forehead (lines across), Frown lines (between the brows)",
        "Cheeks, Frown lines (between the brows)",
        "24 May 2027, that day included",
        "Only when the cold sore is gone.",
    ],
    Decision.ASK: ["A question to you", "Which cream did you use?", "None yet"],
    Decision.DEFER: ["Not now", "1 February 2027", "After the birth."],
    Decision.DECLINE: ["Not approved", "It would not help you."],
    Decision.REFER: ["A specialist first", "Eye clinic", "Your lids first."],
}
BY_WHOM = "Dr Ana Silva, after examining you on 24 November 2026"

# What was written for colleagues, in words that occur nowhere else, and what the rules made of it.
FOR_COLLEAGUES = [
    "gravelornish",  # the private reason
    "morklesome",  # why, given the flags
    "Examined and discussed.",  # the note itself
    "oddrimental",  # why a flag was overruled
    "snorvickery",  # an addendum
    "zolvatrine",  # what was noted beside an answer
    "blood thinners",
    "Caution",
    "MRD1",
    "levator",
    "brow bone",
    "roop risk",
    "moderate",
    "onabotulinumtoxinA",
    "40 units",
]
PARTS = ("", "/letter")
both = pytest.mark.parametrize("part", PARTS, ids=["page", "letter"])
every = pytest.mark.parametrize("decision", Decision)


# What it says.


@every
@both
def test_a_decision_is_read_in_the_words_meant_for_the_patient(cast, cal, decision, part):
    page = cal.get(address(decide(cast, decision), part))

    assert page.heading == SAID[decision][0]
    assert [words for words in [*SAID[decision], BY_WHOM] if words not in page.text] == []


@every
@both
def test_nothing_that_was_written_for_colleagues_is_in_it(cast, cal, decision, part):
    page = cal.get(address(decide(cast, decision), part))

    assert found_in(page.html, FOR_COLLEAGUES) == []


def test_control_the_physicians_page_of_the_same_note_has_all_of_that(cast, signed_in):
    note = decide(cast, Decision.APPROVE)

    page = signed_in(cast.ana_user).get(f"/notes/{note.public_id}")

    missing = set(FOR_COLLEAGUES) - set(found_in(page.html, FOR_COLLEAGUES))
    assert missing == {"zolvatrine"}  # an answer of the form, which the note does not repeat


@every
def test_the_letter_has_sender_patient_day_and_physician_and_leads_nowhere(cast, cal, decision):
    letter = cal.get(address(decide(cast, decision), "/letter"))
    sheet = next(e for e in letter.root.iter(f"{NS}article"))
    text = " ".join("".join(sheet.itertext()).split())

    for part in (cast.site.clinic.name, cast.site.address, cast.site.phone, "Cal Ortega"):
        assert part in text
    assert "24 November 2026" in text
    assert text.count("Dr Ana Silva") == 2
    assert "@" not in text
    assert "1990" not in text
    assert list(sheet.iter(f"{NS}a")) == []


@both
def test_the_map_tells_botox_from_filler_by_pattern_and_says_the_same_in_words(cast, cal, part):
    page = cal.get(address(decide(cast, Decision.APPROVE), part))
    shapes = {e.get("href"): e.get("class") for e in page.root.iter() if e.get("href")}
    drawn = {
        path.get("id"): group.get("class")
        for group in page.root.iter()
        for path in group
        if (path.get("id") or "").startswith("ap-") and "ap-" in (group.get("class") or "")
    }

    assert drawn == {"ap-forehead": "ap-toxin", "ap-glabella": "ap-toxin", "ap-cheeks": "ap-filler"}
    assert shapes["#ap-glabella"] == "ap-filler"
    assert "#ap-forehead" not in shapes
    assert (
        "Botox: Forehead (lines across), Frown lines (between the brows). "
        "Filler: Cheeks, Frown lines (between the brows)." in page.text
    )


def test_sweating_is_drawn_on_the_body_and_its_own_figures_are_given(cast, cal):
    note = make_approval(cast, toxin_areas=["axillae", "palms"])

    page = cal.get(address(note))

    assert "Approved: armpits, both sides" in page.text
    assert "Approved: both hands" in page.text
    assert "The approved areas" not in page.text  # no face without a place on it
    assert "armpits after about 6 to 7 months, in the hands after about 3 to 9" in page.text
    assert "lines after" not in page.text


@pytest.mark.parametrize(
    ("areas", "named"),
    [
        (["forehead", "glabella"], None),
        (["forehead"], "(“off-label”): Forehead (lines across)."),
        (["glabella", "masseter"], "(“off-label”): Jaw muscle."),
    ],
)
def test_places_outside_the_label_are_named(cast, cal, areas, named):
    text = cal.get(address(make_approval(cast, toxin_areas=areas))).text

    assert ("off-label" in text) == (named is not None)
    assert named is None or named in text


# Who reads it.


@both
def test_by_code_it_opens_until_there_is_an_account(app, cast, part):
    note = make_approval(cast)
    by_code(app, cast.cal).get(address(note, part))

    factories.make_account(cast.cal)

    by_code(app, cast.cal).get(address(note, part), status=404)


@both
def test_it_is_nobody_elses(app, cast, signed_in, anyone, part):
    path = address(make_approval(cast), part)

    by_code(app, cast.dee).get(path, status=404)
    for staff in (cast.ana_user, cast.bea, cast.max):
        assert "Botox" not in signed_in(staff).get(path, status=403).text
    assert anyone.get(path).path.startswith("/sign-in")


def test_a_note_that_is_not_signed_is_not_there(cast, cal):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    draft = screening.save_draft(
        visit,
        cast.cal,
        None,
        0,
        text="x",
        findings={},
        decided={},
        actor=factories.staff_actor(cast.ana_user, cast.ana),
    )

    cal.get(address(draft), status=404)


def test_an_older_record_costs_no_more_to_read(cast, cal):
    first = make_approval(cast)
    with statements() as for_one:
        cal.get(address(first))
    for hour in (13, 14, 15):
        newest = consult_again(cast, hour=hour)
    db.session.rollback()
    with statements() as for_four:
        cal.get(address(newest))

    assert len(for_four) <= len(for_one)
