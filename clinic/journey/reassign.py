"""Visits that the roster no longer carries: a new time and practitioner proposed, and accepted.

Nobody is moved by a proposal. Accepting one moves the visit and tells the patient; a treatment
asks the gate about the new time, when it is proposed and again when it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.accounts.rules import ADULT
from clinic.catalogue.own_sites import at_own_sites
from clinic.catalogue.rules import MODALITIES
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.journey import book, move
from clinic.permissions import Actor
from clinic.scheduling import availability, outside, queries, roster
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_actors
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Roster
from clinic.scheduling.outside import Line
from clinic.scheduling.rules import AppointmentStatus, Slot
from clinic.scheduling.rules import Wish as PlaceWish
from clinic.scheduling.rules import reassign as assign
from clinic.scheduling.rules.reassign import DAYS_AROUND
from clinic.treatment import queries as treatment
from clinic.treatment.queries import Gate
from clinic.treatment.rules import Wish

AROUND = timedelta(days=DAYS_AROUND + 1)
BY_CLINIC = "clinic"  # why, as the history of a visit says it
NOBODY = 0  # the actor of somebody who is on offer no more
MOST = 25  # visits for which times are looked for at once


@dataclass(frozen=True)
class Proposed:
    """A visit that falls outside, and where it could go; without *slot* nobody can take it.

    *with_whom* is the public id of the practitioner, *name* how they are called.
    """

    line: Line
    version: int
    phone: str | None
    slot: Slot | None
    with_whom: str = ""
    name: str = ""

    @property
    def value(self) -> str:
        """What a form sends to accept exactly this."""
        assert self.slot is not None
        return "|".join(
            (
                self.line.public_id,
                str(self.version),
                self.with_whom,
                self.slot.starts_at.isoformat(),
            )
        )


@dataclass(frozen=True)
class Accepted:
    """A proposal that somebody pressed for."""

    visit: Appointment
    shown: int
    practitioner_actor_id: int
    starts_at: datetime


class NotAsProposed(RuntimeError):
    """What was sent is no proposal of ours."""


def proposals(found: outside.Reasons, known: Roster) -> list[Proposed]:
    """The first of the visits in *found*, in order of time, each with what it could be instead.

    *known* is the roster. Three statements, and four more for the gates of treatments.
    """
    listed = outside.listed(found, MOST)
    slots = _slots({visit.id: (visit, who) for visit, who, _line in listed}, known)
    people = {person.actor_id: person for person in known.people}
    made = []
    for visit, _who, line in listed:
        assert visit.patient is not None  # it is booked
        slot = slots[visit.id]
        one = Proposed(line, visit.version, visit.patient.phone, slot)
        if slot is not None:
            person = people[slot.practitioner_id]
            one = replace(one, with_whom=person.public_id, name=person.name)
        made.append(one)
    return made


def _slots(
    listed: Mapping[int, tuple[Appointment, queries.Who]], known: Roster
) -> Mapping[int, Slot | None]:
    if not listed:
        return {}
    visits = [visit for visit, _who in listed.values()]
    patients = {visit.id: visit.patient.actor_id for visit in visits if visit.patient}
    facts = availability.facts_for_each(
        known,
        {visit.id: roster.offered(visit.service) for visit in visits},
        patients,
        Period(min(v.starts_at for v in visits) - AROUND, max(v.ends_at for v in visits) + AROUND),
    )
    people = {person.public_id: person.actor_id for person in known.people}
    gates = treatment.gates(_treated(visits))

    def may(wish: PlaceWish, slot: Slot) -> bool:
        return _may(listed[wish.visit_id][0], slot.starts_at, gates)

    wishes = [
        PlaceWish(
            visit_id=visit.id,
            patient_actor_id=patients[visit.id],
            practitioner_id=people.get(who.practitioner_public_id, NOBODY),
            starts_at=visit.starts_at,
            facts=facts[visit.id],
        )
        for visit, who in listed.values()
    ]
    return assign(wishes, may)


def _treated(visits: Iterable[Appointment]) -> list[Patient]:
    """The patients whose treatments are among the visits, each once."""
    treatments = [visit for visit in visits if MODALITIES[visit.service.kind]]
    return list({v.patient.id: v.patient for v in treatments if v.patient}.values())


def _may(visit: Appointment, starts_at: datetime, gates: Mapping[int, Gate]) -> bool:
    """Whether the patient may have the visit at another time, by the gate as it is now."""
    assert visit.patient is not None
    day = clock.local(starts_at, visit.location.zone).date()
    wanted = MODALITIES[visit.service.kind]
    if not wanted:
        return clock.age_on(visit.patient.born_on, day) >= ADULT
    return not gates[visit.patient.id].ask(Wish(wanted, starts_at, day))[1]


def read(value: str, *, actor: Actor) -> Accepted:
    """What a form sent, read back. Raises `NotAsProposed`, also for a visit at a site that the
    actor does not work at."""
    parts = value.split("|")
    try:
        public_id, version, with_whom, instant = parts
        starts_at, shown = datetime.fromisoformat(instant), int(version)
    except ValueError as error:
        raise NotAsProposed(value) from error
    visit = db.session.scalar(
        select(Appointment)
        .options(joinedload(Appointment.patient))
        .where(Appointment.public_id == public_id, at_own_sites(actor, Appointment.location_id))
    )
    practitioner = db.session.scalar(
        select(Practitioner).where(Practitioner.public_id == with_whom)
    )
    if visit is None or practitioner is None or starts_at.tzinfo is None:
        raise NotAsProposed(value)
    return Accepted(visit, shown, practitioner.actor_id, starts_at)


def accept(accepted: Iterable[Accepted], *, actor: Actor) -> int:
    """Move all of these visits, or none; how many there were.

    Raises `GateClosed`, and `SlotTaken` and `Changed` where the world moved meanwhile.
    """
    accepted = sorted(accepted, key=lambda one: one.visit.id)
    with transaction():
        known = roster.current()
        things = [thing.actor_id for thing in (*known.rooms, *known.devices)]
        own = [a for one in accepted for a in queries.actors_of(one.visit)]
        # All at once and in order: two desks that accept at the same time wait for each other.
        lock_actors([*things, *own, *(one.practitioner_actor_id for one in accepted)])
        for one in accepted:
            _move(one, actor)
    return len(accepted)


def _move(one: Accepted, actor: Actor) -> None:
    """Where only the room changes, the patient is told nothing: to them it is the same visit."""
    visit = one.visit
    stays = visit.starts_at == one.starts_at
    if not stays or one.practitioner_actor_id not in queries.actors_of(visit):
        move.by_staff(
            visit,
            one.practitioner_actor_id,
            one.starts_at,
            shown=one.shown,
            reason=BY_CLINIC,
            actor=actor,
        )
        return
    if visit.patient is None or visit.status != AppointmentStatus.BOOKED:
        raise scheduling.Changed
    scheduling.move(
        visit,
        one.practitioner_actor_id,
        one.starts_at,
        shown=one.shown,
        actor=actor,
        approval=book.allowed(visit.service, visit.patient, one.starts_at),
        reason=BY_CLINIC,
    )
