"""What every answer carries: headers byte for byte, one cookie, nothing inline.

Shows S21, S23, S24 and S25 of the security checklist.
"""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue import queries as catalogue
from clinic.config import ROOT
from clinic.database import db
from clinic.headers import POLICY
from tests import newcomer, production, walk
from tests.full_record import CLINICAL, KINDS, FullRecord, found_in
from tests.newcomer import KIM
from tests.visitor import Person

ON_EVERYTHING = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
STYLES = "{static}/css/app.css"

PAGES = {
    "a page": ("GET", "/", 200),
    "its head alone": ("HEAD", "/", 200),
    "what a machine asks": ("GET", "/healthz", 200),
    "a sign-in page": ("GET", "/sign-in", 200),
    "a page of nothing": ("GET", "/nothing/here", 404),
    "a page of somebody else": ("GET", "/visits", 303),
    "a redirect to the address with a slash": ("GET", "/desk", 308),
    "a method that is not there": ("PUT", "/", 405),
    "what may be asked": ("OPTIONS", "/", 200),
    "a post without a token": ("POST", "/visits/open", 400),
    "a file that is not there": ("GET", "{static}/css/none.css", 404),
    "a file under an old hash": ("GET", "/static/000000000000/css/app.css", 404),
    "a file outside the folder": ("GET", "{static}/../wsgi.py", 404),
}
FILES = [
    "css/app.css",
    "js/page.js",
    "img/icon.svg",
    "vendor/figtree-5.3.0/figtree-latin-wght-normal.woff2",
]


def placed(app: Flask, path: str) -> str:
    """*path* with the folder that the running app serves its files under."""
    return path.format(static=app.jinja_env.globals["asset"]("x").removesuffix("/x"))


def carried(response: TestResponse) -> dict[str, list[str]]:
    return {name: response.headers.getlist(name) for name in ON_EVERYTHING}


EACH_ONCE = {name: [value] for name, value in ON_EVERYTHING.items()}


@pytest.mark.parametrize(("method", "path", "status"), PAGES.values(), ids=PAGES)
def test_S23_every_answer_carries_each_header_once_and_is_stored_nowhere(
    app, anyone, cast, method, path, status
):
    answer = anyone.send(method, placed(app, path))

    assert answer.status_code == status
    assert carried(answer) == EACH_ONCE
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("name", FILES)
def test_S23_a_file_carries_the_same_headers_and_is_kept_for_a_year(app, anyone, name, method):
    answer = anyone.send(method, placed(app, "{static}/" + name))

    assert answer.status_code == 200
    assert carried(answer) == EACH_ONCE
    assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers


OTHER_ANSWERS = {
    "posted to": ("POST", {}, 405),
    "to be deleted": ("DELETE", {}, 405),
    "not modified": ("GET", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    "a part of it": ("GET", {"Range": "bytes=0-9"}, 206),
    "a part that is not there": ("GET", {"Range": "bytes=99999999-"}, 416),
}


@pytest.mark.parametrize(("method", "asked", "status"), OTHER_ANSWERS.values(), ids=OTHER_ANSWERS)
def test_any_other_answer_about_a_file_carries_the_same_headers(app, anyone, method, asked, status):
    answer = anyone.send(method, placed(app, STYLES), headers=asked)

    assert answer.status_code == status
    assert carried(answer) == EACH_ONCE


def test_every_address_answers_with_the_same_headers_to_a_physician(app, record):
    ids = record.ids
    ana = next(kind for kind in KINDS if kind.cares).enter(app, record)

    answers = {rule.rule: ana.send("GET", walk.address(rule, ids)) for rule in walk.rules(app)}

    others = {rule for rule, answer in answers.items() if carried(answer) != EACH_ONCE}
    assert others == {"/photos/<photo>", "/photos/<photo>/small"}  # their policy is narrower still
    policies = {answers[rule].headers["Content-Security-Policy"] for rule in others}
    assert policies == {f"{POLICY}; sandbox"}
    assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"no-store"}


def test_a_form_that_is_too_long_is_refused_with_the_same_headers(anyone, cast):
    answer = anyone.send("POST", "/sign-in", data={"email": "x" * 70_000})

    assert answer.status_code == 413
    assert carried(answer) == EACH_ONCE
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError("x"), 500), (OperationalError("x", {}, Exception("busy")), 503)],
)
def test_a_page_that_breaks_carries_the_same_headers(app, anyone, cast, monkeypatch, error, status):
    def fail() -> None:
        raise error

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(catalogue, "services", fail)

    answer = anyone.send("GET", "/")

    assert answer.status_code == status
    assert carried(answer) == EACH_ONCE
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/visits", STYLES])
def test_S23_https_is_promised_for_a_year_outside_demo_mode(engine, cast, path):
    with production.app_beside(engine) as real:
        answer = Person(real).send("GET", placed(real, path))

    assert answer.headers.getlist("Strict-Transport-Security") == [HSTS]
    assert carried(answer) == EACH_ONCE


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/visits", STYLES])
def test_a_demo_on_a_laptop_promises_no_https(app, anyone, cast, path):
    answer = anyone.send("GET", placed(app, path))

    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/visits/open/code", "/nothing/here"])
@pytest.mark.parametrize("host", ["clinic.evil.example", "localhost.evil.example", "127.0.0.1"])
def test_S25_a_foreign_host_is_told_in_one_line_where_the_clinic_is(app, anyone, cast, host, path):
    answer = anyone.send("GET", path, base_url=f"https://{host}")

    assert answer.status_code == 400
    assert answer.get_data(as_text=True) == (
        "This clinic answers at http://localhost only, not at the address in your browser.\n"
    )
    assert answer.mimetype == "text/plain"
    assert carried(answer) == EACH_ONCE


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-Server", "Forwarded"])
def test_S25_a_header_cannot_name_another_host(anyone, cast, header):
    evil = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}

    answer = anyone.send("GET", "/visits", headers=evil)

    assert "evil" not in str(answer.headers)


FORGED = "198.51.100.7, 198.51.100.8, 198.51.100.9"
ADDRESSES = {0: "127.0.0.1", 1: "198.51.100.9", 2: "198.51.100.8"}


@pytest.mark.parametrize(("proxies", "address"), ADDRESSES.items())
def test_S25_an_address_is_believed_from_as_many_proxies_as_there_are(
    engine, cast, proxies, address
):
    with production.app_beside(engine, PROXIES=proxies) as real:
        headers = {"X-Forwarded-For": FORGED, "Forwarded": "for=198.51.100.1"}
        Person(real).sign_in(cast.bea).send("GET", "/manage/", headers=headers)

    rows = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.DENIED).order_by(AuditEvent.id)
    )
    assert [row.address for row in rows] == [address]


def test_S21_a_cookie_is_of_this_host_alone_and_unreadable_to_scripts(anyone, cast):
    answer = anyone.send("GET", "/visits/open")

    [cookie] = answer.headers.getlist("Set-Cookie")
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-clinic=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def cookie_of(person: Person) -> str:
    [cookie] = [c for c in person.client._cookies.values() if c.key == "__Host-clinic"]
    return str(cookie.value)


def inside(cookie: str) -> str:
    """What anybody can read in a signed cookie."""
    payload = cookie.lstrip(".").split(".")[0]
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return (zlib.decompress(raw) if cookie.startswith(".") else raw).decode()


def test_S21_the_cookie_holds_nothing_of_health_at_any_step_of_a_first_booking(anyone, cast):
    steps = []
    newcomer.hold_a_time(newcomer.answer_the_form(anyone, change="brimvolt"))
    steps.append(inside(cookie_of(anyone)))
    newcomer.ask_for_a_code(anyone)
    steps.append(inside(cookie_of(anyone)))
    anyone.get("/book/code").form("code").set(code=newcomer.newest_code()).press()
    steps.append(inside(cookie_of(anyone)))

    assert found_in("".join(steps), ("brimvolt", "forehead", "cross", "1990", "pregnancy")) == []
    assert KIM["email"] in steps[1]  # the page of the code needs it
    assert KIM["email"] not in steps[2]


def test_S21_the_cookie_stays_small_with_the_longest_name_and_address(anyone, cast, app):
    person = newcomer.at_the_last_page(cast, app)
    long_name = "".join(chr(0x1F300 + n) for n in range(200))
    long_email = "".join(chr(97 + n * 7 % 26) for n in range(60)) + "@" + "long-name." * 18 + "org"

    newcomer.ask_for_a_code(person, name=long_name, email=long_email, phone="+44 " + "1" * 26)

    assert len(cookie_of(person)) + len("__Host-clinic=") < 4096
    assert long_name in inside(cookie_of(person)).encode().decode("unicode_escape").encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16")


def test_a_cookie_that_was_changed_opens_nothing(anyone, cast, app):
    person = newcomer.at_the_last_page(cast, app)
    newcomer.finish(person)
    signed = URLSafeTimedSerializer("another secret of thirty-two letters").dumps({"visitor": "x"})

    person.client.set_cookie("__Host-clinic", signed, domain="localhost")

    assert person.send("GET", "/visits").location == "/sign-in?next=/visits"


INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "an inline style": re.compile(r"<style|<[a-z][^>]*\sstyle\s*=", re.I),
    "a handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a script as an address": re.compile(r"javascript:", re.I),
    "data as an address": re.compile(r"[\"'(]\s*data:", re.I),
    "a script or style from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", re.I
    ),
}
TEMPLATES = sorted(Path(ROOT / "templates").rglob("*.html"))


def forbidden(text: str) -> dict[str, list[str]]:
    found = {what: pattern.findall(text) for what, pattern in INLINE.items()}
    return {what: places for what, places in found.items() if places}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_anything_that_the_policy_forbids(template):
    assert forbidden(template.read_text()) == {}


# One of each that sees pages of its own.
LOOKED_AT = (
    "nobody",
    "Cal signed in",
    "front desk",
    "physician in care",
    "physician in an emergency",
    "manager",
    "tablet with Cal's form",
)


def all_pages(app: Flask, record: FullRecord) -> str:
    ids = record.ids
    people = [kind.enter(app, record) for kind in KINDS if kind.name in LOOKED_AT]
    return "\n".join(
        walk.ask(person, "GET", walk.address(rule, ids)).body
        for person in people
        for rule in walk.rules(app)
    )


def test_no_page_as_shown_holds_anything_that_the_policy_forbids(app, record):
    shown = all_pages(app, record)

    assert found_in(shown, CLINICAL[:3]) == list(CLINICAL[:3])  # the pages were really shown
    assert forbidden(shown) == {}
