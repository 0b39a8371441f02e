"""Who is asking: found out once at the start of each request, kept in `g`."""

from __future__ import annotations

from datetime import timedelta

from flask import g, session
from flask_login import current_user
from flask_security.utils import logout_user

from clinic import clock
from clinic.accounts import queries, services, tablet
from clinic.accounts.models import Visitor
from clinic.journey import tablet as tablets
from clinic.permissions import Actor, Role

COOKIE = "visitor"
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)


def identify() -> None:
    """Set `g.actor` and `g.visitor` from the session cookie."""
    g.visitor = None
    token = session.get(COOKIE)
    if token:
        g.visitor = queries.visitor_by_token(token)
    g.actor = _actor(g.visitor)


def _actor(visitor: Visitor | None) -> Actor:
    if visitor is not None and visitor.tablet_patient_id is not None:
        return tablet.actor_of(visitor)  # whatever else its cookie says
    visitor_id = visitor.id if visitor else None
    if current_user.is_authenticated:
        user = current_user
        return Actor(
            label=f"user:{user.public_id}",
            roles=frozenset(Role(role.name) for role in user.roles),
            user_id=user.id,
            patient_id=user.patient.id if user.patient else None,
            practitioner_id=user.practitioner.id if user.practitioner else None,
            visitor_id=visitor_id,
            has_account=True,
        )
    if visitor is None:
        return Actor(label="visitor:new")
    if visitor.patient is not None and not is_idle(visitor):
        return Actor(
            label=f"patient:{visitor.patient.public_id}",
            roles=frozenset({Role.CODE}),
            patient_id=visitor.patient_id,
            visitor_id=visitor.id,
            has_account=visitor.patient.user_id is not None,
        )
    return Actor(label=f"visitor:{visitor.id}", visitor_id=visitor.id)


def is_idle(visitor: Visitor) -> bool:
    """Longer without a request than a shared phone should keep a record open."""
    return clock.now() - visitor.seen_at > IDLE


def current_visitor() -> Visitor | None:
    found: Visitor | None = g.visitor
    return found


def ensure_visitor() -> Visitor:
    """This browser's row, made on the first thing worth keeping (a draft, a hold, a code)."""
    if g.visitor is None:
        g.visitor, session[COOKIE] = services.greet_visitor()
        session.permanent = not g.actor.roles  # a sign-in ends with the browser, a draft does not
        if not g.actor.roles:
            g.actor = _actor(g.visitor)
        else:
            g.actor = Actor(**{**g.actor.__dict__, "visitor_id": g.visitor.id})
    return current_visitor()  # type: ignore[return-value]


def ensure_visitor_alone() -> Visitor:
    """The same in a browser from which whoever was signed in has gone: it becomes somebody's who
    showed who they are without a password, and must not stay another's as well."""
    if current_user.is_authenticated:
        _clear()
        g.actor = _actor(None)
    return ensure_visitor()


def keep_awake() -> None:
    """Write "last seen", at most once a minute (S20)."""
    visitor = current_visitor()
    if visitor is None or is_idle(visitor):
        return
    if clock.now() - visitor.seen_at > SEEN_EVERY:
        services.see_visitor(visitor)


def become_tablet(token: str) -> None:
    """Whoever is signed in leaves this browser, and nothing of theirs stays in its cookie."""
    _clear()
    session[COOKIE] = token
    session.permanent = False


def _clear() -> None:
    logout_user()
    remembered = session.get("_remember")  # the sign-in library's mark to end that cookie too
    session.clear()
    if remembered:
        session["_remember"] = remembered
    g.visitor = None


def end_tablet() -> None:
    """If this browser is the desk's tablet, it is so no longer."""
    visitor = current_visitor()
    if visitor is None or visitor.tablet_patient_id is None:
        return
    tablets.end(visitor, actor=tablet.actor_of(visitor))
    session.pop(COOKIE, None)
    g.visitor = None
