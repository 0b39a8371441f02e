"""What the rules say about a patient now: answers, examination and today's date put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.accounts.models import Patient
from clinic.intake import rules as intake_rules
from clinic.intake.models import Intake
from clinic.screening import rules
from clinic.screening.rules import Area, Concern, Findings, Rating
from clinic.screening.rules.droop import assess_droop, flags_from_droop
from clinic.screening.rules.flags import as_shown

SHORT_FOREHEAD_CM = Decimal(2)
YES_NO = ("frontalis_compensation", "fatigable", "eyelid_or_brow_surgery", "neuromuscular_disease")
MEASURED = tuple(f"{name}_{eye}" for name in rules.MEASURED_RANGES for eye in rules.EYES)


def findings_of(typed: Mapping[str, Any]) -> Findings:
    """A note's findings as the rules read them. Raises `NotAllowed` outside the ranges of d.1.

    *typed* is as stored with the note: codes as text, what is measured as typed; what
    is empty is not recorded.
    """
    given: dict[str, Any] = {}
    for name, kind in (
        ("brow_right", rules.BrowPosition),
        ("brow_left", rules.BrowPosition),
        ("dermatochalasis", rules.Dermatochalasis),
        ("droop_after_toxin", rules.DroopTimes),
    ):
        if typed.get(name):
            given[name] = kind(typed[name])
    for name in YES_NO:
        if typed.get(name):
            given[name] = typed[name] == "yes"
    for name in MEASURED:
        if typed.get(name):
            given[name] = Decimal(typed[name])
    given["short_forehead"] = _short_forehead(typed)
    return Findings(**given)


def _short_forehead(typed: Mapping[str, Any]) -> bool | None:
    """Ticked, or the lowest line less than 2 cm above the brow (d.1, N9)."""
    if typed.get("short_forehead"):
        return True
    if not typed.get("lowest_line_cm"):
        return None
    return Decimal(typed["lowest_line_cm"]) < SHORT_FOREHEAD_CM


def _graded(
    concerns: tuple[Concern, ...], grades: Mapping[str, Mapping[str, str]]
) -> tuple[Concern, ...]:
    """The physician's grade stands in place of the patient's estimate: of a line the one at
    maximum expression, of sweating its own."""
    return tuple(_regraded(concern, grades.get(concern.area, {})) for concern in concerns)


def _regraded(concern: Concern, grade: Mapping[str, str]) -> Concern:
    if grade.get("hdss"):
        return replace(concern, hdss=int(grade["hdss"]))
    return replace(concern, fws=int(grade["moving"])) if grade.get("moving") else concern


def evaluate(
    patient: Patient,
    intake: Intake | None,
    today: date,
    typed: Mapping[str, Any],
    toxin_areas: frozenset[Area] = frozenset(),
) -> rules.Evaluation:
    """Flags, suggestion and droop rating. *toxin_areas* are those about to be approved.

    An upper-face area that the physician adds makes the droop assessment required, as a plan line
    does in the case format, though the patient never ticked it.
    """
    document = intake.document if intake is not None else {}
    case = intake_rules.case(document, patient.born_on, today, findings_of(typed))
    case = replace(case, concerns=_graded(case.concerns, typed.get("grades", {})))
    found = rules.evaluate(case)
    if found.droop.rating != Rating.NOT_APPLICABLE:
        return found
    droop = assess_droop(case, toxin_areas)
    if droop.rating == Rating.NOT_APPLICABLE:
        return found
    flags = as_shown([*found.flags, *flags_from_droop(droop)])
    return replace(found, droop=droop, flags=flags)


def lower_lid(typed: Mapping[str, Any]) -> rules.LowerLid:
    """The lower lids, apart from the droop rating and never a part of it (d.2)."""
    return rules.assess_lower_lid(findings_of(typed))


def mrd1_difference(typed: Mapping[str, Any]) -> Decimal | None:
    """How far apart the upper lids stand, whether or not a rating is needed."""
    return findings_of(typed).mrd1_difference
