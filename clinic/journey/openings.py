"""Time that opens because the roster changed: offered to those who wait, as a freed visit's is.

Extra hours, longer hours, an absence that ends, a day that is open again: whatever it was, what is
free under the new roster and was not under the old one has opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from clinic import clock
from clinic.catalogue.models import Service
from clinic.journey import line
from clinic.scheduling import availability
from clinic.scheduling import rules as scheduling
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.rules import Facts, Slot
from clinic.waitlist import queries, rules
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import Waiting

DAY = timedelta(days=1)

Days = Mapping[date, Sequence[Slot]]


def lock_those_who_wait(known: Roster) -> Sequence[WaitlistEntry]:
    """Whom something could be offered if it opens; all that this may take up is locked.

    Asked before the roster is changed: rows are locked in one order. One statement when nobody
    waits.
    """
    today = clock.now().date()
    furthest = max((one.facts.horizon for one in known.services), default=DAY)
    candidates = queries.waiting(today - DAY, today + furthest + DAY)
    if candidates:
        line.lock((), candidates)
    return candidates


def offer(before: Roster, after: Roster, locked: Sequence[WaitlistEntry]) -> list[Offer]:
    """Offer what opens between two rosters to *locked*, in the order of the line: to each the
    first time that fits and that they may take."""
    return line.in_turn(locked, _Opened(before, after, locked).offer) if locked else []


@dataclass
class _Opened:
    """What has opened of each service, looked up once; whether it is still free is asked anew."""

    before: Roster
    after: Roster
    entries: Sequence[WaitlistEntry]
    found: dict[int, Days] = field(default_factory=dict)

    def offer(self, entry: WaitlistEntry, wish: Waiting) -> Offer | None:
        service = entry.service
        if service.id not in self.found:
            self.found[service.id] = self._days(service)
        zone = service.location.zone
        gate = None
        for day, slots in self.found[service.id].items():
            fitting = [slot for slot in slots if wish.fits(slot, zone)]
            if fitting:
                gate = gate or line.Gate(entry)
                made = self._offer_one(entry, gate, day, fitting)
                if made is not None:
                    return made
        return None

    def _offer_one(
        self, entry: WaitlistEntry, gate: line.Gate, day: date, slots: Sequence[Slot]
    ) -> Offer | None:
        """The first of *slots* of one day that the patient may take now."""
        facts: Facts | None = None
        for slot in slots:
            if not gate.lets_through(slot):
                continue
            if facts is None:
                facts = self._facts(entry, day)
            if scheduling.is_free(facts, slot.practitioner_id, slot.starts_at) is not None:
                made = line.offered(entry, slot, gate.carried_by)
                if made is not None:
                    return made
        return None

    def _facts(self, entry: WaitlistEntry, day: date) -> Facts:
        found = availability.times(entry.service, day, 1, patient=entry.patient, known=self.after)
        return found.facts

    def _days(self, service: Service) -> Days:
        """What has opened of a service on the days that anybody waits for, by the site's date."""
        new, old = (known.service(service.public_id) for known in (self.after, self.before))
        if new is None:
            return {}  # not on offer (any more)
        zone = self.after.sites[new.location_id].zone
        first, days = self._window(new, zone)
        if days < 1:
            return {}
        facts = availability.times(new, first, days, known=self.after).facts
        if old is None:
            slots = scheduling.free_slots(facts, first, days)
        else:
            was = availability.times(old, first, days, known=self.before).facts
            slots = rules.opened(was, facts, first, days)

        def day_of(slot: Slot) -> date:
            return clock.local(slot.starts_at, zone).date()

        return {day: list(of_day) for day, of_day in groupby(slots, day_of)}

    def _window(self, service: Offered, zone: str) -> tuple[date, int]:
        wishes = [one for one in self.entries if one.service.public_id == service.public_id]
        today = clock.today(zone)
        first = max(today, min(one.from_on for one in wishes))
        last = min(today + service.facts.horizon, max(one.until_on for one in wishes))
        return first, (last - first).days + 1
