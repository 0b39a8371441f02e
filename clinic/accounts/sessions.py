"""Sign-ins as rows: opened, looked up, renewed, ended (S20).

The cookie holds a random id, the row its hash. Whether a row is still good is a comparison with
the clock at each use, so no clean-up job is needed for safety.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts import rules
from clinic.accounts.models import (
    EndedBecause,
    Patient,
    Practitioner,
    RoleRow,
    SiteChosen,
    SiteRight,
    User,
    UserSession,
    user_roles,
)
from clinic.accounts.queries import token_hash
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, rows, rows_changed, table_of, transaction
from clinic.made import Made
from clinic.permissions import STAFF, Actor, Role

SHOWN = 20


def open_for(user: User, *, has_second_factor: bool, address: str, agent: str) -> tuple[str, str]:
    """A new session; the id for the cookie, which is stored nowhere, and the row's public id."""
    token = secrets.token_urlsafe(32)
    with transaction():
        row = UserSession(
            user_id=user.id,
            token_hash=token_hash(token),
            has_second_factor=has_second_factor,
            address=address[:45],
            device=rules.device_name(agent),
        )
        db.session.add(row)
        db.session.flush()
    return token, row.public_id


class SignIn(NamedTuple):
    """What the door asks of a session row, and of the person whose it is."""

    id: int
    started_at: datetime
    seen_at: datetime
    confirmed_at: datetime
    ended_at: datetime | None
    has_second_factor: bool
    user_id: int
    user_public_id: str
    uniquifier: str
    name: str
    active: bool
    practitioner_id: int | None
    patient_id: int | None
    site_id: int | None
    roles: frozenset[Role]
    sites: frozenset[int] | None

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)


_session, _user = table_of(UserSession), table_of(User)
_practitioner, _patient, _role = table_of(Practitioner), table_of(Patient), table_of(RoleRow)
_right, _chosen = table_of(SiteRight), table_of(SiteChosen)
# Asked by every request, so made once, and of the tables: as objects, who is signed in was a
# seventh of a long list. A row for each role at each site that they are limited to.
SIGN_IN = Made(
    select(
        _session.c.id,
        _session.c.started_at,
        _session.c.seen_at,
        _session.c.confirmed_at,
        _session.c.ended_at,
        _session.c.has_second_factor,
        _user.c.id,
        _user.c.public_id,
        _user.c.fs_uniquifier,
        _user.c.name,
        _user.c.active,
        _practitioner.c.id,
        _patient.c.id,
        _chosen.c.location_id,
        _role.c.name,
        _right.c.location_id,
    )
    .select_from(
        _session.join(_user, _user.c.id == _session.c.user_id)
        .outerjoin(_practitioner, _practitioner.c.user_id == _user.c.id)
        .outerjoin(_patient, _patient.c.user_id == _user.c.id)
        .outerjoin(user_roles, user_roles.c.user_id == _user.c.id)
        .outerjoin(_role, _role.c.id == user_roles.c.role_id)
        .outerjoin(_right, _right.c.user_id == _user.c.id)
        .outerjoin(_chosen, _chosen.c.user_id == _user.c.id)
    )
    .where(_session.c.token_hash == bindparam("token_hash"))
)


def by_token(token: str) -> SignIn | None:
    """The session with its person, their roles and sites, in one statement; good or not."""
    found = rows(SIGN_IN, {"token_hash": token_hash(token)})
    if not found:
        return None
    roles = frozenset(Role(row[-2]) for row in found if row[-2] is not None)
    sites = frozenset(row[-1] for row in found if row[-1] is not None)
    return SignIn._make((*found[0][:-2], roles, sites or None))


def row_of(sign_in: SignIn) -> UserSession | None:
    """The row itself, with its person; None where it is gone meanwhile."""
    found = select(UserSession).options(joinedload(UserSession.user))
    return db.session.scalar(found.where(UserSession.id == sign_in.id))


def lifetime(row: SignIn | UserSession) -> rules.Lifetime:
    return rules.STAFF_LIFETIME if row.is_staff else rules.PATIENT_LIFETIME


def is_good(row: SignIn | UserSession) -> bool:
    """Neither ended nor run out; staff have shown a second factor; the person may still come in."""
    return (
        row.ended_at is None
        and row.active
        and (row.has_second_factor or not row.is_staff)
        and not has_lapsed(row)
    )


def has_lapsed(row: SignIn | UserSession) -> bool:
    """Whether the row ran out by the clock alone, idle too long or open too long."""
    return rules.has_lapsed(_times(row), lifetime(row), clock.now())


def ran_out_at(row: SignIn) -> datetime:
    """When the row runs out, or did, if it is not used any more."""
    return rules.ran_out_at(_times(row), lifetime(row))


def _times(row: SignIn | UserSession) -> rules.SessionTimes:
    return rules.SessionTimes(row.started_at, row.seen_at)


def is_fresh(row: SignIn) -> bool:
    """Whether the password or a passkey was shown within ten minutes (S16)."""
    return clock.now() - row.confirmed_at <= rules.FRESH_FOR


def see(row: UserSession) -> None:
    """Note that the person is at work; idle time counts from it."""
    with transaction():
        row.seen_at = clock.now()


def renew(row: UserSession, *, confirmed: bool, has_second_factor: bool) -> str:
    """Go on under a new id, as at every rise in rights; the old id is dead from now on."""
    token = secrets.token_urlsafe(32)
    with transaction():
        row.token_hash = token_hash(token)
        row.seen_at = clock.now()
        row.has_second_factor = has_second_factor
        if confirmed:
            row.confirmed_at = clock.now()
    return token


def end(row: UserSession, because: EndedBecause, *, actor: Actor) -> None:
    """End one session; ending it twice changes nothing."""
    with transaction():
        changed = rows_changed(
            update(UserSession)
            .where(UserSession.id == row.id, UserSession.ended_at.is_(None))
            .values(ended_at=clock.now(), ended_because=because)
        )
        if changed:
            audit.record(
                Event.SESSION_ENDED, actor=actor, session=row.public_id, because=because, count=1
            )


def end_all(
    user: User, because: EndedBecause, *, actor: Actor, but: UserSession | None = None
) -> int:
    """End every open session of *user*, except *but*; how many there were."""
    with transaction():
        count = rows_changed(
            update(UserSession)
            .where(
                UserSession.user_id == user.id,
                UserSession.ended_at.is_(None),
                UserSession.id != (but.id if but else 0),
            )
            .values(ended_at=clock.now(), ended_because=because)
        )
        if count:
            audit.record(
                Event.SESSION_ENDED, actor=actor, subject=user, because=because, count=count
            )
    return count


def open_sessions(user_id: int) -> Sequence[UserSession]:
    """The sessions of somebody that are still good, the one used last first."""
    rows = db.session.scalars(
        select(UserSession)
        .options(joinedload(UserSession.user).joinedload(User.roles))
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc())
        .limit(SHOWN)
    ).unique()
    return [row for row in rows if is_good(row)]


def own_session(actor: Actor, public_id: str) -> UserSession | None:
    """A session of the person who asks."""
    if actor.user_id is None:
        return None
    return db.session.scalar(
        select(UserSession).where(
            UserSession.public_id == public_id, UserSession.user_id == actor.user_id
        )
    )
