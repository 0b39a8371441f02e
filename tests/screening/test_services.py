"""Reviews taken, flags kept, addenda and replies: written once, never changed."""

import pytest
from sqlalchemy.exc import DBAPIError

from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.screening import queries, rules, services
from clinic.screening.models import Addendum, Decision, Flag, Review
from clinic.screening.rules import Area, Level, Scope, ScopeModality, Topic
from tests.factories import TESTER, at, make_approval, make_visit, sign, staff_actor


@pytest.fixture
def ana(cast):
    return staff_actor(cast.ana_user, cast.ana)


@pytest.fixture
def asked(cast):
    """A signed note whose decision is a question."""
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return sign(visit, cast.ana_user, cast.ana, Decision.ASK, question="Since when?")


def test_taking_a_review_again_moves_its_time_and_keeps_one_row(cast, ana, travel):
    services.take_review(cast.cal, actor=ana)
    travel(at(25, 9))
    services.take_review(cast.cal, actor=ana)

    (taken,) = db.session.scalars(db.select(Review)).all()
    assert taken.taken_at >= at(25, 9)


FLAG = rules.Flag(
    topic=Topic.INFECTION_AT_SITE,
    level=Level.ABSOLUTE,
    scope=Scope(ScopeModality.TOXIN, areas=(Area.LIPS,)),
    causes=("history.infection-at-site = yes",),
    reason="Contraindication.",
    source="BC",
)


def test_a_flag_is_kept_with_scope_reason_source_version_and_overruling(cast):
    intake = intakes.start_for(cast.cal, actor=TESTER)
    key = services.flag_key(FLAG)

    services.store_flags((FLAG,), cast.cal.data_key, intake=intake, overruled={key: "Healed."})

    (kept,) = db.session.scalars(db.select(Flag).where(Flag.intake_id == intake.id)).all()
    assert (kept.level, kept.rule_version) == (Level.ABSOLUTE, FLAG.rule_version)
    assert kept.body == {
        "topic": "infection-at-site",
        "modality": "toxin",
        "areas": ["lips"],
        "product": None,
        "raised_by": "history.infection-at-site = yes",
        "reason": "Contraindication.",
        "source": "BC",
    }
    assert kept.overruled_because == "Healed."


def test_the_key_of_a_flag_names_topic_level_modality_and_product():
    assert services.flag_key(FLAG) == "infection-at-site.absolute.toxin.any"


def test_addenda_stand_beside_the_note_with_their_own_author_and_leave_it_as_it_was(cast, ana):
    note = make_approval(cast)
    before = (note.text, note.signed_at, note.version)

    services.add_addendum(note, "First.", actor=ana)
    services.add_addendum(note, "Second.", actor=staff_actor(cast.eli_user, cast.eli))

    db.session.refresh(note)
    assert [(a.text, a.practitioner.name) for a in note.addenda] == [
        ("First.", "Dr Ana Silva"),
        ("Second.", "Dr Eli Stone"),
    ]
    assert (note.text, note.signed_at, note.version) == before


def test_an_addendum_is_never_changed_or_taken_away(cast, ana):
    services.add_addendum(make_approval(cast), "First.", actor=ana)

    with pytest.raises(DBAPIError, match="truth 4"), transaction():
        db.session.execute(db.update(Addendum).values(at=at(25, 9)))
    with pytest.raises(DBAPIError, match="truth 4"), transaction():
        db.session.execute(db.delete(Addendum))


def test_a_question_is_answered_once(asked):
    services.reply(asked, "Since May.", actor=TESTER)

    with pytest.raises(services.AlreadyAnswered):
        services.reply(asked, "No, since June.", actor=TESTER)

    assert asked.reply.text == "Since May."


def test_a_draft_that_is_undone_leaves_nothing(cast, ana):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    with pytest.raises(ZeroDivisionError), transaction():
        services.save_draft(
            visit, cast.cal, None, 0, text="Half.", findings={}, decided={}, actor=ana
        )
        _ = 1 / 0

    assert queries.draft_note(visit) is None
