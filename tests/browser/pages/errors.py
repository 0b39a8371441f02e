"""The pages that say what went wrong."""

from __future__ import annotations

from datetime import timedelta

from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug import exceptions

from clinic.accounts.throttle import TooMany
from clinic.catalogue.queries import NoClinic
from clinic.idempotency import KeyReused, StillRunning
from clinic.sealing import SealBroken
from tests.browser import ways
from tests.browser.page import Page
from tests.browser.ways import staff


def _error(name: str, status: int, error: BaseException) -> Page:
    return Page("error", name, ways.FAILING, "/help", None, status, ways.failing(error))


ERRORS = (
    _error("400", 400, exceptions.BadRequest()),
    _error("400-token", 400, CSRFError("The CSRF token is missing.")),
    Page("error", "404", None, "/nothing/here", None, 404),
    Page(
        "front-desk", "error-403", "screening.note", staff("/notes/{note}", "Ruth Cole"), None, 403
    ),
    _error("405", 405, exceptions.MethodNotAllowed()),
    _error("409", 409, exceptions.Conflict()),
    _error("409-still-running", 409, StillRunning()),
    _error("410", 410, exceptions.Gone()),
    _error("413", 413, exceptions.RequestEntityTooLarge()),
    _error("422-key-reused", 422, KeyReused()),
    _error("429", 429, TooMany(timedelta(minutes=2))),
    _error("500", 500, RuntimeError("broken on purpose")),
    _error("500-sealed", 500, SealBroken("note")),
    _error("503", 503, OperationalError("", {}, Exception("busy"))),
    _error("503-no-clinic", 503, NoClinic()),
    Page("error", "500-bare", ways.FAILING, "/help", None, 500, ways.nothing_renders),
)
