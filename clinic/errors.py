"""Error pages: the same look, a way on, and nothing of what went wrong but a request id (S53).

Under /api the same is said in JSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from clinic import permissions
from clinic.accounts.throttle import TooMany
from clinic.api import refusals
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.queries import NoClinic
from clinic.database import db
from clinic.idempotency import KeyReused, StillRunning
from clinic.key_ring import SealBroken

DRAWN = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})
BUSY_SECONDS = 5


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(SecurityError, _on_foreign_host)
    app.register_error_handler(CSRFError, lambda _e: page(400, "csrf"))
    app.register_error_handler(TooMany, _on_too_many)
    app.register_error_handler(KeyReused, lambda _e: page(422, "key-reused"))
    app.register_error_handler(StillRunning, lambda _e: page(409, "still-running"))
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(IntegrityError, _on_truth)
    app.register_error_handler(DataError, _on_odd_value)
    app.register_error_handler(SealBroken, _on_broken_seal)
    app.register_error_handler(NoClinic, lambda _e: page(503, "no-clinic"))
    app.register_error_handler(Exception, _on_anything)


def page(status: int, code: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The page of an error; *code* chooses its words where the status alone does not."""
    if refusals.is_asked():
        response = refusals.of_error(status, code)
        response.headers.update(dict(headers or {}))
        return response
    if "actor" not in g:  # an extension answered before the door was reached
        g.actor, g.browser, g.visitor = permissions.system("nobody"), None, None
        g.request_id = g.get("request_id", "")
    try:
        body = render_template("errors/error.html", status=status, code=code)
    except Exception:  # the database may be what is broken: then a page that needs none
        current_app.logger.exception("error page")
        # Drawn without `render_template`, whose context would ask the same database again.
        body = current_app.jinja_env.get_template("errors/bare.html").render(status=status)
    return make_response(body, status, dict(headers or {}))


def _on_http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    if error.code not in DRAWN:
        return page(500)
    db.session.rollback()
    allowed = getattr(error, "valid_methods", None)  # of a 405
    code = "photos" if request.endpoint in current_app.config["LONGEST_BODIES"] else ""
    headers = {"Allow": ", ".join(sorted(allowed))} if allowed else None
    return page(error.code, code, headers)


def _on_foreign_host(_error: SecurityError) -> Response:
    """A host that is not ours has no pages, so no addresses can be built: one line says why."""
    base = current_app.config["BASE_URL"]
    if refusals.is_asked():
        return refusals.refusal(400, "foreign-host", f"Ask at {base}.")
    line = f"This clinic answers at {base} only, not at the address in your browser.\n"
    return Response(line, 400, mimetype="text/plain")


def _on_too_many(error: TooMany) -> Response:
    seconds = max(1, math.ceil(error.retry_after.total_seconds()))
    g.retry_minutes = max(1, math.ceil(seconds / 60))
    return page(429, headers={"Retry-After": str(seconds)})


def _on_database(error: OperationalError) -> Response:
    """The database is busy or away: nothing was stored, try again."""
    db.session.rollback()
    current_app.logger.warning("database: %s", type(error.orig).__name__)
    return page(503, "busy", headers={"Retry-After": str(BUSY_SECONDS)})


def _on_truth(error: IntegrityError) -> Response:
    """The database kept one of its truths: the world moved between our question and its answer."""
    db.session.rollback()
    if "truth " not in str(error.orig):
        return _on_anything(error)
    current_app.logger.warning("refused by the database at %s", request.endpoint)
    return page(409)


def _on_odd_value(_error: DataError) -> Response:
    """The address or the form held what no column takes: a NUL, or far too long a text."""
    db.session.rollback()
    current_app.logger.warning("a value that cannot be stored at %s", request.endpoint)
    return page(400)


def _on_broken_seal(error: SealBroken) -> Response:
    """A value that does not open is an error shown and audited, never an empty field."""
    db.session.rollback()
    current_app.logger.error("sealed value did not open")
    audit.record(Event.SEAL_BROKEN, actor=g.actor, result="failed", where=error.where[:120])
    return page(500, "sealed")


def _on_anything(error: Exception) -> Response:
    """Last resort: roll back, log with the request id, say nothing."""
    db.session.rollback()
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.exception("unhandled error at %s", request.endpoint)
    return page(500)
