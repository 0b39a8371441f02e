"""The sites as every page names them, kept in memory under the roster's stamp.

Header, footer and clocks ask for them with each request, and they change a few times a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import g, has_request_context
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic.catalogue.models import Location, RosterStamp
from clinic.database import db, is_writing, rows, table_of
from clinic.jurisdiction import queries as jurisdiction
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import STRICTEST, Profile
from clinic.made import Made

STAMP = select(table_of(RosterStamp).c.stamp)
STAMP_NOW = Made(STAMP)


@dataclass(frozen=True)
class ClinicCard:
    name: str
    currency: str
    cancel_notice_hours: int
    offer_minutes: int
    emergency_number: str | None
    helpline: str | None
    profile: Profile


@dataclass(frozen=True)
class OpenOn:
    """As `OpeningHours`."""

    weekday: int
    opens_minute: int
    closes_minute: int
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class SiteCard:
    """As `Location`, with its clinic and opening hours."""

    id: int
    public_id: str
    name: str
    address: str
    zone: str
    phone: str
    email: str
    clinic: ClinicCard
    hours: tuple[OpenOn, ...]

    def hours_on(self, day: date) -> list[OpenOn]:
        """The weekly hours that hold on *day*, whatever its weekday."""
        return [
            hours
            for hours in self.hours
            if (hours.valid_from is None or hours.valid_from <= day)
            and (hours.valid_until is None or day <= hours.valid_until)
        ]


_kept: tuple[str, Sequence[SiteCard]] | None = None


def stamp() -> str | None:
    """The roster's stamp as it is now: one statement. None in a database without a clinic."""
    there = rows(STAMP_NOW)
    found = there[0][0] if there else None
    was_read(found)
    return found


def stamp_of_request() -> str | None:
    """The stamp as this request has read it; as it is now, when it has not."""
    return cast("str | None", g.roster_stamp) if "roster_stamp" in g else stamp()


def was_read(found: str | None) -> None:
    """The stamp that this request has just read will do for its header, too."""
    if has_request_context():
        g.roster_stamp = found


def every_site() -> Sequence[SiteCard]:
    """All sites, the first one first: at most one statement for a request while none changes."""
    global _kept
    if "sites" in g:
        return cast(Sequence[SiteCard], g.sites)
    now = stamp_of_request()
    if _kept is None or now is None or _kept[0] != now:
        # What was read after the stamp may be newer than it, never older.
        _kept = now or "", _read()
    found = _kept[1]
    if has_request_context():
        g.sites = found
    return found


def profile() -> Profile:
    """The profile in force: in a transaction read anew, else the one of this request's sites."""
    if is_writing():
        return jurisdiction.profile()
    found = every_site()
    return found[0].clinic.profile if found else STRICTEST


def _read() -> Sequence[SiteCard]:
    rows = db.session.execute(
        select(Location, ProfileVersion)
        .outerjoin(ProfileVersion, ProfileVersion.id == jurisdiction.NEWEST_ID)
        .options(joinedload(Location.clinic), joinedload(Location.hours))
        .order_by(Location.id)
    )
    return [_card(site, jurisdiction.profile_of(version)) for site, version in rows.unique()]


def _card(site: Location, profile: Profile) -> SiteCard:
    clinic = ClinicCard(
        name=site.clinic.name,
        currency=site.clinic.currency,
        cancel_notice_hours=site.clinic.cancel_notice_hours,
        offer_minutes=site.clinic.offer_minutes,
        emergency_number=site.clinic.emergency_number,
        helpline=site.clinic.helpline,
        profile=profile,
    )
    hours = tuple(
        OpenOn(h.weekday, h.opens_minute, h.closes_minute, h.valid_from, h.valid_until)
        for h in site.hours
    )
    return SiteCard(
        id=site.id,
        public_id=site.public_id,
        name=site.name,
        address=site.address,
        zone=site.zone,
        phone=site.phone,
        email=site.email,
        clinic=clinic,
        hours=hours,
    )
