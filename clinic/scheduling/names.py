"""How physicians and rooms are called, in memory under the roster's stamp.

For pages that list hundreds of visits of the same few; unlike the roster with whoever works here no
longer, for their visits stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, literal, select, true

from clinic.accounts.models import Practitioner
from clinic.catalogue import sites
from clinic.catalogue.models import Device, Room
from clinic.database import db, table_of
from clinic.scheduling.models import Appointment, Participant

A_ROOM, A_DEVICE = 0, -1  # in place of a physician's colour
_person, _room, _device = table_of(Practitioner), table_of(Room), table_of(Device)
EVERYBODY = select(
    _person.c.actor_id, _person.c.name, _person.c.public_id, _person.c.colour
).union_all(
    select(_room.c.actor_id, _room.c.name, _room.c.public_id, literal(A_ROOM)),
    select(_device.c.actor_id, _device.c.name, _device.c.public_id, literal(A_DEVICE)),
)


class Named(NamedTuple):
    """A physician, a room or a device; the first alone has a colour, from 1 on."""

    name: str
    public_id: str
    colour: int


NOBODY = Named("", "", 1)


def actors_of_it(patient_actor: ColumnElement[int] | None = None) -> ScalarSelect[str]:
    """For a statement about visits: the numbers of the actors that each takes up, with commas
    between them; without its patient's, where the statement knows that.

    Asked of each visit by itself, never joined: PostgreSQL would begin with all visits that a
    physician ever had. Nor are physicians and rooms picked out here: it would read all of them
    again for each visit.
    """
    visit, taken = table_of(Appointment), table_of(Participant)
    is_other = true() if patient_actor is None else taken.c.actor_id != patient_actor
    return (
        select(func.aggregate_strings(cast(taken.c.actor_id, String), ","))
        .where(taken.c.appointment_id == visit.c.id, is_other)
        .correlate_except(taken)
        .scalar_subquery()
    )


def numbers(actors: str | None) -> list[int]:
    """What `actors_of_it` gave, as numbers."""
    return [int(each) for each in actors.split(",")] if actors else []


def who_and_where(actors: str | None, named: Mapping[int, Named]) -> tuple[Named, Named]:
    """Physician and room of what `actors_of_it` gave."""
    who = where = NOBODY
    for number in numbers(actors):
        one = named[number]
        if one.colour > A_ROOM:
            who = one
        elif one.colour == A_ROOM:
            where = one
    return who, where


_kept: tuple[str, Mapping[int, Named]] | None = None


def of(actor_ids: Set[int]) -> Mapping[int, Named]:
    """The physicians, rooms and devices of *actor_ids* and all others: no statement while none
    changes."""
    global _kept
    stamp = sites.stamp_of_request()
    if _kept is None or stamp is None or _kept[0] != stamp or not actor_ids <= _kept[1].keys():
        # What was read after the stamp may be newer than it, never older.
        _kept = stamp or "", _read()
    return _kept[1]


def _read() -> Mapping[int, Named]:
    return {row[0]: Named(*row[1:]) for row in db.session.execute(EVERYBODY).all()}
