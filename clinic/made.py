"""Statements that are made once and then go to the driver as they are.

For the few that every request asks, or a booking's press. Each time that it runs a statement, the
library looks its text up, takes values and rows apart and keeps its books: for a row that is found
by its key that costs ten times what SQLite needs to find it. A `Made` has text and conversions
ready. Where somebody listens to the engine (a test that counts), it goes the library's way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
Convert = Callable[[Any], Any] | None


class _Text(NamedTuple):
    """A statement as one engine's driver takes it: *fixed* values are in it whatever is asked, of
    *fresh* each is made anew; *order* is that of question marks, None where values have names."""

    text: str
    order: list[str] | None
    asked: tuple[tuple[str, Convert], ...]
    fixed: Mapping[str, Any]
    fresh: tuple[tuple[str, Callable[[Any], Any], Convert], ...]

    def values(self, given: Mapping[str, Any]) -> Any:
        """Raises `KeyError` for one that is missing."""
        told = dict(self.fixed)
        for name, make, convert in self.fresh:
            made = make(None)
            told[name] = convert(made) if convert else made
        for name, convert in self.asked:
            value = given[name]
            told[name] = convert(value) if convert else value
        return told if self.order is None else [told[name] for name in self.order]


class Made:
    """*statement* has no list of values, whose text would be another for each length; an insert is
    of one row."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self.statement = statement.inline() if isinstance(statement, Insert) else statement
        self._texts: dict[tuple[str, frozenset[str]], _Text] = {}
        self._converts: dict[str, tuple[Convert, ...]] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """What it finds. Raises the library's errors."""
        if _is_heard(connection):
            return [tuple(row) for row in connection.execute(self.statement, values)]
        cursor = self._sent(connection, values)
        found = cursor.fetchall()
        converts = self._converts.get(connection.dialect.name)
        if converts is None:
            converts = self._converts_of(connection.dialect, cursor.description)
        if not any(converts):
            return list(found)
        return [
            tuple([c(v) if c else v for c, v in zip(converts, row, strict=True)]) for row in found
        ]

    def changed(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it changed. Raises the library's errors."""
        if _is_heard(connection):
            return connection.execute(self.statement, values).rowcount
        return int(self._sent(connection, values).rowcount)

    def _sent(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        known = self._texts.get((connection.dialect.name, frozenset(values)))
        if known is None:
            known = self._text_for(connection.dialect, values)
        told = known.values(values)
        fairy: Any = connection.connection
        try:
            return fairy.driver_connection.execute(known.text, told)
        except connection.dialect.loaded_dbapi.Error as refused:
            raise _as_the_librarys(connection, known.text, told, refused) from refused

    def _text_for(self, dialect: Dialect, given: Mapping[str, Any]) -> _Text:
        made: Any = self.statement.compile(dialect=dialect, column_keys=list(given))
        if made.post_compile_params or made.literal_execute_params:
            raise TypeError("a list of values makes another statement each time: not for Made")
        converts = {name: _to(dialect, bind.type) for name, bind in made.binds.items()}
        left = [(name, bind.value) for name, bind in made.binds.items() if name not in given]
        fresh = {column.key: column for column in (*made.insert_prefetch, *made.update_prefetch)}
        text = _Text(
            made.string,
            made.positiontup,
            tuple((name, converts[name]) for name in given),
            {
                name: convert(value) if (convert := converts[name]) else value
                for name, value in left
                if name not in fresh
            },
            tuple((name, _maker(column.default), converts[name]) for name, column in fresh.items()),
        )
        self._texts[dialect.name, frozenset(given)] = text
        return text

    def _converts_of(self, dialect: Dialect, description: Any) -> tuple[Convert, ...]:
        assert isinstance(self.statement, Select)
        columns: Any = self.statement.selected_columns
        self._converts[dialect.name] = converts = tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, told[1])
            for column, told in zip(columns, description, strict=True)
        )
        return converts


def _as_the_librarys(
    connection: Connection, text: str, told: Any, refused: Exception
) -> BaseException:
    """The library's error for the driver's; no value is in it where the library would hide them."""
    return DBAPIError.instance(
        text,
        told,
        refused,
        connection.dialect.loaded_dbapi.Error,
        hide_parameters=connection.engine.hide_parameters,
        dialect=connection.dialect,
    )


def _is_heard(connection: Connection) -> bool:
    heard = connection.dispatch
    return bool(heard.before_cursor_execute or heard.after_cursor_execute)


def _to(dialect: Dialect, kind: Any) -> Convert:
    convert: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _maker(default: Any) -> Callable[[Any], Any]:
    """What a column's default gives; the library hands every one the execution it is for."""
    if default.is_callable:
        make: Callable[[Any], Any] = default.arg
        return make
    return lambda _execution: default.arg
