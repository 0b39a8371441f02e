"""Every event the audit log knows, with the facts it carries; `record` refuses others.

Facts are ids and codes, never health text.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    INTAKE_STARTED = "intake:started"
    INTAKE_SAVED = "intake:saved"
    INTAKE_RESUMED = "intake:resumed"
    INTAKE_SUBMITTED = "intake:submitted"
    CODE_SENT = "code:sent"
    CODE_ACCEPTED = "code:accepted"
    CODE_REFUSED = "code:refused"
    APPOINTMENT_HELD = "appointment:held"
    APPOINTMENT_HOLD_EXTENDED = "appointment:hold-extended"
    APPOINTMENT_RELEASED = "appointment:released"
    APPOINTMENT_BOOKED = "appointment:booked"
    APPOINTMENT_STATUS = "appointment:status"
    APPOINTMENT_CANCELLED = "appointment:cancelled"
    BOOKING_REFUSED = "booking:refused"
    PATIENT_ADDED = "patient:added"
    PATIENT_FOUND = "patient:found"
    FORM_VIEWED = "form:viewed"
    OWN_RECORD_VIEWED = "own-record:viewed"
    RECORD_LIST_VIEWED = "record-list:viewed"
    RECORD_VIEWED = "record:viewed"
    DESK_VIEWED = "desk:viewed"
    REVIEW_TAKEN = "review:taken"
    NOTE_SAVED = "note:saved"
    NOTE_SIGNED = "note:signed"
    NOTE_ADDENDUM = "note:addendum"
    REPLY_GIVEN = "reply:given"
    APPROVAL_GIVEN = "approval:given"
    APPROVAL_SUPERSEDED = "approval:superseded"
    APPROVAL_WITHDRAWN = "approval:withdrawn"
    SIGNED_IN = "account:signed-in"
    SIGNED_OUT = "account:signed-out"
    SIGN_IN_REFUSED = "account:sign-in-refused"
    SIGN_IN_MADE = "account:sign-in-made"
    ACCOUNT_MADE = "account:made"
    PASSWORD_CHANGED = "account:password-changed"
    CLINIC_MADE = "clinic:made"
    DENIED = "access:denied"
    SEAL_BROKEN = "seal:broken"


FACTS: Mapping[Event, frozenset[str]] = {
    Event.INTAKE_SAVED: frozenset({"page"}),
    Event.INTAKE_SUBMITTED: frozenset({"version", "supersedes"}),
    Event.CODE_SENT: frozenset({"purpose"}),
    Event.CODE_ACCEPTED: frozenset({"purpose"}),
    Event.CODE_REFUSED: frozenset({"purpose"}),
    Event.APPOINTMENT_HELD: frozenset({"service", "starts_at"}),
    Event.APPOINTMENT_HOLD_EXTENDED: frozenset({"until"}),
    Event.APPOINTMENT_BOOKED: frozenset({"service", "starts_at", "approval"}),
    Event.APPOINTMENT_STATUS: frozenset({"was", "now"}),
    Event.APPOINTMENT_CANCELLED: frozenset({"reason"}),
    Event.BOOKING_REFUSED: frozenset({"service", "reasons"}),
    Event.NOTE_SIGNED: frozenset({"decision", "appointment"}),
    Event.APPROVAL_GIVEN: frozenset({"modalities", "valid_until", "note"}),
    Event.APPROVAL_SUPERSEDED: frozenset({"by"}),
    Event.SIGN_IN_MADE: frozenset({"roles"}),
    Event.DENIED: frozenset({"endpoint", "status"}),
    Event.CLINIC_MADE: frozenset({"practitioners", "services", "rooms"}),
    Event.SEAL_BROKEN: frozenset({"where"}),
    Event.NOTE_SAVED: frozenset({"version"}),
}
