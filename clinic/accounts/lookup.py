"""Finding patients by what somebody types, through the keys that are kept with each.

One statement finds those who fit as typed; only where they are few does a second look for slips. A
look reads a bounded number of rows, whatever is typed: who types one letter is asked for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from clinic.accounts import finding
from clinic.accounts.finding import Identity, KeyKind, Part, Wanted
from clinic.accounts.models import Patient, PatientKey, PatientLink
from clinic.columns import as_text
from clinic.database import run, table_of

MOST_SHOWN = 50
MOST_READ = 100  # beyond these nobody is counted


class Known(NamedTuple):
    """A patient, as far as it takes to tell them from another."""

    id: int
    public_id: str
    name: str
    born_on: date
    phone: str | None
    email: str | None
    possible_duplicate_of_id: int | None
    goes_on: str | None  # whose record stands for it now, by name

    @property
    def subject(self) -> str:
        """As the log calls them."""
        return f"patient:{self.public_id}"

    @property
    def identity(self) -> Identity:
        return Identity(self.name, self.born_on, self.phone, self.email)


class Hits(NamedTuple):
    """Who fits, the best first; *more* fit too, or at least so many where *is_open*."""

    shown: tuple[Known, ...]
    more: int = 0
    is_open: bool = False


_patient, _keys = table_of(Patient), table_of(PatientKey)
_link, _kept = table_of(PatientLink), table_of(Patient).alias("kept")
_goes_on = (
    select(_kept.c.name)
    .join(_link, _link.c.kept_id == _kept.c.id)
    .where(_link.c.replaced_id == _patient.c.id, _link.c.undone_at.is_(None))
    .correlate(_patient)
    .scalar_subquery()
)
READ = [*(_patient.c[field] for field in Known._fields[:-1]), _goes_on]


def found(asked: Wanted) -> Hits:
    """Patients who fit every part; those with a slip come after all others."""
    if not asked.parts:
        return Hits(())
    parts = sorted(asked.parts, key=_rarity)
    read = _rows(parts, with_slips=False)
    is_open = len(read) == MOST_READ
    if len({row[0] for row in read}) < MOST_SHOWN and any(part.slips for part in parts):
        read = [*read, *_rows(parts, with_slips=True)]
    known = {row[0]: Known(*row) for row in read}
    order = finding.ranked({number: one.identity for number, one in known.items()}, asked)
    shown = tuple([known[number] for number in order[:MOST_SHOWN]])
    return Hits(shown, len(order) - len(shown), is_open)


def _rarity(part: Part) -> tuple[bool, int]:
    """The part that fewest are likely to have comes first: a date, digits or an address, else the
    longest word."""
    return bool(part.word), -len(part.word)


class Shape(NamedTuple):
    """What the statement needs to know of a part; what it looks for are values."""

    kinds: tuple[KeyKind, ...]
    has_slips: bool


def _rows(parts: Sequence[Part], *, with_slips: bool) -> Sequence[Any]:
    """Patients with a key for each of *parts*; once for each key of the first."""
    shapes: list[Shape] = []
    values: dict[str, Any] = {}
    for number, part in enumerate(parts):
        slips = sorted(part.slips) if with_slips else []
        shapes.append(Shape(tuple([one.kind for one in part.ranges]), bool(slips)))
        for place, one in enumerate(part.ranges):
            values[f"low_{number}_{place}"] = one.low
            values[f"high_{number}_{place}"] = one.high
        if slips:
            values[f"slips_{number}"] = slips
    return run(_statement(tuple(shapes)), values).all()


@lru_cache(maxsize=256)
def _statement(shapes: tuple[Shape, ...]) -> Any:
    """Made once for each shape: making it takes longer than what the database does with it."""
    first, *others = [_keys.alias(f"key_{number}") for number in range(len(shapes))]
    return (
        select(*READ)
        .select_from(first.join(_patient, _patient.c.id == first.c.patient_id))
        .where(
            _test(first, 0, shapes[0]),
            *(
                exists().where(
                    other.c.patient_id == first.c.patient_id, _test(other, number, shapes[number])
                )
                for number, other in enumerate(others, start=1)
            ),
        )
        .order_by(first.c.key, first.c.patient_id)
        .limit(MOST_READ)
    )


def _test(key: Any, number: int, shape: Shape) -> ColumnElement[bool]:
    tests = [
        and_(
            key.c.kind == as_text(kind),
            key.c.key.between(
                bindparam(f"low_{number}_{place}"), bindparam(f"high_{number}_{place}")
            ),
        )
        for place, kind in enumerate(shape.kinds)
    ]
    if shape.has_slips:
        slips: Any = bindparam(f"slips_{number}", expanding=True)
        tests.append(and_(key.c.kind == as_text(KeyKind.SLIP), key.c.key.in_(slips)))
    return or_(*tests)


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
