"""The clinic, its sites, rooms and services."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.accounts.models import ActorRow
from clinic.catalogue.rules import ServiceKind
from clinic.database import Code, Model, PublicId


class Clinic(Model):
    """The one row of what holds for every site."""

    __tablename__ = "clinic"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = mapped_column(String(3), default="GBP")
    cancel_notice_hours: Mapped[int] = mapped_column(default=24)


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
    """When a site is open on a weekday (0 is Monday), in minutes of wall time; 1440 is midnight."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name="minutes",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class Room(PublicId, Model):
    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), unique=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))

    actor: Mapped[ActorRow] = relationship()
    location: Mapped[Location] = relationship(back_populates="rooms")
    hosts: Mapped[list[RoomHosts]] = relationship()


class RoomHosts(Model):
    """A kind of service that a room can host."""

    __tablename__ = "room_hosts"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), primary_key=True)
    kind: Mapped[ServiceKind] = mapped_column(Code(ServiceKind), primary_key=True)


class Service(PublicId, Model):
    """What we offer. Durations in minutes of elapsed time; money in minor units of the currency.

    *notice* is how long before its start a visit must be booked, *horizon* how far ahead it can
    be, *step* the grid of starts counted from the opening of each stretch of hours.
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
    active: Mapped[bool] = mapped_column(default=True)

    location: Mapped[Location] = relationship()

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)
