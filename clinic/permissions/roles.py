"""The kinds of people, and what there is to do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    TABLET = "tablet"  # the desk's tablet in a patient's hands: one form, nothing else
    PHONE = "phone-at-check-in"  # the patient's own phone: one visit's check-in, nothing else
    CODE = "patient-by-code"  # typed a code sent to the address on file, not signed in
    PATIENT = "patient"
    FRONT_DESK = "front-desk"
    PHYSICIAN = "physician"
    MANAGER = "manager"


STAFF = frozenset({Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER})
# What opens one form, and leads back to it from every other address.
ONE_FORM = frozenset({Role.TABLET, Role.PHONE})


class Permission(StrEnum):
    OWN_VISITS_READ = "own-visits:read"
    OWN_VISITS_BOOK = "own-visits:book"
    OWN_VISITS_MOVE = "own-visits:move"
    OWN_VISITS_CANCEL = "own-visits:cancel"
    OWN_WAITLIST_WRITE = "own-waitlist:write"
    OWN_RECORD_READ = "own-record:read"
    OWN_RECORD_WRITE = "own-record:write"
    OWN_READERS_READ = "own-readers:read"
    OWN_CONTACT_WRITE = "own-contact:write"
    ACCOUNT_MAKE = "account:make"
    ACCOUNT_SECURE = "account:secure"
    SITE_CHOOSE = "site:choose"
    TABLET_ANSWER = "tablet:answer"
    ARRIVAL_ANSWER = "arrival:answer"
    MY_DAY_READ = "my-day:read"
    REVIEW_QUEUE_READ = "review-queue:read"
    SAFETY_ALERT_TAKE = "safety-alert:take"
    RECORD_READ = "record:read"
    NOTE_WRITE = "note:write"
    NOTE_SIGN = "note:sign"
    VISIT_FINISH = "visit:finish"
    EMERGENCY_OPEN = "emergency:open"
    DAY_SHEET_READ = "day-sheet:read"
    PATIENT_FIND = "patient:find"
    PATIENT_ADD = "patient:add"
    PATIENT_CONTACT_WRITE = "patient-contact:write"
    PATIENT_INVITE = "patient:invite"
    PATIENT_MERGE = "patient:merge"
    TABLET_HAND_OVER = "tablet:hand-over"
    VISIT_BOOK = "visit:book"
    VISIT_CHANGE = "visit:change"
    VISIT_CHECK_IN = "visit:check-in"
    VISIT_CANCEL = "visit:cancel"
    ABSENCE_ON_SHORT_NOTICE = "absence:on-short-notice"
    WAITLIST_READ = "waitlist:read"
    WAITLIST_WRITE = "waitlist:write"
    CLINIC_READ = "clinic:read"
    ROSTER_WRITE = "roster:write"
    STAFF_WRITE = "staff:write"
    EMERGENCY_READ = "emergency:read"
    AUDIT_READ = "audit:read"
    AUDIT_EXPORT = "audit:export"
    NUMBERS_READ = "numbers:read"
