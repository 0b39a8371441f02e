"""Cases of the profile: what each value lets through and what it stops, on both sides of its limit.

Source: clinical reference e.4 (consultation, validity, cooling-off, age) and R5 (interval).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from clinic.treatment.rules import Objection, Reason
from tests.treatment.facts import GIVEN

SEEN_ON_A_SCREEN = {"approval": {"by_live_video": True}, "consulted": False}
ASKED_ON_A_SCREEN = {"approval": None, "consulted": False, "consulted_by_live_video": True}
LAST = date(2026, 9, 1)
FIRST_DAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Case:
    """A *profile* by what it sets beside the strictest; a patient's *facts*, a wish, the answer."""

    name: str
    profile: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)
    day: date = FIRST_DAY
    starts_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()


def born(years: int, days: int = 0) -> dict[str, Any]:
    """Turns *years* old on the day of the wish, or *days* later."""
    birthday = date(FIRST_DAY.year - years, FIRST_DAY.month, FIRST_DAY.day)
    return {"born_on": birthday + timedelta(days=days)}


def after(**time: int) -> dict[str, Any]:
    return {"starts_at": GIVEN + timedelta(**time), "day": (GIVEN + timedelta(**time)).date()}


VIDEO, NO_CONSULTATION = {"live_video_counts": True}, (Reason.NO_CONSULTATION,)
GATE = [
    Case("seen on a screen, in person only", {}, SEEN_ON_A_SCREEN, reasons=NO_CONSULTATION),
    Case("seen on a screen where that counts", VIDEO, SEEN_ON_A_SCREEN),
    Case("seen in person where a screen counts too", VIDEO),
    Case(
        "seen on a screen without an approval, in person only",
        {},
        ASKED_ON_A_SCREEN,
        reasons=(Reason.NO_CONSULTATION, Reason.NO_APPROVAL),
    ),
    Case(
        "seen on a screen without an approval where that counts",
        VIDEO,
        ASKED_ON_A_SCREEN,
        reasons=(Reason.NO_APPROVAL,),
    ),
    Case(
        "approved on a screen, another consultation in person, in person only",
        {},
        {**SEEN_ON_A_SCREEN, "consulted": True},
        reasons=NO_CONSULTATION,
    ),
    Case(
        "a minute before a day to think is over",
        {},
        **after(hours=23, minutes=59),
        reasons=(Reason.COOLING_OFF,),
    ),
    Case("a day to think is over", {}, **after(hours=24)),
    Case(
        "a minute before three days to think are over",
        {"cooling_off_hours": 72},
        **after(hours=71, minutes=59),
        reasons=(Reason.COOLING_OFF,),
    ),
    Case("three days to think are over", {"cooling_off_hours": 72}, **after(hours=72)),
    Case("no time to think is asked for", {"cooling_off_hours": 0}, **after(minutes=0)),
    Case(
        "83 days after the last session",
        {},
        {"last_toxin_on": FIRST_DAY - timedelta(days=83)},
        reasons=(Reason.TOXIN_INTERVAL,),
    ),
    Case("84 days after it", {}, {"last_toxin_on": FIRST_DAY - timedelta(days=84)}),
    Case(
        "99 of 100 days after the last session",
        {"toxin_interval_days": 100},
        {"last_toxin_on": FIRST_DAY - timedelta(days=99)},
        reasons=(Reason.TOXIN_INTERVAL,),
    ),
    Case(
        "100 of 100 days after it",
        {"toxin_interval_days": 100},
        {"last_toxin_on": FIRST_DAY - timedelta(days=100)},
    ),
    Case("18 tomorrow", {}, born(18, days=1), reasons=(Reason.UNDER_18,)),
    Case("18 today", {}, born(18)),
    Case("18 tomorrow where 21 is asked for", {"minimum_age": 21}, born(18, days=1),
         reasons=(Reason.UNDER_18,)),
    Case("18 today where 21 is asked for", {"minimum_age": 21}, born(18),
         reasons=(Reason.UNDER_AGE,)),
    Case("21 tomorrow where that is asked for", {"minimum_age": 21}, born(21, days=1),
         reasons=(Reason.UNDER_AGE,)),
    Case("21 today where that is asked for", {"minimum_age": 21}, born(21)),
]  # fmt: skip

# What a physician may sign on 24 November 2026: profile, last day, seen on a screen, objections.
SIGNED = [
    ({}, date(2027, 11, 24), False, []),
    ({}, date(2027, 11, 25), False, [Objection.TOO_LONG]),
    ({"longest_validity_months": 6}, date(2027, 5, 24), False, []),
    ({"longest_validity_months": 6}, date(2027, 5, 25), False, [Objection.TOO_LONG]),
    ({"longest_validity_months": 1, "default_validity_months": 1}, date(2026, 12, 24), False, []),
    (
        {"longest_validity_months": 1, "default_validity_months": 1},
        date(2026, 12, 25),
        False,
        [Objection.TOO_LONG],
    ),
    ({}, date(2027, 5, 24), True, [Objection.BY_LIVE_VIDEO]),
    (VIDEO, date(2027, 5, 24), True, []),
    (VIDEO, date(2027, 5, 24), False, []),
]
