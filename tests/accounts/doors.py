"""How people sign in and set passwords, for the tests of both."""

from __future__ import annotations

import re

from flask import Flask
from passlib.totp import TOTP

from clinic import clock
from clinic.database import transaction
from tests import factories
from tests.accounts.work import Work, counted
from tests.visitor import Page, Person

BEA = "bea@halden.example"
NOBODY = "nobody.here@example.org"
NEW = "another four plain words"
TOKEN = re.compile(r'(name="csrf_token"[^>]* value="|"csrf_token":")[^"]*')


def set_by_link(person: Person, link: str, password: str, *, status: int = 200) -> Page:
    form = person.get(path_of(link)).form("password_confirm")
    return form.set(password=password, password_confirm=password).press(status=status)


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost")


def signed_in_with(person: Person, email: str, password: str, *, status: int = 200) -> Page:
    """Sign in with a password, and with the code of the app where one is asked for."""
    form = person.get("/sign-in").form("password").set(email=email, password=password)
    return past_the_code(form.press(status=status))


def past_the_code(page: Page) -> Page:
    """The page that the code leads to, where one is asked for."""
    return page.form("code").set(code=code_shown(page)).press() if asks_for_code(page) else page


def asks_for_code(page: Page) -> bool:
    return page.heading == "Second step"


def code_shown(page: Page) -> str:
    """What a demo's page says that the app shows now."""
    return str(re.search(r"what the app would show: (\d{6})", page.text)[1])


def tried(app: Flask, email: str, password: str = "not the right words") -> tuple[str, Work]:
    """What somebody reads who fails to sign in, and what work it made."""
    form = Person(app).get("/sign-in").form("password").set(email=email, password=password)
    with counted() as work:
        page = form.press(status=422)
    return TOKEN.sub(r"\1", page.html).replace(email, "ADDRESS"), work


def deactivated(cast: factories.Cast) -> str:
    with transaction():
        cast.bea.active = False
    return BEA


KEY = re.compile(r"[A-Z2-7]{4}( [A-Z2-7]{4}){3,}")


def app_code(page: Page) -> str:
    """What an app shows that has read the key on the page."""
    key = KEY.search(page.text)
    assert key is not None, page.text
    app = TOTP(key=key[0].replace(" ", ""))
    return str(app.generate(time=int(clock.now().timestamp())).token)


def with_a_new_app(page: Page) -> Page:
    """Set up the app that staff are asked for at their first sign-in."""
    page = page.form("setup").press()
    return page.form("code").set(code=app_code(page)).press()
