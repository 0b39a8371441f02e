"""Who may do what: one table a clinic manager could read aloud (`flask permissions` does).

The policy of S1 is one question, may(actor, action, object, field), answered in its own order:

* actor and action: the door (`clinic.door`) asks `GRANTS` for the permission that the route's
  guard names; whoever holds it in none of their roles goes no further. What no role is granted
  nobody may do, so there is nothing that a second role could take back (S6).
* object: the query that the guard names takes the actor and finds only what is theirs; what is
  not theirs is not found, as if it did not exist (404, S2).
* field: `FIELDS` lists what each role may read of a shared thing; pages are given a view that
  `only_readable` has cut down to it (S4). `WRITABLE` lists what each may change.

`roles` holds the names, `fields` the fields, `words` how both are read aloud; the table of grants
and the guards of routes are here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g

from clinic.permissions.fields import FIELDS, WRITABLE, only_readable, readable, writable
from clinic.permissions.roles import ONE_FORM, STAFF, Permission, Role

if TYPE_CHECKING:
    from clinic.audit.events import Event

__all__ = [
    "EXTERNAL_ROUTES",
    "FIELDS",
    "GRANTS",
    "PHONE_ROUTES",
    "STAFF",
    "TABLET_ROUTES",
    "WRITABLE",
    "Actor",
    "Guard",
    "Permission",
    "Role",
    "current_actor",
    "may",
    "only_readable",
    "owner",
    "public",
    "readable",
    "requires",
    "system",
    "writable",
]

View = TypeVar("View", bound=Callable[..., Any])


P = Permission

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.TABLET: frozenset({P.TABLET_ANSWER}),
    Role.PHONE: frozenset({P.ARRIVAL_ANSWER}),
    # OWN_RECORD_* by code is for a patient who has no account; the query refuses the others (S11).
    Role.CODE: frozenset(
        {
            P.OWN_VISITS_READ,
            P.OWN_VISITS_BOOK,
            P.OWN_VISITS_MOVE,
            P.OWN_VISITS_CANCEL,
            P.OWN_WAITLIST_WRITE,
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
            P.OWN_VISITS_MOVE,
            P.OWN_VISITS_CANCEL,
            P.OWN_WAITLIST_WRITE,
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
            P.VISIT_CHANGE,
            P.VISIT_CHECK_IN,
            P.VISIT_CANCEL,
            P.ABSENCE_ON_SHORT_NOTICE,
            P.WAITLIST_READ,
            P.WAITLIST_WRITE,
            P.NUMBERS_READ,
            P.SITE_CHOOSE,
        }
    ),
    Role.PHYSICIAN: frozenset(
        {
            P.SITE_CHOOSE,
            P.MY_DAY_READ,
            P.REVIEW_QUEUE_READ,
            P.SAFETY_ALERT_TAKE,
            P.RECORD_READ,
            P.NOTE_WRITE,
            P.NOTE_SIGN,
            P.VISIT_FINISH,
            P.VISIT_BOOK,
            P.VISIT_CHANGE,
            P.EMERGENCY_OPEN,
            P.ACCOUNT_SECURE,
        }
    ),
    Role.MANAGER: frozenset(
        {
            P.SITE_CHOOSE,
            P.CLINIC_READ,
            P.ROSTER_WRITE,
            P.ABSENCE_ON_SHORT_NOTICE,
            P.STAFF_WRITE,
            P.PATIENT_MERGE,
            P.EMERGENCY_READ,
            P.AUDIT_READ,
            P.AUDIT_EXPORT,
            P.NUMBERS_READ,
            P.ACCOUNT_SECURE,
        }
    ),
}


def may(roles: frozenset[Role], permission: Permission) -> bool:
    """Whether one of *roles* is granted it."""
    return any(permission in GRANTS[role] for role in roles)


@dataclass(frozen=True)
class Actor:
    """Who is asking. *label* goes into the audit log; ids are row numbers, never shown.

    *sites* are those that somebody of the staff works at (None: all), *site_id* the one that they
    chose to look at last.
    """

    label: str
    roles: frozenset[Role] = frozenset()
    user_id: int | None = None
    patient_id: int | None = None
    practitioner_id: int | None = None
    visitor_id: int | None = None
    has_account: bool = False
    sites: frozenset[int] | None = None
    site_id: int | None = None

    def may(self, permission: Permission) -> bool:
        return may(self.roles, permission)

    def works_at(self, location_id: int) -> bool:
        return self.sites is None or location_id in self.sites

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

    @property
    def on_phone(self) -> bool:
        return Role.PHONE in self.roles

    @property
    def keeps_to_one_form(self) -> bool:
        """On the desk's tablet, or on a phone at the check-in: nothing else opens there."""
        return bool(self.roles & ONE_FORM)


def system(name: str) -> Actor:
    """The actor of work that nobody signed in asked for: the worker, a command."""
    return Actor(label=f"system:{name}")


@dataclass(frozen=True)
class Guard:
    """What stands at a route's door.

    *find* takes the actor and the route's public id and returns the row or None (404); the view
    receives the row in place of the id. *audit* is the event written before the view runs.
    *fresh* asks for the password again when it was last shown more than ten minutes ago (S16);
    where one address does several things, a function says whether this request is one of them.
    *by_itself* is for what an open page asks again and again: nobody is at work because of it.
    *by_view*: the view writes the look down itself, once for each of those whom it shows.
    """

    permission: Permission | None
    find: Callable[[Actor, str], Any] | None = None
    audit: Event | None = None
    fresh: bool | Callable[[], bool] = False
    by_itself: bool = False
    by_view: bool = False

    def wants_fresh(self) -> bool:
        return self.fresh() if callable(self.fresh) else self.fresh


def requires(
    permission: Permission,
    *,
    of: Callable[[Actor, str], Any] | None = None,
    audit: Event | None = None,
    fresh: bool | Callable[[], bool] = False,
    by_itself: bool = False,
    by_view: bool = False,
) -> Callable[[View], View]:
    """Declare who may enter a route, whose row it is about and what reading it leaves behind."""

    def mark(view: View) -> View:
        view.guard = Guard(  # type: ignore[attr-defined]
            permission, of, audit, fresh, by_itself=by_itself, by_view=by_view
        )
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


def nothing(_actor: Actor, _public_id: str) -> None:
    """Finds nothing for anybody: a library's address that we do not use answers 404."""


SECURE = Guard(Permission.ACCOUNT_SECURE)
FRESH = Guard(Permission.ACCOUNT_SECURE, fresh=True)
ANYBODY = Guard(None)
SHUT = Guard(None, find=nothing)

# Routes that the sign-in library brings; a route in neither place stops the start. Those of the
# second step are open to whoever has shown a password: the library looks for that itself.
EXTERNAL_ROUTES: Mapping[str, Guard] = {
    "security.login": ANYBODY,
    "security.logout": ANYBODY,
    "security.forgot_password": ANYBODY,
    "security.reset_password": ANYBODY,
    "security.two_factor_token_validation": ANYBODY,
    "security.mf_recovery": ANYBODY,
    "security.wan_signin": ANYBODY,
    "security.wan_signin_response": ANYBODY,
    "security.two_factor_setup": ANYBODY,  # asks for a fresh sign-in of who is signed in
    "security.two_factor_setup_validate": FRESH,  # its address names nobody
    "security.verify": SECURE,
    "security.wan_verify": SECURE,
    "security.wan_verify_response": SECURE,
    "security.change_password": SECURE,  # asks for the password itself
    "security.wan_register": FRESH,
    "security.wan_register_response": FRESH,  # the same
    "security.wan_delete": FRESH,
    "security.mf_recovery_codes": FRESH,
    "security.two_factor_rescue": SHUT,
    "security.tf_select": SHUT,
}

# The pages of one form, wherever it is answered.
FORM_ROUTES = frozenset(
    {
        "intake.page",
        "intake.meaning",
        "intake.photos",
        "photos.thumbnail",
        "intake.send",
        "safety.support",
        "public.healthz",
        "public.readyz",
    }
)
# All that the desk's tablet opens while it is in a patient's hands: its own form, and the page on
# which staff sign in again. Every other address leads back to the form.
TABLET_ROUTES = FORM_ROUTES | {
    "tablet.home",
    "tablet.give_back",
    "tablet.over",
    "tablet.changed",
    "security.login",
    "security.two_factor_token_validation",
    "security.two_factor_setup",
    "security.mf_recovery",
    "security.wan_signin",
    "security.wan_signin_response",
}
# The same of a patient's own phone while it checks in for a visit.
PHONE_ROUTES = FORM_ROUTES | {"arriving.here", "arriving.stop", "arriving.over"}


def current_actor() -> Actor:
    """Who is asking, as found out at the start of this request."""
    actor: Actor = g.actor
    return actor
