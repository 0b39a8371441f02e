"""Two records of one person are two again: until when, and what stays where (truth 7)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.accounts import links, same_person
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.journey import merge
from clinic.scheduling import queries as visits
from tests.factories import (
    at,
    make_account,
    make_intake,
    make_visit,
)

BECAUSE = "Came to the desk with a passport."
MOMENT = at(26, 10)


@pytest.mark.parametrize(
    ("after", "error"),
    [(timedelta(days=30, minutes=-1), None), (timedelta(days=30, minutes=1), links.TooLate)],
)
def test_it_is_taken_back_within_thirty_days(cast, twin, merged, manager, travel, after, error):
    link = merged(cast.cal, twin)
    travel(link.linked_at + after)

    if error is None:
        merge.undo(link, actor=manager)
        assert same_person.kept(cast.cal) == cast.cal
    else:
        with pytest.raises(error):
            merge.undo(link, actor=manager)


def test_it_is_taken_back_once(cast, twin, merged, manager):
    link = merged(cast.cal, twin)
    merge.undo(link, actor=manager)

    with pytest.raises(links.AlreadyUndone):
        merge.undo(link, actor=manager)


def test_after_it_was_taken_back_they_can_be_put_together_again(cast, twin, merged, manager):
    merge.undo(merged(cast.cal, twin), actor=manager)

    assert merged(twin, cast.cal).kept == cast.cal


def test_what_was_written_since_stays_with_the_kept_record(cast, twin, merged, manager):
    link = merged(cast.cal, twin)
    visit = make_visit(twin, cast.ana, cast.service("consultation"), MOMENT)

    merge.undo(link, actor=manager)

    assert visits.own_visits(twin.id) == [visit]
    assert visits.own_visits(cast.cal.id) == []


def test_a_form_can_be_sent_on_either_record_after_it_was_taken_back(cast, twin, merged, manager):
    """What a form supersedes is of its own record: no form is superseded twice."""
    make_intake(cast.cal)
    link = merged(cast.cal, twin)
    make_intake(twin)
    merge.undo(link, actor=manager)

    assert make_intake(cast.cal).supersedes_id is not None


def test_both_records_say_in_the_log_who_did_it_and_which_goes_on(cast, twin, merged, manager):
    make_account(cast.cal)
    make_account(twin)
    merge.undo(merged(cast.cal, twin), actor=manager)

    told = select(AuditEvent).where(AuditEvent.facts["other"].as_string().is_not(None))
    rows = db.session.scalars(told.order_by(AuditEvent.id)).all()
    assert [(row.event, row.patient_id) for row in rows] == [
        (Event.PATIENTS_MERGED, twin.id),
        (Event.PATIENT_REPLACED, cast.cal.id),
        (Event.PATIENTS_PARTED, twin.id),
        (Event.PATIENT_RESTORED, cast.cal.id),
    ]
    assert {row.actor for row in rows} == {manager.label}
    assert [row.facts["sign_in"] for row in rows] == ["closed", "closed", "opened", "opened"]
    assert BECAUSE not in str([row.facts for row in rows])
