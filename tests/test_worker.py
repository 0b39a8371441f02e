"""The worker's loop: every job has its turn, whatever happens to the others."""

from __future__ import annotations

import pytest

from clinic import worker
from clinic.audit.events import Event
from clinic.audit.models import AuditSeal
from clinic.audit.services import record
from clinic.database import db
from clinic.notices import services
from clinic.notices.models import Message, MessageKind
from tests.factories import TESTER


@pytest.fixture
def rounds(monkeypatch):
    """Run the worker for so many rounds without a pause."""
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.0)

    def run(count: int) -> None:
        stop = iter([False] * count + [True])
        worker.run(lambda: next(stop))

    return run


def test_one_loop_sends_what_is_due_and_seals_what_was_written(cast, rounds):
    services.queue(MessageKind.CODE, to="kim@example.org", params={"code": "204816"})
    before = db.session.scalar(db.select(db.func.count()).select_from(AuditSeal))

    rounds(1)

    assert before == 0
    assert db.session.scalar(db.select(Message.state)) == "sent"
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditSeal)) > 0


def test_a_job_that_breaks_keeps_no_other_from_its_turn_and_is_tried_again(
    app, rounds, monkeypatch
):
    turns = []

    def broken() -> bool:
        turns.append("broken")
        return 1 // 0

    monkeypatch.setattr(worker, "JOBS", (broken, worker.seal_audit))
    record(Event.SIGNED_OUT, actor=TESTER)

    rounds(2)

    assert turns == ["broken", "broken"]
    assert len(db.session.scalars(db.select(AuditSeal)).all()) == 1


def test_without_a_pause_when_more_is_waiting(app, rounds, monkeypatch):
    answers = iter([True, False])
    pauses = []
    monkeypatch.setattr(worker, "JOBS", (lambda: next(answers),))
    monkeypatch.setattr(worker.time, "sleep", pauses.append)

    rounds(2)

    assert len(pauses) == 1
