"""Who is asking: found out once at the start of each request, kept in `g`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from flask import g, request, session
from flask_login import UserMixin, current_user
from flask_security.utils import logout_user, set_request_attr

from clinic import clock
from clinic.accounts import queries, services, sessions, tablet
from clinic.accounts.models import EndedBecause, User, UserSession, Visitor
from clinic.accounts.queries import Browser
from clinic.accounts.sessions import SignIn
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.journey import tablet as tablets
from clinic.permissions import Actor, Role

COOKIE = "visitor"
SESSION = "sid"
SEEN_EVERY = timedelta(minutes=1)
# Pages about the sign-in itself, the library's and ours, read and change the person's own row.
WORK_ON_THE_ROW = frozenset({"security", "accounts"})


def identify() -> None:
    """Set `g.actor` and `g.browser` from the session cookie."""
    token = session.get(COOKIE)
    _meet(queries.browser_by_token(token) if token else None)
    g.actor = _actor(g.browser)


def _meet(browser: Browser | None, visitor: Visitor | None = None) -> None:
    """The row behind *browser* is *visitor*, or is read when it is first asked for."""
    g.browser, g.visitor = browser, visitor


@dataclass(frozen=True, eq=False)
class Known(UserMixin):
    """Who is signed in, in columns: what pages ask of `current_user`, and all that they get.

    Has neither password nor second step, and nothing of it can be changed.
    """

    id: int
    public_id: str
    name: str
    roles: frozenset[Role]
    patient_id: int | None
    practitioner_id: int | None
    sites: frozenset[int] | None = None
    site_id: int | None = None

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            id=user.id,
            public_id=user.public_id,
            name=user.name,
            roles=frozenset(Role(role.name) for role in user.roles),
            patient_id=user.patient.id if user.patient else None,
            practitioner_id=user.practitioner.id if user.practitioner else None,
            sites=user.sites,
        )


def load_user(uniquifier: str) -> User | Known | None:
    """The person of the session row that the cookie names, while the row is good (S20).

    A cookie without a row opens nothing, however well it is signed. What ran out by the clock is
    remembered for this request: a form that it sends is kept for its owner.
    """
    found = sessions.by_token(session.get(SESSION) or "")
    if found is None or found.uniquifier != uniquifier:
        return None
    if not sessions.is_good(found):
        if found.ended_at is None and found.active and sessions.has_lapsed(found):
            g.lapsed_session = found
        return None
    g.sign_in = found
    set_request_attr("fs_authn_via", "session")
    # The library compares with the real clock, we with ours.
    age = clock.now() - found.confirmed_at
    set_request_attr("fs_paa", clock.real_now().timestamp() - age.total_seconds())
    g.known = Known(
        id=found.user_id,
        public_id=found.user_public_id,
        name=found.name,
        roles=found.roles,
        patient_id=found.patient_id,
        practitioner_id=found.practitioner_id,
        sites=found.sites,
        site_id=found.site_id,
    )
    if request.blueprint in WORK_ON_THE_ROW:
        row = current_session()
        return row.user if row else None
    known: Known = g.known
    return known


def current_session() -> UserSession | None:
    """The session row of who is signed in, read when it is first asked for."""
    sign_in: SignIn | None = g.get("sign_in")
    if sign_in is not None and "user_session" not in g:
        g.user_session = sessions.row_of(sign_in)
    found: UserSession | None = g.get("user_session")
    return found


def idle_seconds() -> int | None:
    """After how long without a request who is signed in is signed out; None for others."""
    sign_in: SignIn | None = g.get("sign_in")
    return int(sessions.lifetime(sign_in).idle.total_seconds()) if sign_in else None


def lapsed_session() -> SignIn | None:
    """The session that this browser's cookie names, when it has run out by the clock alone."""
    found: SignIn | None = g.get("lapsed_session")
    return found


def is_fresh() -> bool:
    """Whether who is signed in showed a password or passkey within ten minutes (S16)."""
    sign_in: SignIn | None = g.get("sign_in")
    return sign_in is not None and sessions.is_fresh(sign_in)


def begin(user: User, *, has_second_factor: bool) -> None:
    """Somebody has signed in here: a new session row and id; one before it in this browser ends."""
    before = current_session()
    if before is not None:
        sessions.end(before, EndedBecause.RENEWED, actor=actor_of(user))
    session[SESSION], _public_id = sessions.open_for(
        user,
        has_second_factor=has_second_factor,
        address=request.remote_addr or "",
        agent=request.user_agent.string,
    )


def confirm(by: str) -> None:
    """The password or a passkey was shown again: the session goes on under a new id."""
    row = current_session()
    if row is None:
        return
    is_strong = row.has_second_factor or by == "passkey"
    session[SESSION] = sessions.renew(row, confirmed=True, has_second_factor=is_strong)
    audit.record(Event.CONFIRMED, actor=actor_of(current_user), by=by)


def go_on(user: User) -> None:
    """Stay signed in after an answer that made every older link of *user* a dead one."""
    session["_user_id"] = user.fs_uniquifier


def stranger(where: str) -> Actor:
    """Somebody at a door who is not known yet."""
    return Actor(label=f"visitor:{where}")


def actor_of(user: User) -> Actor:
    """*user* as the one who acts."""
    return Actor(
        label=f"user:{user.public_id}",
        roles=frozenset(Role(role.name) for role in user.roles),
        user_id=user.id,
        has_account=True,
    )


def _actor(browser: Browser | None) -> Actor:
    if browser is not None and browser.tablet_patient_id is not None:
        held = current_visitor()
        if held is not None:
            return tablet.actor_of(held)  # whatever else its cookie says
        _meet(None)  # its row went at this very moment
        browser = None
    visitor_id = browser.id if browser else None
    user = current_user._get_current_object()
    if user.is_authenticated:
        known = g.get("known")
        if known is None or known.id != user.id:  # signed in during this very request
            known = Known.of(user)
        return Actor(
            label=f"user:{known.public_id}",
            roles=known.roles,
            user_id=known.id,
            patient_id=known.patient_id,
            practitioner_id=known.practitioner_id,
            visitor_id=visitor_id,
            has_account=True,
            sites=known.sites,
            site_id=known.site_id,
        )
    if browser is None:
        return Actor(label="visitor:new")
    if browser.patient_id is not None and not services.is_idle(browser):
        return Actor(
            label=f"patient:{browser.patient_public_id}",
            roles=frozenset({Role.CODE}),
            patient_id=browser.patient_id,
            visitor_id=browser.id,
            has_account=browser.patient_user_id is not None,
        )
    return Actor(label=f"visitor:{browser.id}", visitor_id=browser.id)


def current_visitor() -> Visitor | None:
    """This browser's row, read when it is first asked for."""
    if g.visitor is None and g.browser is not None:
        g.visitor = queries.visitor_of(g.browser)
    found: Visitor | None = g.visitor
    return found


def ensure_visitor() -> Visitor:
    """This browser's row, made on the first thing worth keeping (a draft, a hold, a code)."""
    if g.browser is None:
        visitor, token = services.greet_visitor()
        session[COOKIE] = token
        _meet(queries.browser_by_token(token), visitor)
        session.permanent = not g.actor.roles  # a sign-in ends with the browser, a draft does not
        if not g.actor.roles:
            g.actor = _actor(g.browser)
        else:
            g.actor = Actor(**{**g.actor.__dict__, "visitor_id": visitor.id})
    return current_visitor()  # type: ignore[return-value]


def renew_visitor(visitor: Visitor) -> None:
    """This browser has shown whose it is and goes on under a new cookie (S20)."""
    session[COOKIE] = services.renew_visitor(visitor)


def ensure_visitor_alone() -> Visitor:
    """The same in a browser from which whoever was signed in has gone: it becomes somebody's who
    showed who they are without a password, and must not stay another's as well."""
    if current_user.is_authenticated:
        _clear()
        g.actor = _actor(None)
    return ensure_visitor()


def keep_awake() -> None:
    """Write "last seen", at most once a minute (S20)."""
    sign_in: SignIn | None = g.get("sign_in")
    if sign_in is not None and clock.now() - sign_in.seen_at > SEEN_EVERY:
        row = current_session()
        if row is not None:
            sessions.see(row)
    browser: Browser | None = g.browser
    if browser is None or services.is_idle(browser):
        return
    if clock.now() - browser.seen_at > SEEN_EVERY and (visitor := current_visitor()) is not None:
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
    _meet(None)


def end_tablet() -> None:
    """If this browser is the desk's tablet, it is so no longer."""
    visitor = current_visitor()
    if visitor is None or visitor.tablet_patient_id is None:
        return
    tablets.end(visitor, actor=tablet.actor_of(visitor))
    session.pop(COOKIE, None)
    _meet(None)
