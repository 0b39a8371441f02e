"""The door: each route's guard is checked before its view runs.

`check_routes` stops the start when a route declares no guard. `stand` finds out who is asking,
asks `GRANTS`, loads the row that the route is about (404 when it is not the actor's), writes the
audit row of a read, and only then lets the view run.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import identity, kept
from clinic.accounts import services as accounts
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.columns import new_public_id
from clinic.permissions import EXTERNAL_ROUTES, PHONE_ROUTES, TABLET_ROUTES, Actor, Guard

# Answers to a POST that are a page about the row: looked over, overtaken, over, or typed wrong.
SHOWS_AGAIN = (200, 409, 410, 422)
LONGEST_ID = 200


class UndeclaredRoute(RuntimeError):
    """A route says neither @public nor @requires, and no table lists it."""


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    found: Guard | None = EXTERNAL_ROUTES.get(endpoint)
    return found or getattr(app.view_functions.get(endpoint), "guard", None)


def check_routes(app: Flask) -> None:
    """Raise `UndeclaredRoute` naming every route without a guard."""
    missing = sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if not guard_of(app, rule.endpoint)}
    )
    if missing:
        raise UndeclaredRoute(", ".join(missing))


def stand() -> ResponseReturnValue | None:
    g.request_id = new_public_id()
    identity.identify()
    if g.actor.keeps_to_one_form and (back := _keep_to_the_form(g.actor)):
        return back
    if request.endpoint is None:
        return None  # no such address: the error page answers
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        abort(404)
    if guard.permission is not None and not g.actor.may(guard.permission):
        return _turn_away(g.actor, guard)
    if guard.wants_fresh() and not identity.is_fresh():
        return _ask_again(g.actor, guard)
    if guard.find is not None:
        _find(guard, g.actor)
    elif guard.audit and not guard.by_view and request.method in ("GET", "HEAD"):
        audit.record(guard.audit, actor=g.actor)
    if not guard.by_itself:
        identity.keep_awake()
    return None


def _keep_to_the_form(actor: Actor) -> ResponseReturnValue | None:
    """Where the desk's tablet, or a phone at the check-in, is led when it asks for anything but
    its form; idle, it is over."""
    is_phone = actor.on_phone
    if accounts.is_idle(g.browser):
        identity.end_tablet()
        return redirect(url_for("arriving.over" if is_phone else "tablet.over"), 303)
    if request.endpoint in (PHONE_ROUTES if is_phone else TABLET_ROUTES):
        guard = guard_of(current_app, request.endpoint)
        asked = next(iter((request.view_args or {}).values()), "")
        if guard is None or guard.find is None or _row(guard, actor, str(asked)) is not None:
            return None
    audit.record(Event.DENIED, actor=actor, result="denied", endpoint=request.endpoint, status=303)
    return redirect(url_for("arriving.here" if is_phone else "tablet.home"), 303)


def _turn_away(actor: Actor, guard: Guard) -> ResponseReturnValue:
    """Somebody unknown is asked to sign in; somebody known is in the wrong area."""
    if actor.roles:
        audit.record(
            Event.DENIED, actor=actor, result="denied", endpoint=request.endpoint, status=403
        )
        abort(403)
    return _send_to("security.login", actor, guard)


def _ask_again(actor: Actor, guard: Guard) -> ResponseReturnValue:
    """The password, once more, before what is delicate; what was typed waits meanwhile (S16)."""
    return _send_to("security.verify", actor, guard)


def _send_to(endpoint: str, actor: Actor, guard: Guard) -> ResponseReturnValue:
    """To a page that asks who it is, and from there back to this one, or to what was typed."""
    onward = None
    if request.method in ("GET", "HEAD"):
        onward = request.full_path.rstrip("?")
    elif kept_id := kept.keep(actor, guard):
        onward = url_for("accounts.kept_form", row=kept_id)
    there = url_for(endpoint, next=onward)
    if request.headers.get("HX-Request"):  # a redirection would put the page into a part of a page
        return Response(status=204, headers={"HX-Redirect": there})
    return redirect(there, 303)


def _find(guard: Guard, actor: Actor) -> None:
    """Put the row in place of its public id, and note that a record was read."""
    arguments: dict[str, Any] = dict(request.view_args or {})
    name = next(iter(arguments), None)
    is_askable = all(is_id(str(value)) for value in arguments.values())
    row = _row(guard, actor, str(arguments[name]) if name else "") if is_askable else None
    if row is None:
        audit.record(
            Event.DENIED, actor=actor, result="denied", endpoint=request.endpoint, status=404
        )
        abort(404)
    if guard.audit is not None and request.method in ("GET", "HEAD"):
        audit.record(guard.audit, actor=actor, patient_id=_patient_of(row, actor), subject=row)
    elif guard.audit is not None:
        g.would_show = (guard.audit, _patient_of(row, actor), audit.name_of(row))
    if name is not None:
        arguments[name] = row
        request.view_args = arguments


def _row(guard: Guard, actor: Actor, asked: str) -> Any:
    """The row of the id that was asked for; None when it is not the actor's or no id at all."""
    return guard.find(actor, asked) if guard.find and is_id(asked) else None


def is_id(asked: str) -> bool:
    """Whether a database can be asked for it: PostgreSQL takes no NUL, and no id is so long."""
    return "\0" not in asked and len(asked) <= LONGEST_ID


def note_shown(response: Response) -> Response:
    """A form that was refused shows its page again: that is a look like any other (S50).

    Whatever the request says of itself: a route whose answer is a part of a page that is written
    down already declares no audit.
    """
    looked = g.pop("would_show", None)
    if looked and response.mimetype == "text/html" and response.status_code in SHOWS_AGAIN:
        event, patient_id, subject = looked
        audit.record(event, actor=g.actor, patient_id=patient_id, subject=subject)
    return response


def _patient_of(row: Any, actor: Actor) -> int | None:
    """Whose record it is: a patient's own row, what carries `patient_id`, else the actor's."""
    if getattr(row, "__tablename__", "") == "patient":
        return int(row.id)
    found = getattr(row, "patient_id", actor.patient_id)
    return None if found is None else int(found)
