"""G6: a decision keeps the rules it was made under, whatever the rules say later."""

from dataclasses import replace

import pytest

from clinic.database import db
from clinic.journey import assess, submit
from clinic.screening.models import Flag
from clinic.screening.rules import RULE_VERSION
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import ANSWERS, at, make_intake, make_visit, sign

THINNERS = {"blood-thinners": {"value": "yes", "note": "fish oil"}}


@pytest.fixture
def note(cast):
    """Ana's approval of today, with a flag for blood thinners."""
    make_intake(cast.cal, answers=THINNERS)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return sign(visit, cast.ana_user, cast.ana)


@pytest.fixture
def new_rules(note, monkeypatch):
    """From now on the rules have another version, another reason, another source."""
    told = submit.rules.evaluate

    def evaluate(case):
        found = told(case)
        flags = tuple(
            replace(f, rule_version="2099.9", reason="A newer reason.", source="NEW")
            for f in found.flags
        )
        return replace(found, flags=flags, rule_version="2099.9")

    monkeypatch.setattr(submit.rules, "evaluate", evaluate)
    monkeypatch.setattr(assess.rules, "evaluate", evaluate)
    monkeypatch.setattr("clinic.screening.rules.RULE_VERSION", "2099.9")


def thinners(**where):
    flags = db.session.scalars(db.select(Flag).filter_by(**where)).all()
    return next(flag for flag in flags if flag.body["topic"] == "blood-thinners")


def test_G6_the_signed_note_still_shows_text_version_and_input_of_its_rules(
    cast, note, new_rules, signed_in
):
    reason = thinners(note_id=note.id).body["reason"]

    page = signed_in(cast.ana_user).get(f"/notes/{note.public_id}").text

    assert reason and reason != "A newer reason."
    assert reason in page
    assert f"Rules {RULE_VERSION}." in page
    assert "answered “yes” to blood thinners" in page
    assert "2099.9" not in page
    assert "A newer reason." not in page


def test_G6_the_stored_flags_of_form_and_note_stay_as_they_were(cast, note, new_rules):
    before = [(thinners(note_id=note.id).body, thinners(intake_id=note.intake_id).body)]

    newer = make_intake(cast.cal, answers=THINNERS, words={**ANSWERS["words"], "fears": "None."})

    db.session.rollback()
    assert [(thinners(note_id=note.id).body, thinners(intake_id=note.intake_id).body)] == before
    assert thinners(note_id=note.id).rule_version == RULE_VERSION
    assert thinners(intake_id=newer.id).rule_version == "2099.9"
    assert thinners(intake_id=newer.id).body["reason"] == "A newer reason."


def test_G6_a_rule_that_reads_otherwise_but_says_no_more_pauses_nothing(cast, note, new_rules):
    make_intake(cast.cal, answers=THINNERS)

    (approval,) = treatment.approvals_of(cast.cal.id)
    assert treatment.state_of(approval) == ApprovalState.IN_FORCE


def test_G6_the_form_still_shows_the_question_as_it_was_asked(cast, note):
    asked = note.intake.document["answers"]["blood-thinners"]["asked"]

    assert asked.startswith("Do you take blood thinners")
    assert note.intake.questionnaire_version
