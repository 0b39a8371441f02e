"""Bypasses about photos of a sent form, and what their patient said about them.

Each adds itself to the list of `attempts`.
"""

from __future__ import annotations

from clinic.intake.models import Intake
from clinic.photos.models import Photo, PhotoConsent
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, SEALED, Facts, at
from clinic.proof.replacements import SQLITE, replace

OTHER = b"other"
ERASED = {"image_sealed": None, "thumbnail_sealed": None, "erased_at": at(DAY, 12)}


@attempt(4, "a photo slipped into a form that is already sent")
def _late_photo(facts: Facts) -> None:
    facts.add("attempted", Photo, **facts.copy(Photo, "photo", view="smile"))


@attempt(4, "a photo of a sent form exchanged for another")
def _exchange_photo(facts: Facts) -> None:
    facts.change(Photo, facts["photo"], image_sealed=OTHER)


@attempt(4, "a photo of a sent form given to a draft")
def _move_photo(facts: Facts) -> None:
    draft = facts.copy(Intake, "form", submitted_at=None)
    facts.change(Photo, facts["photo"], intake_id=facts.add("draft", Intake, **draft))


@attempt(4, "a photo said to be of another view in the moment of its erasure")
def _rename_photo(facts: Facts) -> None:
    facts.change(Photo, facts["photo"], view="rest", **ERASED)


@attempt(4, "an erased photo brought back as another")
def _bring_back(facts: Facts) -> None:
    facts.change(Photo, facts["photo"], **ERASED)
    there = {"image_sealed": SEALED, "thumbnail_sealed": SEALED, "erased_at": None}
    facts.change(Photo, facts["photo"], **there)


@attempt(4, "a photo of a sent form deleted")
def _delete_photo(facts: Facts) -> None:
    sql(facts, "DELETE FROM photo")


@attempt(4, "a photo of a sent form replaced", SQLITE)
def _replace_photo(facts: Facts) -> None:
    replace(facts, Photo, **facts.row(Photo, "photo", image_sealed=OTHER))


@attempt(4, "a photo of a sent form pushed out by one of a draft", SQLITE)
def _push_photo_out(facts: Facts) -> None:
    draft = facts.add("draft", Intake, **facts.copy(Intake, "form", submitted_at=None))
    replace(facts, Photo, **facts.row(Photo, "photo", intake_id=draft))


@attempt(4, "a consent to photos widened afterwards")
def _widen_consent(facts: Facts) -> None:
    facts.change(PhotoConsent, facts["consent"], purpose="teaching")


@attempt(4, "a consent to photos of a sent form deleted")
def _delete_consent(facts: Facts) -> None:
    sql(facts, "DELETE FROM photo_consent")


@attempt(4, "a word about photos slipped in before the last one")
def _slip_in(facts: Facts) -> None:
    word = {"intake_id": facts["form"], "purpose": "assessment", "said": "withdrawn"}
    facts.add("attempted", PhotoConsent, id=-1, said_at=at(DAY, 7), **word)


@attempt(4, "a consent to photos replaced", SQLITE)
def _replace_consent(facts: Facts) -> None:
    replace(facts, PhotoConsent, **facts.row(PhotoConsent, "consent", said="withdrawn"))
