"""Sending a form: closed for good, with its flags and the wording that was shown."""

import pytest
from sqlalchemy.exc import DBAPIError

from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import submit
from clinic.screening.models import Flag
from clinic.screening.rules import RULE_VERSION
from tests.factories import ANSWERS, TESTER, make_intake


@pytest.fixture
def draft(cast):
    begun = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(begun, "all", ANSWERS, actor=TESTER)
    return begun


def test_the_wording_of_each_question_is_kept_as_it_was_shown(cast, draft):
    sent = submit.intake(draft, cast.cal, actor=TESTER)

    asked = {topic: given["asked"] for topic, given in sent.document["answers"].items()}
    assert asked == {q.topic: str(q.asked) for q in CURRENT.questions}
    assert sent.document["locale"] == "en"
    assert sent.questionnaire_version == CURRENT.version


def test_G6_its_flags_are_kept_with_text_and_version(cast):
    sent = make_intake(cast.cal, answers={"pregnancy": {"value": "not-sure"}})

    flags = db.session.scalars(db.select(Flag).where(Flag.intake_id == sent.id)).all()
    pregnancy = next(f for f in flags if f.body["topic"] == "pregnancy")
    assert (pregnancy.level, pregnancy.rule_version) == ("absolute", RULE_VERSION)
    assert pregnancy.body["modality"] == "both"
    assert pregnancy.body["raised_by"] and pregnancy.body["reason"] and pregnancy.body["source"]


def test_a_form_with_nothing_to_flag_keeps_no_flag_of_its_history(cast):
    sent = make_intake(cast.cal)

    flags = db.session.scalars(db.select(Flag).where(Flag.intake_id == sent.id)).all()
    assert [f for f in flags if f.level == "absolute"] == []


def test_a_sent_form_is_not_saved_again(cast, draft):
    submit.intake(draft, cast.cal, actor=TESTER)

    with pytest.raises(intakes.AlreadySent):
        intakes.save(draft, "words", {"words": {"change": "Else"}}, actor=TESTER)
    with pytest.raises(intakes.AlreadySent):
        submit.intake(draft, cast.cal, actor=TESTER)


def test_the_database_keeps_a_sent_form_as_it_is(cast, draft):
    submit.intake(draft, cast.cal, actor=TESTER)

    with pytest.raises(DBAPIError, match="truth 4"), transaction():
        draft.document = {"answers": {}}


def test_each_form_supersedes_the_one_before(cast):
    first, second, third = (make_intake(cast.cal) for _one in range(3))

    chain = [(form.id, form.supersedes_id) for form in (first, second, third)]

    assert chain == [(first.id, None), (second.id, first.id), (third.id, second.id)]


def test_a_new_form_starts_with_the_answers_of_the_last(cast):
    make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})

    draft = intakes.start_for(cast.cal, actor=TESTER)

    assert draft.document["answers"]["breastfeeding"]["value"] == "yes"
    assert intakes.start_for(cast.cal, actor=TESTER).id == draft.id


def without(topic):
    return {t: given for t, given in ANSWERS["answers"].items() if t != topic}


@pytest.mark.parametrize(
    ("part", "value", "pages"),
    [
        ("answers", without("pregnancy"), ["health"]),
        ("answers", without("recent-toxin"), ["medicines"]),
        ("answers", {}, ["health", "conditions", "medicines", "wishes"]),
        ("distress", {}, ["wishes"]),
        ("concerns", [], ["where"]),
        ("words", {}, ["words"]),
    ],
)
def test_an_unfinished_form_is_not_sent_and_says_where(cast, part, value, pages):
    draft = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(draft, "all", {**ANSWERS, part: value}, actor=TESTER)

    with pytest.raises(intakes.Unfinished) as lacking:
        submit.intake(draft, cast.cal, actor=TESTER)

    assert lacking.value.pages == pages
    assert db.session.scalars(db.select(Intake.submitted_at)).all() == [None]
    assert db.session.scalars(db.select(Flag)).all() == []
