"""What a manager does to the accounts of staff: roles, doors shut and opened, factors, links.

Nobody does any of it to themself, and one active manager of every site always remains: both are
asked under a lock that every change of a staff account takes. Managers start resets, never choose
passwords (S17). Each change acts on the next request: roles, sites and `active` are read anew each
time (S6).
"""

from __future__ import annotations

from sqlalchemy import exists, select

from clinic.accounts import practitioners, queries, sessions, site_rights
from clinic.accounts.models import EndedBecause, Practitioner, RoleRow, User
from clinic.accounts.practitioners import Newcomer
from clinic.accounts.services import AddressHasAccount, add_user
from clinic.accounts.site_rights import BeyondOwn
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import STAFF, Actor, Role

# What a manager may give to anybody; a physician's role needs a physician behind it.
GIVEN = frozenset({Role.FRONT_DESK, Role.MANAGER})


class OwnAccount(RuntimeError):
    """A manager's own account is changed by another manager."""


class LastManager(RuntimeError):
    """Nobody would be left who may let anybody in at every site."""


class NotGiven(RuntimeError):
    """A role that this person cannot be given."""


class ShutOut(RuntimeError):
    """Somebody who is shut out is sent no link, and sees no patients."""


def _hold(user: User, actor: Actor) -> None:
    """Take the lock of all staff accounts and read *user* as it is now. Raises `OwnAccount`."""
    if user.id == actor.user_id:
        raise OwnAccount
    _lock()
    db.session.refresh(user)


def _lock() -> None:
    db.session.execute(select(RoleRow.id).where(RoleRow.name == Role.MANAGER).with_for_update())


def _somebody_else_manages(user: User) -> bool:
    """At every site."""
    other = exists().where(
        User.id != user.id,
        User.active,
        User.roles.any(RoleRow.name == Role.MANAGER),
        ~User.site_rights.any(),
    )
    return bool(db.session.scalar(select(other)))


def roles_for(user: User) -> frozenset[Role]:
    """The roles that *user* can be given."""
    return GIVEN | ({Role.PHYSICIAN} if user.practitioner is not None else set())


def roles_of(user: User) -> frozenset[Role]:
    return frozenset(Role(role.name) for role in user.roles)


def change_roles(user: User, wanted: frozenset[Role], *, actor: Actor) -> None:
    """Give *user* exactly the staff roles *wanted*; what they are besides (a patient) stays.

    Raises `OwnAccount`, `NotGiven` (none, or one that they cannot have) and `LastManager`.
    """
    with transaction():
        _hold(user, actor)
        was = roles_of(user)
        if not wanted or not wanted <= roles_for(user):
            raise NotGiven
        if Role.MANAGER in was - wanted and user.active and not _somebody_else_manages(user):
            raise LastManager
        now = wanted | (was - STAFF)
        if now == was:
            return
        user.roles = list(db.session.scalars(select(RoleRow).where(RoleRow.name.in_([*now]))).all())
        audit.record(
            Event.ROLES_CHANGED, actor=actor, subject=user, was=sorted(was), now=sorted(now)
        )


def change_sites(user: User, wanted: site_rights.Sites, *, actor: Actor) -> None:
    """Let *user* work at these sites alone, or (None) at every one.

    Raises `OwnAccount`, `NotGiven` (none at all), `BeyondOwn` (sites, or somebody of sites, that
    the actor does not work at by now) and `LastManager`.
    """
    with transaction():
        _hold(user, actor)
        if wanted is not None and not wanted:
            raise NotGiven
        own = site_rights.of_user(actor.user_id)
        if not (site_rights.covers(own, wanted) and site_rights.covers(own, user.sites)):
            raise BeyondOwn
        manages = user.active and Role.MANAGER in roles_of(user)
        if wanted is not None and manages and not _somebody_else_manages(user):
            raise LastManager
        site_rights.put(user, wanted, actor=actor)


def shut_out(user: User, *, actor: Actor) -> None:
    """Close the account and end its sessions. Raises `OwnAccount` and `LastManager`."""
    with transaction():
        _hold(user, actor)
        if not user.active:
            return
        if Role.MANAGER in roles_of(user) and not _somebody_else_manages(user):
            raise LastManager
        user.active = False
        audit.record(Event.STAFF_SHUT_OUT, actor=actor, subject=user)
        sessions.end_all(user, EndedBecause.ENDED_BY_MANAGER, actor=actor)


def let_in(user: User, *, actor: Actor) -> None:
    """Open the account again, with the password and second step that it had."""
    with transaction():
        _hold(user, actor)
        if user.active:
            return
        user.active = True
        audit.record(Event.STAFF_LET_IN, actor=actor, subject=user)


def end_all(user: User, *, actor: Actor) -> int:
    """Sign *user* out everywhere; how many sessions were open."""
    with transaction():
        _hold(user, actor)
        return sessions.end_all(user, EndedBecause.ENDED_BY_MANAGER, actor=actor)


def start_reset(user: User, *, actor: Actor) -> None:
    """Mail a link that sets a password, once, within 30 minutes. Raises `ShutOut`."""
    with transaction():
        _hold(user, actor)
        if not user.active:
            raise ShutOut
        notices.queue(MessageKind.RESET, to=user.email, params={})
        audit.record(Event.RESET_STARTED, actor=actor, subject=user)


def reset_factor(user: User, *, actor: Actor) -> None:
    """Take every second step off, for somebody who has lost theirs; the owner is told by mail.

    They sign in with the password and set a new one up before they go on.
    """
    with transaction():
        _hold(user, actor)
        user.totp_sealed = user.totp_last_counter = user.recovery_sealed = None
        user.webauthn.clear()
        audit.record(Event.FACTOR_REMOVED, actor=actor, subject=user, kind="all")
        notices.queue(MessageKind.FACTOR_CHANGED, to=user.email, params={})
        sessions.end_all(user, EndedBecause.ENDED_BY_MANAGER, actor=actor)


def add(name: str, email: str, roles: frozenset[Role], *, actor: Actor) -> User:
    """A new account and its link by mail. Raises `AddressHasAccount` and `NotGiven`."""
    if not roles or not roles <= GIVEN:
        raise NotGiven
    return _invite(name, email, roles, actor)


def _invite(name: str, email: str, roles: frozenset[Role], actor: Actor) -> User:
    with transaction():
        _lock()
        if queries.user_by_email(email) is not None:
            raise AddressHasAccount
        user = add_user(name=name, email=email, roles=set(roles), actor=actor)
        site_rights.put(user, site_rights.of_user(actor.user_id), actor=actor)
        notices.queue(MessageKind.RESET, to=user.email, params={})
    return user


def add_physician(newcomer: Newcomer, email: str, *, actor: Actor) -> Practitioner:
    """A new account with its link by mail, and the physician behind it.

    Raises `AddressHasAccount`.
    """
    with transaction():
        user = _invite(newcomer.name, email, frozenset({Role.PHYSICIAN}), actor)
        return practitioners.add(user, newcomer, actor=actor)


def make_bookable(user: User, newcomer: Newcomer, *, actor: Actor) -> Practitioner:
    """Put a physician behind an account of staff; it keeps its other roles.

    Raises `OwnAccount`, `ShutOut` and `IsPhysician`.
    """
    with transaction():
        _hold(user, actor)
        if not user.active:
            raise ShutOut
        practitioner = practitioners.add(user, newcomer, actor=actor)
        wanted = (roles_of(user) & STAFF) | {Role.PHYSICIAN}
        change_roles(user, wanted, actor=actor)
    return practitioner
