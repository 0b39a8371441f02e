"""The words for every event, in groups that a reader of the log can ask for.

They follow a name: "Bea Lund" "looked at contact data and visits". None says what a physician
found or decided: a manager reads that something was done, never what it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from clinic.audit.events import Event

Words = Mapping[Event, str]

LOOKS: Words = {
    Event.RECORD_VIEWED: _l("opened the record"),
    Event.RECORD_LIST_VIEWED: _l("looked at the list of patients in their care"),
    Event.DESK_VIEWED: _l("looked at contact data and visits"),
    Event.PATIENT_FOUND: _l("looked for a patient"),
    Event.REVIEW_TAKEN: _l("took the form to review"),
    Event.FORM_VIEWED: _l("opened a form"),
    Event.PHOTO_VIEWED: _l("looked at a photo"),
    Event.OWN_RECORD_VIEWED: _l("opened their own record"),
    Event.READERS_VIEWED: _l("looked at who opened their record"),
    Event.LIST_EXPORTED: _l("took a list along, on paper or as a file"),
}
EMERGENCIES: Words = {
    Event.EMERGENCY_OPENED: _l("opened the record in an emergency"),
    Event.EMERGENCY_CLOSED: _l("closed the record after an emergency"),
    Event.EMERGENCIES_VIEWED: _l("looked at the list of emergency openings"),
}
VISITS: Words = {
    Event.APPOINTMENT_HELD: _l("held a time"),
    Event.APPOINTMENT_HOLD_EXTENDED: _l("held a time for longer"),
    Event.APPOINTMENT_RELEASED: _l("let a held time go"),
    Event.APPOINTMENT_HOLD_EXPIRED: _l("ended a hold that had run out"),
    Event.APPOINTMENT_BOOKED: _l("booked a visit"),
    Event.APPOINTMENT_OVERRIDDEN: _l("put a visit where no time was on offer"),
    Event.APPOINTMENT_STATUS: _l("moved a visit on through the day"),
    Event.APPOINTMENT_MOVED: _l("moved a visit to another time"),
    Event.APPOINTMENT_CANCELLED: _l("cancelled a visit"),
    Event.APPOINTMENT_CANCEL_UNDONE: _l("took a cancellation back"),
    Event.ARRIVAL_SENT: _l("sent a link to check in"),
    Event.ARRIVAL_OPENED: _l("opened the check-in of a visit"),
    Event.ARRIVAL_REFUSED: _l("was refused at the check-in"),
    Event.ARRIVAL_ENDED: _l("closed the check-in of a visit"),
    Event.BOOKING_REFUSED: _l("asked for a visit that could not be booked"),
    Event.WAITLIST_JOINED: _l("joined the waiting list"),
    Event.WAITLIST_CHANGED: _l("changed a wish on the waiting list"),
    Event.WAITLIST_LEFT: _l("left the waiting list"),
    Event.OFFER_MADE: _l("offered a freed time"),
    Event.OFFER_ACCEPTED: _l("accepted an offered time"),
    Event.OFFER_DECLINED: _l("declined an offered time"),
    Event.OFFER_EXPIRED: _l("ended an offer that nobody answered"),
    Event.OFFER_WITHDRAWN: _l("ended an offer whose time went for another reason"),
}
RECORDS: Words = {
    Event.INTAKE_STARTED: _l("started a form"),
    Event.INTAKE_SAVED: _l("saved a page of a form"),
    Event.INTAKE_RESUMED: _l("went on with a form"),
    Event.INTAKE_SUBMITTED: _l("sent a form"),
    Event.PHOTO_ADDED: _l("added a photo to a form"),
    Event.PHOTO_REMOVED: _l("took a photo out of a form"),
    Event.PHOTO_CONSENT: _l("said what photos may be used for"),
    Event.PHOTO_ERASED: _l("erased a photo"),
    Event.INTAKE_CONFIRMED: _l("confirmed the answers of a form"),
    Event.FORM_URGENT: _l("saved a form that a physician reads the same day"),
    Event.FORM_URGENT_TAKEN: _l("took on a form to read the same day"),
    Event.NOTE_SAVED: _l("saved a draft of a note"),
    Event.NOTE_SIGNED: _l("signed a note"),
    Event.NOTE_ADDENDUM: _l("added to a signed note"),
    Event.QUESTION_SENT: _l("asked the patient something"),
    Event.REPLY_GIVEN: _l("answered a question"),
    Event.APPROVAL_GIVEN: _l("recorded a decision"),
    Event.APPROVAL_SUPERSEDED: _l("replaced an earlier decision"),
    Event.APPROVAL_SUSPENDED: _l("sent a form that paused an earlier decision"),
    Event.APPROVAL_RESUMED: _l("read new answers and let an earlier decision go on"),
    Event.APPROVAL_WITHDRAWN: _l("ended an earlier decision"),
    Event.TABLET_HANDED: _l("handed over the tablet"),
    Event.TABLET_ENDED: _l("took the tablet back"),
    Event.FORM_KEPT: _l("was signed out while typing; what was typed is kept"),
    Event.FORM_GIVEN_BACK: _l("was given back what was typed before signing in again"),
}
PATIENTS: Words = {
    Event.PATIENT_ADDED: _l("made a record"),
    Event.PATIENTS_MERGED: _l("put another record of the same person together with this one"),
    Event.PATIENT_REPLACED: _l("let the record lead to another one of the same person"),
    Event.PATIENTS_PARTED: _l("took another record apart from this one again"),
    Event.PATIENT_RESTORED: _l("let the record stand for itself again"),
    Event.CONTACT_CHANGED: _l("changed contact data"),
    Event.CLAIM_SENT: _l("sent an invitation to open the record"),
    Event.CLAIMED: _l("opened the record with an invitation"),
    Event.CLAIM_REFUSED: _l("was refused with an invitation"),
}
SIGNING_IN: Words = {
    Event.CODE_SENT: _l("asked for a code by e-mail"),
    Event.CODE_ACCEPTED: _l("typed the right code"),
    Event.CODE_REFUSED: _l("typed a wrong code"),
    Event.SIGNED_IN: _l("signed in"),
    Event.SIGNED_OUT: _l("signed out"),
    Event.SIGN_IN_REFUSED: _l("was refused at signing in"),
    Event.ACCOUNT_MADE: _l("made an account"),
    Event.PASSWORD_CHANGED: _l("changed the password"),
    Event.EMAIL_CHANGED: _l("changed the e-mail address for signing in"),
    Event.CONFIRMED: _l("showed again who they are"),
    Event.CONFIRM_REFUSED: _l("failed to show again who they are"),
    Event.LOCKED: _l("was locked out after too many tries"),
    Event.FACTOR_ADDED: _l("added a second step to signing in"),
    Event.FACTOR_REMOVED: _l("removed a second step from signing in"),
    Event.FACTOR_REFUSED: _l("was refused at the second step of signing in"),
    Event.RECOVERY_MADE: _l("made recovery codes"),
    Event.RECOVERY_USED: _l("signed in with a recovery code"),
    Event.SESSION_ENDED: _l("ended a sign-in on a device"),
}
STAFF: Words = {
    Event.CLINIC_MADE: _l("made the clinic"),
    Event.ROSTER_CHANGED: _l("changed the roster"),
    Event.PROFILE_CHANGED: _l("changed the rules of the jurisdiction"),
    Event.SIGN_IN_MADE: _l("made a sign-in"),
    Event.ROLES_CHANGED: _l("changed roles"),
    Event.SITES_CHANGED: _l("changed at which sites somebody works"),
    Event.SITE_CHOSEN: _l("chose which site to look at"),
    Event.PHYSICIAN_ADDED: _l("added a physician who can be booked"),
    Event.STAFF_SHUT_OUT: _l("shut somebody out"),
    Event.STAFF_LET_IN: _l("let somebody in again"),
    Event.RESET_STARTED: _l("started a new sign-in for somebody"),
}
REFUSALS: Words = {
    Event.DENIED: _l("was refused a page"),
    Event.FIELDS_IGNORED: _l("sent fields that a form does not have"),
    Event.SEAL_BROKEN: _l("met a stored value that does not open"),
}
LOG_AND_KEYS: Words = {
    Event.AUDIT_VIEWED: _l("looked at this log"),
    Event.AUDIT_EXPORTED: _l("exported this log"),
    Event.KEYS_ROTATED: _l("changed the key that wraps all others"),
    Event.KEY_RETIRED: _l("retired a key"),
}

# By the code in the address: the name of the group, and its events.
GROUPS: Mapping[str, tuple[str, Words]] = {
    "looks": (_l("Looking at a record"), LOOKS),
    "emergencies": (_l("Emergency openings"), EMERGENCIES),
    "visits": (_l("Visits"), VISITS),
    "records": (_l("Forms, notes and decisions"), RECORDS),
    "patients": (_l("Patients and contact data"), PATIENTS),
    "signing-in": (_l("Signing in"), SIGNING_IN),
    "staff": (_l("Staff and clinic"), STAFF),
    "refusals": (_l("Refusals"), REFUSALS),
    "log": (_l("This log and the keys"), LOG_AND_KEYS),
}
WORDS: Words = {event: said for _name, words in GROUPS.values() for event, said in words.items()}

RESULTS: Mapping[str, str] = {
    "done": _l("Done"),
    "refused": _l("Refused"),
    "denied": _l("Not allowed"),
    "failed": _l("Failed"),
}

# What a patient is told of the staff of the clinic, said to them.
TO_PATIENT: Words = {
    Event.RECORD_VIEWED: _l("opened your record"),
    Event.EMERGENCY_OPENED: _l("opened your record in an emergency and wrote down why"),
    Event.PHOTO_VIEWED: _l("looked at a photo of you"),
    Event.DESK_VIEWED: _l("looked at your contact data and visits"),
    Event.REVIEW_TAKEN: _l("took your form to review"),
    Event.FORM_URGENT_TAKEN: _l("took on your form to read the same day"),
    Event.PATIENT_ADDED: _l("made your record"),
    Event.PATIENTS_MERGED: _l("put another record of yours together with this one"),
    Event.PATIENTS_PARTED: _l("took a record apart again that had been put together with yours"),
    Event.CONTACT_CHANGED: _l("changed your contact data"),
    Event.CLAIM_SENT: _l("sent you an invitation to open your record"),
    Event.TABLET_HANDED: _l("handed you the tablet for your form"),
    Event.APPOINTMENT_BOOKED: _l("booked a visit for you"),
    Event.APPOINTMENT_MOVED: _l("moved a visit of yours"),
    Event.APPOINTMENT_CANCELLED: _l("cancelled a visit of yours"),
    Event.APPOINTMENT_CANCEL_UNDONE: _l("took back that a visit of yours was cancelled"),
    Event.WAITLIST_JOINED: _l("put you on the waiting list"),
    Event.WAITLIST_LEFT: _l("took you off the waiting list"),
    Event.OFFER_MADE: _l("offered you a time"),
    Event.NOTE_SIGNED: _l("signed a note"),
    Event.NOTE_ADDENDUM: _l("added to a signed note"),
    Event.APPROVAL_RESUMED: _l("read new answers and let an earlier decision go on"),
    Event.APPROVAL_WITHDRAWN: _l("ended an earlier decision"),
}


def who(label: str, names: Mapping[str, str]) -> str:
    """The name behind the label of an actor; *names* are those of accounts and patients."""
    if label in names:
        return names[label]
    kind, _colon, rest = label.partition(":")
    if kind == "tablet":
        return _("The tablet handed over by %(name)s", name=names.get(f"user:{rest}", rest))
    if kind == "visitor":
        return _("Somebody not signed in")
    if kind == "system":
        return _("The system (%(part)s)", part=rest)
    return label
