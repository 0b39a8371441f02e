"""Why no time, as staff ask it; and which site, where a clinic has two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from clinic.accounts.models import Practitioner
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Location, Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from tests.browser import ways
from tests.browser.demo import Demo
from tests.browser.page import Page
from tests.browser.ways import Way, newcomer, press, staff

NAME = "Isla Grant"


def why_not(at: str, day: int = 1, *, kind: str = "consultation", about: str | None = NAME) -> Way:
    """Asked about the first physician, *day* days from today."""

    def way(demo: Demo) -> str:
        who = db.session.scalars(select(Practitioner).order_by(Practitioner.colour)).first()
        assert who is not None
        patient = f"/patients/{demo.patient(about).public_id}" if about else ""
        asked = f"service={demo.service(kind).public_id}&practitioner={who.public_id}"
        return f"{patient}/why-not?{asked}&day={demo.day(day)}&at={at}"

    return way


def why_not_to_move(at: str, day: int = 1) -> Way:
    """Asked about a visit that is to have another time with the first physician."""

    def way(demo: Demo) -> str:
        who = db.session.scalars(select(Practitioner).order_by(Practitioner.colour)).first()
        assert who is not None
        asked = f"practitioner={who.public_id}&day={demo.day(day)}&at={at}"
        return f"{staff('/moves/{visit}', 'Oscar Lange')(demo)}/why-not?{asked}"

    return way


def on_a_night_of_the_clock_change(demo: Demo) -> str:
    service = demo.service("consultation").public_id
    who = db.session.scalars(select(Practitioner)).first()
    assert who is not None
    asked = f"service={service}&practitioner={who.public_id}"
    return f"/why-not?{asked}&day=2027-10-31&at=01:30"


@contextmanager
def two_sites(_demo: Demo) -> Iterator[None]:
    """The clinic offers consultations in Berlin too while the page is looked at."""
    first = catalogue.consultation()
    berlin = Location(
        clinic_id=first.location.clinic_id,
        name="Halden Mitte",
        address="5 Lindenhof, 10115 Berlin",
        zone="Europe/Berlin",
        phone="030 5555 0101",
        email="mitte@halden.example",
    )
    second = Service(
        location=berlin,
        kind=ServiceKind.CONSULTATION,
        name="Consultation",
        price_pence=first.price_pence,
        duration_minutes=30,
    )
    with transaction():
        db.session.add_all([berlin, second])
    yield
    with transaction():
        db.session.delete(second)
        db.session.delete(berlin)


def at_the_only_site(demo: Demo) -> str:
    site = demo.service("consultation").location
    return f"/book/consultation/{site.public_id}"


WHY = (
    Page("front-desk", "why-not-form", "scheduling.why_not", "/why-not"),
    Page("front-desk", "why-not", "scheduling.why_not", why_not("21:00", about=None)),
    Page(
        "front-desk",
        "why-not-twice",
        "scheduling.why_not",
        on_a_night_of_the_clock_change,
        None,
        422,
    ),
    Page(
        "front-desk",
        "why-not-override",
        "scheduling.why_not_for_patient",
        why_not("06:40"),
    ),
    Page(
        "front-desk",
        "why-not-override-wrong",
        "scheduling.why_not_for_patient",
        why_not("06:40"),
        press("Book all the same"),
        422,
    ),
    Page(
        "front-desk",
        "why-not-gate",
        "scheduling.why_not_for_patient",
        why_not("06:40", kind="filler"),
    ),
    Page(
        "front-desk",
        "why-not-to-move",
        "scheduling.why_not_to_move",
        why_not_to_move("06:40"),
    ),
    Page(
        "front-desk",
        "why-not-to-move-wrong",
        "scheduling.why_not_to_move",
        why_not_to_move("06:40"),
        press("Move all the same"),
        422,
    ),
    Page(
        "anyone",
        "times-choose-site",
        "scheduling.consultation_times",
        newcomer("/book/consultation", *ways.COMPLETE),
        during=two_sites,
    ),
    Page(
        "anyone",
        "times-at-site",
        "scheduling.consultation_times_at",
        lambda demo: newcomer(at_the_only_site(demo), *ways.COMPLETE)(demo),
    ),
)
