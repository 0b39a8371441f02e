"""Walks every address of the app as one kind of person, and says what the door should answer.

What is expected is worked out from `GRANTS` and the small tables below, never from the view. A
route, a guard's query or a public page that the tables do not know is an error: whoever adds one
writes here whose row it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule

from clinic.door import guard_of
from clinic.permissions import GRANTS, PHONE_ROUTES, TABLET_ROUTES, Guard, Permission, Role
from tests.full_record import Kind
from tests.visitor import Person

METHODS = ("GET", "HEAD", "POST")
# No route has these; what OPTIONS answers is the library's, behind the same door.
ODD_METHODS = ("PUT", "PATCH", "DELETE", "TRACE")

PUBLIC = frozenset(
    {
        "accounts.still_here",
        "accounts.welcome",
        "api.slots",
        "arriving.at_desk",
        "arriving.link",
        "arriving.over",
        "claiming.claim",
        "demo.mail",
        "intake.birth",
        "intake.resume",
        "intake.start",
        "intake.unlock",
        "public.botox_or_filler",
        "public.complaints",
        "public.consent",
        "public.healthz",
        "public.help_page",
        "public.home",
        "public.physicians",
        "public.privacy",
        "public.readyz",
        "public.terms",
        "public.treatment",
        "public.treatments",
        "public.which_treatment",
        "public.why_a_consultation",
        "scheduling.check",
        "scheduling.close_visits",
        "scheduling.code",
        "scheduling.code_again",
        "scheduling.consultation_times",
        "scheduling.consultation_times_at",
        "scheduling.open_visits",
        "scheduling.open_visits_code",
        "security.forgot_password",
        "security.login",
        "security.logout",
        "security.mf_recovery",
        "security.reset_password",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
        "security.wan_signin",
        "security.wan_signin_response",
        "tablet.over",
        "waitlist.newcomer",
        "waitlist.newcomer_code",
        "waitlist.offered",
    }
)

# For each query that a guard names: who finds Cal's row with it (their own, where it takes no id).
FINDS: Mapping[str, Callable[[Kind], bool]] = {
    "own_patient": lambda kind: bool(kind.of),
    "own_record": lambda kind: kind.opens_record,
    "own_visit": lambda kind: kind.of == "cal",
    "photo_to_see": lambda kind: (kind.of == "cal" and kind.opens_record) or kind.reads,
    "own_sent_form": lambda kind: kind.of == "cal" and kind.opens_record,
    "own_visit_to_confirm": lambda kind: kind.of == "cal" and kind.opens_record,
    "alert_to_take": lambda kind: Role.PHYSICIAN in kind.roles,
    "own_form": lambda kind: kind.of == "cal" and kind.opens_record,
    "tablet_patient": lambda kind: kind.is_tablet,
    "own_arrival": lambda kind: kind.is_phone,
    "own_decision": lambda kind: kind.of == "cal" and kind.opens_record,
    "own_question": lambda kind: kind.of == "cal" and kind.opens_record,
    "treatment_service": lambda kind: True,
    "own_hold": lambda kind: kind.holds,
    "record_for_manager": lambda kind: Role.MANAGER in kind.roles,
    "link_for_manager": lambda kind: False,  # none of the tests' records leads to another
    "patient_for_desk": lambda kind: Role.FRONT_DESK in kind.roles,
    "visit_for_desk": lambda kind: Role.FRONT_DESK in kind.roles,
    "visit_in_the_calendar": lambda kind: Role.FRONT_DESK in kind.roles,
    "patient_to_book": lambda kind: Role.FRONT_DESK in kind.roles or kind.cares,
    "patient_in_care": lambda kind: kind.reads,
    "consultation_in_care": lambda kind: kind.cares,
    "note_in_care": lambda kind: kind.reads,
    "note_in_lasting_care": lambda kind: kind.cares,
    "visit_in_care": lambda kind: kind.cares,
    "visit_to_change": lambda kind: Role.FRONT_DESK in kind.roles or kind.cares,
    "visit_to_undo": lambda kind: Role.FRONT_DESK in kind.roles or kind.cares,
    "own_session": lambda kind: False,  # the ids that are walked with are nobody's
    "own_kept_form": lambda kind: False,
    "nothing": lambda kind: False,
    "consultation_in_queue": lambda kind: Role.PHYSICIAN in kind.roles,
    "patient_to_open": lambda kind: Role.PHYSICIAN in kind.roles,
    "own_access": lambda kind: kind.cares,
    "site_to_edit": lambda kind: Role.MANAGER in kind.roles,
    "person_to_edit": lambda kind: Role.MANAGER in kind.roles,
    "whole_person_to_edit": lambda kind: Role.MANAGER in kind.roles,
    "whole_clinic": lambda kind: Role.MANAGER in kind.roles,
    "room_to_edit": lambda kind: Role.MANAGER in kind.roles,
    "service_to_edit": lambda kind: Role.MANAGER in kind.roles,
    "device_to_edit": lambda kind: False,  # the clinic of the tests has none of these four
    "closed_day_to_remove": lambda kind: False,
    "absence_to_remove": lambda kind: False,
    "extra_to_remove": lambda kind: False,
    "staff_account": lambda kind: Role.MANAGER in kind.roles,
    "service_to_wait_for": lambda kind: True,
    "own_entry": lambda kind: kind.of == "cal",
    "own_offer": lambda kind: kind.of == "cal",
    "offer_for_desk": lambda kind: Role.FRONT_DESK in kind.roles,
    "entry_for_desk": lambda kind: Role.FRONT_DESK in kind.roles,
    "somebody_elses_account": lambda kind: Role.MANAGER in kind.roles,
}

# A code never opens the record of somebody who has an account (S11), whatever GRANTS says.
RECORD_PERMISSIONS = frozenset({Permission.OWN_RECORD_READ, Permission.OWN_RECORD_WRITE})

# An id that nobody has, for each parameter that names somebody's row.
NOBODYS = dict.fromkeys(
    (
        "visit",
        "consultation",
        "note",
        "question",
        "patient",
        "intake",
        "hold",
        "token",
        "access",
        "user",
        "session",
        "row",
        "site",
        "person",
        "room",
        "device",
        "closed",
        "absence",
        "extra",
        "entry",
        "offer",
        "photo",
        "sent",
        "alert",
        "link",
    ),
    "0" * 32,
)
SAMPLE = {
    **NOBODYS,
    "key": "where",
    "code": "lines",
    "text": "relaxing",
    "purpose": "record",
    "service": "0" * 32,
}


class Outcome(StrEnum):
    IN = "let in"
    SIGN_IN = "asked to sign in"
    FORBIDDEN = "403"
    MISSING = "404"
    NO_METHOD = "405"
    TO_THE_FORM = "led back to the one form of a tablet or phone"


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    body: str


Key = tuple[str, str]  # method, rule


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=str)


def address(rule: Rule, ids: Mapping[str, str]) -> str:
    """The rule with *ids* in place of its parameters; KeyError for a parameter nobody knows."""
    return filled_in(rule.rule, ids)


def filled_in(rule: str, ids: Mapping[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule)


def token_of(person: Person) -> str:
    """A token that is good in this browser, from a form that everybody may open."""
    return dict(person.get("/visits/open").form("csrf_token").fields)["csrf_token"]


def walk(app: Flask, person: Person, ids: Mapping[str, str]) -> dict[Key, Answer]:
    """What each method at each address answers to *person*; nothing that is sent has a token."""
    return {
        (method, rule.rule): ask(person, method, address(rule, ids))
        for rule in rules(app)
        for method in METHODS
    }


def ask(person: Person, method: str, path: str) -> Answer:
    response = person.send(method, path)
    body = response.get_data().decode(errors="replace")  # a photo is no text
    return Answer(_outcome(method, response.status_code, body, response.location or ""), body)


def _outcome(method: str, status: int, body: str, location: str) -> Outcome:
    """A POST without a token that is let in at the door ends at the check for the token."""
    if location in ("/tablet", "/arrive"):
        return Outcome.TO_THE_FORM
    at_sign_in = location == "/sign-in" if method == "POST" else location[:14] == "/sign-in?next="
    if at_sign_in:
        return Outcome.SIGN_IN
    if status == 400:
        # A look needs no token: only the address of times wants more than its path.
        assert method != "POST" or "we could not be sure it was you" in body, body
        return Outcome.IN
    known = {403: Outcome.FORBIDDEN, 404: Outcome.MISSING, 405: Outcome.NO_METHOD}
    assert status < 400 or status in {409, 410, *known}, f"{status}: {body[:2000]}"
    return known.get(status, Outcome.IN)


def expected(app: Flask, kind: Kind) -> dict[Key, Outcome]:
    """What the door should answer, from GRANTS and the tables above."""
    return {
        (method, rule.rule): _expected(app, kind, method, rule)
        for rule in rules(app)
        for method in METHODS
    }


def _expected(app: Flask, kind: Kind, method: str, rule: Rule) -> Outcome:
    met = rule_met(app, rule, method)
    if (kind.is_tablet or kind.is_phone) and not _at_its_form(app, kind, met):
        return Outcome.TO_THE_FORM
    if met is None:
        return Outcome.NO_METHOD
    guard = guard_of(app, met.endpoint)
    assert guard is not None, f"{met.endpoint} declares no guard"
    outcome = _at_the_door(guard, kind)
    # A GET of /visits/close is the visit "close", which nobody has.
    is_nobodys = met.rule != rule.rule and outcome == Outcome.IN
    return Outcome.MISSING if is_nobodys else outcome


def _at_its_form(app: Flask, kind: Kind, met: Rule | None) -> bool:
    """Whether the tablet or phone stays at this address: its own pages, and no form but its own."""
    if met is None or met.endpoint not in (PHONE_ROUTES if kind.is_phone else TABLET_ROUTES):
        return False
    guard = guard_of(app, met.endpoint)
    return guard is None or guard.find is None or FINDS[guard.find.__name__](kind)


def _at_the_door(guard: Guard, kind: Kind) -> Outcome:
    if guard.permission is not None and not _may(kind, guard.permission):
        return Outcome.FORBIDDEN if kind.roles else Outcome.SIGN_IN
    if guard.permission in RECORD_PERMISSIONS and not kind.opens_record:
        return Outcome.MISSING
    if guard.find is not None and not FINDS[guard.find.__name__](kind):
        return Outcome.MISSING
    return Outcome.IN


def lets_in(app: Flask, rule: Rule, kind: Kind) -> bool:
    """Whether the door behind a rule finds anything for a kind of person."""
    guard = guard_of(app, rule.endpoint)
    return guard is not None and _at_the_door(guard, kind) == Outcome.IN


def _may(kind: Kind, permission: Permission) -> bool:
    return any(permission in GRANTS[role] for role in kind.roles)


def rule_met(app: Flask, rule: Rule, method: str) -> Rule | None:
    """The rule that *method* meets at the address of *rule*; None when there is none."""
    path = address(rule, SAMPLE)
    try:
        return app.url_map.bind("localhost").match(path, method, return_rule=True)[0]
    except MethodNotAllowed:
        return None


def refused(app: Flask, kind: Kind, *outcomes: Outcome) -> Iterator[Key]:
    """Every method and rule at which *kind* meets one of *outcomes*."""
    return (key for key, outcome in expected(app, kind).items() if outcome in outcomes)
