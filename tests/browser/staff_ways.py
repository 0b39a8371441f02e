"""How to get to the pages of a manager and of a physician in an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from clinic.accounts import staff
from clinic.accounts.models import Practitioner, User
from clinic.database import db
from clinic.permissions import Actor
from clinic.screening import care, services
from tests.browser.demo import TESTER, Arrival, Demo
from tests.browser.tab import Tab
from tests.browser.ways import During, Step, Way
from tests.factories import staff_actor

REASON = "The hospital called: she was brought in from work and can’t answer their questions."


def account_of_staff(email: str, path: str = "") -> Way:
    """A page of the manager about somebody who works here."""
    return lambda _demo: f"/manage/staff/{_user(email).public_id}{path}"


def _user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def shut_out(email: str) -> During:
    """Somebody's account is closed while the page is looked at."""

    @contextmanager
    def during(_demo: Demo) -> Iterator[None]:
        staff.shut_out(_user(email), actor=TESTER)
        yield
        staff.let_in(_user(email), actor=TESTER)

    return during


def no_role(tab: Tab, _demo: Demo) -> None:
    tab.page.get_by_role("checkbox").first.uncheck()
    tab.press("Change the roles")


def open_a_visit(tab: Tab, _demo: Demo) -> None:
    """The dialog of the first visit in the calendar."""
    tab.page.locator(".v a").first.click()
    tab.page.locator("#visit-title").wait_for()


def searched(name: str) -> Step:
    """Somebody with the birth date that most people of the demo have."""

    def step(tab: Tab, _demo: Demo) -> None:
        tab.birth(2, 3, 1990).fill({"Name": name}).press("Find the patient")

    return step


def opened_in_emergency(name: str) -> Way:
    """The record of *name*, opened by the first physician who does not care for them."""

    def way(demo: Demo) -> Arrival:
        patient = demo.patient(name)
        actor, email = _without_care(demo, name)
        services.open_in_emergency(patient, REASON, actor=actor)
        return Arrival(f"/records/{patient.public_id}", demo.signed_in(email))

    return way


def emergencies(name: str) -> Way:
    """The manager's list after the record of *name* was opened."""

    def way(demo: Demo) -> str:
        services.open_in_emergency(demo.patient(name), REASON, actor=_without_care(demo, name)[0])
        return "/manage/emergencies"

    return way


def _without_care(demo: Demo, name: str) -> tuple[Actor, str]:
    patient = demo.patient(name)
    for physician in db.session.scalars(select(Practitioner).order_by(Practitioner.id)).all():
        actor = staff_actor(physician.user, physician)
        if care.patient_in_lasting_care(actor, patient.public_id) is None:
            return actor, physician.user.email
    raise LookupError(f"every physician cares for {name}")


def typed_again(name: str) -> Step:
    """The desk enters somebody who is on file, with a slip and another phone number."""

    def step(tab: Tab, demo: Demo) -> None:
        known = demo.patient(name)
        tab.fill({"Full name": f"{name}s", "Phone": "020 7946 0999"})
        tab.birth(known.born_on.day, known.born_on.month, known.born_on.year)
        tab.press("Save and book")

    return step
