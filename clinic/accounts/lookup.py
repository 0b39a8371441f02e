"""Finding patients by what somebody types, through the keys that are kept with each.

One statement finds those who fit as typed; only where they are few does a second look for slips. A
look reads a bounded number of rows, whatever is typed: who types one letter is asked for more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select

from clinic.accounts import finding
from clinic.accounts.finding import Identity, KeyKind, Part, Wanted
from clinic.accounts.models import Patient, PatientKey
from clinic.columns import as_text
from clinic.database import run, table_of

MOST_SHOWN = 50
MOST_READ = 200  # beyond these nobody is counted


class Known(NamedTuple):
    """A patient, as far as it takes to tell them from another."""

    id: int
    public_id: str
    name: str
    born_on: date
    phone: str | None
    email: str | None
    possible_duplicate_of_id: int | None

    @property
    def subject(self) -> str:
        """As the log calls them."""
        return f"patient:{self.public_id}"

    @property
    def identity(self) -> Identity:
        return Identity(self.name, self.born_on, self.phone, self.email)


class Hits(NamedTuple):
    """Who fits, the best first; *more* fit too, or at least so many where *is_open*."""

    shown: Sequence[Known]
    more: int = 0
    is_open: bool = False


_patient, _keys = table_of(Patient), table_of(PatientKey)
READ = [_patient.c[field] for field in Known._fields]
Test = Callable[[Any, Part], ColumnElement[bool]]


def found(asked: Wanted) -> Hits:
    """Patients who fit every part; those with a slip come after all others."""
    if not asked.parts:
        return Hits(())
    read = _rows(asked.parts, _as_typed)
    is_open = len(read) == MOST_READ
    if len({row[0] for row in read}) < MOST_SHOWN and any(part.slips for part in asked.parts):
        read = [*read, *_rows(asked.parts, _with_slips)]
    known = {row[0]: Known(*row) for row in read}
    order = finding.ranked({number: one.identity for number, one in known.items()}, asked)
    shown = [known[number] for number in order[:MOST_SHOWN]]
    return Hits(shown, len(order) - len(shown), is_open)


def _rows(parts: Collection[Part], test: Test) -> Sequence[Any]:
    """Patients with a key for each of *parts*; once for each key of the part that leads."""
    first = _leading(parts)
    key = _keys.alias("first")
    others = [_has(key, number, part, test) for number, part in enumerate(parts) if part != first]
    return run(
        select(*READ)
        .select_from(key.join(_patient, _patient.c.id == key.c.patient_id))
        .where(test(key, first), *others)
        .order_by(key.c.key, key.c.patient_id)
        .limit(MOST_READ)
    ).all()


def _leading(parts: Collection[Part]) -> Part:
    """The part that fewest are likely to have: a date, digits or an address, else a long word."""
    return min(parts, key=lambda part: (bool(part.word), -len(part.word)))


def _has(first: Any, number: int, part: Part, test: Test) -> ColumnElement[bool]:
    key = _keys.alias(f"other_{number}")
    return exists().where(key.c.patient_id == first.c.patient_id, test(key, part))


def _as_typed(key: Any, part: Part) -> ColumnElement[bool]:
    return or_(
        *(
            and_(key.c.kind == as_text(one.kind), key.c.key.between(one.low, one.high))
            for one in part.ranges
        )
    )


def _with_slips(key: Any, part: Part) -> ColumnElement[bool]:
    if not part.slips:
        return _as_typed(key, part)
    near = and_(key.c.kind == as_text(KeyKind.SLIP), key.c.key.in_(sorted(part.slips)))
    return or_(_as_typed(key, part), near)


def doubles(of: Identity) -> Sequence[Known]:
    """Records that may be of the same person, by name: born on the same day, and alike."""
    rows = run(
        select(*READ)
        .select_from(_keys.join(_patient, _patient.c.id == _keys.c.patient_id))
        .where(
            _keys.c.kind == as_text(KeyKind.BIRTH),
            _keys.c.key == of.born_on.isoformat(),
        )
        .order_by(_patient.c.name_key, _patient.c.id)
    ).all()
    known = [Known(*row) for row in rows]
    return [one for one in known if finding.may_be_the_same(one.identity, of)]
