"""The chain of seals: for each audit row a keyed hash over the seal before it and the row (S51).

Requests write their rows unchained: a chain inside each of them would put all pages in one queue.
The worker seals afterwards, one sealer at a time. The order of the chain is the order of sealing,
because on PostgreSQL a row may become visible after one with a larger number. Seals are numbered
without a gap, so one that is taken out of the middle shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    String,
    Text,
    cast,
    exists,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import NullType

from clinic import clock
from clinic.audit.models import AuditChain, AuditEvent, AuditSeal
from clinic.audit.rules import canonical
from clinic.database import db, lock_row, transaction
from clinic.sealing import DataKey

CHAIN = 1  # the one row of audit_chain
PURPOSE = "clinic: audit chain, version 1"
START = bytes(32)  # stands before the first seal
BATCH = 500
LONGEST_WRITE = timedelta(minutes=10)  # no transaction that writes an audit row lasts as long
SEALED_WITHIN = timedelta(seconds=60)  # while a worker runs

Signer = Callable[[bytes], bytes]

# The row as the driver gives it: what was tampered with must still be read, to be named.
CONTENT: tuple[Any, ...] = (
    AuditEvent.id,
    type_coerce(AuditEvent.at, NullType()).label("at"),
    type_coerce(AuditEvent.event, String).label("event"),
    AuditEvent.actor,
    AuditEvent.roles,
    AuditEvent.patient_id,
    AuditEvent.subject,
    cast(AuditEvent.facts, Text).label("facts"),
    AuditEvent.result,
    AuditEvent.address,
    AuditEvent.request_id,
)


class Fault(StrEnum):
    NO_KEY = "no-key"
    SEAL_MISSING = "seal-missing"
    ROW_MISSING = "row-missing"
    ROW_CHANGED = "row-changed"
    SEAL_WRONG = "seal-wrong"
    ROW_OR_SEAL = "row-or-seal"


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold: *number* of the seal, *row* it is for."""

    fault: Fault
    number: int
    row: int


@dataclass(frozen=True)
class Report:
    """*sealed* rows hold up to *broken*; *unsealed* ones wait, the oldest since *oldest*."""

    sealed: int
    unsealed: int
    oldest: datetime | None
    broken: Broken | None

    @property
    def is_late(self) -> bool:
        """A row waits for longer than a running worker lets it."""
        return self.oldest is not None and clock.now() - self.oldest > SEALED_WITHIN


def seal_everything() -> None:
    """Seal all rows that have no seal, whatever their number."""
    while seal_some(everywhere=True) == BATCH:
        pass


def seal_some(*, everywhere: bool = False) -> int:
    """Seal up to a batch of rows; how many were sealed. Several may run at once.

    It looks only past what the chain had reached before any transaction that is still open can
    have begun, so that a look costs the same however long the log is; *everywhere* looks at all.
    """
    reached = 0 if everywhere else _reached()
    waiting = db.session.scalar(_unsealed(AuditEvent.id).where(AuditEvent.id > reached).limit(1))
    db.session.rollback()  # nothing to do: the write lock is not asked for
    if waiting is None:
        return 0
    _begin()
    with transaction():
        signer = _locked_chain().data_key.signer(PURPOSE)
        rows = db.session.execute(
            _unsealed(*CONTENT).where(AuditEvent.id > reached).order_by(AuditEvent.id).limit(BATCH)
        ).all()
        _append(rows, signer)
    return len(rows)


def _reached() -> int:
    """The row of the newest seal that is older than any open transaction."""
    return (
        db.session.scalar(
            select(AuditSeal.event_id)
            .where(AuditSeal.sealed_at < clock.now() - LONGEST_WRITE)
            .order_by(AuditSeal.id.desc())
            .limit(1)
        )
        or 0
    )


def _unsealed(*columns: Any) -> Select[Any]:
    return select(*columns).where(~exists().where(AuditSeal.event_id == AuditEvent.id))


def _begin() -> None:
    """Make the chain's key on first use."""
    if db.session.get(AuditChain, CHAIN) is not None:
        return
    with suppress(IntegrityError), transaction():  # another worker was first
        if db.session.get(AuditChain, CHAIN) is None:
            db.session.add(AuditChain(id=CHAIN, data_key=DataKey.fresh()))


def _locked_chain() -> AuditChain:
    """The chain, held until the end of the transaction: there is one sealer at a time."""
    chain = db.session.get_one(AuditChain, CHAIN)
    lock_row(chain)
    return chain


def _append(rows: Sequence[Row[Any]], sign: Signer) -> None:
    last = db.session.execute(
        select(AuditSeal.id, AuditSeal.seal).order_by(AuditSeal.id.desc()).limit(1)
    ).first()
    number, seal = last or (0, START)
    now, made = clock.now(), []
    for row in rows:
        number += 1
        seal = sign(seal + canonical(row._asdict(), number, now))
        made.append({"id": number, "event_id": row.id, "seal": seal, "sealed_at": now})
    if made:
        db.session.execute(insert(AuditSeal), made)


def verify() -> Report:
    """Walk the chain from its first seal to the first place where it does not hold.

    Raises `SealBroken` when the key ring does not open the chain's key.
    """
    chain = db.session.get(AuditChain, CHAIN)
    sign = chain.data_key.signer(PURPOSE) if chain else None
    sealed, previous, broken = 0, START, None
    for link in _links():
        broken = _broken(link, sealed + 1, previous, sign)
        if broken:
            break
        sealed, previous = link.number, link.seal
    unsealed, oldest = db.session.execute(
        _unsealed(func.count(), func.min(AuditEvent.at)).select_from(AuditEvent)
    ).one()
    return Report(sealed, unsealed, oldest, broken)


def _links(after: int = 0, size: int = BATCH) -> Iterator[Row[Any]]:
    """Each seal with its row (None where it is gone), in order; a batch at a time in memory."""
    number = AuditSeal.id.label("number")
    links = (
        select(number, AuditSeal.event_id, AuditSeal.seal, AuditSeal.sealed_at, *CONTENT)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.id)
        .limit(size)
    )
    while batch := db.session.execute(links.where(AuditSeal.id > after)).all():
        yield from batch
        after = batch[-1].number


def _broken(link: Row[Any], number: int, previous: bytes, sign: Signer | None) -> Broken | None:
    if sign is None:
        return Broken(Fault.NO_KEY, number, link.event_id)
    if link.number != number:
        return Broken(Fault.SEAL_MISSING, number, link.event_id)
    if link.id is None:
        return Broken(Fault.ROW_MISSING, number, link.event_id)
    if _fits(link, previous, sign):
        return None
    following = next(_links(number, size=1), None)
    if following is None:
        fault = Fault.ROW_OR_SEAL  # nothing after it can say which of the two was changed
    elif _fits(following, link.seal, sign):
        fault = Fault.ROW_CHANGED  # the next seal was made over this one: the seal is what it was
    else:
        fault = Fault.SEAL_WRONG
    return Broken(fault, number, link.event_id)


def _fits(link: Row[Any], previous: bytes, sign: Signer) -> bool:
    try:
        content = canonical(link._asdict(), link.number, link.sealed_at)
    except (TypeError, ValueError):
        return False
    return sign(previous + content) == link.seal
