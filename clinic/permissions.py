"""Who may do what: one table a clinic manager could read aloud.

`GRANTS` answers "may this kind of person?"; whose row it is, is answered by the query that the
route's guard names: it takes the actor, and what is not theirs is not found (404, S2).
`FIELDS` lists what each kind of person may read of a shared thing, `WRITABLE` what they may
change of it (S4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g

if TYPE_CHECKING:
    from clinic.audit.events import Event

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    TABLET = "tablet"  # the desk's tablet in a patient's hands: one form, nothing else
    CODE = "patient-by-code"  # typed a code sent to the address on file, not signed in
    PATIENT = "patient"
    FRONT_DESK = "front-desk"
    PHYSICIAN = "physician"
    MANAGER = "manager"


STAFF = frozenset({Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER})


class Permission(StrEnum):
    OWN_VISITS_READ = "own-visits:read"
    OWN_VISITS_BOOK = "own-visits:book"
    OWN_VISITS_CANCEL = "own-visits:cancel"
    OWN_RECORD_READ = "own-record:read"
    OWN_RECORD_WRITE = "own-record:write"
    OWN_READERS_READ = "own-readers:read"
    OWN_CONTACT_WRITE = "own-contact:write"
    ACCOUNT_MAKE = "account:make"
    ACCOUNT_SECURE = "account:secure"
    TABLET_ANSWER = "tablet:answer"
    MY_DAY_READ = "my-day:read"
    REVIEW_QUEUE_READ = "review-queue:read"
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
    TABLET_HAND_OVER = "tablet:hand-over"
    VISIT_BOOK = "visit:book"
    VISIT_CHECK_IN = "visit:check-in"
    VISIT_CANCEL = "visit:cancel"
    CLINIC_READ = "clinic:read"
    STAFF_WRITE = "staff:write"
    EMERGENCY_READ = "emergency:read"
    AUDIT_READ = "audit:read"
    AUDIT_EXPORT = "audit:export"


P = Permission

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.TABLET: frozenset({P.TABLET_ANSWER}),
    # OWN_RECORD_* by code is for a patient who has no account; the query refuses the others (S11).
    Role.CODE: frozenset(
        {
            P.OWN_VISITS_READ,
            P.OWN_VISITS_BOOK,
            P.OWN_VISITS_CANCEL,
            P.OWN_RECORD_READ,
            P.OWN_RECORD_WRITE,
            P.OWN_READERS_READ,
            P.OWN_CONTACT_WRITE,
            P.ACCOUNT_MAKE,
        }
    ),
    Role.PATIENT: frozenset(
        {
            P.OWN_VISITS_READ,
            P.OWN_VISITS_BOOK,
            P.OWN_VISITS_CANCEL,
            P.OWN_RECORD_READ,
            P.OWN_RECORD_WRITE,
            P.OWN_READERS_READ,
            P.OWN_CONTACT_WRITE,
            P.ACCOUNT_SECURE,
        }
    ),
    Role.FRONT_DESK: frozenset(
        {
            P.DAY_SHEET_READ,
            P.PATIENT_FIND,
            P.PATIENT_ADD,
            P.PATIENT_CONTACT_WRITE,
            P.PATIENT_INVITE,
            P.TABLET_HAND_OVER,
            P.ACCOUNT_SECURE,
            P.VISIT_BOOK,
            P.VISIT_CHECK_IN,
            P.VISIT_CANCEL,
        }
    ),
    Role.PHYSICIAN: frozenset(
        {
            P.MY_DAY_READ,
            P.REVIEW_QUEUE_READ,
            P.RECORD_READ,
            P.NOTE_WRITE,
            P.NOTE_SIGN,
            P.VISIT_FINISH,
            P.VISIT_BOOK,
            P.EMERGENCY_OPEN,
            P.ACCOUNT_SECURE,
        }
    ),
    Role.MANAGER: frozenset(
        {
            P.CLINIC_READ,
            P.STAFF_WRITE,
            P.EMERGENCY_READ,
            P.AUDIT_READ,
            P.AUDIT_EXPORT,
            P.ACCOUNT_SECURE,
        }
    ),
}

FIELDS: Mapping[str, Mapping[Role, frozenset[str]]] = {
    "approval": {
        Role.CODE: frozenset({"modalities", "areas", "valid_from", "valid_until", "physician"}),
        Role.PATIENT: frozenset({"modalities", "areas", "valid_from", "valid_until", "physician"}),
        Role.FRONT_DESK: frozenset({"modalities", "valid_until"}),
        Role.PHYSICIAN: frozenset(
            {
                "modalities",
                "areas",
                "product",
                "ceiling",
                "valid_from",
                "valid_until",
                "conditions",
                "physician",
            }
        ),
    },
    "refusal": {
        Role.CODE: frozenset({"reason"}),
        Role.PATIENT: frozenset({"reason"}),
        Role.PHYSICIAN: frozenset({"reason"}),
        Role.FRONT_DESK: frozenset({"desk_word"}),
    },
}


def readable(resource: str, roles: frozenset[Role]) -> frozenset[str]:
    """The fields of *resource* that someone with *roles* may read: the union over the roles."""
    table = FIELDS[resource]
    return frozenset().union(*(table.get(role, frozenset()) for role in roles))


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


@dataclass(frozen=True)
class Actor:
    """Who is asking. *label* goes into the audit log; ids are row numbers, never shown."""

    label: str
    roles: frozenset[Role] = frozenset()
    user_id: int | None = None
    patient_id: int | None = None
    practitioner_id: int | None = None
    visitor_id: int | None = None
    has_account: bool = False

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[role] for role in self.roles)

    @property
    def opens_own_record(self) -> bool:
        """An e-mailed code opens visits only, once there is an account with a password (S11)."""
        return self.patient_id is not None and (self.user_id is not None or not self.has_account)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def on_tablet(self) -> bool:
        return Role.TABLET in self.roles


def system(name: str) -> Actor:
    """The actor of work that nobody signed in asked for: the worker, a command."""
    return Actor(label=f"system:{name}")


@dataclass(frozen=True)
class Guard:
    """What stands at a route's door.

    *find* takes the actor and the route's public id and returns the row or None (404); the view
    receives the row in place of the id. *audit* is the event written before the view runs.
    *fresh* asks for the password again when it was last shown more than ten minutes ago (S16).
    """

    permission: Permission | None
    find: Callable[[Actor, str], Any] | None = None
    audit: Event | None = None
    fresh: bool = False


def requires(
    permission: Permission,
    *,
    of: Callable[[Actor, str], Any] | None = None,
    audit: Event | None = None,
    fresh: bool = False,
) -> Callable[[View], View]:
    """Declare who may enter a route, whose row it is about and what reading it leaves behind."""

    def mark(view: View) -> View:
        view.guard = Guard(permission, of, audit, fresh)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Declare that anybody may enter a route."""
    view.guard = Guard(None)  # type: ignore[attr-defined]
    return view


def owner(of: Callable[[Actor, str], Any], *, audit: Event | None = None) -> Callable[[View], View]:
    """Declare that whoever the query finds the row for may enter, signed in or not."""

    def mark(view: View) -> View:
        view.guard = Guard(None, of, audit)  # type: ignore[attr-defined]
        return view

    return mark


# Routes that libraries bring; a route in neither place stops the start.
EXTERNAL_ROUTES: Mapping[str, Guard] = {
    "security.login": Guard(None),
    "security.logout": Guard(None),
    "security.forgot_password": Guard(None),
    "security.reset_password": Guard(None),
}

# All that the desk's tablet opens while it is in a patient's hands: its own form, and the page on
# which staff sign in again. Every other address leads back to the form.
TABLET_ROUTES = frozenset(
    {
        "tablet.home",
        "tablet.give_back",
        "tablet.over",
        "intake.page",
        "intake.send",
        "security.login",
        "public.healthz",
        "public.readyz",
    }
)


def current_actor() -> Actor:
    """Who is asking, as found out at the start of this request."""
    actor: Actor = g.actor
    return actor
