"""Two records of one person: which of them goes on, and which leads to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models.people import Patient, User
from clinic.columns import UTCDateTime
from clinic.database import Model
from clinic.sealing import Sealable, SealedText, sealed_column

IN_FORCE = "undone_at IS NULL"


class PatientLink(Sealable, Model):
    """From *linked_at* until it is undone the record *kept* stands for the person of *replaced*
    too. No row of either moves. The reason is sealed under the key of *kept*.

    *closed_user* is the sign-in of *replaced* that the link has closed.
    """

    __tablename__ = "patient_link"
    __table_args__ = (
        CheckConstraint("replaced_id <> kept_id", name="two_records"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index(
            "ix_patient_link_replaced_id",
            "replaced_id",
            unique=True,
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text(IN_FORCE),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text(IN_FORCE),
        ),
        Index(
            "ix_patient_link_kept_id",
            "kept_id",
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text(IN_FORCE),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text(IN_FORCE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    replaced_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    linked_by: Mapped[str] = mapped_column(String(60))
    reason_sealed: Mapped[bytes] = sealed_column(nullable=False)
    closed_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(60))

    replaced: Mapped[Patient] = relationship(foreign_keys=[replaced_id])
    kept: Mapped[Patient] = relationship(foreign_keys=[kept_id])
    closed_user: Mapped[User | None] = relationship()

    reason = SealedText("reason_sealed")
