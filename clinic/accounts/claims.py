"""Claim links: a record that the desk entered becomes the patient's own.

The link goes to the address on file; with the date of birth it proves that address, once. Nobody
is matched by name, and two people with one address get a link each (P2).
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from flask import request
from sqlalchemy import update

from clinic import clock
from clinic.accounts import queries, same_person, services, throttle
from clinic.accounts.models import ClaimLink, Patient, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, rows_changed, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor

GOOD_FOR = timedelta(hours=24)
SEND = "claim-send"
TYPE = "claim-type"


class NotInvited(RuntimeError):
    """There is no address to write to, or an account already."""


class DeadLink(RuntimeError):
    """No link of ours, used, over, of an address no longer on file, or not the date of birth."""


class SignsInAlready(RuntimeError):
    """The patient has an account: the link has nothing left to open."""


def send(patient: Patient, *, actor: Actor) -> None:
    """Mail a new link to the address on file; earlier ones end. Raises `NotInvited`."""
    token = secrets.token_urlsafe(32)
    with transaction():
        lock_row(patient)
        if patient.email is None or patient.user_id is not None:
            raise NotInvited
        end(patient)
        db.session.add(
            ClaimLink(
                patient_id=patient.id,
                token_hash=queries.token_hash(token),
                email=patient.email,
                expires_at=clock.now() + GOOD_FOR,
            )
        )
        notices.queue(
            MessageKind.CLAIM, to=patient.email, params={"token": token}, patient_id=patient.id
        )
        audit.record(Event.CLAIM_SENT, actor=actor, patient_id=patient.id, subject=patient)


def send_again(patient: Patient, *, actor: Actor) -> None:
    """The desk's button. Raises `NotInvited`, and `TooMany` for a mailbox that got many."""
    throttle.check(SEND, patient.public_id)
    with transaction():
        send(patient, actor=actor)
        throttle.fail(SEND, patient.public_id)


def ask_again(token: str, *, actor: Actor) -> None:
    """Whoever holds a link of ours, good or not, has a new one sent to the address on file.

    Nothing tells the caller whether one was sent. Raises `TooMany`, for any token alike.
    """
    address = request.remote_addr or "-"
    throttle.check(SEND, token, address)
    link = queries.claim_by_token(token)
    with transaction():
        if link is not None and _reaches(link):
            send(link.patient, actor=actor)
        throttle.fail(SEND, token)
        throttle.fail(SEND, address, per_address=True)


def _reaches(link: ClaimLink) -> bool:
    """Whether the link went to the address that is still on file, of somebody without account whose
    record goes on."""
    is_theirs = link.email == link.patient.email and link.patient.user_id is None
    return is_theirs and same_person.kept_id(link.patient_id) == link.patient_id


def is_good(link: ClaimLink) -> bool:
    """Whether the link would open the record, date of birth apart."""
    return link.used_at is None and link.expires_at > clock.now() and _reaches(link)


def verify(token: str, born_on: date, *, actor: Actor) -> ClaimLink:
    """The link that *token* and *born_on* belong to. Each failure is counted for good.

    Raises `DeadLink`, `SignsInAlready` and `TooMany`. Call it outside the transaction of `use_up`.
    """
    address = request.remote_addr or "-"
    link = queries.claim_by_token(token)
    # A new link gives no new tries: they are counted for the patient as well.
    keys = [token] if link is None else [token, link.patient.public_id]
    throttle.check(TYPE, *keys, address)
    fits = link is not None and link.patient.born_on == born_on
    if link is not None and fits and link.email == link.patient.email and link.patient.user_id:
        raise SignsInAlready
    if link is None or not fits or not is_good(link):
        for key in keys:
            throttle.fail(TYPE, key)
        throttle.fail(TYPE, address, per_address=True)
        _refuse(link, actor)
        raise DeadLink
    return link


def _refuse(link: ClaimLink | None, actor: Actor) -> None:
    audit.record(
        Event.CLAIM_REFUSED,
        actor=actor,
        patient_id=link.patient_id if link else None,
        result="refused",
    )


def use_up(link: ClaimLink, visitor: Visitor, *, actor: Actor) -> Patient:
    """The browser becomes the patient's; the link works no second time. Raises `DeadLink`."""
    with transaction():
        patient = link.patient
        lock_row(patient)  # the address on file may be changing at this moment
        used = rows_changed(
            update(ClaimLink)
            .where(
                ClaimLink.id == link.id,
                ClaimLink.used_at.is_(None),
                ClaimLink.expires_at > clock.now(),
            )
            .values(used_at=clock.now())
        )
        if used != 1 or link.email != patient.email:
            raise DeadLink
        services.prove_visitor(visitor, patient, link.email)
        throttle.clear(TYPE, patient.public_id)
        audit.record(Event.CLAIMED, actor=actor, patient_id=patient.id, subject=patient)
    return patient


def end(patient: Patient) -> None:
    """Links that are not used yet open nothing any more."""
    with transaction():
        db.session.execute(
            update(ClaimLink)
            .where(
                ClaimLink.patient_id == patient.id,
                ClaimLink.used_at.is_(None),
                ClaimLink.expires_at > clock.now(),
            )
            .values(expires_at=clock.now())
        )
