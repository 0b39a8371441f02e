"""S33: the server that we ship, asked over real sockets by those who are slow or send too much."""

from __future__ import annotations

import json
import socket
import time

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


def test_S33_slow_heads_block_nobody_and_end_and_too_much_is_refused_unread(serving):
    """One start of the server for all of it: it takes seconds."""
    slow = [socket.create_connection(("127.0.0.1", serving.port)) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
    began = time.monotonic()

    others = [answer(send(serving.port)) for _ in range(20)]
    took = time.monotonic() - began
    too_much = {
        name: answer(send(serving.port, "POST", "/sign-in", more, body))
        for name, (more, body) in TOO_MUCH.items()
    }
    slow[0].settimeout(PATIENCE)
    ended = slow[0].recv(100)

    assert set(others) == {"HTTP/1.1 200 OK"}
    assert took < 5
    assert too_much == dict.fromkeys(TOO_MUCH, "HTTP/1.1 413 Payload Too Large")
    assert ended == b"" or b" 408 " in ended
    for connection in slow:
        connection.close()


def test_S52_the_server_writes_one_line_of_json_for_each_request_and_no_path(serving):
    answer(send(serving.port, path="/nothing/zzmarkerzz?q=zzmarkerzz"))

    serving.process.terminate()
    said = serving.process.communicate(timeout=PATIENCE)[0]

    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [line["endpoint"] for line in lines if line["status"] == 404] == ["none"]
    assert "zzmarkerzz" not in said
