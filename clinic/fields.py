"""Fields that no code asked for are ignored, and their names go into the audit log (S4).

A form takes the fields that it declares and nothing else, so a field that was smuggled in is one
that nobody reads. The form of a request remembers what was asked of it; what is left over at the
end was none of ours: an owner, a role, a price.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import IO, Any

from flask import Flask, Request, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.utils import cached_property

from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db

NAME = re.compile(r"[a-z0-9_.-]{1,40}")
MOST = 10
CHUNK = 16 * 1024
TOKEN = "csrf_token"  # noqa: S105  (a field's name)
# What pages send for the browser's sake, or for a second press, whether it is needed or not.
OF_EVERY_PAGE = frozenset({TOKEN, "idempotency_key", "username"})


class AskedFor(ImmutableMultiDict[str, str]):
    """A form that remembers the names it was asked for; walking over it asks for none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *args, **kwargs)


class ClinicRequest(Request):
    parameter_storage_class = AskedFor

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        """A file that is sent stays in memory: the library would lay it down in a folder for
        temporary files, where a photo could be read by others (S34)."""
        return io.BytesIO()

    @cached_property
    def stream(self) -> IO[bytes]:
        """A body without a declared length is refused at the limit; the library would cut it off
        there and take what came before for the whole form (S33)."""
        most = self.max_content_length
        if self.content_length is not None or most is None:
            return super().stream
        body = bytearray()
        source = self.environ["wsgi.input"]
        while self.environ.get("wsgi.input_terminated") and (chunk := source.read(CHUNK)):
            body += chunk
            if len(body) > most:
                raise RequestEntityTooLarge
        return io.BytesIO(bytes(body))


def init_app(app: Flask) -> None:
    app.request_class = ClinicRequest
    app.after_request(_note_ignored)


def allow_length() -> None:
    """Most forms are short; which address takes more stands in `LONGEST_BODIES` (S33)."""
    most = current_app.config["LONGEST_BODIES"].get(request.endpoint)
    if most and request.method == "POST":
        request.max_content_length = most


def longest_body(app: Flask) -> Callable[[str, str], int]:
    """How long a body may be, by method and path: as `allow_length` will say."""
    addresses = app.url_map.bind("")

    def longest(method: str, path: str) -> int:
        usual: int = app.config["MAX_CONTENT_LENGTH"]
        if method != "POST":
            return usual
        try:
            endpoint, _values = addresses.match(path, method)
        except HTTPException:
            return usual
        return app.config["LONGEST_BODIES"].get(endpoint, usual)

    return longest


def also(*names: str) -> None:
    """Say that fields belong to a form although nothing needs their values this time."""
    for name in names:
        request.form.getlist(name)


def _note_ignored(response: Response) -> Response:
    """Only where a view ran: the door turns away, or keeps a form, before the token is asked."""
    form = request.__dict__.get("form")  # asking for it would read a body that nobody wanted
    if not isinstance(form, AskedFor) or TOKEN not in form.asked:
        return response
    if response.status_code >= 400 and response.status_code != 422:
        return response
    ignored = [name for name in form if name not in form.asked | OF_EVERY_PAGE]
    if ignored:
        try:
            audit.record(
                Event.FIELDS_IGNORED,
                actor=g.actor,
                endpoint=request.endpoint,
                fields=_shown(ignored),
            )
        except SQLAlchemyError:  # what was asked for is done: the answer must say so
            db.session.rollback()
            current_app.logger.warning("ignored fields could not be noted")
    return response


def _shown(names: list[str]) -> list[str]:
    """Names that can be no typed text; how many more there were."""
    fit = sorted(name for name in names if NAME.fullmatch(name))[:MOST]
    others = len(names) - len(fit)
    return [*fit, f"other: {others}"] if others else fit
