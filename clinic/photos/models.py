"""Photo: one view of one form, sealed. PhotoConsent: what was said about a purpose, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from clinic import clock
from clinic.columns import Code, UTCDateTime
from clinic.database import Model
from clinic.intake.models import Intake
from clinic.photos.rules import Purpose, Said, View
from clinic.sealing import Sealable, SealedBytes, sealed_column

ALL_OR_NOTHING = (
    "(erased_at IS NULL) = (image_sealed IS NOT NULL)"
    " AND (erased_at IS NULL) = (thumbnail_sealed IS NOT NULL)"
)


class Photo(Sealable, Model):
    """A JPEG that we made ourselves, in two sizes; of an erased one only that it was there.

    Lists never load the pictures: they are deferred until somebody asks for one.
    """

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("intake_id", "view"),
        CheckConstraint(ALL_OR_NOTHING, name="photo_is_whole_or_erased"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    view: Mapped[View] = mapped_column(Code(View))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)  # bytes of both, sealed
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    image_sealed: Mapped[bytes | None] = deferred(sealed_column())
    thumbnail_sealed: Mapped[bytes | None] = deferred(sealed_column())

    intake: Mapped[Intake] = relationship()

    image = SealedBytes("image_sealed")
    thumbnail = SealedBytes("thumbnail_sealed")

    @property
    def patient_id(self) -> int | None:
        """Whose record it is part of, once somebody known is behind the form."""
        return self.intake.patient_id


class PhotoConsent(Model):
    """One word of the patient about one purpose, for all photos of one form.

    Rows are only added: the last one counts, the others say what held before.
    """

    __tablename__ = "photo_consent"
    __table_args__ = (Index("ix_photo_consent_intake_id", "intake_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    purpose: Mapped[Purpose] = mapped_column(Code(Purpose))
    said: Mapped[Said] = mapped_column(Code(Said))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
