"""Writing people: visitors, patients, sign-ins."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, timedelta

from flask_security.utils import hash_password
from sqlalchemy import select

from clinic import clock
from clinic.accounts import codes, queries, rules, sessions
from clinic.accounts.models import (
    ActorKind,
    ActorRow,
    EmailCode,
    EndedBecause,
    Patient,
    RoleRow,
    User,
    UserSession,
    Visitor,
)
from clinic.accounts.queries import Browser
from clinic.accounts.rules import name_key, phone_key, tidy_email
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor, Role
from clinic.sealing import DataKey

IDLE = timedelta(minutes=30)


class AddressHasAccount(RuntimeError):
    """Somebody signs in with this address already; relatives may share one, a sign-in may not."""


def greet_visitor() -> tuple[Visitor, str]:
    """A row for a new browser, and the token for its cookie."""
    token = secrets.token_urlsafe(32)
    with transaction():
        visitor = Visitor(token_hash=queries.token_hash(token))
        db.session.add(visitor)
    return visitor, token


def is_idle(visitor: Visitor | Browser) -> bool:
    """Longer without a request than a shared phone should keep a record open, or open for longer
    than any sign-in of a patient may last (S20)."""
    now, proved = clock.now(), visitor.proved_at
    is_over = proved is not None and now - proved > rules.PATIENT_LIFETIME.longest
    return is_over or now - visitor.seen_at > IDLE


def see_visitor(visitor: Visitor) -> None:
    """Note that the browser was here; idle time counts from it. What it had proved before it was
    left alone it proves anew: whoever is there now may be somebody else."""
    with transaction():
        if is_idle(visitor):
            end_proof(visitor)
        visitor.seen_at = clock.now()


def end_proof(visitor: Visitor) -> None:
    """The browser no longer opens the record of whoever was there; its own draft stays."""
    with transaction():
        visitor.patient_id = visitor.proved_at = None


def renew_visitor(visitor: Visitor) -> str:
    """A new token for the cookie of a browser that has just shown whose it is (S20): a copy of
    the old one opens nothing."""
    token = secrets.token_urlsafe(32)
    with transaction():
        visitor.token_hash = queries.token_hash(token)
    return token


def prove_visitor(visitor: Visitor, patient: Patient, email: str | None = None) -> None:
    """The browser showed whose it is, by birth date and a code sent to *email*: the address on
    file, or that of another record of the person, which proves nothing of this one's."""
    with transaction():
        if email is None or patient.email == tidy_email(email):
            patient.email_proved_at = patient.email_proved_at or clock.now()
        visitor.patient_id = patient.id
        visitor.proved_at = visitor.seen_at = clock.now()


def forget_visitor(visitor: Visitor) -> None:
    """Sign-out of a browser without account: its cookie opens nothing any more."""
    with transaction():
        end_proof(visitor)
        visitor.token_hash = queries.token_hash(secrets.token_urlsafe(32))


def new_actor(kind: ActorKind) -> ActorRow:
    row = ActorRow(kind=kind)
    db.session.add(row)
    return row


def add_patient(
    *,
    name: str,
    born_on: date,
    email: str | None,
    phone: str | None,
    actor: Actor,
    data_key: DataKey | None = None,
    possible_duplicate_of: Patient | None = None,
    proved: bool = False,
) -> Patient:
    """A new record. *data_key* is the draft's, when a form was filled in before we knew them."""
    with transaction():
        patient = Patient(
            actor=new_actor(ActorKind.PATIENT),
            data_key=data_key or DataKey.fresh(),
            name=name,
            name_key=name_key(name),
            born_on=born_on,
            email=tidy_email(email) if email else None,
            email_proved_at=clock.now() if proved else None,
            phone=phone,
            phone_key=phone_key(phone) if phone else None,
            possible_duplicate_of=possible_duplicate_of,
        )
        db.session.add(patient)
        db.session.flush()
        audit.record(Event.PATIENT_ADDED, actor=actor, patient_id=patient.id, subject=patient)
    return patient


def add_user(
    *, name: str, email: str, roles: set[Role], actor: Actor, password: str | None = None
) -> User:
    """A sign-in with *roles*; without a password it waits for its one-time link."""
    with transaction():
        user = User(
            name=name,
            email=tidy_email(email),
            password=hash_password(password) if password else None,
            fs_uniquifier=uuid.uuid4().hex,
            roles=list(db.session.scalars(select(RoleRow).where(RoleRow.name.in_([*roles]))).all()),
        )
        db.session.add(user)
        db.session.flush()
        audit.record(Event.SIGN_IN_MADE, actor=actor, subject=user, roles=sorted(roles))
    return user


def open_account(
    patient: Patient, password_hash: str, *, actor: Actor, email: str | None = None
) -> User:
    """A sign-in for a patient with a proved address. Raises `AddressHasAccount`, also when the
    patient has one.

    *email* is another proved address to sign in with, where a relative has taken the one on file.
    *password_hash* is made before the transaction: hashing under the write lock would make every
    other writer wait.
    """
    with transaction():
        lock_row(patient)  # two browsers with two addresses of one patient
        email = email or patient.email
        if patient.user_id is not None or email is None or queries.user_by_email(email) is not None:
            raise AddressHasAccount
        user = add_user(name=patient.name, email=email, roles={Role.PATIENT}, actor=actor)
        user.password = password_hash
        patient.user_id = user.id
        notices.queue(MessageKind.PASSWORD_SET, to=email, params={}, patient_id=patient.id)
        audit.record(Event.ACCOUNT_MADE, actor=actor, patient_id=patient.id, subject=user)
    return user


def note_new_password(user: User) -> None:
    """A new password was set: write it down, tell the owner, end every session (S15)."""
    with transaction():
        notices.queue(MessageKind.PASSWORD_SET, to=user.email, params={})
        actor = Actor(label=f"user:{user.public_id}")
        audit.record(Event.PASSWORD_CHANGED, actor=actor, subject=user)
        sessions.end_all(user, EndedBecause.PASSWORD, actor=actor)


def ask_for_reset(email: str) -> None:
    """Leave the slow part to the worker, with the same work for every address (S14)."""
    notices.queue(MessageKind.RESET, to=tidy_email(email), params={})


def change_address(user: User, code: EmailCode, *, actor: Actor, here: UserSession | None) -> None:
    """Sign in with the address that *code* proved; every session but *here* ends (S15).

    A patient's contact address follows while it is the same. Both addresses are told, and a link
    to reset the password that waits in the old mailbox is dead: the browser goes on with
    `identity.go_on`. Raises `AddressHasAccount` and `WrongCode`.
    """
    with transaction():
        before, after = user.email, codes.use_up(code, actor=actor)
        if queries.user_by_email(after) is not None:
            raise AddressHasAccount
        lock_row(user)
        user.email, user.fs_uniquifier = after, uuid.uuid4().hex
        if user.patient is not None and user.patient.email == before:
            user.patient.email, user.patient.email_proved_at = after, clock.now()
        for address in (before, after):
            notices.queue(MessageKind.EMAIL_CHANGED, to=address, params={})
        audit.record(Event.EMAIL_CHANGED, actor=actor, subject=user)
        sessions.end_all(user, EndedBecause.PASSWORD, actor=actor, but=here)
