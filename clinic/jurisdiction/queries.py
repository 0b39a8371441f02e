"""The profile in force, and those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import joinedload

from clinic.database import db, rows, table_of
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import STRICTEST, Profile, differing
from clinic.made import Made

VALUES = [value.name for value in fields(Profile)]
_columns = table_of(ProfileVersion).c
NEWEST = Made(select(*(_columns[name] for name in VALUES)).order_by(_columns.id.desc()).limit(1))
NEWEST_ID = select(func.max(_columns.id)).scalar_subquery()


# SQL: whether a consultation by live video counts now.
COUNTS_BY_LIVE_VIDEO = func.coalesce(
    select(_columns.live_video_counts).order_by(_columns.id.desc()).limit(1).scalar_subquery(),
    false(),
)


def profile() -> Profile:
    """The profile in force, read now: one statement. Without any version, the strictest."""
    found = rows(NEWEST)
    return Profile(*found[0]) if found else STRICTEST


def profile_of(version: ProfileVersion | None) -> Profile:
    if version is None:
        return STRICTEST
    return Profile(*(getattr(version, name) for name in VALUES))


@dataclass(frozen=True)
class Version:
    """One version with the names of what it changed. *number* counts from 1; *by* is nobody's name
    where no person put it in force."""

    number: int
    at: datetime
    by: str
    because: str
    profile: Profile
    changed: Sequence[str]


def versions() -> list[Version]:
    """Every version, the newest first."""
    found: list[Version] = []
    before = STRICTEST
    for row in db.session.scalars(
        select(ProfileVersion).options(joinedload(ProfileVersion.user)).order_by(ProfileVersion.id)
    ):
        here = profile_of(row)
        by = row.user.name if row.user else ""
        found.append(Version(row.id, row.at, by, row.because, here, differing(before, here)))
        before = here
    return found[::-1]
