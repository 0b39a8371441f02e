"""The roster: Schedule, ExtraHours, Absence."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.accounts.models import Practitioner
from clinic.catalogue.models import Location
from clinic.columns import Code, PublicId
from clinic.database import Model
from clinic.scheduling.rules import AbsenceKind


class Schedule(Model):
    """A practitioner's hours on a weekday (0 is Monday) at a site, in minutes of wall time.

    Two rows with a gap between them are a break. 1440 is midnight at the end of the day.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name="minutes",
        ),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="runs_forwards"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)

    practitioner: Mapped[Practitioner] = relationship()


class ExtraHours(PublicId, Model):
    """Hours on one date beside the weekly ones, in minutes of wall time at the site.

    Of a practitioner, or of the site itself where *practitioner_id* is missing: a closed Sunday
    that opens once, the short day before a holiday. *opens_second* and *closes_second* keep which
    was meant of a time that the autumn change repeats; they are NULL for one that comes once.
    """

    __tablename__ = "extra_hours"
    __table_args__ = (
        CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name="minutes",
        ),
        Index("ix_extra_hours_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    day: Mapped[date] = mapped_column(Date)
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    opens_second: Mapped[bool | None]
    closes_second: Mapped[bool | None]

    location: Mapped[Location] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()


class Absence(PublicId, Model):
    """A stretch in which a practitioner, room or device is away, in wall time at every site.

    From *starts_minute* of *starts_on* to *ends_minute* of *ends_on*; 1440 is midnight at the end
    of the day. *starts_second* and *ends_second* are as in `ExtraHours`: from 1:45 summer time to
    1:15 winter time runs forwards. It takes times off the pages and moves no visit by itself.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint(
            "starts_minute BETWEEN 0 AND 1439 AND ends_minute BETWEEN 1 AND 1440", name="minutes"
        ),
        CheckConstraint(
            "starts_on < ends_on OR (starts_on = ends_on AND (starts_minute < ends_minute"
            " OR (starts_second IS FALSE AND ends_second IS TRUE)))",
            name="runs_forwards",
        ),
        Index("ix_absence_actor_id_ends_on", "actor_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    starts_minute: Mapped[int] = mapped_column(default=0)
    ends_on: Mapped[date] = mapped_column(Date)
    ends_minute: Mapped[int] = mapped_column(default=1440)
    starts_second: Mapped[bool | None]
    ends_second: Mapped[bool | None]
    kind: Mapped[AbsenceKind] = mapped_column(Code(AbsenceKind))
