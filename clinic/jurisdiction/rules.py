"""The profile of a jurisdiction, and between which limits each value lies.

Source: clinical reference e.4 (validity, cooling-off, consultation, age), R5 (interval). A profile
may ask for more than these rules, never for less, but for two things that the law decides: whether
a consultation by live video counts, and whether a medicine may be advertised by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import NamedTuple

from clinic.accounts.rules import ADULT


@dataclass(frozen=True)
class Profile:
    """One version of what a jurisdiction sets; as it stands here, the strictest.

    *regulator* is whom patients may write to when a complaint stays unanswered, as the clinic words
    it; *names_brand* whether public pages may call the medicine by its name.
    """

    live_video_counts: bool = False
    default_validity_months: int = 6
    longest_validity_months: int = 12
    cooling_off_hours: int = 24
    toxin_interval_days: int = 84
    minimum_age: int = ADULT
    names_brand: bool = False
    regulator: str | None = None

    @property
    def toxin_interval(self) -> timedelta:
        return timedelta(days=self.toxin_interval_days)

    @property
    def cooling_off(self) -> timedelta:
        return timedelta(hours=self.cooling_off_hours)


STRICTEST = Profile()


class Limits(NamedTuple):
    """Both are allowed."""

    lowest: int
    highest: int


# The database holds the same ones.
LIMITS: Mapping[str, Limits] = {
    "default_validity_months": Limits(1, 12),
    "longest_validity_months": Limits(1, 12),
    "cooling_off_hours": Limits(0, 720),
    "toxin_interval_days": Limits(84, 365),
    "minimum_age": Limits(ADULT, 99),
}


def broken_limits(profile: Profile) -> list[str]:
    """The names of the values that no profile may have; an empty list means that it is sound."""
    broken = [
        name
        for name, limits in LIMITS.items()
        if not limits.lowest <= getattr(profile, name) <= limits.highest
    ]
    usual, longest = profile.default_validity_months, profile.longest_validity_months
    if usual > longest and "default_validity_months" not in broken:
        broken.append("default_validity_months")
    return broken


def differing(old: Profile, new: Profile) -> list[str]:
    """The names of the values that change, in the order in which they are listed."""
    names = [value.name for value in fields(Profile)]
    return [name for name in names if getattr(old, name) != getattr(new, name)]
