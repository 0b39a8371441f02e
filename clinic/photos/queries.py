"""Reading photos: whose they are, and who may see them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from clinic.accounts.same_person import ids_of
from clinic.database import db
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.permissions import Actor, Permission
from clinic.photos import rules
from clinic.photos.models import Photo, PhotoConsent
from clinic.photos.rules import Purpose, View
from clinic.screening.care import in_care
from clinic.screening.models import Decision, ScreeningNote

# What opens a photo to a physician who cares for the patient.
SEEN_FOR = frozenset({Purpose.ASSESSMENT, Purpose.RECORD})


@dataclass(frozen=True)
class PhotoSet:
    """The photos of one form, in the order of the views, and what they may be used for."""

    intake: Intake
    photos: Sequence[Photo]
    purposes: frozenset[Purpose]

    @property
    def kept(self) -> Sequence[Photo]:
        return [photo for photo in self.photos if photo.erased_at is None]


def photos_of(intake_id: int) -> Mapping[View, Photo]:
    """The photos of a form that are there, by view, in the order of the views."""
    found = db.session.scalars(
        select(Photo)
        .options(joinedload(Photo.intake))
        .where(Photo.intake_id == intake_id, Photo.erased_at.is_(None))
    )
    return {photo.view: photo for photo in _in_order(found)}


def has_photos(intake_id: int) -> bool:
    """Whether anything was added to a form, or said about what photos may be used for."""
    return bool(photos_of(intake_id)) or bool(history(intake_id))


def _in_order(photos: Iterable[Photo]) -> list[Photo]:
    order = list(View)
    return sorted(photos, key=lambda photo: order.index(photo.view))


def purposes_of(intake_id: int) -> frozenset[Purpose]:
    """What the photos of a form may be used for now."""
    return _purposes([intake_id]).get(intake_id, frozenset())


def _purposes(intake_ids: Sequence[int]) -> Mapping[int, frozenset[Purpose]]:
    rows = db.session.execute(
        select(PhotoConsent.intake_id, PhotoConsent.purpose, PhotoConsent.said)
        .where(PhotoConsent.intake_id.in_(intake_ids))
        .order_by(PhotoConsent.id)
    ).all()
    return {
        number: rules.in_force((purpose, said) for of, purpose, said in rows if of == number)
        for number in intake_ids
    }


def history(intake_id: int) -> Sequence[PhotoConsent]:
    """All that was said about the photos of a form, oldest first."""
    return db.session.scalars(
        select(PhotoConsent).where(PhotoConsent.intake_id == intake_id).order_by(PhotoConsent.id)
    ).all()


def sent_sets(patient_id: int) -> list[PhotoSet]:
    """The photos of a patient's sent forms, erased ones too, newest form first."""
    found = db.session.scalars(
        select(Photo)
        .join(Photo.intake)
        .options(joinedload(Photo.intake))
        .where(Intake.patient_id.in_(ids_of(patient_id)), Intake.submitted_at.is_not(None))
    ).all()
    by_form: dict[int, list[Photo]] = {}
    for photo in found:
        by_form.setdefault(photo.intake_id, []).append(photo)
    purposes = _purposes(list(by_form)) if by_form else {}
    return [
        PhotoSet(photos[0].intake, _in_order(photos), purposes[number])
        for number, photos in sorted(by_form.items(), reverse=True)
    ]


def sets_for(patient_id: int, purpose: Purpose) -> list[PhotoSet]:
    """The sets that a patient lets be used for *purpose* and that are still there."""
    return [s for s in sent_sets(patient_id) if purpose in s.purposes and s.kept]


def bytes_kept(intake: Intake, besides: View) -> int:
    """How much the photos of a patient take up, or those of a form of nobody known yet.

    *besides*: but for one view of this form, which is about to be replaced.
    """
    mine = Photo.intake_id == intake.id
    if intake.patient_id is not None:
        forms = select(Intake.id).where(Intake.patient_id.in_(ids_of(intake.patient_id)))
        mine = Photo.intake_id.in_(forms)
    is_replaced = (Photo.intake_id == intake.id) & (Photo.view == besides)
    found = db.session.scalar(
        select(func.sum(Photo.size)).where(mine, Photo.erased_at.is_(None), ~is_replaced)
    )
    return int(found or 0)


def is_decided(intake: Intake) -> bool:
    """Whether a physician has decided since the form was sent; a question is no decision."""
    if intake.submitted_at is None:
        return False
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ScreeningNote.patient_id.in_(ids_of(intake.patient_id)),
                    ScreeningNote.signed_at >= intake.submitted_at,
                    ScreeningNote.decision != Decision.ASK,
                )
            )
        )
    )


def photo_to_see(actor: Actor, public_id: str) -> Photo | None:
    """A photo of one's own form, or of a patient in care who lets physicians see it.

    Nobody else finds one: not the desk, not a manager, not a physician of other patients.
    """
    photo = db.session.scalar(
        select(Photo)
        .options(joinedload(Photo.intake))
        .where(Photo.public_id == public_id, Photo.erased_at.is_(None))
    )
    if photo is None:
        return None
    is_own = intakes.own_form(actor, photo.intake.public_id) is not None
    return photo if is_own or _is_shown_to(actor, photo) else None


def _is_shown_to(actor: Actor, photo: Photo) -> bool:
    if actor.practitioner_id is None or not actor.may(Permission.RECORD_READ):
        return False
    cares = db.session.scalar(
        select(Intake.id).where(
            Intake.id == photo.intake_id,
            Intake.submitted_at.is_not(None),
            in_care(actor, Intake.patient_id),
        )
    )
    return cares is not None and bool(SEEN_FOR & purposes_of(photo.intake_id))


def own_sent_form(actor: Actor, public_id: str) -> Intake | None:
    """A sent form of the patient who asks, whose photos they may take back."""
    if not actor.opens_own_record or actor.keeps_to_one_form:
        return None
    return db.session.scalar(
        select(Intake).where(
            Intake.public_id == public_id,
            Intake.patient_id.in_(ids_of(actor.patient_id)),
            Intake.submitted_at.is_not(None),
        )
    )
