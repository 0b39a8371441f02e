"""A browser without scripts: gets pages, fills in their forms, presses their buttons.

Every page it sees is checked: strict HTML, one h1, a title, labelled fields, a CSRF token in each
form that posts.
"""

from __future__ import annotations

import contextvars
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, has_app_context
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from clinic.database import db
from tests import factories

NS = "{http://www.w3.org/1999/xhtml}"
UNLABELLED = ("hidden", "submit", "button")


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@dataclass
class Form:
    """A form of a page with what it would send if it were sent as it is."""

    person: Person
    action: str
    method: str
    fields: list[tuple[str, str]]
    buttons: list[tuple[str, str, str]]  # words, name, value

    def set(self, **values: object) -> Form:
        """Fill fields in; a list sets several values; None takes the field out."""
        for key, value in values.items():
            self.put(key, value)
        return self

    def put(self, name: str, value: object) -> Form:
        self.fields = [pair for pair in self.fields if pair[0] != name]
        if value is not None:
            many = value if isinstance(value, list | tuple) else [value]
            self.fields += [(name, str(one)) for one in many]
        return self

    def press(self, button: str | None = None, *, status: int = 200) -> Page:
        """Press a button by its words (or the first); redirects are followed."""
        data = list(self.fields)
        pressed = next((b for b in self.buttons if button is None or button in b[0]), None)
        if button is not None and pressed is None:
            raise AssertionError(f"no button {button!r} in {[b[0] for b in self.buttons]}")
        if pressed and pressed[1]:
            data.append((pressed[1], pressed[2]))
        if self.method == "get":
            query = "&".join(f"{k}={v}" for k, v in data)
            return self.person.get(f"{self.action.split('?')[0]}?{query}", status=status)
        return self.person.post(self.action, data, status=status)


@dataclass
class Page:
    """An answer, parsed."""

    person: Person
    response: TestResponse
    path: str
    root: Element = field(repr=False)

    @property
    def text(self) -> str:
        return words(self.root)

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def heading(self) -> str:
        found = self.root.find(f".//{NS}h1")
        return words(found) if found is not None else ""

    def links(self) -> dict[str, str]:
        return {words(a): a.get("href", "") for a in self.root.iter(f"{NS}a")}

    def follow(self, text: str) -> Page:
        for shown, href in self.links().items():
            if text in shown:
                return self.person.get(urljoin(self.path, href).split("#")[0])
        raise AssertionError(f"no link {text!r} in {sorted(self.links())}")

    def forms(self) -> list[Form]:
        """Each form; and for each button with an address of its own, what it sends there."""
        return [form for one in self.root.iter(f"{NS}form") for form in _forms(self, one)]

    def form(self, containing: str = "") -> Form:
        """The posting form whose action, button or field name contains *containing*."""
        posting = [f for f in self.forms() if f.method == "post"]
        for form in posting:
            names = [name for name, _value in form.fields]
            shown = [b[0] for b in form.buttons]
            if containing in form.action or any(containing in s for s in [*names, *shown]):
                return form
        raise AssertionError(f"no form with {containing!r} on {self.path}: {self.heading}")


def _forms(page: Page, element: Element) -> list[Form]:
    whole = _form(page, element)
    return [whole, *(_with_button(page, whole, b) for b in _elsewhere(page, element))]


def _elsewhere(page: Page, element: Element) -> list[Element]:
    """Buttons that send a form to an address of their own."""
    buttons = [b for b in page.root.iter(f"{NS}button") if b.get("formaction")]
    own_id = element.get("id")
    return [b for b in buttons if (own_id and b.get("form") == own_id) or b in element.iter()]


def _with_button(page: Page, whole: Form, button: Element) -> Form:
    action = urljoin(page.path, button.get("formaction", ""))
    pressed = (words(button), button.get("name") or "", button.get("value", ""))
    return Form(page.person, action, whole.method, list(whole.fields), [pressed])


def _form(page: Page, element: Element) -> Form:
    fields: list[tuple[str, str]] = []
    buttons: list[tuple[str, str, str]] = []
    own_id = element.get("id")
    outside = [
        e
        for e in page.root.iter()
        if own_id and e.get("form") == own_id and e not in element.iter()
    ]
    for control in [*element.iter(), *outside]:
        tag, name = control.tag.removeprefix(NS), control.get("name")
        if control.get("form") not in (None, own_id):
            continue
        if control.get("formaction"):
            continue
        if tag == "button" and control.get("type", "submit") == "submit":
            buttons.append((words(control), name or "", control.get("value", "")))
        elif tag == "input" and name:
            kind = control.get("type", "text")
            if kind in ("checkbox", "radio") and control.get("checked") is None:
                continue
            fields.append((name, control.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            text = "".join(control.itertext())
            fields.append((name, text.removeprefix("\n").replace("\n", "\r\n")))
        elif tag == "select" and name:
            chosen = [o for o in control.iter(f"{NS}option") if o.get("selected") is not None]
            options = list(control.iter(f"{NS}option"))
            if chosen or options:
                fields.append((name, (chosen or options)[0].get("value", "")))
    action = urljoin(page.path, element.get("action") or page.path)
    return Form(page.person, action, element.get("method", "get").lower(), fields, buttons)


class Person:
    """One browser: cookies of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.base = "https://localhost"

    def sign_in(self, user: object) -> Person:
        """A browser in which *user* has signed in this moment, with a second step."""
        with self.client.session_transaction(base_url=self.base) as session:
            session.update(factories.signed_in(user))
        return self

    def copied(self) -> Person:
        """Another browser with the same cookie: somebody copied it."""
        cookie = self.client.get_cookie("__Host-clinic", domain="localhost")
        thief = Person(self.app)
        thief.client.set_cookie("__Host-clinic", cookie.value, domain="localhost")
        return thief

    def get(self, path: str, *, status: int = 200, **more: object) -> Page:
        return self._page(self.send("GET", path, follow_redirects=True, **more), status)

    def post(self, path: str, data: object, *, status: int = 200, **more: object) -> Page:
        response = self.raw_post(path, data, follow_redirects=True, **more)
        return self._page(response, status)

    def raw_post(self, path: str, data: object, **more: object) -> TestResponse:
        referer = {"Referer": f"{self.base}{urlsplit(path).path}"}
        return self.send("POST", path, data=MultiDict(data), headers=referer, **more)

    def send(self, method: str, path: str, **more: object) -> TestResponse:
        """One request in a context of its own, as a server gives it.

        A test stands in an app context all the time; a request inside that one would share `g`
        (who is signed in, the site) and the database session with the requests before it.
        """
        more = {"base_url": self.base, **more}
        response = contextvars.Context().run(self.client.open, path, method=method, **more)
        if has_app_context():
            db.session.rollback()  # let go of what was read before, so the test sees what changed
        return response

    def _page(self, response: TestResponse, status: int) -> Page:
        body = response.get_data(as_text=True)
        assert response.status_code == status, (
            f"{response.status_code} at {response.request.path}: {body[:3000]}"
        )
        if response.mimetype != "text/html":
            return Page(self, response, response.request.path, Element("none"))
        root = html5lib.HTMLParser(strict=True).parse(body)
        page = Page(self, response, response.request.full_path.rstrip("?"), root)
        check(page)
        return page


def check(page: Page) -> None:
    """What must hold on every page."""
    root = page.root
    assert len(list(root.iter(f"{NS}h1"))) == 1, f"one h1 on {page.path}"
    title = root.find(f".//{NS}title")
    assert title is not None and words(title), f"a title on {page.path}"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    doubled = {i for i in ids if ids.count(i) > 1}
    assert not doubled, f"ids used twice on {page.path}: {doubled}"
    _check_labels(page, set(ids))
    for form in page.forms():
        if form.method == "post":
            assert any(name == "csrf_token" for name, _v in form.fields), f"CSRF on {page.path}"


def _check_labels(page: Page, ids: set[str]) -> None:
    labelled = {e.get("for") for e in page.root.iter(f"{NS}label")}
    inside = {
        id(control)
        for label in page.root.iter(f"{NS}label")
        for control in label.iter()
        if control is not label
    }
    for tag in ("input", "select", "textarea"):
        for control in page.root.iter(f"{NS}{tag}"):
            if control.get("type") in UNLABELLED:
                continue
            named = control.get("aria-label") or control.get("id") in labelled
            assert named or id(control) in inside, f"{control.attrib} unlabelled on {page.path}"
            for part in (control.get("aria-describedby") or "").split():
                assert part in ids, f"{part} described but absent on {page.path}"
