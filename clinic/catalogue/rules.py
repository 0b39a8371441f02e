"""Kinds of service, and what each needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinic.screening.rules import Modality


class ServiceKind(StrEnum):
    CONSULTATION = "consultation"
    TOXIN = "toxin"
    FILLER = "filler"
    COMBINED = "combined"
    FOLLOW_UP = "follow-up"


MODALITIES: dict[ServiceKind, frozenset[Modality]] = {
    ServiceKind.CONSULTATION: frozenset(),
    ServiceKind.TOXIN: frozenset({Modality.TOXIN}),
    ServiceKind.FILLER: frozenset({Modality.FILLER}),
    ServiceKind.COMBINED: frozenset({Modality.TOXIN, Modality.FILLER}),
    ServiceKind.FOLLOW_UP: frozenset(),
}

TREATMENTS = frozenset(kind for kind, needed in MODALITIES.items() if needed)

# Both at one visit: filler first, then Botox. Source: clinical reference e.3.
IN_ORDER = (ServiceKind.FILLER, ServiceKind.TOXIN)


@dataclass(frozen=True)
class Minutes:
    """How long a service takes and what is kept free around it, in minutes."""

    duration: int
    before: int
    after: int


@dataclass(frozen=True)
class Together(Minutes):
    """What a combined visit takes at least, and how much of it each part is."""

    filler: int
    toxin: int


def together(parts: Mapping[ServiceKind, Iterable[Minutes]]) -> Together | None:
    """A combined visit is its filler and its Botox one after the other, with the longest buffers
    of both. Where a kind has several services, the longest counts; None where a kind has none.
    """
    found = [list(parts.get(kind, ())) for kind in IN_ORDER]
    if not all(found):
        return None
    everything = [minutes for kind in found for minutes in kind]
    filler, toxin = (max(minutes.duration for minutes in kind) for kind in found)
    return Together(
        duration=filler + toxin,
        before=max(minutes.before for minutes in everything),
        after=max(minutes.after for minutes in everything),
        filler=filler,
        toxin=toxin,
    )
