"""Where a request that changes something comes from: from a page of ours, or it is refused (S22).

Browsers say so in `Origin` and `Sec-Fetch-Site`. One that says neither is old, or no browser: then
the token of the page stands alone, as it does behind whatever these headers let through.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OURS = frozenset({"same-origin", "none"})  # "none": the person's own doing, no page's


def init_app(app: Flask) -> None:
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    if request.method in SAFE:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if (origin is not None and origin not in _own()) or (site is not None and site not in OURS):
        raise CSRFError("sent by a page that is not ours")


def _own() -> set[str]:
    """Our origins: the base URL's, each further host's, and in a demo the one it was asked at.

    Behind a proxy that ends https the request itself may look like http: a plain http origin is
    nobody's of ours then.
    """
    base = urlsplit(current_app.config["BASE_URL"])
    own = {f"{base.scheme}://{base.netloc}"}
    own |= {f"{base.scheme}://{host}" for host in current_app.config["TRUSTED_HOSTS"]}
    if current_app.config["DEMO"] or request.is_secure:
        own.add(f"{request.scheme}://{request.host}")
    return own
