"""Headers of every answer, pages and files alike (S23, S24)."""

from __future__ import annotations

from flask import Flask, Response, current_app, g
from werkzeug.datastructures import Headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(_on_page)


def _on_page(response: Response) -> Response:
    put(response.headers, demo=current_app.config["DEMO"])
    if g.get("is_sandboxed"):  # somebody's file: opened by itself it may do nothing at all
        response.headers["Content-Security-Policy"] = f"{POLICY}; sandbox"
    # The sign-in library has bytes of its own: what a page of ours does not ask for is not stored.
    response.headers["Cache-Control"] = g.get("cache_control", "no-store")
    response.headers.add("Vary", "HX-Request")
    if g.get("clears_site_data"):  # somebody signed out: nothing of theirs stays in the browser
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def put(headers: Headers, *, demo: bool) -> None:
    """Set the headers that pages and files share; HSTS only where https is promised."""
    for name, value in ALWAYS.items():
        headers[name] = value
    if not demo:
        headers["Strict-Transport-Security"] = HSTS
