"""The table of permissions as sentences, for whoever answers for the clinic.

`flask permissions` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clinic.permissions import GRANTS
from clinic.permissions.fields import FIELDS, WRITABLE
from clinic.permissions.roles import Permission as P
from clinic.permissions.roles import Role

WHO: Mapping[Role, str] = {
    Role.TABLET: "The desk’s tablet in a patient’s hands",
    Role.PHONE: "A patient’s own phone at the check-in",
    Role.CODE: "A patient who typed the code from a mail",
    Role.PATIENT: "A patient who has signed in",
    Role.FRONT_DESK: "The front desk",
    Role.PHYSICIAN: "A physician",
    Role.MANAGER: "A manager",
}

MAY: Mapping[P, str] = {
    P.OWN_VISITS_READ: "see their own visits",
    P.OWN_VISITS_BOOK: "book visits for themself",
    P.OWN_VISITS_MOVE: "move their own visits to another time",
    P.OWN_VISITS_CANCEL: "cancel their own visits",
    P.OWN_WAITLIST_WRITE: "join, change and leave the waiting list, and answer an offer",
    P.OWN_RECORD_READ: "read their own record (by code only while they have no account)",
    P.OWN_RECORD_WRITE: "fill in and change their own form, and answer a physician’s question",
    P.OWN_READERS_READ: "see who read their record",
    P.OWN_CONTACT_WRITE: "change their own phone number, and by code the address we write to",
    P.ACCOUNT_MAKE: "choose a password and so make an account",
    P.ACCOUNT_SECURE: "change their own password and second step, and end their own sessions",
    P.SITE_CHOOSE: "choose which of their sites they look at",
    P.TABLET_ANSWER: "fill in the one form that the desk handed over",
    P.ARRIVAL_ANSWER: "say that they are here for one visit, and whether anything has changed",
    P.MY_DAY_READ: "see their own visits of a day",
    P.REVIEW_QUEUE_READ: "see which forms wait, by name and level, and take one into their care",
    P.SAFETY_ALERT_TAKE: "see which forms must be read today, and take one on",
    P.RECORD_READ: "read the records of patients in their care",
    P.NOTE_WRITE: "write notes about patients in their care",
    P.NOTE_SIGN: "sign notes and approvals, and withdraw their own approvals",
    P.VISIT_FINISH: "mark a treatment of a patient in their care as done",
    P.EMERGENCY_OPEN: "open a record outside their care for an hour, with a reason",
    P.DAY_SHEET_READ: "see the calendar: names, times, services, rooms; nothing clinical",
    P.PATIENT_FIND: "find any patient, by name, phone, address or date of birth",
    P.PATIENT_ADD: "enter a new patient",
    P.PATIENT_CONTACT_WRITE: "change a patient’s name, phone number and address",
    P.PATIENT_INVITE: "send a patient a link to their record",
    P.PATIENT_MERGE: "put two records of one person together, and take that back for 30 days",
    P.TABLET_HAND_OVER: "hand the tablet to a patient",
    P.VISIT_BOOK: "book visits for a patient (a physician: in their care)",
    P.VISIT_CHANGE: "move a patient’s visit or call it off (a physician: in their care)",
    P.VISIT_CHECK_IN: "mark a visit as arrived, in the room or missed",
    P.VISIT_CANCEL: "cancel a patient’s visit",
    P.ABSENCE_ON_SHORT_NOTICE: (
        "write down that somebody is away today, and move booked visits that nobody can keep"
    ),
    P.WAITLIST_READ: "see who waits for which service since when, and what was offered to whom",
    P.WAITLIST_WRITE: "put a patient on the waiting list, take them off, offer a free time",
    P.CLINIC_READ: "see staff, services, rooms and hours",
    P.ROSTER_WRITE: (
        "change hours, absences, closed days, services, rooms, devices and credentials"
    ),
    P.STAFF_WRITE: (
        "add staff, change roles and sites (never their own), shut out, and start resets"
    ),
    P.EMERGENCY_READ: "see which records were opened in an emergency, by whom and why",
    P.AUDIT_READ: "read the audit log",
    P.AUDIT_EXPORT: "take a copy of the audit log",
    P.NUMBERS_READ: "see numbers about the clinic as a whole: totals, never of one patient",
}


def read_aloud() -> Iterator[str]:
    """Role by role: what they may do, then what they read and change; one line each."""
    for role in Role:
        yield WHO[role]
        for permission in P:
            if permission in GRANTS[role]:
                yield f"  may {MAY[permission]}"
        for verb, tables in (("reads", FIELDS), ("changes", WRITABLE)):
            for resource, table in tables.items():
                if role in table:
                    names = ", ".join(sorted(name.replace("_", " ") for name in table[role]))
                    yield f"  {verb} of each {resource}: {names}"
