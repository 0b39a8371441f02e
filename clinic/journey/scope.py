"""What the form of a decision allows: the areas of each modality, and the most of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.accounts.models import Patient
from clinic.intake import rules as intake_rules
from clinic.intake.models import Intake
from clinic.screening import rules
from clinic.screening.rules import Area, BesideTheLabel, Ceiling, Flag, Modality, ToxinProduct


def scope_of(decided: Mapping[str, Any]) -> dict[Modality, frozenset[Area]]:
    """The areas of each modality in a decision's form; combined gives each its own."""
    wanted = {
        "toxin": [Modality.TOXIN],
        "filler": [Modality.FILLER],
        "combined": [Modality.TOXIN, Modality.FILLER],
    }.get(str(decided.get("modality", "")), [])
    return {m: frozenset(Area(a) for a in decided.get(f"{m}_areas", [])) for m in wanted}


def toxin_areas(decided: Mapping[str, Any]) -> frozenset[Area]:
    return scope_of(decided).get(Modality.TOXIN, frozenset())


def ceilings(decided: Mapping[str, Any]) -> list[Ceiling]:
    """What is allowed at most, modality by modality, as far as areas are ticked."""
    product = decided.get("toxin_product")
    return [
        Ceiling(
            modality=modality,
            areas=areas,
            product=ToxinProduct(product) if product and modality == Modality.TOXIN else None,
            amount=_amount(decided.get(f"{modality}_ceiling")),
        )
        for modality, areas in scope_of(decided).items()
        if areas
    ]


def _amount(text: object) -> Decimal | None:
    return Decimal(str(text)) if text else None


def beside_the_label(
    patient: Patient, intake: Intake | None, today: date, decided: Mapping[str, Any]
) -> dict[Modality, BesideTheLabel]:
    """What label and answers say to each ceiling; a warning, nothing of it stops one."""
    document = intake.document if intake is not None else {}
    case = intake_rules.case(document, patient.born_on, today)
    return {one.modality: rules.beside_the_label(case, one) for one in ceilings(decided)}


def ceiling_flags(
    patient: Patient, intake: Intake | None, today: date, decided: Mapping[str, Any]
) -> tuple[Flag, ...]:
    """The cautions that the ceilings raise, kept with a signed approval."""
    beside = beside_the_label(patient, intake, today, decided)
    return tuple(flag for one in beside.values() for flag in one.flags)
