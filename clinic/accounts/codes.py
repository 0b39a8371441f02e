"""Six-digit codes by mail: they prove an address, nothing more (S11, S13, S14).

The same page and the same work for known and unknown addresses: the code is stored and mailed in
both cases, and whose record it opens is found only after it was typed.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from flask import current_app, request
from sqlalchemy import select, update

from clinic import clock
from clinic.accounts import throttle
from clinic.accounts.models import CodePurpose, EmailCode, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, rows_changed, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor

GOOD_FOR = timedelta(minutes=15)
PROVED_FOR = timedelta(minutes=30)
SEND = "code-send"
TYPE = "code-type"


class WrongCode(RuntimeError):
    """Not the code that was sent, or no longer good."""


def send(visitor: Visitor, email: str, purpose: CodePurpose, *, actor: Actor) -> None:
    """Mail a new code to *email*; an earlier one of the same purpose ends.

    Raises `TooMany` when this address, or the network address asking, has been sent too many.
    """
    address = request.remote_addr or "-"
    throttle.check(SEND, email, address)
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction():
        db.session.execute(
            update(EmailCode)
            .where(EmailCode.visitor_id == visitor.id, EmailCode.purpose == purpose)
            .values(expires_at=clock.now())
        )
        row = EmailCode(
            visitor_id=visitor.id,
            purpose=purpose,
            email=email,
            code_hash=_hash(email, code),
            expires_at=clock.now() + GOOD_FOR,
        )
        db.session.add(row)
        notices.queue(MessageKind.CODE, to=email, params={"code": code})
        throttle.fail(SEND, email)
        throttle.fail(SEND, address, per_address=True)
        audit.record(Event.CODE_SENT, actor=actor, purpose=purpose)


def verify(visitor: Visitor, purpose: CodePurpose, typed: str, *, actor: Actor) -> EmailCode:
    """The code that *typed* is. Raises `WrongCode` or `TooMany`; each failure is counted for good.

    Call it outside the transaction of the change, and `use_up` inside.
    """
    address = request.remote_addr or "-"
    row = pending(visitor, purpose)
    if row is None:
        raise WrongCode
    email = row.email
    throttle.check(TYPE, email, address)
    if not hmac.compare_digest(row.code_hash, _hash(email, typed)):
        throttle.fail(TYPE, email)
        throttle.fail(TYPE, address, per_address=True)
        audit.record(Event.CODE_REFUSED, actor=actor, result="refused", purpose=purpose)
        raise WrongCode
    return row


def use_up(code: EmailCode, *, actor: Actor) -> str:
    """The address that the code proves; it works no second time. Raises `WrongCode`."""
    with transaction():
        used = rows_changed(
            update(EmailCode)
            .where(EmailCode.id == code.id, EmailCode.used_at.is_(None))
            .values(used_at=clock.now())
        )
        if used != 1:  # two presses at once: only one of them is right
            raise WrongCode
        throttle.clear(TYPE, code.email)
        audit.record(Event.CODE_ACCEPTED, actor=actor, purpose=code.purpose)
    return code.email


def pending(visitor: Visitor | None, purpose: CodePurpose) -> EmailCode | None:
    """The code that this browser was last sent and has not used, while it is good."""
    if visitor is None:
        return None
    return db.session.scalar(
        select(EmailCode)
        .where(
            EmailCode.visitor_id == visitor.id,
            EmailCode.purpose == purpose,
            EmailCode.used_at.is_(None),
            EmailCode.expires_at > clock.now(),
        )
        .order_by(EmailCode.id.desc())
        .limit(1)
    )


def proved(visitor: Visitor | None, purpose: CodePurpose) -> str | None:
    """The address that this browser proved last, half an hour at most ago and after it showed
    whose it is: what somebody else proved in it before is not theirs."""
    if visitor is None or visitor.proved_at is None:
        return None
    return db.session.scalar(
        select(EmailCode.email)
        .where(
            EmailCode.visitor_id == visitor.id,
            EmailCode.purpose == purpose,
            EmailCode.used_at >= max(visitor.proved_at, clock.now() - PROVED_FOR),
        )
        .order_by(EmailCode.used_at.desc())
        .limit(1)
    )


def _hash(email: str, code: str) -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"code\n{email}\n{code}".encode(), "sha256")
