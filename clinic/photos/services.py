"""Writing photos: added to a draft, taken out of it, consents given and withdrawn, erased."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select

from clinic import clock
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.photos import pictures, queries, rules
from clinic.photos.models import Photo, PhotoConsent
from clinic.photos.pictures import Picture, Refused
from clinic.photos.rules import Purpose, Refusal, Said, View


class FormIsSent(RuntimeError):
    """The form was sent, perhaps in another window: its photos never change."""


class NotAllowed(RuntimeError):
    """The patient has not said that a physician may look at the photos."""


class NothingToWithdraw(RuntimeError):
    """It was never given, or is withdrawn already."""


def take(intake: Intake, sent: Mapping[View, bytes], *, actor: Actor) -> dict[View, Refusal]:
    """Add each of the photos that can be taken, one by one; why the others are not.

    Raises `FormIsSent` and `NotAllowed`.
    """
    refused = {}
    for view, raw in sent.items():
        try:
            add(intake, view, pictures.clean(raw), actor=actor)
        except Refused as error:
            refused[view] = error.why
    return refused


def add(intake: Intake, view: View, picture: Picture, *, actor: Actor) -> Photo:
    """Put *picture* into a draft, in place of an earlier one of the same view.

    Raises `FormIsSent`, `NotAllowed`, and `Refused` when there is no room for it.
    """
    with transaction():
        _still_draft(intake)
        if Purpose.ASSESSMENT not in queries.purposes_of(intake.id):
            raise NotAllowed
        photo = Photo(
            data_key=intake.data_key,
            intake_id=intake.id,
            view=view,
            width=picture.width,
            height=picture.height,
            size=0,
        )
        photo.image, photo.thumbnail = picture.image, picture.thumbnail
        photo.size = len(photo.image_sealed or b"") + len(photo.thumbnail_sealed or b"")
        _make_room(intake, photo)
        db.session.add(photo)
        db.session.flush()
        _record(Event.PHOTO_ADDED, intake, photo, actor)
    return photo


def _make_room(intake: Intake, photo: Photo) -> None:
    of_view = (Photo.intake_id == intake.id) & (Photo.view == photo.view)
    others = select(func.count()).where(Photo.intake_id == intake.id, Photo.view != photo.view)
    if (db.session.scalar(others) or 0) >= rules.MOST_OF_FORM:
        raise Refused(Refusal.TOO_MANY)
    if queries.bytes_kept(intake, photo.view) + photo.size > rules.MOST_OF_PATIENT:
        raise Refused(Refusal.NO_ROOM)
    db.session.execute(delete(Photo).where(of_view))


def remove(intake: Intake, view: View, *, actor: Actor) -> None:
    """Take a photo out of a draft; nothing of it stays. Raises `FormIsSent`."""
    with transaction():
        _still_draft(intake)
        photo = queries.photos_of(intake.id).get(view)
        if photo is None:
            return
        _record(Event.PHOTO_REMOVED, intake, photo, actor)
        db.session.delete(photo)


def say(intake: Intake, purposes: frozenset[Purpose], *, actor: Actor) -> None:
    """Note what a draft's photos may be used for, where that is another than before.

    Raises `FormIsSent`.
    """
    with transaction():
        _still_draft(intake)
        before = queries.purposes_of(intake.id)
        for purpose in Purpose:
            if (purpose in purposes) != (purpose in before):
                _say(intake, purpose, purpose in purposes, actor)


def withdraw(intake: Intake, purpose: Purpose, *, actor: Actor) -> bool:
    """Take a consent for the photos of a sent form back; whether the photos are erased by it.

    Raises `NothingToWithdraw`.
    """
    with transaction():
        lock_row(intake)
        if purpose not in queries.purposes_of(intake.id):
            raise NothingToWithdraw
        _say(intake, purpose, False, actor)
        return _erase_unless_wanted(intake, actor)


def erase_what_is_decided(patient_id: int, *, actor: Actor) -> None:
    """A physician has decided: photos that were given for the assessment alone have served."""
    with transaction():
        for photo_set in queries.sent_sets(patient_id):
            _erase_unless_wanted(photo_set.intake, actor)


def _erase_unless_wanted(intake: Intake, actor: Actor) -> bool:
    purposes = queries.purposes_of(intake.id)
    if rules.may_stay(purposes, is_decided=queries.is_decided(intake)):
        return False
    photos, now = queries.photos_of(intake.id), clock.now()
    for photo in photos.values():
        photo.image = photo.thumbnail = None
        photo.erased_at = now
        _record(Event.PHOTO_ERASED, intake, photo, actor)
    db.session.flush()
    return bool(photos)


def _say(intake: Intake, purpose: Purpose, is_given: bool, actor: Actor) -> None:
    said = Said.GIVEN if is_given else Said.WITHDRAWN
    db.session.add(PhotoConsent(intake_id=intake.id, purpose=purpose, said=said))
    db.session.flush()
    audit.record(
        Event.PHOTO_CONSENT,
        actor=actor,
        patient_id=intake.patient_id,
        subject=intake,
        purpose=purpose,
        said=said,
    )


def _record(event: Event, intake: Intake, photo: Photo, actor: Actor) -> None:
    audit.record(event, actor=actor, patient_id=intake.patient_id, subject=photo, view=photo.view)


def _still_draft(intake: Intake) -> None:
    lock_row(intake)
    if intake.submitted_at is not None:
        raise FormIsSent
