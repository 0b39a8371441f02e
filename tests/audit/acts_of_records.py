"""Two records of one person, ready to be put together and apart; each with the event it leaves."""

from __future__ import annotations

from clinic.audit.events import Event
from clinic.journey import merge
from tests import factories
from tests.audit.calls import Acts, Call
from tests.factories import Cast, staff_actor

BECAUSE = "Came with a passport."


def put_together(cast: Cast) -> Call:
    other, manager = factories.make_patient(email=None), staff_actor(cast.max)
    return lambda: merge.records(other, cast.cal, BECAUSE, actor=manager)


def take_apart(cast: Cast) -> Call:
    other, manager = factories.make_patient(email=None), staff_actor(cast.max)
    link = merge.records(other, cast.cal, BECAUSE, actor=manager)
    return lambda: merge.undo(link, actor=manager)


OF_RECORDS: Acts = (
    (put_together, Event.PATIENTS_MERGED),
    (put_together, Event.PATIENT_REPLACED),
    (take_apart, Event.PATIENTS_PARTED),
    (take_apart, Event.PATIENT_RESTORED),
)
