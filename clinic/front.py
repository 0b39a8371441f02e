"""What stands between the server and the app: a request arrives whole before anybody works on it.

The app works on one request in one thread. A body that trickles in would hold that thread, and a
handful of such senders would stop the clinic (S33). So bodies are read here, where waiting costs
nothing, up to the app's own limit and to a deadline; then the app runs on what is there. Photos
are long, and take seconds of work: they wait for each other, never a page for them.

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
LONG_BODY_SECONDS = 120  # photos, from a phone in a cellar
MOST_HELD = 192 * 1024 * 1024  # bytes of all long bodies that one process has in memory
BUSY_SECONDS = 30
THREADS = 2
LONG_BODY_THREADS = 1  # photos take seconds to decode: pages have threads of their own
WAITING_PARTS = 1_000

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TOO_SLOW = b"The request took too long to arrive. Nothing was stored; try again.\n"
TOO_BUSY = b"Many photos are arriving at this moment. Nothing was stored; try again in a minute.\n"


class TooLong(RuntimeError):
    """More of a body than the app takes."""


class Gone(RuntimeError):
    """The client left before its body was here: half a form is no form."""


class TooBusy(RuntimeError):
    """So many long bodies are here that the next one would not fit into memory."""


class WholeRequests:
    """An ASGI app over a WSGI app, for which each body has arrived before it is called.

    *longest_of* says by method and path where a body may be longer than *longest*. Those requests
    have time and threads of their own, and a common limit of memory.
    """

    def __init__(
        self,
        app: Any,
        *,
        longest: int,
        demo: bool,
        longest_of: Callable[[str, str], int] | None = None,
    ) -> None:
        # A slow reader holds no thread either: what it has not read yet waits in a queue.
        self.app = WSGIMiddleware(app, workers=THREADS, send_queue_size=WAITING_PARTS)
        self.app_of_long = WSGIMiddleware(
            app, workers=LONG_BODY_THREADS, send_queue_size=WAITING_PARTS
        )
        self.longest = longest
        self.longest_of = longest_of or (lambda _method, _path: longest)
        self.demo = demo
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self.longest_of(scope.get("method", ""), scope.get("path", ""))
        body = _Body(self, is_long=most > self.longest)
        try:
            async with asyncio.timeout(LONG_BODY_SECONDS if body.is_long else BODY_SECONDS):
                await body.read(scope, receive, most)
        except Gone:
            pass
        except TimeoutError:
            await self._say(send, 408, TOO_SLOW)
        except TooBusy:
            await self._say(send, 503, TOO_BUSY)
        except TooLong:
            # The app refuses by the length that it is told, with a page of its own.
            _say_length(scope, most + 1)
            await self.app(cast(Any, scope), cast(Any, _once(b"")), cast(Any, send))
        else:
            _say_length(scope, len(body.taken))
            app = self.app_of_long if body.is_long else self.app
            await app(cast(Any, scope), cast(Any, _once(body.taken)), cast(Any, send))
        finally:
            body.let_go()

    async def _say(self, send: Send, status: int, words: bytes) -> None:
        ours = Headers({"Content-Type": "text/plain; charset=utf-8"})
        headers.put(ours, demo=self.demo)
        ours["Cache-Control"] = "no-store"
        ours["Connection"] = "close"
        if status == 503:
            ours["Retry-After"] = str(BUSY_SECONDS)
        listed = [(name.lower().encode(), value.encode()) for name, value in ours]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": words})


class _Body:
    """What has arrived of a body; a long one counts against the memory for all of them."""

    def __init__(self, front: WholeRequests, *, is_long: bool) -> None:
        self.front = front
        self.is_long = is_long
        self.taken = bytearray()

    async def read(self, scope: Scope, receive: Receive, most: int) -> None:
        if _declared(scope) > most:
            raise TooLong  # said before it is sent: nothing of it is read
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            self._take(message.get("body", b""))
            if len(self.taken) > most:
                raise TooLong
            if not message.get("more_body"):
                return

    def _take(self, part: bytes) -> None:
        if self.is_long and self.front.held + len(part) > MOST_HELD:
            raise TooBusy
        self.taken += part
        if self.is_long:
            self.front.held += len(part)

    def let_go(self) -> None:
        if self.is_long:
            self.front.held -= len(self.taken)
        self.taken = bytearray()


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


def _once(body: bytes | bytearray) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
