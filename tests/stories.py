"""What many tests begin with: told once for each engine, then put back as it was stored.

Putting rows back costs a few milliseconds; the services that made them took a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from clinic.database import db
from tests.engines import Engine

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """Stands for a stored row, whichever session it is read in."""

    kind: type[Any]
    id: int


def tell(engine: Engine, story: Callable[[], T]) -> T:
    """What *story* answers, with the database as *story* leaves it.

    A story is known by where it is written: it and the story before it are the same for every test
    that tells it. What it answers is a row, or a dataclass of rows. Where somebody has written
    since the last story, it is told in full, for what they wrote must stay.
    """
    if engine.is_touched:
        return story()
    name = f"{story.__module__}.{story.__qualname__}"
    if not engine.begin_again(name):
        engine.remember(name, _without_rows(story()))
    return cast(T, _with_rows(engine.remembered[name].answer))


def _without_rows(answer: Any) -> Any:
    if isinstance(answer, db.Model):
        return Row(type(answer), answer.id)
    return _replaced(answer, _without_rows)


def _with_rows(answer: Any) -> Any:
    found = _read(answer)

    def put_back(part: Any) -> Any:
        return found[part] if isinstance(part, Row) else _replaced(part, put_back)

    return put_back(answer)


def _replaced(answer: Any, change: Callable[[Any], Any]) -> Any:
    if not is_dataclass(answer) or isinstance(answer, type | Row):
        return answer
    return replace(answer, **{f.name: change(getattr(answer, f.name)) for f in fields(answer)})


def _read(answer: Any) -> Mapping[Row, Any]:
    """Every row that an answer names, with one statement for each kind."""
    ids: dict[type[Any], set[int]] = defaultdict(set)
    for row in _rows(answer):
        ids[row.kind].add(row.id)
    return {
        Row(kind, row.id): row
        for kind, wanted in ids.items()
        for row in db.session.scalars(db.select(kind).where(kind.id.in_(wanted)))
    }


def _rows(answer: Any) -> Iterator[Row]:
    if isinstance(answer, Row):
        yield answer
    elif is_dataclass(answer):
        for field in fields(answer):
            yield from _rows(getattr(answer, field.name))
