"""L13: whatever somebody is away for, the pages of times show the rest of the days."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.database import db, transaction
from clinic.scheduling.forms import slot_of
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind
from tests.factories import at
from tests.scheduling.times_page import for_patient, offered

# First day and minute, last day and minute of November and after.
BLOCKS = {
    "part of a day": ((date(2026, 11, 25), 600), (date(2026, 11, 25), 660)),
    "the minute of opening": ((date(2026, 11, 25), 540), (date(2026, 11, 25), 541)),
    "a whole day": ((date(2026, 11, 25), 0), (date(2026, 11, 25), 1440)),
    "across a midnight": ((date(2026, 11, 25), 900), (date(2026, 11, 26), 600)),
    "begun last year": ((date(2025, 11, 1), 0), (date(2026, 11, 25), 1440)),
    "half into the shown week": ((date(2026, 11, 27), 720), (date(2026, 12, 20), 720)),
    "longer than anybody may book": ((date(2026, 11, 24), 0), (date(2028, 11, 1), 1440)),
}


@pytest.fixture
def away(cast):
    """Ana is away; one after the other, so that they touch and overlap, for *several*."""

    def put(*blocks):
        with transaction():
            db.session.add_all(
                Absence(
                    actor_id=cast.ana.actor_id,
                    starts_on=begins[0],
                    starts_minute=begins[1],
                    ends_on=ends[0],
                    ends_minute=ends[1],
                    kind=AbsenceKind.OTHER,
                )
                for begins, ends in blocks
            )

    return put


def anas_times(page, cast):
    chosen = [slot_of(value) for value in offered(page)]
    return [start for actor_id, start in chosen if actor_id == cast.ana.actor_id]


def starts_away(block, start):
    (first, first_minute), (last, last_minute) = block
    minute = start.hour * 60 + start.minute
    return (first, first_minute) <= (start.date(), minute) < (last, last_minute)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_L13_a_page_of_times_shows_the_rest_around_any_shape_of_absence(
    cast, away, signed_in, block
):
    away(block)
    address = for_patient(cast.cal, cast.service("consultation"))
    bea = signed_in(cast.bea)

    page = bea.get(f"{address}?who={cast.ana.public_id}&day=2026-11-25")
    everybody = bea.get(f"{address}?day=2026-11-25")

    assert [start for start in anas_times(page, cast) if starts_away(block, start)] == []
    assert offered(everybody) != []


def test_L13_absences_that_touch_overlap_and_repeat_leave_the_rest_free(cast, away, signed_in):
    away(*BLOCKS.values(), *BLOCKS.values())
    address = for_patient(cast.cal, cast.service("consultation"))

    page = signed_in(cast.bea).get(f"{address}?who={cast.ana.public_id}&day=2026-11-25")
    eli = signed_in(cast.bea).get(f"{address}?who={cast.eli.public_id}&day=2026-11-25")

    assert anas_times(page, cast) == []
    assert len(offered(eli)) > 0
    assert at(25, 10, 0) in [slot_of(value)[1] for value in offered(eli)]
