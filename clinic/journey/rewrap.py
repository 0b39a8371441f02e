"""What lies under the key ring itself, and putting it under another key of the ring.

Each value names its key in front (`key_ring.prefix`), so what is left under an old key is a
question that the database answers. Every change is conditional on the bytes that were read: a
patient made, a code queued or a key destroyed meanwhile is never written over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, Table, func, select, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.sql import ColumnElement

from clinic import sealing
from clinic.accounts.models import KeptForm, User
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.config import sqlite_file
from clinic.database import db, rows_changed, transaction
from clinic.key_ring import KeyRing, KeyRingError, SealBroken, prefix
from clinic.notices.models import Message
from clinic.permissions import system
from clinic.sealing import DataKey

AT_ONCE = 50  # rows of one transaction: whoever books meanwhile waits for no more than these
ACTOR = system("keys")


@dataclass(frozen=True)
class Under:
    """A column sealed under the ring. *place* and the public id are where a value was sealed."""

    model: type[DataKey | User | Message | KeptForm]
    column: str
    place: str

    @property
    def table(self) -> Table:
        table = self.model.__table__
        assert isinstance(table, Table)
        return table

    @property
    def sealed(self) -> Column[bytes]:
        return self.table.c[self.column]


UNDER_THE_RING = (
    Under(DataKey, "wrapped", "data_key.wrapped"),
    Under(User, "totp_sealed", "user.totp_sealed"),
    Under(User, "recovery_sealed", "user.recovery_sealed"),
    Under(Message, "params_sealed", "message.params"),
    Under(KeptForm, "fields_sealed", "kept_form.fields_sealed"),
)


def everything() -> int:
    """Put all under the first key of the ring; how many values were put there.

    Goes round until nothing is left: who began before the ring had its new key may
    still have sealed under the old one. Raises `SealBroken` for a value that does not open.
    """
    done = 0
    while left_under_older():
        done += sum(_round(under) for under in UNDER_THE_RING)
    audit.record(Event.KEYS_ROTATED, actor=ACTOR, key=sealing.ring().current, rewrapped=done)
    return done


def _round(under: Under) -> int:
    """One way through a column, in the order of its rows; how many values were put elsewhere."""
    ring, done, last = sealing.ring(), 0, 0
    while rows := _next_rows(under, ring, after=last):
        with transaction():
            done += sum(_rewrap(under, ring, *row) for row in rows)
        last = rows[-1][0]
    return done


def _next_rows(under: Under, ring: KeyRing, after: int) -> list[tuple[int, str, bytes]]:
    c = under.table.c
    rows = db.session.execute(
        select(c.id, c.public_id, under.sealed)
        .where(c.id > after, under.sealed.is_not(None), ~_is_under(under, ring.current))
        .order_by(c.id)
        .limit(AT_ONCE)
    ).all()
    db.session.rollback()  # let go of the snapshot before the lock is asked for
    return [(number, public_id, bytes(blob)) for number, public_id, blob in rows]


def _rewrap(under: Under, ring: KeyRing, number: int, public_id: str, blob: bytes) -> int:
    where = f"{under.place}:{public_id}"
    new: dict[str, object] = {under.column: ring.seal(ring.open(blob, where), where)}
    if under.model is DataKey:
        new["wrapped_by"] = ring.current
    as_read = (under.table.c.id == number, under.sealed == blob)
    return rows_changed(update(under.table).where(*as_read).values(new))


def _is_under(under: Under, name: str) -> ColumnElement[bool]:
    start = prefix(name)
    return func.substr(under.sealed, 1, len(start), type_=LargeBinary) == start


def left_under(name: str) -> int:
    """How many values lie under the key *name*."""
    return sum(_count(under, _is_under(under, name)) for under in UNDER_THE_RING)


def left_under_older() -> int:
    """How many values lie under any key but the first of the ring."""
    first = sealing.ring().current
    return sum(_count(under, ~_is_under(under, first)) for under in UNDER_THE_RING)


def _count(under: Under, condition: ColumnElement[bool]) -> int:
    wanted = select(func.count()).where(under.sealed.is_not(None), condition)
    return int(db.session.scalar(wanted.select_from(under.table)) or 0)


def hold_still() -> None:
    """Let whoever is writing under the ring finish, and nobody begin, until the transaction ends.

    SQLite's one writer is alone as it is.
    """
    if db.engine.dialect.name == "postgresql":
        names = ", ".join(f'"{under.table.name}"' for under in UNDER_THE_RING)
        # habit: raw-sql, because SQLAlchemy has no words for locking a table
        db.session.connection().exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")


def samples() -> Iterator[tuple[str, bytes]]:
    """The newest value of each column under each key: where it was sealed, and its bytes."""
    for under in UNDER_THE_RING:
        c = under.table.c
        for name in sealing.ring().keys:
            newest = select(func.max(c.id)).where(_is_under(under, name)).scalar_subquery()
            wanted = select(c.public_id, under.sealed).where(c.id == newest)
            for public_id, blob in db.session.execute(wanted):
                yield f"{under.place}:{public_id}", bytes(blob)


def check_ring() -> None:
    """Raise `KeyRingError` when a data key lies under a key that the ring lacks or has wrong.

    Asked at each start. A database that is away, or has no tables yet, says nothing against it.
    """
    file = sqlite_file(db.engine.url.render_as_string(hide_password=False))
    if file is not None and not file.exists():
        return  # asking would make it
    try:
        with db.engine.connect() as connection:
            c = DataKey.__table__.c
            newest = select(func.max(c.id)).where(c.wrapped.is_not(None)).group_by(c.wrapped_by)
            wanted = select(c.public_id, c.wrapped_by, c.wrapped).where(c.id.in_(newest))
            found = connection.execute(wanted).all()
    except (OperationalError, ProgrammingError):
        return
    finally:
        db.engine.dispose()  # a server may fork now, and share no connection
    for public_id, name, wrapped in found:
        _try_key(str(name), bytes(wrapped), f"data_key.wrapped:{public_id}")


def _try_key(name: str, wrapped: bytes, where: str) -> None:
    ring = sealing.ring()
    remedy = "put the key ring (CLINIC_KEYS or the file keys) back from its backup"
    if name not in ring.keys:
        raise KeyRingError(f"The clinic does not start: the key {name} is missing; {remedy}.")
    try:
        ring.open(wrapped, where)
    except SealBroken:
        raise KeyRingError(
            f"The clinic does not start: the key {name} is another than it was; {remedy}."
        ) from None
