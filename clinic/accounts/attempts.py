"""Tries at a door, counted: the throttle of everything that can be guessed (S13).

Each door counts for the account and for the network address. A closed door stays closed for the
right answer too; a passkey is its own door, so that guessing at a password shuts nobody out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import request

from clinic.accounts import throttle
from clinic.accounts.rules import FREE_FAILURES, can_be_written_to, tidy_email
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor


class Door(StrEnum):
    SIGN_IN = "sign-in"
    SECOND_STEP = "second-step"  # codes of an app and recovery codes together
    CONFIRM = "confirm"
    RESET = "reset"
    PASSKEY = "passkey"


REFUSED = {
    Door.SIGN_IN: Event.SIGN_IN_REFUSED,
    Door.SECOND_STEP: Event.FACTOR_REFUSED,
    Door.CONFIRM: Event.CONFIRM_REFUSED,
    Door.PASSKEY: Event.FACTOR_REFUSED,
}


def check(door: Door, account: str = "") -> None:
    """Raise `TooMany` when the door is closed for this account or network address."""
    throttle.check(door, *_keys(account))


def count(door: Door, account: str = "") -> bool:
    """Count one try; whether it was the one that closed the door for the account."""
    with transaction():
        closed = bool(account) and throttle.fail(door, tidy_email(account)) == FREE_FAILURES
        throttle.fail(door, _address(), per_address=True)
    return closed


def wrong(door: Door, account: str = "", *, actor: Actor, tell: str | None = None) -> None:
    """Count and write down a wrong answer; when it closes the door, its owner is told by mail.

    The mail is queued whether anybody has the address or not; the worker finds out (S14). What
    nobody could have as an address is told nothing.
    """
    with transaction():
        closed = count(door, account)
        facts: dict[str, Any] = (
            {"kind": door.value} if door in (Door.SECOND_STEP, Door.PASSKEY) else {}
        )
        audit.record(REFUSED[door], actor=actor, result="refused", **facts)
        if closed:
            audit.record(Event.LOCKED, actor=actor, result="refused", kind=door.value)
            owner = tidy_email(tell or "")
            if can_be_written_to(owner):
                notices.queue(MessageKind.LOCKED, to=owner, params={})


def right(door: Door, account: str) -> None:
    """Forget the wrong answers of an account after a right one."""
    throttle.clear(door, tidy_email(account))


def _keys(account: str) -> list[str]:
    return [*([tidy_email(account)] if account else []), _address()]


def _address() -> str:
    return request.remote_addr or "-"
