"""Logs: one JSON object a line on stderr, about what happened and never about whom (S42, S52).

A line names the rule that a request met, not its path; an error's type and where it was raised, not
its words, which may repeat what somebody typed. What a library says in words of its own is left
out for the same reason: its name and place remain.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request

from clinic import clock
from clinic.columns import new_public_id
from clinic.config import ROOT

OUR_WORDS = ("clinic", "_granian")  # the second is the server's own name for its logger
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LONGEST_CHAIN = 5  # errors that were the reason of one another

requests = logging.getLogger("clinic.requests")


class JSONLines(logging.Formatter):
    """A record as one line of JSON: line breaks and whatever is not ASCII come escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
            **_of_the_request(),
            **getattr(record, "of_the_answer", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["errors"] = list(_errors(record.exc_info[1]))
        return json.dumps(line)


def _words(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in OUR_WORDS:
        return record.getMessage()
    return f"a library spoke at {Path(record.pathname).name}:{record.lineno}:{record.funcName}"


def _of_the_request() -> dict[str, str]:
    if not has_request_context():
        return {}
    return {
        "request_id": g.get("request_id", ""),
        "endpoint": request.endpoint or "none",
        "method": request.method if request.method in METHODS else "other",
    }


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """The error, then what it came from: types and places, neither words nor values."""
    for _number in range(LONGEST_CHAIN):
        if error is None:
            return
        kind = type(error)
        yield {"type": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}
        error = error.__cause__ or error.__context__


def _places(trace: TracebackType | None) -> list[str]:
    """file:line:function of each call, the outermost first."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return [f"{_short(frame.filename)}:{frame.lineno}:{frame.name}" for frame in frames]


def _short(file: str) -> str:
    return file.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")


class ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment: a test or a command may have another one."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JSONLines())

    def handle(self, record: logging.LogRecord) -> bool:
        self.stream = sys.stderr
        return super().handle(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """What cannot be written is lost: the library would print the record with its values."""


def init_app(app: Flask) -> None:
    """Let every line of this process be one of ours, and log each request once."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if type(handler) in (logging.StreamHandler, ToStderr):  # plain text, or of another app
            root.removeHandler(handler)
    root.addHandler(ToStderr())
    logging.getLogger("clinic").setLevel(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its lines of requests hold paths
    app.before_request(_start)
    app.after_request(_end)


def _start() -> None:
    """First of all: also what is refused before the door has a number and a time."""
    g.request_id = new_public_id()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    took = time.perf_counter() - g.get("began", time.perf_counter())
    answer = {"status": response.status_code, "milliseconds": round(took * 1000, 1)}
    requests.info("request", extra={"of_the_answer": answer})
    return response
