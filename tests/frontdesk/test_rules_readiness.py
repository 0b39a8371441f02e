"""Ready to be seen: each point from both sides of its limit, one action for each red chip."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.catalogue.rules import MODALITIES, ServiceKind
from clinic.frontdesk.readiness import Chip, Lack, Point, VisitFacts, Way, chips
from clinic.jurisdiction.rules import STRICTEST
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.rules import Area, Modality
from clinic.treatment.rules import (
    ApprovalFacts,
    ApprovalState,
    DeskWord,
    GateFacts,
    Wish,
    desk_words,
    reasons_not_to_book,
)

DAY = date(2026, 11, 26)
TEN = datetime(2026, 11, 26, 10, tzinfo=UTC)
SENT = datetime(2026, 11, 1, 9, tzinfo=UTC)
READY = VisitFacts(
    status=S.BOOKED,
    kind=ServiceKind.TOXIN,
    starts_on=DAY,
    zone="Europe/London",
    today=DAY,
    form_sent_at=SENT,
    asks=True,
    confirmed_at=TEN - timedelta(hours=1),
)


def chip(point: Point, **over: object) -> Chip | None:
    return next((one for one in chips(replace(READY, **over)) if one.point == point), None)


def red(point: Point, **over: object) -> tuple[Lack | None, Way | None]:
    found = chip(point, **over)
    assert found is not None
    return found.lack, found.way


def test_a_visit_with_everything_has_four_green_chips():
    assert [(one.point, one.is_ready) for one in chips(READY)] == [(p, True) for p in Point]


@pytest.mark.parametrize("status", [S.IN_ROOM, S.FULFILLED, S.CANCELLED, S.NOSHOW, S.PROPOSED])
def test_once_somebody_sits_or_does_not_come_nothing_is_asked_for(status):
    assert chips(replace(READY, status=status, form_sent_at=None)) == []


# The form.


@pytest.mark.parametrize("status", [S.BOOKED, S.ARRIVED])
@pytest.mark.parametrize("kind", [ServiceKind.CONSULTATION, ServiceKind.TOXIN])
def test_a_missing_form_is_answered_on_the_tablet(kind, status):
    found = red(Point.FORM, kind=kind, status=status, form_sent_at=None)

    assert found == (Lack.FORM_MISSING, Way.TABLET)


def test_a_follow_up_needs_no_form():
    assert chip(Point.FORM, kind=ServiceKind.FOLLOW_UP, form_sent_at=None) is None


def test_without_a_form_there_are_no_answers_to_confirm():
    assert chip(Point.ANSWERS, form_sent_at=None, confirmed_at=None) is None


# The approval, asked of the gate about the visit's own hour.


def refused(at: datetime = TEN, **over: object) -> list[DeskWord]:
    """What the desk reads of the gate about a visit at *at*, with an approval of 1 to 26 Nov."""
    approval = ApprovalFacts(
        scope={Modality.TOXIN: frozenset({Area.GLABELLA})},
        products={},
        valid_from=date(2026, 11, 1),
        valid_until=DAY,
        given_at=datetime(2026, 11, 1, 10, tzinfo=UTC),
        state=ApprovalState.IN_FORCE,
    )
    facts = GateFacts(date(1990, 3, 2), True, replace(approval, **over))
    return desk_words(
        reasons_not_to_book(facts, Wish(MODALITIES[ServiceKind.TOXIN], at, at.date()))
    )


LIMITS = {
    "its last day": ({}, TEN, None, None),
    "the day after": ({}, TEN + timedelta(days=1), DeskWord.OUTSIDE_DATES, Way.MOVE),
    "its first day": ({"valid_from": DAY}, TEN, None, None),
    "the day before": (
        {"valid_from": DAY + timedelta(days=1)},
        TEN,
        DeskWord.OUTSIDE_DATES,
        Way.MOVE,
    ),
    "suspended": (
        {"state": ApprovalState.SUSPENDED},
        TEN,
        DeskWord.NEEDS_PHYSICIAN,
        Way.CONSULTATION,
    ),
    "withdrawn": (
        {"state": ApprovalState.WITHDRAWN},
        TEN,
        DeskWord.NEEDS_PHYSICIAN,
        Way.CONSULTATION,
    ),
    "changed answers": ({"intake_changed": True}, TEN, DeskWord.NEEDS_PHYSICIAN, Way.CONSULTATION),
    "filler alone": (
        {"scope": {Modality.FILLER: frozenset({Area.GLABELLA})}},
        TEN,
        DeskWord.NEEDS_PHYSICIAN,
        Way.CONSULTATION,
    ),
    "time to think, over at that hour": (
        {"given_at": TEN - STRICTEST.cooling_off},
        TEN,
        None,
        None,
    ),
    "time to think, a minute short": (
        {"given_at": TEN - STRICTEST.cooling_off},
        TEN - timedelta(minutes=1),
        DeskWord.TOO_SOON,
        Way.MOVE,
    ),
}


@pytest.mark.parametrize(("over", "at", "word", "way"), LIMITS.values(), ids=LIMITS)
def test_the_approval_in_force_at_that_hour(over, at, word, way):
    found = chip(Point.APPROVAL, refused=refused(at, **over))

    assert found is not None
    assert (found.words, found.way) == ((word,) if word else (), way)
    assert found.is_ready == (word is None)


@pytest.mark.parametrize("kind", [ServiceKind.CONSULTATION, ServiceKind.FOLLOW_UP])
def test_what_injects_nothing_asks_for_no_approval(kind):
    assert chip(Point.APPROVAL, kind=kind) is None


WAYS = [
    (S.BOOKED, [DeskWord.OUTSIDE_DATES], True, Way.MOVE),
    (S.ARRIVED, [DeskWord.OUTSIDE_DATES], True, Way.BACK),
    (S.BOOKED, [DeskWord.OUTSIDE_DATES], False, Way.CONSULTATION),
    (S.ARRIVED, [DeskWord.NEEDS_PHYSICIAN], True, Way.CONSULTATION),
    (S.BOOKED, [DeskWord.NEEDS_PHYSICIAN, DeskWord.OUTSIDE_DATES], True, Way.CONSULTATION),
    (S.BOOKED, [DeskWord.UNDER_18], True, Way.MOVE),
]


@pytest.mark.parametrize(("status", "words", "may_move", "way"), WAYS)
def test_no_red_approval_is_a_dead_end(status, words, may_move, way):
    found = red(Point.APPROVAL, status=status, refused=words, may_move=may_move)

    assert found == (Lack.APPROVAL, way)


# The answers: of the day of the visit, by the clock of its site.


ANSWERS = {
    "today": (TEN, DAY, "Europe/London", None),
    "the first minute of the day": (
        datetime(2026, 11, 26, 0, 0, tzinfo=UTC),
        DAY,
        "Europe/London",
        None,
    ),
    "the last of the day before": (
        datetime(2026, 11, 25, 23, 59, tzinfo=UTC),
        DAY,
        "Europe/London",
        Lack.CONFIRMED_BEFORE,
    ),
    "the same instant in Paris is today": (
        datetime(2026, 11, 25, 23, 59, tzinfo=UTC),
        DAY,
        "Europe/Paris",
        None,
    ),
    "early today in London is yesterday in New York": (
        datetime(2026, 11, 26, 4, 59, tzinfo=UTC),
        DAY,
        "America/New_York",
        Lack.CONFIRMED_BEFORE,
    ),
    "and a minute later is today": (
        datetime(2026, 11, 26, 5, 0, tzinfo=UTC),
        DAY,
        "America/New_York",
        None,
    ),
    "before the day of the visit any will do": (
        datetime(2026, 11, 20, 9, tzinfo=UTC),
        DAY - timedelta(days=1),
        "Europe/London",
        None,
    ),
    "never": (None, DAY, "Europe/London", Lack.NOT_CONFIRMED),
}


@pytest.mark.parametrize(("at", "today", "zone", "lack"), ANSWERS.values(), ids=ANSWERS)
def test_answers_are_confirmed_on_the_day_of_the_visit(at, today, zone, lack):
    found = red(Point.ANSWERS, confirmed_at=at, today=today, zone=zone)

    assert found == (lack, Way.TABLET if lack else None)


def test_a_visit_that_asks_for_nothing_has_no_chip_of_answers():
    assert chip(Point.ANSWERS, asks=False, confirmed_at=None) is None


# Contact.


CONTACT = [
    (True, False, False, None),
    (True, True, False, None),
    (False, True, True, None),
    (False, True, False, Lack.EMAIL_UNPROVED),
    (False, False, False, Lack.UNREACHABLE),
]


@pytest.mark.parametrize(("phone", "email", "proved", "lack"), CONTACT)
def test_a_phone_number_or_a_proved_address_is_enough(phone, email, proved, lack):
    found = red(Point.CONTACT, has_phone=phone, has_email=email, email_proved=proved)

    assert found == (lack, Way.PHONE if lack else None)
