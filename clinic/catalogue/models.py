"""The clinic, its sites, rooms, devices and services."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.accounts.models import ActorRow
from clinic.catalogue.rules import ServiceKind
from clinic.columns import Code, PublicId
from clinic.database import Model


class Clinic(Model):
    """The one row of what holds for every site."""

    __tablename__ = "clinic"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = mapped_column(String(3), default="GBP")
    cancel_notice_hours: Mapped[int] = mapped_column(default=24)
    # How long a freed time is held for one of the waiting list before it rolls on to the next.
    offer_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    # Whom somebody calls who is in danger, and who listens by day and night; as the clinic words
    # them. Without a number the page says "your local emergency number".
    emergency_number: Mapped[str | None] = mapped_column(String(20))
    helpline: Mapped[str | None] = mapped_column(String(200))


class Location(PublicId, Model):
    """A site: where, in which time zone, how to reach it."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300))
    zone: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254))

    clinic: Mapped[Clinic] = relationship()
    hours: Mapped[list[OpeningHours]] = relationship(
        order_by="OpeningHours.weekday, OpeningHours.opens_minute"
    )
    rooms: Mapped[list[Room]] = relationship(order_by="Room.name", back_populates="location")


class OpeningHours(Model):
    """When a site is open on a weekday (0 is Monday), in minutes of wall time; 1440 is midnight.

    Both dates are included; without them a stretch holds from always, and for good.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name="minutes",
        ),
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="runs_forwards",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)


class ClosedDay(PublicId, Model):
    """A date on which a site does not keep its weekly hours; extra hours open it all the same."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("location_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    day: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(80))


class Room(PublicId, Model):
    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), unique=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    actor: Mapped[ActorRow] = relationship()
    location: Mapped[Location] = relationship(back_populates="rooms")
    hosts: Mapped[list[RoomHosts]] = relationship(cascade="all, delete-orphan")


class RoomHosts(Model):
    """A kind of service that a room can host."""

    __tablename__ = "room_hosts"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), primary_key=True)
    kind: Mapped[ServiceKind] = mapped_column(Code(ServiceKind), primary_key=True)


class Device(PublicId, Model):
    """Something that a visit takes along: one at a time. *kind* is what a service asks for."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), unique=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)

    actor: Mapped[ActorRow] = relationship()
    location: Mapped[Location] = relationship()


class Service(PublicId, Model):
    """What we offer. Durations in minutes of elapsed time; money in minor units of the currency.

    *notice* is how long before its start a visit must be booked, *horizon* how far ahead it can
    be, *step* the grid of starts counted from the opening of each stretch of hours. *device_kind*
    is the kind of device that a visit takes up, where it needs one.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("price_pence >= 0", name="price"),
        CheckConstraint("duration_minutes BETWEEN 5 AND 600", name="duration"),
        CheckConstraint("step_minutes BETWEEN 5 AND 240", name="step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[ServiceKind] = mapped_column(Code(ServiceKind))
    name: Mapped[str] = mapped_column(String(80))
    price_pence: Mapped[int]
    duration_minutes: Mapped[int]
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    buffer_after_minutes: Mapped[int] = mapped_column(default=0)
    notice_hours: Mapped[int] = mapped_column(default=2)
    horizon_days: Mapped[int] = mapped_column(default=60)
    step_minutes: Mapped[int] = mapped_column(default=20)
    device_kind: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)

    location: Mapped[Location] = relationship()

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)


class RosterStamp(Model):
    """One row whose *stamp* is another after every change of the roster, by trigger.

    The roster that a process keeps is good as long as the stamp is the one it was read under.
    """

    __tablename__ = "roster_stamp"

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str] = mapped_column(String(40))
