"""The rules of the droop assessment, J1 to J7 and N1 to N9, each with the facts that make it hold.

Source: clinical reference d.2 (PR). "Not sure" and "not recorded" never make a rule hold. Lengths
are exact decimals, so 2.0 and 2.1 mm fall on their own sides of a cut-off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clinic.screening.rules.codes import (
    AnswerValue,
    Area,
    BrowPosition,
    Dermatochalasis,
    DroopTimes,
    Topic,
    place,
)
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import cause


class DroopRule(StrEnum):
    """The rules of d.2: J is a major finding, N a moderate one."""

    J1 = "J1"
    J2 = "J2"
    J3 = "J3"
    J4 = "J4"
    J5 = "J5"
    J6 = "J6"
    J7 = "J7"
    N1 = "N1"
    N2 = "N2"
    N3 = "N3"
    N4 = "N4"
    N5 = "N5"
    N6 = "N6"
    N7 = "N7"
    N8 = "N8"
    N9 = "N9"

    @property
    def is_major(self) -> bool:
        return self.startswith("J")


@dataclass(frozen=True)
class Evidence:
    """What makes a rule hold: "MRD1 right 2.8 mm", and the facts it was read from."""

    sentence: str
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Examined:
    """What the rules of d.2 read: the case, and the areas where toxin is considered."""

    case: Case
    toxin_areas: frozenset[Area]


def lengths(
    case: Case, name: str, label: str, counts: Callable[[Decimal], bool]
) -> Iterator[Evidence]:
    for eye, mm in case.findings.each_eye(name):
        if counts(mm):
            fact = cause(f"findings.{name}_{eye}", f"{mm:.1f}")
            yield Evidence(f"{label} {eye} {mm:.1f} mm", (fact,))


def _present(case: Case, name: str, sentence: str) -> Iterator[Evidence]:
    if case.findings.says_yes(name):
        yield Evidence(sentence, (cause(f"findings.{name}", True),))


def _answered_yes(case: Case, topic: Topic, sentence: str) -> Iterator[Evidence]:
    if case.answer(topic).value == AnswerValue.YES:
        yield Evidence(f"{sentence} (intake)", (cause(f"history.{topic}", True),))


def _mrd1_very_low(e: Examined) -> Iterator[Evidence]:
    return lengths(e.case, "mrd1", "MRD1", lambda mm: mm <= Decimal("2.0"))


def _mrd1_low(e: Examined) -> Iterator[Evidence]:
    return lengths(e.case, "mrd1", "MRD1", lambda mm: Decimal("2.0") < mm <= Decimal("3.0"))


def _levator_poor(e: Examined) -> Iterator[Evidence]:
    return lengths(e.case, "levator", "Levator", lambda mm: mm < Decimal("8.0"))


def _levator_reduced(e: Examined) -> Iterator[Evidence]:
    return lengths(e.case, "levator", "Levator", lambda mm: Decimal("8.0") <= mm < Decimal("12.0"))


def _weak_muscle(e: Examined) -> Iterator[Evidence]:
    disease = "Neuromuscular disease"
    yield from _answered_yes(e.case, Topic.NEUROMUSCULAR_DISEASE, disease)
    yield from _present(e.case, "neuromuscular_disease", disease)
    yield from _present(e.case, "fatigable", "Fatigable or fluctuating lid")


def _loose_skin(e: Examined, grade: Dermatochalasis) -> Iterator[Evidence]:
    if e.case.findings.dermatochalasis == grade:
        fact = cause("findings.dermatochalasis", grade)
        yield Evidence(f"{grade.capitalize()} dermatochalasis", (fact,))


def _loose_skin_severe(e: Examined) -> Iterator[Evidence]:
    return _loose_skin(e, Dermatochalasis.SEVERE)


def _loose_skin_moderate(e: Examined) -> Iterator[Evidence]:
    return _loose_skin(e, Dermatochalasis.MODERATE)


def _lids_uneven(e: Examined, counts: Callable[[Decimal], bool]) -> Iterator[Evidence]:
    apart = e.case.findings.mrd1_difference
    if apart is not None and counts(apart):
        eyes = [(eye, f"{mm:.1f}") for eye, mm in e.case.findings.each_eye("mrd1")]
        yield Evidence(
            f"MRD1 differs by {apart:.1f} mm ({', '.join(f'{eye} {mm}' for eye, mm in eyes)})",
            tuple(cause(f"findings.mrd1_{eye}", mm) for eye, mm in eyes),
        )


def _lids_very_uneven(e: Examined) -> Iterator[Evidence]:
    return _lids_uneven(e, lambda apart: apart >= Decimal("2.0"))


def _lids_somewhat_uneven(e: Examined) -> Iterator[Evidence]:
    return _lids_uneven(e, lambda apart: Decimal("1.0") <= apart < Decimal("2.0"))


def _brow_low(e: Examined) -> Iterator[Evidence]:
    for eye, position in e.case.findings.each_eye("brow"):
        if position == BrowPosition.BELOW:
            fact = cause(f"findings.brow_{eye}", position)
            yield Evidence(f"Brow {eye} below the rim", (fact,))


def _compensation(e: Examined) -> Iterator[Evidence]:
    return _present(e.case, "frontalis_compensation", "Frontalis compensation")


def _forehead_holds_the_lid_up(e: Examined) -> Iterator[Evidence]:
    what_it_holds = [*_loose_skin_moderate(e), *_brow_low(e)]
    if what_it_holds:
        for compensation in _compensation(e):
            yield from (compensation, *what_it_holds)


def _compensation_alone(e: Examined) -> Iterator[Evidence]:
    return iter(()) if any(_forehead_holds_the_lid_up(e)) else _compensation(e)


def _drooped_before(e: Examined, times: DroopTimes) -> Iterator[Evidence]:
    """The higher of intake 22 and the finding, where that is *times*."""
    words = "Droop after toxin " + ("more than once" if times == DroopTimes.MORE else "once")
    answer = e.case.answer(Topic.PREVIOUS_DROOP_AFTER_TOXIN)
    # mutant: code, because an answer that is no yes gives no evidence below
    answered = answer.times if answer.value == AnswerValue.YES else DroopTimes.NONE
    found = e.case.findings.droop_after_toxin or DroopTimes.NONE
    if times != max(answered, found, key=place):
        return
    if answered == times:
        yield from _answered_yes(e.case, Topic.PREVIOUS_DROOP_AFTER_TOXIN, words)
    if found == times:
        yield Evidence(words, (cause("findings.droop_after_toxin", found),))


def _drooped_repeatedly(e: Examined) -> Iterator[Evidence]:
    return _drooped_before(e, DroopTimes.MORE)


def _drooped_once(e: Examined) -> Iterator[Evidence]:
    return _drooped_before(e, DroopTimes.ONCE)


def _eyelid_surgery(e: Examined) -> Iterator[Evidence]:
    """The finding; only when it is not recorded, intake 32, which is wider."""
    words = "Eyelid or brow surgery or injury"
    if e.case.findings.eyelid_or_brow_surgery is None:
        return _answered_yes(e.case, Topic.EYELID_OR_FACE_SURGERY, words)
    return _present(e.case, "eyelid_or_brow_surgery", words)


def _short_forehead(e: Examined) -> Iterator[Evidence]:
    if Area.FOREHEAD in e.toxin_areas:
        yield from _present(
            e.case, "short_forehead", "Short forehead or lowest line under 2 cm above the brow"
        )


RULES: dict[DroopRule, Callable[[Examined], Iterator[Evidence]]] = {
    DroopRule.J1: _mrd1_very_low,
    DroopRule.J2: _levator_poor,
    DroopRule.J3: _weak_muscle,
    DroopRule.J4: _loose_skin_severe,
    DroopRule.J5: _lids_very_uneven,
    DroopRule.J6: _forehead_holds_the_lid_up,
    DroopRule.J7: _drooped_repeatedly,
    DroopRule.N1: _mrd1_low,
    DroopRule.N2: _levator_reduced,
    DroopRule.N3: _lids_somewhat_uneven,
    DroopRule.N4: _compensation_alone,
    DroopRule.N5: _loose_skin_moderate,
    DroopRule.N6: _brow_low,
    DroopRule.N7: _drooped_once,
    DroopRule.N8: _eyelid_surgery,
    DroopRule.N9: _short_forehead,
}
