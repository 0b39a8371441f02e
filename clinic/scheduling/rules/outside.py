"""Which booked visits the roster no longer carries, and why: each reason, as `why_not` has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.facts import Facts, PractitionerFacts, ThingFacts
from clinic.scheduling.rules.hours import stretches
from clinic.scheduling.rules.reasons import Why, WhyNot
from clinic.scheduling.rules.slots import opening_periods

W = WhyNot


@dataclass(frozen=True)
class Placed:
    """A booked visit as the roster judges it.

    *held* is what its practitioner, room and device are taken up for, *overrode* what the desk
    set aside when it was booked: that was somebody's decision, and no mistake of the roster.
    """

    starts_at: datetime
    held: Period
    practitioner_id: int | None
    room_id: int | None
    device_id: int | None = None
    overrode: frozenset[str] = frozenset()


class Judge:
    """The roster of one service, ready to be asked about many visits.

    *facts* are without visits: what stands is whether somebody is there, not whether they are free.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._people = {person.actor_id: person for person in facts.practitioners}
        self._open: dict[date, list[Period]] = {}
        self._works: dict[tuple[int, date], list[Period]] = {}

    def outside(self, visit: Placed) -> tuple[Why, ...]:
        """Every reason why *visit* falls outside; an empty tuple means that it stands."""
        found = (
            *self._hours(visit),
            *self._practitioner(visit),
            *_thing(self.facts.rooms, visit.room_id, visit.held, W.NO_ROOM, W.ROOM_AWAY),
            *self._device(visit),
        )
        return tuple(why for why in found if why.code not in visit.overrode)

    def _day(self, visit: Placed) -> date:
        return clock.local(visit.starts_at, self.facts.zone).date()

    def _hours(self, visit: Placed) -> Iterator[Why]:
        day = self._day(visit)
        if day not in self._open:
            self._open[day] = opening_periods(self.facts, day)
        if not any(period.contains(visit.held) for period in self._open[day]):
            yield Why(W.CLOSED)
        person = self._people.get(visit.practitioner_id or 0)
        if person is not None and not self._at_work(person, day, visit.held):
            yield Why(W.HOURS, person.actor_id)

    def _at_work(self, person: PractitionerFacts, day: date, held: Period) -> bool:
        key = person.actor_id, day
        if key not in self._works:
            self._works[key] = stretches(person.hours, person.extra, day, self.facts.zone)
        return any(period.contains(held) for period in self._works[key])

    def _practitioner(self, visit: Placed) -> Iterator[Why]:
        """Somebody who is offered for nothing any more is nobody to be treated by."""
        person = self._people.get(visit.practitioner_id or 0)
        if person is None or not person.may(self.facts.service.kind, self._day(visit)):
            yield Why(W.NOT_QUALIFIED, visit.practitioner_id)
        if person is not None:
            yield from _away(person.absent, visit.held, W.PRACTITIONER_AWAY, person.actor_id)

    def _device(self, visit: Placed) -> Iterator[Why]:
        if self.facts.devices is not None:
            yield from _thing(
                self.facts.devices, visit.device_id, visit.held, W.NO_DEVICE, W.DEVICE_AWAY
            )


def _thing(
    things: Sequence[ThingFacts], actor_id: int | None, held: Period, gone: WhyNot, away: WhyNot
) -> Iterator[Why]:
    thing = next((one for one in things if one.actor_id == actor_id), None)
    if thing is None:
        yield Why(gone, actor_id)
    else:
        yield from _away(thing.absent, held, away, thing.actor_id)


def _away(absent: Iterable[Period], held: Period, code: WhyNot, actor_id: int) -> Iterator[Why]:
    """The absence that ends last, where several meet the visit."""
    ends = [absence.ends_at for absence in absent if absence.overlaps(held)]
    if ends:
        yield Why(code, actor_id, until=max(ends))


def only_new(before: Iterable[Why], after: Iterable[Why]) -> list[Why]:
    """What a change of the roster adds: the same code about the same actor is no news."""
    known = {(why.code, why.actor_id) for why in before}
    return [why for why in after if (why.code, why.actor_id) not in known]
