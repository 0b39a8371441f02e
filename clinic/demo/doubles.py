"""Somebody who is on file twice in the demo: entered again at the phone, with a slip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from clinic.accounts.models import Patient
from clinic.database import db
from clinic.journey import enter
from clinic.permissions import system

TWICE, AGAIN = "Samuel Osei", "Samuel Osey"
DESK = system("demo")


def play(go: Callable[[datetime], None], now: datetime) -> None:
    """*go* moves the clock, *now* is the moment at which the story ends."""
    go(now - timedelta(hours=3))
    known = db.session.scalar(select(Patient).where(Patient.name == TWICE))
    if known is None:
        return
    enter.patient(
        name=AGAIN,
        born_on=known.born_on,
        email=None,
        phone=known.phone,
        seen=[known.public_id],
        actor=DESK,
    )
