"""Second steps of a sign-in, written: an app's seed, recovery codes, passkeys.

Each change is audited, told to its owner by mail (S15) and ends their other sessions, so that
whoever came in before does not stay.
"""

from __future__ import annotations

import hmac
from typing import Any

from sqlalchemy import delete, func, select

from clinic.accounts import sessions
from clinic.accounts.identity import actor_of, current_session
from clinic.accounts.models import EndedBecause, Passkey, User
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind

APP, PASSKEY, RECOVERY = "app", "passkey", "recovery-codes"


class LastSecondStep(RuntimeError):
    """Staff keep one second step: no page removes the last, but two presses at once might."""


def _passkeys(user: User) -> int:
    """How many *user* has now: asked after the row is locked."""
    wanted = select(func.count()).select_from(Passkey).where(Passkey.user_id == user.id)
    return db.session.scalar(wanted) or 0


def set_app(user: User, sealed_seed: str) -> None:
    """An authenticator app is set up, or replaced by another."""
    with transaction():
        lock_row(user)
        user.tf_totp_secret = sealed_seed
        _tell(user, Event.FACTOR_ADDED, APP)


def remove_app(user: User) -> None:
    """Raises `LastSecondStep`."""
    with transaction():
        lock_row(user)
        if user.is_staff and not _passkeys(user):
            raise LastSecondStep
        user.tf_totp_secret = None
        _tell(user, Event.FACTOR_REMOVED, APP)


def add_passkey(user: User, values: dict[str, Any]) -> None:
    """*values* are the columns of a passkey as the ceremony gave them."""
    with transaction():
        lock_row(user)
        db.session.add(Passkey(user_id=user.id, **values))
        _tell(user, Event.FACTOR_ADDED, PASSKEY)


def remove_passkey(passkey: Passkey) -> None:
    """Raises `LastSecondStep`."""
    with transaction():
        user = passkey.user
        lock_row(user)
        if user.is_staff and user.totp_sealed is None and _passkeys(user) < 2:
            raise LastSecondStep
        db.session.execute(delete(Passkey).where(Passkey.id == passkey.id))
        _tell(user, Event.FACTOR_REMOVED, PASSKEY)


def set_recovery_codes(user: User, codes: list[str]) -> None:
    """New codes; the old ones are gone."""
    with transaction():
        lock_row(user)
        user.mf_recovery_codes = codes
        actor = actor_of(user)
        audit.record(Event.RECOVERY_MADE, actor=actor, subject=user)
        notices.queue(MessageKind.FACTOR_CHANGED, to=user.email, params={})


def use_recovery_code(user: User, typed: str) -> bool:
    """Whether *typed* is a recovery code that was not used before; from now on it is (S12)."""
    with transaction():
        lock_row(user)  # two presses with one code: the second finds it gone
        wanted = tidy_code(typed)
        kept = user.mf_recovery_codes
        left = [code for code in kept if not hmac.compare_digest(tidy_code(code), wanted)]
        if len(left) == len(kept):
            return False
        user.mf_recovery_codes = left
        audit.record(Event.RECOVERY_USED, actor=actor_of(user), subject=user)
    return True


def tidy_code(code: str) -> bytes:
    """Letters and digits alone: people type codes with spaces, or without the dashes."""
    return "".join(c for c in code.casefold() if c.isalnum()).encode()


def _tell(user: User, event: Event, kind: str) -> None:
    audit.record(event, actor=actor_of(user), subject=user, kind=kind)
    notices.queue(MessageKind.FACTOR_CHANGED, to=user.email, params={})
    sessions.end_all(user, EndedBecause.PASSWORD, actor=actor_of(user), but=current_session())
