"""A new time and practitioner for each of several visits, near to what each one was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.facts import Facts, PractitionerFacts, Slot, ThingFacts
from clinic.scheduling.rules.slots import slots_on

DAY = timedelta(days=1)
DAYS_AROUND = 14  # how far from the wish a new time is looked for
OWN_AGAIN = 3  # within as many days the same physician comes before everybody else
Given = Mapping[int, list[Period]]
T = TypeVar("T", bound=PractitionerFacts | ThingFacts)


@dataclass(frozen=True)
class Wish:
    """A visit that needs a place: *facts* count everybody's visits as busy but this one."""

    visit_id: int
    patient_actor_id: int
    practitioner_id: int
    starts_at: datetime
    facts: Facts


May = Callable[[Wish, Slot], bool]


def reassign(wishes: Iterable[Wish], may: May) -> dict[int, Slot | None]:
    """A slot for each visit, by the visit's id; None where there is none.

    The earliest visit chooses first, and what it is given is taken for those that follow. *may*
    says whether this patient may have this slot: for a treatment, the gate.
    """
    given: dict[int, list[Period]] = defaultdict(list)
    found: dict[int, Slot | None] = {}
    for wish in sorted(wishes, key=lambda w: (w.starts_at, w.visit_id)):
        slot = next((s for s in candidates(_besides(wish, given)) if may(wish, s)), None)
        found[wish.visit_id] = slot
        if slot is not None:
            for actor_id in slot.actors:
                given[actor_id].append(wish.facts.service.reserved(slot.starts_at))
            given[wish.patient_actor_id].append(slot.period)
    return found


def candidates(wish: Wish) -> Iterator[Slot]:
    """Free slots, the best first.

    On the same day: the same time, then the nearest. Then the same physician on a day that is at
    most `OWN_AGAIN` days away; then anybody, day by day away from the wish. On another day the time
    of day comes near to what it was, for that is what the patient can keep free.
    """
    day = clock.local(wish.starts_at, wish.facts.zone).date()
    own = wish.facts.practitioner(wish.practitioner_id)
    everybody = wish.facts.practitioners
    yield from _on(wish, everybody, [day])
    if own is not None:
        for distance in range(1, OWN_AGAIN + 1):
            yield from _on(wish, [own], _days(day, distance))
    for distance in range(1, DAYS_AROUND + 1):
        others = [p for p in everybody if p is not own or distance > OWN_AGAIN]
        yield from _on(wish, others, _days(day, distance))


def _days(day: date, distance: int) -> list[date]:
    return [day - distance * DAY, day + distance * DAY]


def _on(wish: Wish, people: Iterable[PractitionerFacts], days: Iterable[date]) -> list[Slot]:
    """The slots of these people on these days, the best first."""
    people = list(people)
    found = [slot for day in days for who in people for slot in slots_on(wish.facts, who, day)]
    return sorted(found, key=lambda slot: _distance(wish, slot))


def _distance(wish: Wish, slot: Slot) -> tuple[int, bool, bool, Slot]:
    """By time of day, a later day before an earlier one, the own physician before others."""
    then, now = (clock.local(at, wish.facts.zone) for at in (wish.starts_at, slot.starts_at))
    minutes = abs((now.hour - then.hour) * 60 + now.minute - then.minute)
    is_other = slot.practitioner_id != wish.practitioner_id
    return minutes, now.date() < then.date(), is_other, slot


def _besides(wish: Wish, given: Given) -> Wish:
    """The wish where what others were given is taken."""
    facts = wish.facts
    taken = tuple(given.get(wish.patient_actor_id, ()))
    new = replace(
        facts,
        practitioners=_busier(facts.practitioners, given),
        rooms=_busier(facts.rooms, given),
        devices=None if facts.devices is None else _busier(facts.devices, given),
        patient_busy=(*facts.patient_busy, *taken),
    )
    return replace(wish, facts=new)


def _busier(actors: Iterable[T], given: Given) -> tuple[T, ...]:
    return tuple(
        replace(one, busy=(*one.busy, *given[one.actor_id])) if given.get(one.actor_id) else one
        for one in actors
    )
