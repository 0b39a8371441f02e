"""A whole record, as the database holds it and as a page shows it when it does not open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, text

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake.queries import latest_submitted
from clinic.journey import decide, resume, withdraw
from clinic.photos.queries import photos_of
from clinic.screening import asking
from clinic.screening import queries as screening_queries
from clinic.screening import services as screening
from clinic.screening.models import Decision
from clinic.treatment import services as approvals
from clinic.treatment.queries import approvals_of
from tests import factories
from tests.factories import TESTER
from tests.full_record import (
    CLINICAL,
    TYPED,
    FullRecord,
    account_of,
    found_in,
)
from tests.visitor import Person

# Further words that occur nowhere else: reasons, a reply, a decision declined.
REASONS = {
    "withdrawn": "quibberance",
    "resumed": "wendlefrost",
    "reply": "vantholic",
    "overruled": "hesperdine",
    "rating": "ollowmere",
    "declined": "trisquelling",
    "early-question": "wendlebrook",
    "early-reply": "farrowmint",
}
FLAG = "blood-thinners.caution.any.any"
TOPICS = ("blood-thinners", "blood thinners")  # of the flag that an answer raised
EVERYTHING_TYPED = (*TYPED.values(), *REASONS.values(), *TOPICS)


@pytest.fixture
def record(record, told) -> FullRecord:
    """Everything that a record can hold by now, with words in every field of free text."""
    return told(lambda: make_fuller(record), timedelta(seconds=30))


def make_fuller(made: FullRecord) -> FullRecord:
    cast = made.cast
    ana = factories.staff_actor(cast.ana_user, cast.ana)
    early = asking.store(made.second, f"Any {REASONS['early-question']}?", actor=ana)
    asking.answer(early, f"Only {REASONS['early-reply']}.", actor=TESTER)
    screening.reply(made.question, f"Since the {REASONS['reply']}.", actor=TESTER)
    declined = {
        "decline_words": f"No {REASONS['declined']}.",
        "overruled": {FLAG: f"A {REASONS['overruled']}."},
        "rating_overruled": "moderate",
        "rating_because": f"The {REASONS['rating']}.",
        "standing": "goes-on",
    }
    version = screening_queries.note_version(made.consultation)
    typed = decide.Typed(version, "Again.", factories.USUAL, declined)
    decide.sign(made.consultation, cast.cal, made.note.intake, typed, Decision.DECLINE, actor=ana)
    approval = approvals_of(cast.cal.id)[0]
    approvals.suspend(approval, "answers: pregnancy", made.sent, actor=TESTER)
    newest = latest_submitted(cast.cal.id)
    assert newest is not None
    because = f"A {REASONS['resumed']}."
    resume.approval(approval, cast.cal, newest.public_id, because, actor=ana)
    withdraw.approval(approval, cast.cal, f"A {REASONS['withdrawn']}.", actor=ana)
    return made


def as_stored() -> str:
    """Every column of every row of every table, bytes included, as one text."""
    with db.engine.connect() as connection:
        rows = [
            row
            for table in db.metadata.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        ]
    return "\n".join(_shown(value) for row in rows for value in row)


def _shown(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return str(value)


def opened(record: FullRecord) -> str:
    """Everything sealed of the record, opened."""
    notes = screening_queries.signed_notes(record.cast.cal.id)
    flags = [flag for note in notes for flag in note.flags]
    return repr(
        [
            record.note.intake.document,
            record.draft.document,
            *[(n.text, n.findings, n.decided, n.droop) for n in notes],
            *[(flag.body, flag.overruled_because) for flag in flags],
            *[addendum.text for note in notes for addendum in note.addenda],
            *[note.reply.text for note in notes if note.reply],
            *[(q.text, q.reply.text) for q in asking.of_patient(record.cast.cal.id) if q.reply],
            *[a.conditions for a in approvals_of(record.cast.cal.id)],
            *[
                (photo.image or b"").decode(errors="replace")
                for photo in photos_of(record.sent.id).values()
            ],
            *[e.reason for a in approvals_of(record.cast.cal.id) for e in a.events],
        ]
    )


@pytest.mark.parametrize("word", EVERYTHING_TYPED)
def test_no_word_about_health_can_be_read_in_the_database(record, word):
    stored = as_stored()

    assert word in opened(record)  # it was kept
    assert word not in stored
    assert record.cast.cal.name in stored  # what is not about health is found


# When a value does not open.


@pytest.fixture
def broken(record) -> FullRecord:
    """Somebody exchanged the wrapped key of Cal's record for Dee's."""
    with transaction():
        cal, dee = record.cast.cal, record.cast.dee
        cal.data_key.wrapped = dee.data_key.wrapped
    return record


# Who looks, and at what: a function of the record that gives user and address.
PAGES = {
    "a signed note": lambda r: (r.cast.ana_user, f"/notes/{r.note.public_id}"),
    "a review": lambda r: (r.cast.ana_user, f"/reviews/{r.second.public_id}"),
    "the patient's own form": lambda r: (
        account_of(r.cast.cal),
        f"/intake/{r.draft.public_id}/where",
    ),
}


@pytest.mark.parametrize("where", PAGES)
def test_a_page_with_a_value_that_does_not_open_says_so_and_shows_no_empty_field(broken, where):
    user, address = PAGES[where](broken)

    page = Person(current_app).sign_in(user).get(address, status=500)

    assert "can’t be opened. It is not empty" in page.text
    assert found_in(page.html, CLINICAL) == []


@pytest.mark.parametrize("where", PAGES)
def test_a_value_that_does_not_open_is_audited_with_who_asked_and_where(broken, where):
    user, address = PAGES[where](broken)

    Person(current_app).sign_in(user).get(address, status=500)

    failed = select(AuditEvent).where(AuditEvent.event == Event.SEAL_BROKEN)
    event = db.session.scalars(failed).one()
    assert (event.actor, event.result) == (f"user:{user.public_id}", "failed")
    assert event.facts["where"].startswith("data_key.wrapped:")
    assert found_in(repr(event.facts), CLINICAL) == []


def test_the_page_of_a_record_opens_as_long_as_nothing_is_broken(record):
    page = Person(current_app).sign_in(record.cast.ana_user).get(f"/notes/{record.note.public_id}")

    assert TYPED["text"] in page.text
