"""A real server for a real browser: werkzeug in a thread of this process, so that the clock, the
outbox and the database of the test are the server's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

POLL_SECONDS = 0.01


class Quiet(WSGIRequestHandler):
    """A line for each request would bury the test's own words."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve *app* on a free port; give its address, which is also the base of links in mails."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    before, address = app.config["BASE_URL"], f"http://localhost:{server.server_port}"
    app.config["BASE_URL"] = address
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.config["BASE_URL"] = before
