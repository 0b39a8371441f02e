"""The load: a few browsers that ask without a pause, and how long each answer took."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

BROWSERS = 8


@dataclass(frozen=True)
class Measured:
    """Requests a second, and times of an answer in milliseconds."""

    rate: float
    middle: float
    p95: float
    failed: int


@dataclass
class _Browser:
    """One kept connection with at most one question under way."""

    socket: socket.socket
    asked_at: float = 0.0
    took: bytearray = field(default_factory=bytearray)
    length: int = -1  # of the whole answer; -1 until its head is here


def get(path: str, cookie: str = "") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    return (head + _cookie(cookie) + "\r\n").encode()


def post(
    path: str, fields: Mapping[str, str], cookie: str = "", headers: Mapping[str, str] | None = None
) -> bytes:
    body = urlencode(fields)
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        f"Referer: http://localhost{path}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
    )
    return (head + more + _cookie(cookie) + "\r\n" + body).encode()


def _cookie(cookie: str) -> str:
    return f"Cookie: {cookie}\r\n" if cookie else ""


def over_and_over(*questions: bytes) -> Iterator[bytes]:
    while True:
        yield from questions


def ask(
    port: int,
    questions: Iterable[bytes],
    *,
    seconds: float,
    status: int = 200,
    browsers: int = BROWSERS,
) -> Measured:
    """Ask until the questions or the *seconds* are over. Any other status counts as failed."""
    waiting = iter(questions)
    times: list[float] = []
    failed = 0
    wanted = f"HTTP/1.1 {status} ".encode()
    with selectors.DefaultSelector() as open_now:
        began = time.perf_counter()
        until = began + seconds
        for _ in range(browsers):
            _begin(open_now, port, waiting)
        while open_now.get_map():
            for key, _event in open_now.select(timeout=60):
                browser = key.data
                if not _read(browser):
                    continue
                now = time.perf_counter()
                times.append(now - browser.asked_at)
                failed += not browser.took.startswith(wanted)
                following = next(waiting, None) if now < until else None
                if following is None:
                    open_now.unregister(browser.socket)
                    browser.socket.close()
                else:
                    _send(browser, following)
        took = time.perf_counter() - began
    return _measured(times, took, failed)


def one_by_one(port: int, questions: Iterable[bytes]) -> list[tuple[float, bytes]]:
    """Seconds and the head of each answer, asked alone."""
    found = []
    for question in questions:
        browser = _Browser(socket.create_connection(("127.0.0.1", port), 60))
        _send(browser, question)
        while not _read(browser):
            pass
        found.append((time.perf_counter() - browser.asked_at, bytes(browser.took)))
        browser.socket.close()
    return found


def _measured(times: list[float], took: float, failed: int) -> Measured:
    ordered = deque(sorted(times))
    if not ordered:
        return Measured(0.0, 0.0, 0.0, failed)
    p95 = ordered[int(len(ordered) * 0.95)]
    return Measured(len(times) / took, median(ordered) * 1000, p95 * 1000, failed)


def _begin(open_now: selectors.BaseSelector, port: int, waiting: Iterator[bytes]) -> None:
    question = next(waiting, None)
    if question is None:
        return
    browser = _Browser(socket.create_connection(("127.0.0.1", port), 60))
    browser.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    open_now.register(browser.socket, selectors.EVENT_READ, browser)
    _send(browser, question)


def _send(browser: _Browser, question: bytes) -> None:
    browser.took.clear()
    browser.length = -1
    browser.asked_at = time.perf_counter()
    browser.socket.sendall(question)


def _read(browser: _Browser) -> bool:
    """Whether the answer is whole now. Raises `ConnectionError` when the server hung up."""
    part = browser.socket.recv(262_144)
    if not part:
        raise ConnectionError("the server hung up")
    browser.took += part
    if browser.length < 0:
        end = browser.took.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = browser.took[:end].lower()
        start = head.find(b"content-length:")
        if start < 0:
            raise ValueError("an answer without a length")
        line_end = head.find(b"\r\n", start)
        browser.length = end + 4 + int(head[start + 15 : line_end if line_end > 0 else None])
    return len(browser.took) >= browser.length
