"""What a plan raises: above a labelled dose, outside a product's label, too much in three months.

Source: clinical reference e.1 (W3, W4) and e.2 (W7). A plan never changes the suggested pattern.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic.screening.rules.codes import Area, Level, ScopeModality, Topic, ToxinProduct
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import Flag, Scope, cause
from clinic.screening.rules.plan import PlanLine
from clinic.screening.rules.products import (
    ADVISED_LIMITS,
    CUMULATIVE_CEILING,
    CUMULATIVE_PRODUCT,
    FILLERS,
    LABELLED_DOSES,
    VolumeLimit,
)

MONTHS_COUNTED = 3


def flags_from_plan(case: Case, off_label_areas: frozenset[Area]) -> Iterator[Flag]:
    """The flags of the plan; *off_label_areas* are those that a.1 has raised for every product."""
    for product in ToxinProduct:
        for area, lines in _by_area(line for line in case.plan if line.product == product):
            if area not in LABELLED_DOSES[product]:
                if area not in off_label_areas:
                    yield _off_label(product, area)
            else:
                yield from _above_labelled_dose(product, area, lines)
    for filler in FILLERS.values():
        lines = [line for line in case.plan if line.product == filler.name]
        for limit in (*filler.limits, *ADVISED_LIMITS):
            yield from _above_volume(filler.name, limit, lines)
    yield from flags_from_three_months(case)


def _by_area(lines: Iterable[PlanLine]) -> Iterator[tuple[Area, Sequence[PlanLine]]]:
    planned = tuple(lines)
    for area in Area:
        there = [line for line in planned if line.area == area]
        if there:
            yield area, there


def _off_label(product: ToxinProduct, area: Area) -> Flag:
    return Flag(
        topic=Topic.OFF_LABEL_AREA,
        level=Level.CAUTION,
        scope=Scope(ScopeModality.TOXIN, (area,), product),
        causes=(cause(f"plan.{area}.product", product),),
        reason=f"{product} is labelled for {_listed(LABELLED_DOSES[product])} only.",
        source="PR",
    )


def _above_labelled_dose(
    product: ToxinProduct, area: Area, lines: Sequence[PlanLine]
) -> Iterator[Flag]:
    units = sum((line.units or Decimal(0) for line in lines), Decimal(0))
    labelled = LABELLED_DOSES[product][area]
    if units > labelled:
        yield Flag(
            topic=Topic.ABOVE_LABEL_DOSE,
            level=Level.CAUTION,
            scope=Scope(ScopeModality.TOXIN, (area,), product),
            causes=(cause(f"plan.{area}.units", plain(units)),),
            reason=f"Labelled dose of {product} at {area}: {plain(labelled)} units.",
            source="PR",
        )


def _above_volume(name: str, limit: VolumeLimit, lines: Sequence[PlanLine]) -> Iterator[Flag]:
    counted = [(line.area, line.ml) for line in lines if line.area in limit.areas and line.ml]
    if sum((ml for _area, ml in counted), Decimal(0)) > limit.ml:
        yield Flag(
            topic=Topic.ABOVE_LABEL_DOSE,
            level=Level.CAUTION,
            scope=Scope(ScopeModality.FILLER, tuple(area for area, _ml in counted), name),
            causes=tuple(cause(f"plan.{area}.ml", plain(ml)) for area, ml in counted),
            reason=f"{limit.by} volume of {name}: {limit.words}.",
            source=limit.source,
        )


@dataclass(frozen=True)
class Told:
    """What the patient told of a product since a day: all indications, all clinics (W4).

    *unknown* counts the sessions without product or units: they are not added.
    """

    since: date
    amounts: tuple[Decimal, ...]
    unknown: int

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


def told_of(case: Case, product: ToxinProduct) -> Told:
    """The sessions of *product* in the last three months; units of another are never added (R1)."""
    since = months_before(case.today, MONTHS_COUNTED)
    sessions = [
        session
        for answer in case.history.values()
        for session in answer.sessions
        if session.date >= since
    ]
    return Told(
        since=since,
        amounts=tuple(each.units for each in sessions if each.product == product and each.units),
        unknown=sum(1 for each in sessions if each.product is None or each.units is None),
    )


def flags_from_three_months(case: Case) -> Iterator[Flag]:
    """All that was told of the one product that has a ceiling, and the plan as if given today."""
    told = told_of(case, CUMULATIVE_PRODUCT)
    planned = [line.units for line in case.plan if line.product == CUMULATIVE_PRODUCT]
    total = told.total + sum((units for units in planned if units), Decimal(0))
    if total > CUMULATIVE_CEILING:
        yield Flag(
            topic=Topic.CUMULATIVE_DOSE,
            level=Level.CAUTION,
            scope=Scope(ScopeModality.TOXIN),
            causes=tuple(_counted("history.recent-toxin.sessions.units", told.amounts))
            + tuple(_counted("plan.units", planned)),
            reason=_cumulative_reason(total, told),
            source="BC",
        )


def _counted(path: str, amounts: Sequence[Decimal | None]) -> Iterator[str]:
    units = [amount for amount in amounts if amount]
    if units:
        yield cause(path, " + ".join(plain(amount) for amount in units))


def _cumulative_reason(total: Decimal, told: Told) -> str:
    reason = (
        f"{CUMULATIVE_PRODUCT}: {plain(total)} units since {told.since.isoformat()} with this plan;"
        f" the label's maximum is {plain(CUMULATIVE_CEILING)} units in 3 months, all purposes."
    )
    if told.unknown:
        reason += f" Not added: sessions without product or units, {told.unknown}."
    return reason


def months_before(day: date, months: int) -> date:
    """The same calendar day *months* ago; where that month lacks it, its last day (W4)."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if not years:  # no calendar goes back so far
        return date.min
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def _listed(areas: Iterable[Area]) -> str:
    return ", ".join(areas)


def plain(amount: Decimal) -> str:
    """An amount without trailing zeros: 20, not 20.0 or 2E+1."""
    written = f"{amount:f}"
    # mutant: constant, because no number has a question mark
    return written.rstrip("0").rstrip(".") if "." in written else written
