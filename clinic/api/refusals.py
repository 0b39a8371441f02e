"""What an address under /api answers when it can't give what was asked: JSON, never a page."""

from __future__ import annotations

from flask import Response, g, jsonify, request
from flask_babel import gettext as _

CODES = {
    400: "bad-request",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "changed",
    410: "ended",
    413: "too-large",
    422: "not-acceptable",
    429: "too-many-requests",
    500: "broken",
    503: "busy",
}


def is_asked() -> bool:
    """Whether this request is for a program, which reads no pages."""
    return request.path == "/api" or request.path.startswith("/api/")


def refusal(status: int, code: str, what_to_do: str) -> Response:
    """The one shape of every refusal: what is wrong as a code, and what to do as a sentence."""
    response = jsonify({"error": code, "what_to_do": what_to_do})
    response.status_code = status
    return response


def of_error(status: int, code: str = "") -> Response:
    """The refusal for an error page's *status* and *code*. It needs no database."""
    return refusal(status, code or CODES[status], _what_to_do(status, code))


def _what_to_do(status: int, code: str) -> str:
    if code == "no-clinic":
        return _("This clinic is not set up yet. Whoever runs it: flask create-clinic FILE.")
    words = {
        403: _("This address is not for you. Ask for free times at /api/slots."),
        404: _("There is no such address. Free times are at /api/slots."),
        405: _("Ask with GET."),
        413: _("Send no body: all that is asked stands in the address."),
        429: _("Wait as many seconds as Retry-After says, then ask again."),
        500: _("It broke on our side. Ask again later, or call us."),
        503: _("The clinic is busy. Wait as many seconds as Retry-After says, then ask again."),
    }
    said = words.get(status, _("Check the address and ask again."))
    if status == 500 and g.get("request_id"):
        said = f"{said} {_('Number of this request: %(id)s.', id=g.request_id)}"
    return said
