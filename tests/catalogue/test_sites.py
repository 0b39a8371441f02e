"""The sites in memory are never older than what is stored, and cost a page next to nothing."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from sqlalchemy import insert, update

from clinic.catalogue import sites
from clinic.catalogue.models import Clinic, Location, OpeningHours
from clinic.database import db
from clinic.engines import WRITES
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import STRICTEST
from tests.statements import statements

OF_CLINIC = (
    "name",
    "currency",
    "cancel_notice_hours",
    "offer_minutes",
    "emergency_number",
    "helpline",
)


NAMELESS = {
    "because": "a test",
    **asdict(replace(STRICTEST, names_brand=False)),
}


def elsewhere(statement):
    """Done over a connection of its own, as another process would."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        (update(Clinic).values(name="Clinic of the Harbour"), "Clinic of the Harbour"),
        (update(Location).values(phone="+44 20 7946 0999"), "+44 20 7946 0999"),
        (update(OpeningHours).values(opens_minute=7 * 60), "7 am"),
        (insert(ProfileVersion).values(**NAMELESS), "Anti-wrinkle injections"),
    ],
)
def test_what_another_process_changes_stands_on_the_next_page(cast, anyone, statement, shown):
    assert shown not in anyone.get("/").text

    elsewhere(statement)

    assert shown in anyone.get("/").text


def test_a_site_is_what_is_stored_of_it(cast):
    card, row = sites.every_site()[0], cast.site

    for name in ("id", "public_id", "name", "address", "zone", "phone", "email"):
        assert getattr(card, name) == getattr(row, name)
    for name in OF_CLINIC:
        assert getattr(card.clinic, name) == getattr(row.clinic, name)
    assert [(h.weekday, h.opens_minute, h.closes_minute) for h in card.hours] == [
        (h.weekday, h.opens_minute, h.closes_minute) for h in row.hours
    ]


def test_a_page_without_times_asks_for_the_stamp_alone(cast, anyone):
    anyone.get("/help")
    with statements() as sent:
        anyone.get("/help")

    asked = [s for s in sent if "location" in s or "roster_stamp" in s]
    assert asked == ["SELECT roster_stamp.stamp FROM roster_stamp"]
