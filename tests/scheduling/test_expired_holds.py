"""An expired hold books only what is still free: its own physician, room and device."""

import pytest

from clinic.database import db, transaction
from clinic.journey import book
from clinic.scheduling import queries
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken
from tests.factories import TESTER, at
from tests.scheduling.presses import ELEVEN, hold_at_eleven


@pytest.fixture
def expired(cast, travel):
    held = hold_at_eleven(cast, cast.cal)
    travel(at(24, 9, 11))
    return held


def be_away(actor_id):
    with transaction():
        db.session.add(
            Absence(
                actor_id=actor_id,
                starts_on=ELEVEN.date(),
                ends_on=ELEVEN.date(),
                kind=AbsenceKind.OUT_OF_ORDER,
            )
        )


@pytest.mark.parametrize("who", ["practitioner", "room"])
def test_S74_an_expired_hold_does_not_book_somebody_who_is_away_by_now(expired, who):
    be_away(queries.participants_by_kind(expired)[who].actor_id)

    with pytest.raises(SlotTaken):
        book.confirm(expired, expired.patient, actor=TESTER)


def test_S74_an_expired_hold_books_its_own_room_whichever_comes_first(cast, expired):
    other = next(
        room.actor_id for room in cast.site.rooms if room.actor_id not in queries.actors_of(expired)
    )
    be_away(other)

    assert book.confirm(expired, expired.patient, actor=TESTER).status == S.BOOKED


def test_S74_an_expired_hold_of_a_service_that_takes_longer_by_now_is_chosen_again(cast, expired):
    with transaction():
        cast.service("consultation").duration_minutes = 45

    with pytest.raises(SlotTaken):
        book.confirm(expired, expired.patient, actor=TESTER)
