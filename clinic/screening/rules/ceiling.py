"""The most that a decision allows, beside the label of its product and what the patient had.

A decision names areas and one ceiling for all of them together; doses by site come with the plan.
So the label's doses are added up over the areas. Source: clinical reference e.1 (W3, W4), e.2 (W7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from clinic.screening.rules.codes import Area, Level, Modality, ScopeModality, Topic, ToxinProduct
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import Flag, Scope, cause
from clinic.screening.rules.plan import PlanLine
from clinic.screening.rules.plan_rules import Told, flags_from_three_months, plain, told_of
from clinic.screening.rules.products import FILLERS, LABELLED_DOSES, VolumeLimit


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """At most *amount* of one modality in *areas* together: units of a toxin, ml of a filler.

    A filler is approved by its kind, not by its name, so *product* is a toxin's alone. *amount* is
    None while none is typed.
    """

    modality: Modality
    areas: frozenset[Area]
    product: ToxinProduct | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class BesideTheLabel:
    """What stands beside a ceiling, and the cautions that it raises.

    *labelled* are a toxin's units by area and *unlabelled* the areas that its label lacks;
    *volumes* are the limits of each filler that has one; *told* is what was had of the toxin.
    """

    labelled: Mapping[Area, Decimal] = field(default_factory=dict)
    unlabelled: tuple[Area, ...] = ()
    volumes: Mapping[str, tuple[VolumeLimit, ...]] = field(default_factory=dict)
    told: Told | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def total(self) -> Decimal:
        """The labelled units of all areas together."""
        return sum(self.labelled.values(), Decimal(0))


def beside_the_label(case: Case, ceiling: Ceiling) -> BesideTheLabel:
    """What the label and the patient's answers say to *ceiling*; a warning, never a stop."""
    areas = tuple(area for area in Area if area in ceiling.areas)
    if ceiling.modality == Modality.FILLER:
        volumes = _volumes(areas)
        return BesideTheLabel(
            volumes=volumes, flags=tuple(_above_volumes(areas, ceiling.amount, volumes))
        )
    if ceiling.product is None:
        return BesideTheLabel()
    doses = LABELLED_DOSES[ceiling.product]
    found = BesideTheLabel(
        labelled={area: doses[area] for area in areas if area in doses},
        unlabelled=tuple(area for area in areas if area not in doses),
        told=told_of(case, ceiling.product),
    )
    return replace(found, flags=tuple(_toxin_flags(case, ceiling, found)))


def _toxin_flags(case: Case, ceiling: Ceiling, found: BesideTheLabel) -> Iterator[Flag]:
    if ceiling.product is None or ceiling.amount is None:
        return
    if found.labelled and ceiling.amount > found.total:
        listed = ", ".join(f"{area} {plain(units)}" for area, units in found.labelled.items())
        yield Flag(
            topic=Topic.ABOVE_LABEL_DOSE,
            level=Level.CAUTION,
            scope=Scope(ScopeModality.TOXIN, tuple(found.labelled), ceiling.product),
            causes=(cause("ceiling.units", plain(ceiling.amount)),),
            reason=f"Labelled dose of {ceiling.product}: {listed}; {plain(found.total)} units.",
            source="PR",
        )
    # Only the sum over all areas is read here, so one line stands for them.
    line = PlanLine(product=ceiling.product, area=min(ceiling.areas), units=ceiling.amount)
    yield from flags_from_three_months(replace(case, plan=(line,)))


def _volumes(areas: tuple[Area, ...]) -> Mapping[str, tuple[VolumeLimit, ...]]:
    """The limits that speak about any of *areas*, by the filler's name."""
    found = {
        name: tuple(limit for limit in filler.limits if set(areas) & set(limit.areas))
        for name, filler in FILLERS.items()
    }
    return {name: limits for name, limits in found.items() if limits}


def _above_volumes(
    areas: tuple[Area, ...], ml: Decimal | None, volumes: Mapping[str, tuple[VolumeLimit, ...]]
) -> Iterator[Flag]:
    """One for each filler whose limits together leave less room than the ceiling."""
    for name, limits in volumes.items():
        if ml is None or ml <= sum((limit.ml for limit in limits), Decimal(0)):
            continue
        yield Flag(
            topic=Topic.ABOVE_LABEL_DOSE,
            level=Level.CAUTION,
            scope=Scope(ScopeModality.FILLER, areas, name),
            causes=(cause("ceiling.ml", plain(ml)),),
            reason=f"Labelled volume of {name}: {'; '.join(limit.words for limit in limits)}.",
            # mutant: constant, because no filler's limits come from two sources
            source="; ".join(dict.fromkeys(limit.source for limit in limits)),
        )
