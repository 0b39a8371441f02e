"""Real processes that free, offer, answer and book the same time at one moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.database import db
from clinic.journey import change_roster, offers, waitlist
from clinic.scheduling import rosters
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.rules import DayHours
from clinic.waitlist.rules import OfferState
from tests.factories import TESTER, at, make_visit
from tests.rush import together
from tests.waiting import FREED, free, fully_booked, somebody, told, wait
from tests.waiting import offers as made


def taken(cast) -> list[Appointment]:
    """Who has the freed time with Ana, booked or held and not past its end."""
    db.session.rollback()
    found = db.session.scalars(
        db.select(Appointment)
        .join(Participant)
        .where(
            Participant.actor_id == cast.ana.actor_id,
            Participant.active,
            Appointment.starts_at == FREED,
        )
    )
    return list(found)


@pytest.fixture
def line(cast):
    """Two who wait for Ana."""
    return [
        wait(cast, patient, practitioner_id=cast.ana.id)
        for patient in (cast.cal, somebody("Lee Fox"))
    ]


@pytest.fixture
def run_out(cast, line, travel):
    """The first of two has an offer that is past its end."""
    free(fully_booked(cast))
    travel(made()[0].until + timedelta(seconds=1))
    return made()[0]


def test_C1_of_two_cancellations_at_once_each_time_is_offered_to_one_and_to_another(cast):
    for patient in (cast.cal, somebody("Lee Fox"), somebody("Kim Moss")):
        wait(cast, patient)
    with_eli = make_visit(somebody("Ann Other"), cast.eli, cast.service("consultation"), FREED)
    with_ana = fully_booked(cast)

    answers = together(lambda: free(with_ana), lambda: free(with_eli))

    assert answers == ["None", "None"]
    open_offers = [offer for offer in made() if offer.state == OfferState.OPEN]
    assert len({offer.entry_id for offer in open_offers}) == len(open_offers) >= 2
    assert len(taken(cast)) <= 1
    assert len(set(told())) == len(told())


def test_C1_of_two_cancellations_at_once_one_who_waits_has_one_offer(cast):
    wait(cast, cast.cal)
    with_eli = make_visit(somebody("Ann Other"), cast.eli, cast.service("consultation"), FREED)
    with_ana = fully_booked(cast)

    answers = together(lambda: free(with_ana), lambda: free(with_eli))

    assert answers == ["None", "None"]
    assert [offer.state for offer in made()] == [OfferState.OPEN]
    assert told() == ["cal@example.org"]


def test_C5_of_three_workers_at_once_one_rolls_an_offer_on(cast, line, run_out):
    answers = together(*[waitlist.roll_on] * 3)

    assert answers == ["False"] * 3
    assert [(offer.entry_id, offer.state) for offer in made()] == [
        (line[0].id, OfferState.EXPIRED),
        (line[1].id, OfferState.OPEN),
    ]
    assert told() == ["cal@example.org", "lee@example.org"]


def accepting(offer):
    def press() -> str:
        offers.accept(offer, actor=TESTER)
        return "booked"

    return press


def test_C5_an_answer_and_the_worker_at_once_leave_the_time_with_one(cast, run_out):
    answer, _worked = together(accepting(run_out), waitlist.roll_on)

    (held,) = taken(cast)
    if answer == "booked":
        assert (held.status, held.patient_id, len(made())) == (S.BOOKED, cast.cal.id, 1)
    else:
        assert (answer, held.status, len(made())) == ("SlotTaken", S.PROPOSED, 2)


def test_C5_an_answer_past_the_end_and_another_booking_at_once_book_once(cast, run_out):
    consultation = cast.service("consultation")

    def book() -> str:
        make_visit(cast.dee, cast.ana, consultation, FREED)
        return "booked"

    answers = together(accepting(run_out), book)

    assert sorted(answers) == ["SlotTaken", "booked"]
    assert [visit.status for visit in taken(cast)] == [S.BOOKED]


def test_C10_of_presses_on_one_offer_at_once_one_books(cast, line):
    free(fully_booked(cast))
    offer = made()[0]

    answers = together(accepting(offer), accepting(offer), accepting(offer))

    assert sorted(answers) == ["OfferOver", "OfferOver", "booked"]
    assert [visit.status for visit in taken(cast)] == [S.BOOKED]


def test_C10_yes_and_no_at_once_is_one_of_them(cast, line):
    free(fully_booked(cast))
    offer = made()[0]

    def decline() -> str:
        waitlist.decline(offer, actor=TESTER)
        return "declined"

    answers = together(accepting(offer), decline)

    assert "OfferOver" in answers
    assert len(taken(cast)) == 1
    assert made()[0].state in (OfferState.ACCEPTED, OfferState.DECLINED)


# The manager opens an evening meanwhile.


def opening(cast, who):
    evening = DayHours(FREED.date(), 17 * 60, 19 * 60)

    def work():
        return change_roster.carefully(
            lambda: rosters.add_extra(cast.site, who, evening, actor=TESTER), agreed=None
        ).offers

    return work


def test_C1_two_evenings_that_open_at_once_offer_each_who_waits_one_time(cast):
    for patient in (cast.cal, somebody("Lee Fox"), somebody("Kim Moss")):
        wait(cast, patient, parts=0b100)

    answers = together(opening(cast, cast.ana), opening(cast, cast.eli))

    open_offers = [offer for offer in made() if offer.state == OfferState.OPEN]
    assert sum(map(int, answers)) == len(open_offers) == 3
    assert len({offer.entry_id for offer in open_offers}) == 3
    assert len(set(told())) == len(told()) == 3


def test_an_evening_that_opens_a_cancellation_and_a_booking_at_once_do_not_lock_each_other_out(
    cast,
):
    wait(cast, cast.cal)
    wait(cast, somebody("Lee Fox"), parts=0b100)
    visit = fully_booked(cast)

    def book():
        make_visit(somebody("Ann Other"), cast.ana, cast.service("follow-up"), at(27, 15))
        return "booked"

    answers = together(opening(cast, cast.ana), lambda: free(visit), book)

    assert answers[1:] == ["None", "booked"]
    assert answers[0] in ("1", "2")
    open_offers = [offer for offer in made() if offer.state == OfferState.OPEN]
    assert len({offer.entry_id for offer in open_offers}) == len(open_offers) == 2
