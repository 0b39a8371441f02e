"""From when on an approval can be used, as the gate has it. A change of profile shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from clinic import clock
from clinic.screening.rules import Modality
from clinic.treatment.rules.gate import (
    ApprovalFacts,
    DeskWord,
    GateFacts,
    Wish,
    desk_words,
    reasons_not_to_book,
    thinking_until,
    toxin_again_on,
)


@dataclass(frozen=True)
class Usable:
    """*day* is the first on which everything approved can be given at once; None with *words*, the
    desk's, where there is none."""

    day: date | None
    words: tuple[DeskWord, ...] = ()


def usable_from(facts: GateFacts, approval: ApprovalFacts, now: datetime, zone: str) -> Usable:
    """What waits by itself (time to think, the interval) is waited for; then the gate is asked.

    Source: clinical reference e.4, conditions 1 to 9, with *zone* the site's.
    """
    modalities = frozenset(approval.scope)
    at = max(now, thinking_until(facts, approval, modalities) or now)
    again = toxin_again_on(facts) if Modality.TOXIN in modalities else None
    today = clock.local(at, zone).date()
    day = max(today, again or today, approval.valid_from)
    reasons = reasons_not_to_book(facts, Wish(modalities, at, day))
    return Usable(None, tuple(desk_words(reasons))) if reasons else Usable(day)
