"""S34: the server that we ship, sent pictures made to harm it: it refuses them and keeps answering.

What its own processes may take is measured from outside: the decoder is a process by itself.
"""

from __future__ import annotations

import io
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf
from PIL import Image, PngImagePlugin
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from clinic.database import db
from clinic.photos.models import Photo
from clinic.photos.rules import View
from tests.browser.demo import COOKIE, Demo
from tests.photos.test_pictures import bomb, claimed, png
from tests.pictures import jpeg
from tests.test_serve import PATIENCE, Serving, serving

assert serving  # the fixture

MB = 1024 * 1024
AT_A_TIME = 4
# One form of six photos is sixty megabytes at most; a bomb in our own memory would be half a
# gigabyte, for each of those who send one.
MAY_GROW_BY = 200 * MB


def packed_words() -> bytes:
    """A PNG whose comment unpacks to fifty megabytes."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 50_000_000, zip=True)
    return png(Image.new("L", (300, 300)), pnginfo=text)


@cache
def bombs() -> dict[View, bytes]:
    """Made when they are sent: each test process reads this module, and one of them sends them."""
    return {
        View.REST: bomb(),
        View.FROWN: packed_words(),
        View.BROWS_RAISED: claimed(65_000, 65_000),
        View.SMILE: b"\xff\xd8\xff\xe0" + b"\0" * (9 * MB),
        View.PROFILE_LEFT: jpeg(),  # the only one that is a photo
    }


def most_memory(pid: int) -> int:
    """The most that a process and its own server processes had in use, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(own.split()[1]) * 1024 + sum(most_memory(int(child)) for child in children)


def sent_form(app: Flask, port: int) -> Callable[[], tuple[int, str]]:
    """Sends the page of photos of a new browser's form; the status and the page that it got."""
    draft, held = Demo(app).draft("answers", "concerns")
    with app.test_request_context():
        session.update(held)
        g.pop("csrf_token", None)  # of the browser before: the tests' own context outlives it
        token = generate_csrf()
        cookie = Demo(app).cookie(dict(session))
    files = {
        f"photo-{view}": FileStorage(io.BytesIO(raw), filename="IMG_1.PNG")
        for view, raw in bombs().items()
    }
    fields = {"csrf_token": token, "purposes": "assessment", "go": "next", **files}
    boundary, body = encode_multipart(fields)
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/intake/{draft.public_id}/photos",
        data=body,
        headers={
            "Host": "localhost",
            "Cookie": f"{COOKIE}={cookie}",
            "Referer": "https://localhost/",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        },
    )

    def send() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=3 * PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    return send


class Watch:
    """Asks the server for a page again and again until it is told to stop."""

    def __init__(self, serving: Serving) -> None:
        self.serving, self.answers, self.longest = serving, 0, 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self.over.wait(0.02):
            began = time.monotonic()
            assert self.serving.ask("/healthz") == 200
            self.longest = max(self.longest, time.monotonic() - began)
            self.answers += 1

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join()


def test_S34_bombs_are_refused_while_others_are_answered_and_no_memory_is_taken(
    cast, app: Flask, serving: Serving, travel: Callable[[datetime], None]
):
    travel(datetime.now(UTC))
    sends = [sent_form(app, serving.port) for _one in range(AT_A_TIME)]
    server = serving.children["server"]
    serving.ask("/healthz")
    before = most_memory(server)

    with Watch(serving) as watch, ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = list(pool.map(lambda send: send(), sends))

    assert [status for status, _page in answers] == [422] * AT_A_TIME
    assert most_memory(server) - before < MAY_GROW_BY
    assert watch.answers > AT_A_TIME
    db.session.rollback()
    assert db.session.scalars(select(Photo.view)).all() == [View.PROFILE_LEFT] * AT_A_TIME
