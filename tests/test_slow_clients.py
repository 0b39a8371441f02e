"""S33: the server that we ship, asked over real sockets by those who are slow or send too much."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic import front, headers
from clinic.front import WholeRequests
from tests.test_serve import PATIENCE, serving

assert serving  # the fixture

HEAD = "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n"


def send(port, method="GET", path="/healthz", more="", body=b""):
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(HEAD.format(method=method, path=path, more=more).encode() + body)
    return connection


def answer(connection):
    """The status line, once it is there."""
    with connection:
        return connection.recv(4096).decode().partition("\r\n")[0]


CHUNK = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
TOO_MUCH = {
    "a length that is declared": (f"{FORM}Content-Length: 70000\r\n", b""),
    "a length that nobody could send": (f"{FORM}Content-Length: 99999999999\r\n", b""),
    "chunks without end": (f"{FORM}Transfer-Encoding: chunked\r\n", CHUNK * 5),
}


def run(whole, scope, receive, send):
    """In a thread of its own: a browser of another test may have a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(whole(scope, receive, send))).result()


def test_S25_a_header_with_an_underscore_is_not_taken_for_a_proxys():
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return [b"x"]

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message):
        return None

    heads = [(b"x_forwarded_for", b"198.51.100.9"), (b"x-forwarded-proto", b"https")]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": heads,
    }
    run(WholeRequests(app, longest=10, demo=True), scope, receive, send)

    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert seen["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.parametrize("demo", [True, False])
def test_S23_the_answer_to_a_slow_body_carries_the_headers_of_every_page(monkeypatch, demo):
    monkeypatch.setattr(front, "BODY_SECONDS", 0.01)
    said = []

    async def receive():
        await asyncio.sleep(5)

    async def send(message):
        said.append(message)

    whole = WholeRequests(None, longest=100, demo=demo)
    run(whole, {"type": "http", "headers": []}, receive, send)

    start, body = said
    sent = {name.decode(): value.decode() for name, value in start["headers"]}
    promised = {} if demo else {"strict-transport-security": headers.HSTS}
    assert start["status"] == 408
    assert b"Nothing was stored" in body["body"]
    assert sent["cache-control"] == "no-store"
    assert {name.lower(): value for name, value in headers.ALWAYS.items()}.items() <= sent.items()
    assert {n: v for n, v in sent.items() if n.startswith("strict")} == promised


def test_S33_half_a_form_of_a_client_that_left_is_no_form():
    called = []
    arriving = iter(
        [
            {"type": "http.request", "body": b"reason=ill&who=", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive():
        return next(arriving)

    whole = WholeRequests(lambda *_args: called.append(1), longest=100, demo=True)
    run(whole, {"type": "http", "headers": []}, receive, None)

    assert called == []


def test_S33_slow_clients_block_nobody_and_end_and_too_much_is_refused_unread(serving):
    """One start of the server and one wait for all of it. There are more of the slow than threads;
    some stop in the head, some in the body."""
    heads = [socket.create_connection(("127.0.0.1", serving.port)) for _ in range(50)]
    for connection in heads:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
    more = f"{FORM}Content-Length: 5000\r\n"
    bodies = [send(serving.port, "POST", "/sign-in", more, b"email=") for _ in range(20)]
    began = time.monotonic()

    others = [answer(send(serving.port)) for _ in range(20)]
    took = time.monotonic() - began
    too_much = {
        name: answer(send(serving.port, "POST", "/sign-in", more, body))
        for name, (more, body) in TOO_MUCH.items()
    }
    for connection in bodies:
        connection.sendall(b"x")
    heads[0].settimeout(PATIENCE)
    ended_head, ended_body = heads[0].recv(100), answer(bodies[0])

    assert set(others) == {"HTTP/1.1 200 OK"}
    assert took < 5
    assert too_much == dict.fromkeys(TOO_MUCH, "HTTP/1.1 413 Payload Too Large")
    assert ended_head == b"" or b" 408 " in ended_head
    assert ended_body == "HTTP/1.1 408 Request Timeout"
    for connection in [*heads, *bodies[1:]]:
        connection.close()


def test_S52_the_server_writes_one_line_of_json_for_each_request_and_no_path(serving):
    answer(send(serving.port, path="/nothing/zzmarkerzz?q=zzmarkerzz"))

    serving.process.terminate()
    said = serving.said()

    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["logger"] == "clinic.requests"]
    assert [line["endpoint"] for line in requests if line["status"] == 404] == ["none"]
    assert "zzmarkerzz" not in said


# Photos: longer bodies, with time, memory and threads of their own.


def front_for_long(app=None, *, longest=100):
    """Bodies of ten bytes are usual; at /long they may have a hundred."""
    return WholeRequests(
        app,
        longest=10,
        longest_of=lambda method, path: longest if (method, path) == ("POST", "/long") else 10,
        demo=True,
    )


def scope_of(path, method="POST"):
    about = {"type": "http", "headers": [], "method": method, "path": path}
    return {**about, "query_string": b"", "http_version": "1.1"}


def counting(environ, start_response):
    start_response("200 OK", [("X-Length", str(len(environ["wsgi.input"].read())))])
    return [environ["CONTENT_LENGTH"].encode()]


def asked(front_of_ours, scope, *parts):
    """What is sent for a body of *parts*, as (status, body)."""
    arriving = [
        {"type": "http.request", "body": part, "more_body": place < len(parts)}
        for place, part in enumerate(parts, start=1)
    ]
    messages, said = iter(arriving), []

    async def receive():
        return next(messages)

    async def send(message):
        said.append(message)

    run(front_of_ours, scope, receive, send)
    return said[0]["status"], b"".join(message.get("body", b"") for message in said)


@pytest.mark.parametrize(
    ("path", "method", "parts", "length"),
    [
        ("/", "POST", (b"x" * 10,), b"10"),
        ("/", "POST", (b"x" * 6, b"x" * 5), b"11"),  # told the app as one too many
        ("/long", "POST", (b"x" * 60, b"x" * 40), b"100"),
        ("/long", "POST", (b"x" * 60, b"x" * 41), b"101"),
        ("/long", "GET", (b"x" * 11,), b"11"),
    ],
)
def test_S33_a_body_may_be_as_long_as_its_address_lets_it(path, method, parts, length):
    assert asked(front_for_long(counting), scope_of(path, method), *parts) == (200, length)


def test_S33_long_bodies_share_a_limit_of_memory_and_say_when_to_come_again(monkeypatch):
    monkeypatch.setattr(front, "MOST_HELD", 100)
    ours = front_for_long(counting)
    ours.held = 50

    status, words = asked(ours, scope_of("/long"), b"x" * 51)

    assert (status, words) == (503, front.TOO_BUSY)
    assert ours.held == 50


@pytest.mark.parametrize("parts", [(b"x" * 100,), (b"x" * 101,)])
def test_S33_the_memory_of_a_long_body_is_free_again_however_it_ended(parts):
    ours = front_for_long(counting)

    asked(ours, scope_of("/long"), *parts)

    assert ours.held == 0


def test_S34_pages_answer_while_every_thread_for_photos_is_at_work():
    at_work, done = threading.Event(), threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/long":
            at_work.set()
            assert done.wait(PATIENCE)
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    async def both():
        ours = front_for_long(app)
        photos = [asyncio.create_task(_ask(ours, "/long")) for _ in range(4)]
        await asyncio.to_thread(at_work.wait, PATIENCE)
        pages = [await _ask(ours, "/") for _ in range(4)]
        waiting = [task.done() for task in photos]
        done.set()
        return pages, waiting, [await task for task in photos]

    with ThreadPoolExecutor(1) as pool:
        pages, waiting, photos = pool.submit(lambda: asyncio.run(both())).result()

    assert pages == [b"/"] * 4
    assert waiting == [False] * 4
    assert photos == [b"/long"] * 4


async def _ask(ours, path):
    said = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    await ours(scope_of(path), receive, send)
    return b"".join(message.get("body", b"") for message in said)
