"""How physicians and rooms are called, in memory under the roster's stamp.

For pages that list hundreds of visits of the same few; unlike the roster with whoever works here no
longer, for their visits stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from sqlalchemy import ScalarSelect, String, cast, func, literal, select

from clinic.accounts.models import Practitioner
from clinic.catalogue import sites
from clinic.catalogue.models import Room
from clinic.database import db, table_of
from clinic.scheduling.models import Appointment, Participant

_person, _room = table_of(Practitioner), table_of(Room)
EVERYBODY = select(
    _person.c.actor_id, _person.c.name, _person.c.public_id, _person.c.colour
).union_all(select(_room.c.actor_id, _room.c.name, _room.c.public_id, literal(0)))


class Named(NamedTuple):
    """A physician, or a room, which has no colour."""

    name: str
    public_id: str
    colour: int


NOBODY = Named("", "", 1)


def actors_of_it() -> ScalarSelect[str]:
    """For a statement about visits: the numbers of the actors of each one's physician and room,
    with commas between them. What else it takes up is left out.

    Asked of each visit by itself, never joined: PostgreSQL would begin with all visits that a
    physician ever had.
    """
    visit, taken = table_of(Appointment), table_of(Participant)
    those = select(_person.c.actor_id).union_all(select(_room.c.actor_id))
    return (
        select(func.aggregate_strings(cast(taken.c.actor_id, String), ","))
        .where(taken.c.appointment_id == visit.c.id, taken.c.actor_id.in_(those))
        .correlate(visit)
        .scalar_subquery()
    )


def numbers(actors: str | None) -> list[int]:
    """What `actors_of_it` gave, as numbers."""
    return [int(each) for each in actors.split(",")] if actors else []


def who_and_where(actors: str | None, named: Mapping[int, Named]) -> tuple[Named, Named]:
    """Physician and room of what `actors_of_it` gave. A physician has a colour, a room has none."""
    who = where = NOBODY
    for number in numbers(actors):
        one = named[number]
        if one.colour:
            who = one
        else:
            where = one
    return who, where


_kept: tuple[str, Mapping[int, Named]] | None = None


def of(actor_ids: Set[int]) -> Mapping[int, Named]:
    """The physicians and rooms of *actor_ids* and all others: no statement while none changes."""
    global _kept
    stamp = sites.stamp_of_request()
    if _kept is None or stamp is None or _kept[0] != stamp or not actor_ids <= _kept[1].keys():
        # What was read after the stamp may be newer than it, never older.
        _kept = stamp or "", _read()
    return _kept[1]


def _read() -> Mapping[int, Named]:
    return {row[0]: Named(*row[1:]) for row in db.session.execute(EVERYBODY).all()}
