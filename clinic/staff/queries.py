"""What a manager reads of the account of somebody who works here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from clinic import clock
from clinic.accounts.models import RoleRow, User, UserSession
from clinic.accounts.rules import STAFF_LIFETIME
from clinic.accounts.site_rights import is_within
from clinic.accounts.staff import roles_of
from clinic.database import db
from clinic.permissions import STAFF, Actor, only_readable


def staff_account(actor: Actor, public_id: str) -> User | None:
    """The sign-in of somebody with a role of staff who works at no site but the actor's, or the
    actor's own; a patient's is none."""
    return db.session.scalar(
        select(User)
        .options(
            selectinload(User.roles), joinedload(User.practitioner), selectinload(User.webauthn)
        )
        .where(
            User.public_id == public_id,
            User.roles.any(RoleRow.name.in_([*STAFF])),
            or_(is_within(actor), User.id == actor.user_id),
        )
    )


def somebody_elses_account(actor: Actor, public_id: str) -> User | None:
    """The same, but never one's own: nobody changes their own roles or shuts themself out."""
    found = staff_account(actor, public_id)
    return None if found is None or found.id == actor.user_id else found


def account_view(user: User, actor: Actor) -> dict[str, object]:
    """An account as this kind of person may read it: whether there is a secret, never which."""
    count, last_seen = _sessions(user)
    everything = {
        "name": user.name,
        "email": user.email,
        "roles": sorted(roles_of(user) & STAFF),
        "is_physician": user.practitioner is not None,
        "sites": user.sites,
        "active": user.active,
        "has_password": user.password is not None,
        "second_factor": user.totp_sealed is not None or bool(user.webauthn),
        "open_sessions": count,
        "last_seen": last_seen,
    }
    return only_readable("staff account", actor.roles, everything)


def _sessions(user: User) -> tuple[int, datetime | None]:
    """How many sessions are open, and when any was last used."""
    now = clock.now()
    is_open = (
        UserSession.ended_at.is_(None)
        & (UserSession.seen_at > now - STAFF_LIFETIME.idle)
        & (UserSession.started_at > now - STAFF_LIFETIME.longest)
    )
    row = db.session.execute(
        select(func.count().filter(is_open), func.max(UserSession.seen_at)).where(
            UserSession.user_id == user.id
        )
    ).one()
    return int(row[0]), row[1]
