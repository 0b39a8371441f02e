"""The visits to come in memory: what takes up each practitioner, room and device.

A process keeps them from one request to the next, beside the roster, with the free times that were
worked out from them. The stamps that the database renews with every change (`clinic/guards`) are
read first each time, all in one statement; an actor whose stamp is another is read again. For pages
only: whoever writes asks `availability`, under the lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import select, true

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue import sites
from clinic.catalogue.models import RosterStamp
from clinic.database import rows, table_of
from clinic.made import Made
from clinic.scheduling import availability, busy, roster
from clinic.scheduling.availability import Agendas
from clinic.scheduling.busy import FOR_GOOD, Stretch
from clinic.scheduling.models import Appointment, DiaryStamp
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.roster import KEPT_BACK
from clinic.scheduling.rules import Facts, Taken

_one, _each = table_of(RosterStamp).c, table_of(DiaryStamp).c
STAMPS = Made(
    select(_one.stamp, _each.actor_id, _each.stamp).select_from(
        table_of(RosterStamp).outerjoin(table_of(DiaryStamp), true())
    )
)


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NONE = ""  # of an actor whose stamp somebody took away: it is read each time


@dataclass(frozen=True)
class Page:
    """An actor's visits to come under a *stamp*; *taken* is what of them counts at *made_at*.

    Holds that are over count for nothing: from *good_until* on, another has to be made.
    """

    stamp: str
    stretches: Sequence[Stretch]
    made_at: datetime
    good_until: datetime
    taken: tuple[Taken, ...]

    def stands_under(self, stamp: str) -> bool:
        return self.stamp == stamp != NONE

    def is_good(self, now: datetime) -> bool:
        return self.made_at <= now < self.good_until


def _page(stamp: str, stretches: Sequence[Stretch], now: datetime) -> Page:
    ends = (one.hold_until for one in stretches if one.hold_until and now < one.hold_until)
    return Page(stamp, stretches, now, min(ends, default=FOR_GOOD), busy.live(stretches, now))


@dataclass(frozen=True)
class Diary:
    """The roster, a page for each actor of it, and what was made of both.

    *facts* are by service; *agendas* are by actor and site, so that those of whom nothing changed
    outlive the diary.
    """

    roster: Roster
    pages: Mapping[int, Page]
    facts: dict[int, Facts] = field(default_factory=dict)
    agendas: Agendas = field(default_factory=dict)

    def is_good(self, known: Roster, stamps: Mapping[int, str], now: datetime) -> bool:
        """Asked with each page: all at once, not page by page."""
        since, until = self._good
        is_same = self.roster is known and self._stamps == stamps
        return is_same and NONE not in self._stamps.values() and since <= now < until

    @cached_property
    def _stamps(self) -> Mapping[int, str]:
        return {actor_id: page.stamp for actor_id, page in self.pages.items()}

    @cached_property
    def _good(self) -> tuple[datetime, datetime]:
        """From when to when each of the pages counts what it says."""
        pages = self.pages.values()
        since = max((page.made_at for page in pages), default=LONG_AGO)
        return since, min((page.good_until for page in pages), default=FOR_GOOD)

    def facts_of(
        self,
        wanted: Offered,
        *,
        patient: Patient | None = None,
        besides: Appointment | None = None,
    ) -> Facts:
        """What decides the free times of a service, for as far ahead as anybody can book.

        *besides* (the asker's own hold, or the visit that is to move) does not count as busy. One
        statement where a patient is given.
        """
        found = self._of(wanted)
        if besides is not None:
            found = self._without(wanted, besides)
        own = () if patient is None else _own(patient, besides)
        return found.at(clock.now(), own)

    def _of(self, wanted: Offered) -> Facts:
        found = self.facts.get(wanted.id)
        if found is None or found.service != wanted.facts:
            taken = {actor_id: page.taken for actor_id, page in self.pages.items()}
            found = availability.facts(self.roster, wanted, taken, agendas=self.agendas)
            self.facts[wanted.id] = found
        return found

    def _without(self, wanted: Offered, visit: Appointment) -> Facts:
        """Only whom the visit takes up is looked at again."""
        taken, its = {}, set()
        for actor_id, page in self.pages.items():
            taken[actor_id] = page.taken
            if any(one.visit_id == visit.id for one in page.stretches):
                its.add(actor_id)
                taken[actor_id] = busy.live(page.stretches, page.made_at, visit)
        agendas = {key: made for key, made in self.agendas.items() if key[0] not in its}
        return availability.facts(self.roster, wanted, taken, agendas=agendas)


def _own(patient: Patient, besides: Appointment | None) -> tuple[Taken, ...]:
    """What takes up the patient from now on."""
    now = clock.now()
    return busy.live(busy.of_a_person(patient.actor_id, now), now, besides)


_kept: Diary | None = None


def current() -> Diary:
    """The diary as it is now: one statement, and more for what changed."""
    global _kept
    found = rows(STAMPS)
    stamp = found[0][0] if found else None
    sites.was_read(stamp)
    known = roster.under(stamp)
    each_has = {actor_id: each for _roster, actor_id, each in found}
    stamps = {actor_id: each_has.get(actor_id, NONE) for actor_id in known.actor_ids}
    now, kept = clock.now(), _kept
    if kept is None or not kept.is_good(known, stamps, now):
        kept = _kept = _renewed(kept, known, stamps, now)
    return kept


def _renewed(old: Diary | None, known: Roster, stamps: Mapping[int, str], now: datetime) -> Diary:
    """Read what changed. It may be newer than its stamp, never older: it is read again then."""
    pages = {
        actor_id: page if page.is_good(now) else _page(page.stamp, page.stretches, now)
        for actor_id, page in (old.pages.items() if old is not None else ())
        if page.stands_under(stamps.get(actor_id, NONE)) and page.made_at <= now
    }
    missing = stamps.keys() - pages.keys()
    if missing:
        read = busy.stretches(missing, now - KEPT_BACK)
        pages |= {a: _page(stamps[a], read.get(a, []), now) for a in missing}
    diary = Diary(known, pages)
    if old is not None and old.roster is known:
        same = {a for a, page in pages.items() if page is old.pages.get(a)}
        diary.agendas.update((k, made) for k, made in old.agendas.items() if k[0] in same)
    return diary
