"""The weeks to come: the next one is read at once, what lies beyond when it is asked for.

A page of times shows one week and the first free time of each physician. Most have one in the next
week, so the two months that one can book ahead are read only for those who have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.scheduling import availability, picker, roster
from clinic.scheduling.availability import Times
from clinic.scheduling.models import Appointment
from clinic.scheduling.roster import Person, Roster
from clinic.scheduling.rules import Facts, Slot

NEAR = timedelta(days=picker.WEEK)


@dataclass(frozen=True)
class Weeks:
    """Facts of the days from *today* to *last*, those of the next week at once."""

    service: Service
    patient: Patient | None
    besides: Appointment | None
    known: Roster
    today: date
    last: date
    people: Sequence[Person]
    near: Times

    def facts_of(self, first: date) -> Facts:
        """What decides the free times of the week that begins on *first*."""
        if first == self.today:
            return self.near.facts
        return self._times(first, picker.WEEK, self.people).facts

    def whole(self) -> Facts:
        """What decides the free times of all days, for an answer that may lie on any."""
        return self._times(self.today, (self.last - self.today).days + 1, self.people).facts

    def firsts(self, allowed: Callable[[Slot], bool] = lambda slot: True) -> Mapping[int, Slot]:
        """The first free time of each practitioner who has one, by actor."""
        actors = [who.actor_id for who in self.people]
        until = min(self.today + NEAR - timedelta(days=1), self.last)
        found = picker.first_of_each(self.near.facts, actors, self.today, until, allowed)
        later = [who for who in self.people if who.actor_id not in found]
        first = until + timedelta(days=1)
        if later and first <= self.last:
            far = self._times(first, (self.last - first).days + 1, later).facts
            more = [who.actor_id for who in later]
            found |= picker.first_of_each(far, more, first, self.last, allowed)
        return found

    def _times(self, first: date, days: int, people: Sequence[Person]) -> Times:
        return availability.times(
            self.service,
            first,
            days,
            patient=self.patient,
            besides=self.besides,
            among=people,
            known=self.known,
        )


def weeks(
    service: Service, *, patient: Patient | None = None, besides: Appointment | None = None
) -> Weeks:
    """From today as far as one can book: two statements, and more for what lies beyond a week."""
    known = roster.current()
    today = clock.today(known.sites[service.location_id].zone)
    last = today + timedelta(days=service.horizon_days)
    people = availability.offering(service, today, last, known)
    near = availability.times(
        service, today, picker.WEEK, patient=patient, besides=besides, among=people, known=known
    )
    return Weeks(service, patient, besides, known, today, last, people, near)
