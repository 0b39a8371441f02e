"""What is counted, as plain values: no name of a patient, and nothing that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Times(NamedTuple):
    """Somebody who works or a room that can be used, and for how many minutes by week."""

    actor_id: int
    name: str
    minutes: Mapping[date, int]


class Taken(NamedTuple):
    actor_id: int
    day: date
    minutes: int


class Day(NamedTuple):
    day: date
    booked: int  # cancelled ones too
    due: int
    missed: int


class Lead(NamedTuple):
    day: date
    days: float


class Cancelled(NamedTuple):
    day: date
    reason: str
    visits: int


class Waited(NamedTuple):
    day: date
    minutes: float


class Decided(NamedTuple):
    """*days* after the form was sent; None where there was none."""

    day: date
    patient_id: int
    approves: bool
    days: float | None


@dataclass(frozen=True)
class Facts:
    physicians: Sequence[Times] = ()
    rooms: Sequence[Times] = ()
    taken: Sequence[Taken] = ()
    days: Sequence[Day] = ()
    leads: Sequence[Lead] = ()
    cancelled: Sequence[Cancelled] = ()
    waited: Sequence[Waited] = ()
    decided: Sequence[Decided] = ()
