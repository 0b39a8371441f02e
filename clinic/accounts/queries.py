"""Reading people. Each query that takes an actor gives only what is theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import joinedload

from clinic.accounts import same_person
from clinic.accounts.models import (
    ClaimLink,
    Credential,
    CredentialKind,
    Patient,
    PatientLink,
    Practitioner,
    RoleRow,
    User,
    Visitor,
)
from clinic.accounts.rules import tidy_email
from clinic.database import db, rows, table_of
from clinic.made import Made
from clinic.permissions import STAFF, Actor


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Browser(NamedTuple):
    """What the door asks of a visitor's row, and of the patient whose it was shown to be."""

    id: int
    seen_at: datetime
    proved_at: datetime | None
    tablet_patient_id: int | None
    patient_id: int | None
    patient_public_id: str | None
    patient_user_id: int | None


_visitor, _whose = table_of(Visitor), table_of(Patient)
# Asked by every request, so made once, and of the tables: most pages need no more of either row.
BROWSER = Made(
    select(
        _visitor.c.id,
        _visitor.c.seen_at,
        _visitor.c.proved_at,
        _visitor.c.tablet_patient_id,
        _visitor.c.patient_id,
        _whose.c.public_id,
        _whose.c.user_id,
    )
    .select_from(_visitor.outerjoin(_whose, _whose.c.id == _visitor.c.patient_id))
    .where(_visitor.c.token_hash == bindparam("token_hash"))
)


def browser_by_token(token: str) -> Browser | None:
    found = rows(BROWSER, {"token_hash": token_hash(token)})
    return Browser(*found[0]) if found else None


def visitor_of(browser: Browser) -> Visitor | None:
    """The row itself, with its patient; None where it is gone meanwhile."""
    found = select(Visitor).options(joinedload(Visitor.patient)).where(Visitor.id == browser.id)
    return db.session.scalar(found)


def user_by_uniquifier(value: str) -> User | None:
    """The sign-in with its roles, practitioner and patient, in one statement."""
    return (
        db.session.scalars(
            select(User)
            .options(
                joinedload(User.roles), joinedload(User.practitioner), joinedload(User.patient)
            )
            .where(User.fs_uniquifier == value)
        )
        .unique()
        .one_or_none()
    )


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == tidy_email(email)))


def patients_at(email: str, born_on: date) -> Sequence[Patient]:
    """Who has this address and birth date: relatives may share an address (P2: never by name).

    Of a person with two records the one that goes on, once.
    """
    at_it = select(same_person.kept_id_of(Patient.id)).where(
        Patient.email == tidy_email(email), Patient.born_on == born_on
    )
    return db.session.scalars(
        select(Patient).where(Patient.id.in_(at_it)).order_by(Patient.id)
    ).all()


def own_patient(actor: Actor, _public_id: str = "") -> Patient | None:
    """The patient that the actor is."""
    if actor.patient_id is None:
        return None
    if db.session.identity_key(Patient, actor.patient_id) in db.session.identity_map:
        return db.session.get(Patient, actor.patient_id)
    return db.session.scalar(OWN_PATIENT, {"row_id": actor.patient_id})


# Made once: making it, as the session does for a row by its number, takes as long as asking.
OWN_PATIENT = select(Patient).where(Patient.id == bindparam("row_id"))


def own_record(actor: Actor, _public_id: str = "") -> Patient | None:
    """The patient that the actor is, unless a mere code stands before an account's record (S11)."""
    return own_patient(actor) if actor.opens_own_record else None


def tablet_patient(actor: Actor, _public_id: str = "") -> Patient | None:
    """Whose form the tablet that asks was handed over for."""
    if not actor.on_tablet or actor.visitor_id is None:
        return None
    return db.session.scalar(
        select(Patient)
        .join(Visitor, Visitor.tablet_patient_id == Patient.id)
        .where(Visitor.id == actor.visitor_id)
    )


def claim_by_token(token: str) -> ClaimLink | None:
    """The link with its patient, good or not."""
    return db.session.scalar(
        select(ClaimLink)
        .options(joinedload(ClaimLink.patient))
        .where(ClaimLink.token_hash == token_hash(token))
    )


def newest_claim(patient_id: int) -> ClaimLink | None:
    return db.session.scalar(
        select(ClaimLink)
        .where(ClaimLink.patient_id == patient_id)
        .order_by(ClaimLink.id.desc())
        .limit(1)
    )


def patient_of(row_id: int) -> Patient:
    """The patient of a row number that was just read."""
    return db.session.get_one(Patient, row_id)


def patient_for_desk(actor: Actor, public_id: str) -> Patient | None:
    """Whoever it is, with the records that lead here; of one that is replaced, the one that goes
    on."""
    leading_here = joinedload(Patient.stands_for).joinedload(PatientLink.replaced)
    found = select(Patient).options(leading_here).where(same_person.goes_on_for(public_id))
    return db.session.scalars(found).unique().one_or_none()


def addresses_of_physicians(ids: Collection[int], *, but: int | None) -> Sequence[str]:
    """Where these physicians read their mail; where none of them signs in any more, all of them.

    *but* is the sign-in of somebody who must not be told: the patient whom it is about.
    """
    signs_in = (
        select(User.email)
        .join(Practitioner, Practitioner.user_id == User.id)
        .where(User.active, User.id.is_distinct_from(but))
        .order_by(User.id)
    )
    found = db.session.scalars(signs_in.where(Practitioner.id.in_(list(ids)))).all()
    return found or db.session.scalars(signs_in).all()


def is_licensed(practitioner_id: int | None, day: date) -> bool:
    """Whether a licence of the practitioner is on file for *day*."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Credential.practitioner_id == practitioner_id,
                    Credential.kind == CredentialKind.LICENCE,
                    Credential.valid_from <= day,
                    Credential.valid_until >= day,
                )
            )
        )
    )


def practitioners() -> Sequence[Practitioner]:
    """Everybody who consults, in the order of their colours."""
    return db.session.scalars(
        select(Practitioner)
        .where(Practitioner.active)
        .order_by(Practitioner.colour, Practitioner.name)
    ).all()


def practitioner(public_id: str) -> Practitioner | None:
    return db.session.scalar(select(Practitioner).where(Practitioner.public_id == public_id))


def staff(*those: ColumnElement[bool]) -> Sequence[User]:
    """Everybody with a staff role, or *those* of them alone, with roles and, for physicians,
    credentials; by name."""
    return (
        db.session.scalars(
            select(User)
            .options(
                joinedload(User.roles),
                joinedload(User.practitioner).joinedload(Practitioner.credentials),
            )
            .where(User.roles.any(RoleRow.name.in_([*STAFF])), *those)
            .order_by(User.name)
        )
        .unique()
        .all()
    )
