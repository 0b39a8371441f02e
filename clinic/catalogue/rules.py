"""Kinds of service, and what each needs."""

from __future__ import annotations

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
