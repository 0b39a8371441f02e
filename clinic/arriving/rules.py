"""When a patient may check in, and what a link leads to that came with the right date of birth.

The window is made of instants: it opens some minutes of elapsed time before the visit and ends with
it. The site's clock shows them; the zone of anybody's phone never comes into it (T8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.clock import Period
from clinic.scheduling.rules import AppointmentStatus as S

# The letter comes when people set out, well before its link opens; an early visit's comes early.
LETTER_BEFORE = timedelta(hours=2)
HERE = (S.ARRIVED, S.IN_ROOM)


class Moment(StrEnum):
    EARLY = "early"
    OPEN = "open"
    OVER = "over"


def opens_at(visit: Period, opens_before: timedelta) -> datetime:
    """From when on the patient of a visit may check in."""
    return visit.starts_at - opens_before


def moment(now: datetime, visit: Period, opens_before: timedelta) -> Moment:
    """Where *now* lies: the window is half-open, like every period."""
    if now < opens_at(visit, opens_before):
        return Moment.EARLY
    return Moment.OPEN if now < visit.ends_at else Moment.OVER


class Answer(StrEnum):
    """What somebody is told who has shown whose link it is."""

    OPENS = "opens"
    EARLY = "early"
    HERE = "here"  # arrived already, by this link or at the desk
    NOTHING = "nothing"


@dataclass(frozen=True)
class LinkFacts:
    """A link and its visit: *is_same_version* is whether the visit is still the one that was
    written about, *is_used* whether somebody has arrived by the link."""

    status: S
    is_same_version: bool
    is_used: bool
    moment: Moment


def answer(link: LinkFacts) -> Answer:
    """What a link says to whoever typed the right date of birth; an ended one as a forged one."""
    if link.moment == Moment.OVER:
        return Answer.NOTHING
    if link.status in HERE:
        return Answer.HERE
    if link.status != S.BOOKED or link.is_used or not link.is_same_version:
        return Answer.NOTHING
    return Answer.EARLY if link.moment == Moment.EARLY else Answer.OPENS
