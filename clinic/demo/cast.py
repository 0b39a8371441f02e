"""The demo's people and what they told us. Invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

STAFF_PASSWORD = "calm exact discreet"  # noqa: S105  (shown to everybody)
PATIENT_PASSWORD = "rested not frozen"  # noqa: S105  (shown to everybody)


class Stage(StrEnum):
    """How far along the path somebody is."""

    DRAFT = "draft"
    BOOKED = "booked"
    BOOKED_BY_PHONE = "booked-by-phone"
    LATE = "late"
    HERE = "here"
    UNSIGNED = "unsigned"
    ASKED = "asked"
    REPLIED = "replied"
    DEFERRED = "deferred"
    DECLINED = "declined"
    REFERRED = "referred"
    APPROVED = "approved"
    TREATMENT_BOOKED = "treatment-booked"
    TREATED = "treated"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    MISSED = "missed"


@dataclass(frozen=True)
class Told:
    """Part of a form: areas with what was ticked, answers that are not "no", own words."""

    concerns: tuple[dict[str, Any], ...]
    change: str
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    fears: str = ""


def _line(
    area: str, how: str = "clear", *, rest: bool = False, move: bool = True
) -> dict[str, Any]:
    fws = {"little": 1, "clear": 2, "deep": 3}[how]
    return {"area": area, "in_motion": move, "at_rest": rest, "how": how, "fws": fws}


def _hollow(area: str, how: str = "clear") -> dict[str, Any]:
    return {"area": area, "volume": True, "how": how}


FROWN = Told(
    (_line("forehead", "little"), _line("glabella", "clear")),
    "I look cross in every photo, even when I’m happy. I’d like to look rested, not frozen.",
    fears="Heavy eyes.",
)
BOTH = Told(
    (_line("glabella", "deep", rest=True), _line("crows-feet", "clear")),
    "The line between my brows stays when I relax. It was not there five years ago.",
    {"blood-thinners": {"value": "yes", "note": "Aspirin 75 mg"}},
)
HOLLOW = Told(
    (_hollow("cheeks"), _hollow("tear-trough", "little"), _line("nasolabial-folds", rest=True)),
    "My face has become thinner and people ask whether I am tired.",
)
LIPS = Told(
    (_hollow("lips", "little"),), "A little more fullness, nothing that others would notice."
)
SWEAT = Told(
    ({"area": "axillae", "hdss": 3, "creams_failed": True},),
    "My shirts are wet by ten in the morning. I change twice a day.",
)
HANDS = Told(
    ({"area": "palms", "hdss": 4, "creams_failed": True}, _line("forehead")),
    "I avoid shaking hands.",
    {"recent-toxin": {"value": "not-sure"}},
)
ALLERGIC = Told(
    (_line("forehead", "deep"), _line("glabella", "deep")),
    "The lines on my forehead are deep and I frown at the screen all day.",
    {
        "cows-milk-protein-allergy": {"value": "yes"},
        "previous-droop-after-toxin": {"value": "yes", "times": "once"},
    },
    fears="That an eyelid droops again.",
)
NURSING = Told(
    (_line("crows-feet"), _line("forehead", "little")),
    "I would like to do something for myself again.",
    {"breastfeeding": {"value": "yes"}},
)
PREGNANT = Told(
    (_line("glabella"),), "The frown lines bother me.", {"pregnancy": {"value": "not-sure"}}
)
NUMB = Told(
    (_hollow("lips"), _line("marionette", rest=True)),
    "The corners of my mouth point downwards.",
    {"lidocaine-allergy": {"value": "yes"}},
)
JAW = Told(
    (
        {"area": "masseter", "bulk": True, "how": "clear", "side": "both"},
        {**_line("neck-bands"), "side": "left"},
    ),
    "My jaw is wide and I grind my teeth at night.",
)
ELDER = Told(
    (_line("forehead", "deep", rest=True), _line("perioral", "deep", rest=True)),
    "I want to look as awake as I feel.",
    {"blood-thinners": {"value": "yes", "note": "Apixaban"}},
)


@dataclass(frozen=True)
class Character:
    """One patient of the demo: *days* is the consultation, counted from today."""

    name: str
    born_on: date
    stage: Stage
    told: Told
    days: int
    physician: int = 0
    treatment: str = "toxin"
    treatment_days: int | None = None
    account: bool = False
    no_email: bool = False


def _b(year: int, month: int, day: int) -> date:
    return date(year, month, day)


S = Stage

CAST = (
    Character("Maya Lindqvist", _b(1992, 5, 12), S.HERE, ALLERGIC, 0, 0, account=True),
    Character("Priya Nair", _b(1988, 1, 30), S.HERE, FROWN, 0, 2),
    Character("Max Hofer", _b(1979, 9, 3), S.HERE, SWEAT, 0, 1),
    Character("Leah Stone", _b(1995, 7, 21), S.BOOKED, LIPS, 0, 1),
    Character("Isla Grant", _b(1984, 11, 2), S.BOOKED_BY_PHONE, FROWN, 0, 2, no_email=True),
    Character("Ines Moreau", _b(1975, 4, 18), S.UNSIGNED, BOTH, -1, 0),
    Character("Jules Martin", _b(1969, 2, 9), S.BOOKED, ELDER, 1, 0),
    Character("Hanna Berg", _b(1999, 12, 24), S.BOOKED, NURSING, 1, 1),
    Character("Noor Rahman", _b(1991, 6, 6), S.BOOKED, PREGNANT, 2, 2),
    Character("Tomás Rivera", _b(1986, 8, 15), S.BOOKED, HANDS, 2, 0),
    Character("Yuki Tanaka", _b(1993, 3, 28), S.BOOKED, JAW, 3, 1),
    Character("Greta Holm", _b(1959, 10, 11), S.BOOKED, ELDER, 4, 0),
    Character("Oscar Lange", _b(1982, 5, 5), S.BOOKED, SWEAT, 5, 2),
    Character("Amelie Roux", _b(2004, 2, 29), S.BOOKED, LIPS, 7, 1),
    Character("Dana Whitfield", _b(1990, 1, 17), S.BOOKED, NUMB, 9, 1),
    Character("Samuel Osei", _b(1977, 7, 7), S.BOOKED_BY_PHONE, FROWN, 3, 0),
    Character("Björn Dahl", _b(1966, 6, 16), S.BOOKED_BY_PHONE, FROWN, 6, 2, no_email=True),
    Character("Rosa Marín", _b(1987, 9, 19), S.ASKED, BOTH, -3, 0),
    Character("Kit Somers", _b(1994, 4, 4), S.REPLIED, HANDS, -4, 0),
    Character("Elif Demir", _b(1989, 12, 1), S.DEFERRED, NURSING, -6, 1),
    Character("Paul Becker", _b(1972, 3, 3), S.DECLINED, HOLLOW, -8, 1),
    Character("Nadia Haas", _b(1961, 8, 8), S.REFERRED, ALLERGIC, -9, 2),
    Character("Tom Adeyemi", _b(1983, 10, 30), S.TREATMENT_BOOKED, FROWN, -10, 0, "toxin", 0),
    Character("Sofia Rinaldi", _b(1990, 2, 14), S.TREATMENT_BOOKED, FROWN, -7, 1, "toxin", 0),
    Character("Clara Voss", _b(1978, 11, 9), S.TREATMENT_BOOKED, BOTH, -12, 0, "combined", 1),
    Character("Ben Ashworth", _b(1985, 6, 25), S.TREATMENT_BOOKED, HOLLOW, -5, 1, "filler", 2),
    Character("Ola Wright", _b(1996, 1, 8), S.TREATMENT_BOOKED, SWEAT, -6, 2, "toxin", 3),
    Character("Yara Saleh", _b(1981, 7, 13), S.TREATMENT_BOOKED, LIPS, -4, 1, "filler", 5),
    Character("Nora Ellis", _b(1974, 9, 27), S.TREATMENT_BOOKED, FROWN, -2, 2, "toxin", 8),
    Character("Ruth Cole", _b(1968, 5, 30), S.APPROVED, BOTH, -2, 0, "combined", account=True),
    Character("Aiko Mori", _b(1992, 8, 20), S.APPROVED, HOLLOW, -1, 1, "filler"),
    Character("Eva Lund", _b(1980, 4, 1), S.TREATED, FROWN, -13, 0, "toxin", -9),
    Character("Henrik Falk", _b(1976, 12, 12), S.TREATED, SWEAT, -12, 2, "toxin", -8),
    Character("Lucia Conti", _b(1988, 3, 15), S.TREATED, HOLLOW, -11, 1, "filler", -6),
    Character("Mina Park", _b(1997, 10, 10), S.TREATED, LIPS, -13, 1, "filler", -10),
    Character("Iris Vogel", _b(1971, 1, 23), S.WITHDRAWN, FROWN, -8, 0, "toxin", 4),
    Character("Zoe Hart", _b(1993, 5, 2), S.CANCELLED, LIPS, 6, 1),
    Character("Adam Blake", _b(1987, 11, 11), S.MISSED, FROWN, -2, 2),
    Character("Nils Aaberg", _b(1982, 3, 17), S.LATE, FROWN, 0, 1),
    Character("Pia Lorenz", _b(1990, 9, 9), S.DRAFT, FROWN, 0),
    Character("Ravi Menon", _b(1984, 2, 2), S.DRAFT, SWEAT, 0),
)
