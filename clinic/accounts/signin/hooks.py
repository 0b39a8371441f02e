"""What happens around the library's own views: who comes in, who goes, where to."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, user_logged_out
from flask_security import Security, user_authenticated

from clinic.accounts import identity, services, sessions
from clinic.accounts.models import EndedBecause, User
from clinic.accounts.signin import half_way
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.config import SECURITY_PAGE
from clinic.journey import adopt
from clinic.permissions import Actor

LOCAL_PATH = re.compile(r"/(?!/)[^\\\s\x00-\x1f\x7f]*")
BY_PASSWORD, BY_PASSKEY, BY_CHANGE = "password", "webauthn", "change"


def init_app(app: Flask, security: Security) -> None:
    # A page answers with a page, and a session is the only way to be somebody here.
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(identity.load_user)
    security.login_manager.request_loader(lambda _request: None)
    app.before_request(_only_local_next)
    app.before_request(half_way.end_what_is_over)
    app.before_request(_no_code_page_for_who_is_in)
    user_authenticated.connect(_on_sign_in, app)
    user_logged_out.connect(_on_sign_out, app)


def _only_local_next() -> ResponseReturnValue | None:
    """The pages of signing in are asked for again without a "next" that is not a path of ours
    (S26).

    The library would go on to relative paths and to paths with escaped backslashes; what it does
    refuse, our page would call a wrong password.
    """
    if not (request.endpoint or "").startswith("security."):
        return None
    # habit: query-as-form, because "next" may stand in either, and both are held to one rule
    elsewhere = any(n and not LOCAL_PATH.fullmatch(n) for n in request.values.getlist("next"))
    return redirect(request.path, 303) if elsewhere else None


def _no_code_page_for_who_is_in() -> ResponseReturnValue | None:
    """Somebody signed in has no business on the page of the second step. The library would sign
    them out there, by a mere GET (S8)."""
    is_there = request.endpoint == "security.two_factor_token_validation"
    return redirect(SECURITY_PAGE, 303) if is_there and current_user.is_authenticated else None


def _on_sign_in(_app: Flask, user: User, authn_via: list[str] | None = None, **_rest: Any) -> None:
    """Every way in ends here: a new session, never the one before (S20)."""
    actor = identity.actor_of(user)
    identity.begin(user, has_second_factor=_is_strong(authn_via))
    audit.record(Event.SIGNED_IN, actor=actor, by=(authn_via or ["second-step"])[0])
    identity.end_tablet()
    session.permanent = False  # a draft's cookie outlives the browser, a sign-in does not
    session.pop(half_way.SINCE, None)
    _take_over(user, actor)


def _take_over(user: User, actor: Actor) -> None:
    """What was typed here goes along with whoever signs in; what another had opened here by code
    is closed, and their draft stays theirs."""
    visitor = identity.current_visitor()
    if visitor is None:
        return
    if visitor.patient_id is not None and visitor.patient != user.patient:
        services.forget_visitor(visitor)
    elif user.patient is not None and not services.is_idle(visitor):
        adopt.draft(visitor, user.patient, actor=actor)


def _is_strong(authn_via: list[str] | None) -> bool:
    """Whether more than a password was shown. The library names no way after a second step."""
    if authn_via is None or BY_PASSKEY in authn_via:
        return True
    before = identity.current_session()
    return BY_CHANGE in authn_via and before is not None and before.has_second_factor


def _on_sign_out(_app: Flask, user: User, **_rest: Any) -> None:
    row = identity.current_session()
    if row is not None:
        actor = identity.actor_of(row.user)
        sessions.end(row, EndedBecause.SIGNED_OUT, actor=actor)
        audit.record(Event.SIGNED_OUT, actor=actor)
    visitor = identity.current_visitor()
    if visitor is not None:
        services.forget_visitor(visitor)
    half_way.end()
    session.pop(identity.SESSION, None)
    g.clears_site_data = True
