"""ProfileVersion: each profile of the jurisdiction that was ever put in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import User
from clinic.columns import UTCDateTime
from clinic.database import Model
from clinic.jurisdiction.rules import LIMITS


class ProfileVersion(Model):
    """Values of `rules.Profile`. Append-only; the row with the highest *id*, its number, holds.

    *because* is where the law says so, as the manager wrote it; *user* is nobody where the clinic's
    file or a migration put it in force.
    """

    __tablename__ = "profile_version"
    __table_args__ = (
        *(
            CheckConstraint(f"{name} BETWEEN {limits.lowest} AND {limits.highest}", name=name)
            for name, limits in LIMITS.items()
        ),
        CheckConstraint(
            "default_validity_months <= longest_validity_months", name="default_within_longest"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    because: Mapped[str] = mapped_column(String(300))
    live_video_counts: Mapped[bool]
    default_validity_months: Mapped[int]
    longest_validity_months: Mapped[int]
    cooling_off_hours: Mapped[int]
    toxin_interval_days: Mapped[int]
    minimum_age: Mapped[int]
    names_brand: Mapped[bool]
    regulator: Mapped[str | None] = mapped_column(String(300))

    user: Mapped[User | None] = relationship()
