"""What stands between the server and the app: a request arrives whole before anybody works on it.

The app works on one request in one thread. A body that trickles in would hold that thread, and a
handful of such senders would stop the clinic (S33). So bodies are read here, where waiting costs
nothing, up to the app's own limit and to a deadline; then the app runs on what is there.

`wsgi:app` alone runs behind a proxy that does the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from werkzeug.datastructures import Headers

from clinic import headers

BODY_SECONDS = 15
THREADS = 2
WAITING_PARTS = 1_000

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TOO_SLOW = b"The request took too long to arrive. Nothing was stored; try again.\n"


class TooLong(RuntimeError):
    """More of a body than the app takes."""


class Gone(RuntimeError):
    """The client left before its body was here: half a form is no form."""


class WholeRequests:
    """An ASGI app over a WSGI app, for which each body has arrived before it is called."""

    def __init__(self, app: Any, *, longest: int, demo: bool) -> None:
        # A slow reader holds no thread either: what it has not read yet waits in a queue.
        self.app = WSGIMiddleware(app, workers=THREADS, send_queue_size=WAITING_PARTS)
        self.longest = longest
        self.demo = demo

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._body(scope, receive)
        except TimeoutError:
            await self._too_slow(send)
            return
        except Gone:
            return
        except TooLong:
            # The app refuses by the length that it is told, with a page of its own.
            body = b""
            _say_length(scope, self.longest + 1)
        else:
            _say_length(scope, len(body))
        await self.app(cast(Any, scope), cast(Any, _once(body)), cast(Any, send))

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        if _declared(scope) > self.longest:
            raise TooLong  # said before it is sent: nothing of it is read
        taken = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            taken += message.get("body", b"")
            if len(taken) > self.longest:
                raise TooLong
            if not message.get("more_body"):
                return bytes(taken)

    async def _too_slow(self, send: Send) -> None:
        ours = Headers({"Content-Type": "text/plain; charset=utf-8"})
        headers.put(ours, demo=self.demo)
        ours["Cache-Control"] = "no-store"
        ours["Connection"] = "close"
        listed = [(name.lower().encode(), value.encode()) for name, value in ours]
        await send({"type": "http.response.start", "status": 408, "headers": listed})
        await send({"type": "http.response.body", "body": TOO_SLOW})


def _declared(scope: Scope) -> int:
    """The length that the client declares; none, or one that is no number, is 0."""
    said = next((v for name, v in scope["headers"] if name.lower() == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0


def _say_length(scope: Scope, length: int) -> None:
    """The length that is true now, in place of what the client declared, or did not.

    A name with an underscore would be taken for the one with a hyphen that a proxy sets.
    """
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() not in (b"content-length", b"transfer-encoding") and b"_" not in name
    ]
    scope["headers"] = [*kept, (b"content-length", str(length).encode())]


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
