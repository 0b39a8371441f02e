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
    PHOTO_ADDED = "photo:added"
    PHOTO_REMOVED = "photo:removed"
    PHOTO_CONSENT = "photo:consent"
    PHOTO_ERASED = "photo:erased"
    PHOTO_VIEWED = "photo:viewed"
    INTAKE_CONFIRMED = "intake:confirmed"
    CODE_SENT = "code:sent"
    CODE_ACCEPTED = "code:accepted"
    CODE_REFUSED = "code:refused"
    APPOINTMENT_HELD = "appointment:held"
    APPOINTMENT_HOLD_EXTENDED = "appointment:hold-extended"
    APPOINTMENT_RELEASED = "appointment:released"
    APPOINTMENT_HOLD_EXPIRED = "appointment:hold-expired"
    APPOINTMENT_BOOKED = "appointment:booked"
    APPOINTMENT_MOVED = "appointment:moved"
    APPOINTMENT_OVERRIDDEN = "appointment:overridden"
    APPOINTMENT_STATUS = "appointment:status"
    APPOINTMENT_CANCELLED = "appointment:cancelled"
    APPOINTMENT_CANCEL_UNDONE = "appointment:cancel-undone"
    BOOKING_REFUSED = "booking:refused"
    WAITLIST_JOINED = "waitlist:joined"
    WAITLIST_CHANGED = "waitlist:changed"
    WAITLIST_LEFT = "waitlist:left"
    OFFER_MADE = "offer:made"
    OFFER_ACCEPTED = "offer:accepted"
    OFFER_DECLINED = "offer:declined"
    OFFER_EXPIRED = "offer:expired"
    OFFER_WITHDRAWN = "offer:withdrawn"
    PATIENT_ADDED = "patient:added"
    PATIENT_FOUND = "patient:found"
    PATIENTS_MERGED = "patient:merged"
    PATIENT_REPLACED = "patient:replaced"
    PATIENTS_PARTED = "patient:parted"
    PATIENT_RESTORED = "patient:restored"
    FORM_VIEWED = "form:viewed"
    OWN_RECORD_VIEWED = "own-record:viewed"
    RECORD_LIST_VIEWED = "record-list:viewed"
    RECORD_VIEWED = "record:viewed"
    DESK_VIEWED = "desk:viewed"
    REVIEW_TAKEN = "review:taken"
    FORM_URGENT = "form:urgent"
    FORM_URGENT_TAKEN = "form:urgent-taken"
    NOTE_SAVED = "note:saved"
    NOTE_SIGNED = "note:signed"
    NOTE_ADDENDUM = "note:addendum"
    QUESTION_SENT = "question:sent"
    REPLY_GIVEN = "reply:given"
    APPROVAL_GIVEN = "approval:given"
    APPROVAL_SUPERSEDED = "approval:superseded"
    APPROVAL_SUSPENDED = "approval:suspended"
    APPROVAL_RESUMED = "approval:resumed"
    APPROVAL_WITHDRAWN = "approval:withdrawn"
    SIGNED_IN = "account:signed-in"
    SIGNED_OUT = "account:signed-out"
    SIGN_IN_REFUSED = "account:sign-in-refused"
    SIGN_IN_MADE = "account:sign-in-made"
    ACCOUNT_MADE = "account:made"
    PASSWORD_CHANGED = "account:password-changed"  # noqa: S105  (a code)
    EMAIL_CHANGED = "account:email-changed"
    CONFIRMED = "account:confirmed"
    CONFIRM_REFUSED = "account:confirm-refused"
    LOCKED = "account:locked"
    FACTOR_ADDED = "account:factor-added"
    FACTOR_REMOVED = "account:factor-removed"
    FACTOR_REFUSED = "account:factor-refused"
    RECOVERY_MADE = "account:recovery-made"
    RECOVERY_USED = "account:recovery-used"
    SESSION_ENDED = "account:session-ended"
    ROLES_CHANGED = "staff:roles-changed"
    SITES_CHANGED = "staff:sites-changed"
    SITE_CHOSEN = "staff:site-chosen"
    PHYSICIAN_ADDED = "staff:physician-added"
    STAFF_SHUT_OUT = "staff:shut-out"
    STAFF_LET_IN = "staff:let-in"
    RESET_STARTED = "staff:reset-started"
    CLAIM_SENT = "claim:sent"
    CLAIMED = "claim:used"
    CLAIM_REFUSED = "claim:refused"
    ARRIVAL_SENT = "arrival:sent"
    ARRIVAL_OPENED = "arrival:opened"
    ARRIVAL_REFUSED = "arrival:refused"
    ARRIVAL_ENDED = "arrival:ended"
    TABLET_HANDED = "tablet:handed-over"
    TABLET_ENDED = "tablet:ended"
    CONTACT_CHANGED = "contact:changed"
    EMERGENCY_OPENED = "emergency:opened"
    EMERGENCY_CLOSED = "emergency:closed"
    EMERGENCIES_VIEWED = "emergency:listed"
    AUDIT_VIEWED = "audit:viewed"
    AUDIT_EXPORTED = "audit:exported"
    LIST_EXPORTED = "list:exported"
    READERS_VIEWED = "readers:viewed"
    FORM_KEPT = "form:kept"
    FORM_GIVEN_BACK = "form:given-back"
    FIELDS_IGNORED = "form:fields-ignored"
    KEYS_ROTATED = "keys:rotated"
    KEY_RETIRED = "keys:retired"
    CLINIC_MADE = "clinic:made"
    ROSTER_CHANGED = "roster:changed"
    PROFILE_CHANGED = "profile:changed"
    DENIED = "access:denied"
    SEAL_BROKEN = "seal:broken"


FACTS: Mapping[Event, frozenset[str]] = {
    Event.INTAKE_SAVED: frozenset({"page"}),
    Event.INTAKE_SUBMITTED: frozenset({"version", "supersedes"}),
    Event.PHOTO_ADDED: frozenset({"view"}),
    Event.PHOTO_REMOVED: frozenset({"view"}),
    Event.PHOTO_CONSENT: frozenset({"purpose", "said"}),
    Event.PHOTO_ERASED: frozenset({"view"}),
    Event.INTAKE_CONFIRMED: frozenset({"form"}),
    Event.CODE_SENT: frozenset({"purpose"}),
    Event.CODE_ACCEPTED: frozenset({"purpose"}),
    Event.CODE_REFUSED: frozenset({"purpose"}),
    Event.APPOINTMENT_HELD: frozenset({"service", "starts_at"}),
    Event.APPOINTMENT_HOLD_EXTENDED: frozenset({"until"}),
    Event.APPOINTMENT_BOOKED: frozenset({"service", "starts_at", "approval"}),
    Event.APPOINTMENT_MOVED: frozenset(
        {
            "was_starts_at",
            "starts_at",
            "was_practitioner",
            "practitioner",
            "was_room",
            "room",
            "reason",
        }
    ),
    Event.APPOINTMENT_OVERRIDDEN: frozenset({"overrode"}),
    Event.APPOINTMENT_STATUS: frozenset({"was", "now"}),
    Event.APPOINTMENT_CANCELLED: frozenset({"reason"}),
    Event.APPOINTMENT_CANCEL_UNDONE: frozenset({"starts_at"}),
    Event.BOOKING_REFUSED: frozenset({"service", "reasons"}),
    Event.WAITLIST_JOINED: frozenset({"service"}),
    Event.OFFER_MADE: frozenset({"starts_at", "until"}),
    # One for the record that goes on and one for the other; whether a sign-in was closed or opened.
    Event.PATIENTS_MERGED: frozenset({"other", "sign_in"}),
    Event.PATIENT_REPLACED: frozenset({"other", "sign_in"}),
    Event.PATIENTS_PARTED: frozenset({"other", "sign_in"}),
    Event.PATIENT_RESTORED: frozenset({"other", "sign_in"}),
    Event.NOTE_SIGNED: frozenset({"decision", "appointment"}),
    Event.APPROVAL_GIVEN: frozenset({"modalities", "valid_until", "note"}),
    Event.APPROVAL_SUPERSEDED: frozenset({"by"}),
    # Which answers: a manager reads this log, so it names the form and no question.
    Event.APPROVAL_SUSPENDED: frozenset({"form"}),
    Event.APPROVAL_RESUMED: frozenset({"form"}),
    Event.SIGN_IN_MADE: frozenset({"roles"}),
    Event.SIGNED_IN: frozenset({"by"}),
    Event.CONFIRMED: frozenset({"by"}),
    Event.LOCKED: frozenset({"kind"}),
    Event.FACTOR_ADDED: frozenset({"kind"}),
    Event.FACTOR_REMOVED: frozenset({"kind"}),
    Event.FACTOR_REFUSED: frozenset({"kind"}),
    Event.SESSION_ENDED: frozenset({"session", "because", "count"}),
    Event.ROLES_CHANGED: frozenset({"was", "now"}),
    Event.SITES_CHANGED: frozenset({"was", "now"}),
    Event.SITE_CHOSEN: frozenset({"site"}),
    Event.PHYSICIAN_ADDED: frozenset({"credentials"}),
    Event.CONTACT_CHANGED: frozenset({"fields"}),
    Event.EMERGENCY_OPENED: frozenset({"until"}),
    Event.AUDIT_VIEWED: frozenset({"filters"}),
    Event.AUDIT_EXPORTED: frozenset({"filters", "rows"}),
    # Which list, of which day where it is one of a day; a typed search is never kept.
    Event.LIST_EXPORTED: frozenset({"list", "day", "rows"}),
    Event.FORM_KEPT: frozenset({"endpoint"}),
    Event.FORM_GIVEN_BACK: frozenset({"endpoint"}),
    Event.FIELDS_IGNORED: frozenset({"endpoint", "fields"}),
    Event.KEYS_ROTATED: frozenset({"key", "rewrapped"}),
    Event.KEY_RETIRED: frozenset({"key"}),
    Event.DENIED: frozenset({"endpoint", "status"}),
    Event.CLINIC_MADE: frozenset({"practitioners", "services", "rooms"}),
    Event.ROSTER_CHANGED: frozenset({"table", "row", "fields"}),
    Event.PROFILE_CHANGED: frozenset({"version", "fields"}),
    Event.SEAL_BROKEN: frozenset({"where"}),
    Event.NOTE_SAVED: frozenset({"version"}),
}
