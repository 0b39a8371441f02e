"""What a patient is told of why a time is not on offer: what is theirs to know, no more."""

import pytest

from clinic.scheduling.rules import Told, Why, WhyNot, told

W = WhyNot
ABOUT_OTHERS = [
    *(W.PRACTITIONER_AWAY, W.PRACTITIONER_BUSY, W.PRACTITIONER_BUFFER),
    *(W.ROOM_AWAY, W.ROOM_BUSY, W.ROOM_BUFFER, W.DEVICE_AWAY, W.DEVICE_BUSY, W.DEVICE_BUFFER),
]
ABOUT_HOURS = [W.CLOSED, W.HOURS, W.OFF_GRID, W.NOT_QUALIFIED, W.NO_ROOM, W.NO_DEVICE]


def said(*codes):
    return told([Why(code) for code in codes])[0]


@pytest.mark.parametrize("code", ABOUT_OTHERS)
def test_whatever_is_about_somebody_else_is_taken_and_no_more(code):
    assert told([Why(code, actor_id=3)]) == (Told.TAKEN, None)


@pytest.mark.parametrize("code", ABOUT_HOURS)
def test_what_the_calendar_never_offers_is_not_offered(code):
    assert said(code) == said(code, W.ROOM_BUSY) == Told.NOT_OFFERED


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (W.PAST, Told.PAST),
        (W.NOTICE, Told.NOTICE),
        (W.HORIZON, Told.HORIZON),
        (W.PATIENT_BUSY, Told.OWN_VISIT),
    ],
)
def test_what_is_the_patients_to_know_is_said_before_all_else(code, words):
    why = Why(code)

    assert told([Why(W.CLOSED), Why(W.PRACTITIONER_BUSY), why]) == (words, why)


def test_a_time_without_a_reason_was_taken_a_moment_ago():
    assert told([]) == (Told.TAKEN, None)


def test_every_reason_has_words():
    assert {said(code) for code in W} == set(Told) - {Told.SAME}
