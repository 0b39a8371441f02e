"""What each role may read of a shared thing, field by field (S4): the rest never reaches a page.

Source: security checklist, section 1. A physician reads these of patients in their care, a patient
their own; whose row it is was asked before. A thing that is missing here has no page yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.permissions.roles import Role

Fields = frozenset[str]

OWN_APPROVAL: Fields = frozenset(
    {"modalities", "areas", "off_label", "valid_from", "valid_until", "conditions", "physician"}
)
OWN_CONTACT: Fields = frozenset({"name", "born_on", "phone", "email"})
OWN_VISIT: Fields = frozenset({"starts_at", "service", "practitioner", "status", "place"})
OWN_NOTE: Fields = frozenset(
    {"decision", "physician", "signed_on", "words", "until", "to", "question", "answer"}
)

# What somebody waits for: the service's name says no more than a booked visit's does.
OWN_WISH: Fields = frozenset(
    {"service", "practitioner", "weekdays", "parts", "from_on", "until_on", "since", "zone"}
)
OWN_OFFER: Fields = frozenset({"starts_at", "practitioner", "until", "state"})

# A booked visit that the roster does not carry: whoever changes hours sees whom it concerns.
OUTSIDE: Fields = frozenset(
    {"starts_at", "zone", "patient_name", "service", "practitioner", "colour", "room", "reasons"}
)

# A visit on the day's sheets of paper.
ON_PAPER: Fields = frozenset(
    {
        "starts_at",
        "ends_at",
        "patient_name",
        "service",
        "practitioner",
        "room",
        "place",
        "status",
        "missing",  # form, renewal, answers, contact: each yes or no
    }
)

HELP: Fields = frozenset({"preferred_name", "interpreter", "language", "access", "chaperone"})

FIELDS: Mapping[str, Mapping[Role, Fields]] = {
    "patient": {
        Role.CODE: OWN_CONTACT,
        Role.PATIENT: OWN_CONTACT,
        Role.FRONT_DESK: OWN_CONTACT | {"possible_duplicate_of"},
        Role.PHYSICIAN: OWN_CONTACT,
    },
    # What a manager compares before two records of one person are put together: how many, and yes
    # or no, nothing of what.
    "record to merge": {
        Role.MANAGER: OWN_CONTACT
        | {"since", "signs_in", "visits_ahead", "visits_past", "forms", "approved", "waits"}
    },
    "appointment": {
        Role.CODE: OWN_VISIT,
        Role.PATIENT: OWN_VISIT,
        Role.FRONT_DESK: frozenset(
            {
                "starts_at",
                "ends_at",
                "patient_name",
                "service",
                "practitioner",
                "practitioner_id",
                "colour",
                "room",
                "room_id",
                "place",
                "place_id",
                "zone",
                "status",
                "is_late",
                "since",
                "form_missing",  # the form's state, yes or no
                "needs_renewal",  # the approval's, yes or no
                "answers",  # confirmed, not confirmed, or not asked
                "version",  # how often it was changed
                "step",  # how far apart its service begins
                "unreachable",  # no phone number and no proved address, yes or no
            }
        ),
        Role.PHYSICIAN: frozenset(
            {"starts_at", "patient_name", "service", "practitioner", "room", "status"}
        ),
    },
    # Whoever calls and meets patients needs to reach and to tell them apart.
    "visit on paper": {
        Role.FRONT_DESK: ON_PAPER | {"born_on", "phone"},
        Role.PHYSICIAN: ON_PAPER,
    },
    "waiting form": {
        Role.PHYSICIAN: frozenset(
            {
                "patient_name",
                "waiting_since",
                "starts_at",
                "zone",
                "status",
                "levels",
                "mine",
                "in_care",
                "asked_at",
                "replied_at",
            }
        ),
    },
    "safety alert": {
        Role.PHYSICIAN: frozenset({"alert_id", "patient_name", "raised_at"}),
    },
    # Ready to be seen: which point, what is missing in the desk's words, and what clears it.
    "readiness": {Role.FRONT_DESK: frozenset({"point", "lack", "way", "words"})},
    "approval": {
        Role.CODE: OWN_APPROVAL,
        Role.PATIENT: OWN_APPROVAL,
        Role.FRONT_DESK: frozenset({"modalities", "valid_until"}),
        Role.PHYSICIAN: OWN_APPROVAL | {"product", "ceiling"},
    },
    "refusal": {
        Role.CODE: frozenset({"reason"}),
        Role.PATIENT: frozenset({"reason"}),
        Role.PHYSICIAN: frozenset({"reason"}),
        Role.FRONT_DESK: frozenset({"desk_word"}),
    },
    "note": {
        Role.CODE: OWN_NOTE,
        Role.PATIENT: OWN_NOTE,
        Role.PHYSICIAN: OWN_NOTE
        | {"text", "findings", "flags", "droop", "why", "conditions", "private", "addenda"},
    },
    # What a patient asked for at the visit, and nothing else of the form: it is to be prepared.
    "help at the visit": {
        Role.FRONT_DESK: HELP,
        Role.PHYSICIAN: HELP,
        Role.PATIENT: HELP,
    },
    # What another profile of the jurisdiction would change: before and after in the desk's words.
    "approval touched": {
        Role.MANAGER: frozenset(
            {"patient_name", "modalities", "valid_until", "before", "after", "is_longer"}
        ),
    },
    "visit touched": {
        Role.MANAGER: frozenset(
            {"starts_at", "zone", "patient_name", "service", "before", "after"}
        ),
    },
    "visit outside": {
        Role.FRONT_DESK: OUTSIDE,
        Role.MANAGER: OUTSIDE,
    },
    "wish": {
        Role.CODE: OWN_WISH,
        Role.PATIENT: OWN_WISH,
        Role.FRONT_DESK: OWN_WISH
        | {"patient_name", "phone", "has_email", "place", "state", "offers"},
    },
    "offer": {
        Role.CODE: OWN_OFFER,
        Role.PATIENT: OWN_OFFER,
        Role.FRONT_DESK: OWN_OFFER | {"offered_at", "ended_at"},
    },
    "emergency access": {
        Role.MANAGER: frozenset(
            {"practitioner", "patient", "born_on", "opened_at", "until", "reason"}
        ),
        Role.CODE: frozenset({"practitioner", "opened_at", "until", "reason"}),
        Role.PATIENT: frozenset({"practitioner", "opened_at", "until", "reason"}),
    },
    "staff account": {
        Role.MANAGER: frozenset(
            {
                "name",
                "email",
                "roles",
                "is_physician",
                "active",
                "has_password",
                "second_factor",
                "open_sessions",
                "last_seen",
                "sites",
            }
        ),
    },
    "audit": {
        Role.MANAGER: frozenset(
            {"at", "event", "actor", "roles", "patient", "subject", "facts", "result", "address"}
        ),
        Role.CODE: frozenset({"at", "event", "actor", "roles"}),
        Role.PATIENT: frozenset({"at", "event", "actor", "roles"}),
    },
}


def readable(resource: str, roles: frozenset[Role]) -> Fields:
    """The fields of *resource* that someone with *roles* may read: the union over the roles."""
    table = FIELDS[resource]
    return frozenset().union(*(table.get(role, frozenset()) for role in roles))


def only_readable(
    resource: str, roles: frozenset[Role], everything: Mapping[str, Any]
) -> dict[str, Any]:
    """What someone with *roles* may read out of *everything* that there is to say."""
    allowed = readable(resource, roles)
    return {name: value for name, value in everything.items() if name in allowed}


# Everything else of a record is written by its own services, from no form's field (V15.3.3). The
# name is changed at the desk, which sees who stands there; a birth date is nobody's to edit.
WRITABLE: Mapping[str, Mapping[Role, frozenset[str]]] = {
    "contact": {
        Role.CODE: frozenset({"phone", "email"}),
        Role.PATIENT: frozenset({"phone"}),
        Role.FRONT_DESK: frozenset({"name", "phone", "email"}),
    },
}


def writable(resource: str, roles: frozenset[Role]) -> frozenset[str]:
    """The fields of *resource* that someone with *roles* may change: the union over the roles."""
    table = WRITABLE[resource]
    return frozenset().union(*(table.get(role, frozenset()) for role in roles))
