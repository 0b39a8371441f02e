"""Ready to be seen: what stands before a patient sits down, and the one thing that clears what
does not. Pure: values in, chips out.

Four points on each visit to come: the form, the approval at that hour, the answers confirmed on
the day, a way to reach the patient. Of the approval the desk reads its own words, never a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.intake.rules import confirmation_counts
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment.rules import DeskWord

S = AppointmentStatus

# Until somebody sits in the room, what is missing can still be had.
BEFORE_THE_ROOM = (S.BOOKED, S.ARRIVED)
NEEDS_A_FORM = TREATMENTS | {ServiceKind.CONSULTATION}
# Only an examination mends these; for the others another day is enough.
NEEDS_A_DECISION = frozenset({DeskWord.NEEDS_CONSULTATION, DeskWord.NEEDS_PHYSICIAN})


class Point(StrEnum):
    FORM = "form"
    APPROVAL = "approval"
    ANSWERS = "answers"
    CONTACT = "contact"


class Lack(StrEnum):
    """What is wrong with a point; an approval's is said in the desk's five words."""

    FORM_MISSING = "form-missing"
    APPROVAL = "approval"
    NOT_CONFIRMED = "not-confirmed"
    CONFIRMED_BEFORE = "confirmed-before"  # on an earlier day than the visit's
    UNREACHABLE = "unreachable"
    EMAIL_UNPROVED = "email-unproved"  # and no phone number


class Way(StrEnum):
    """The single action that clears a red chip; the desk can begin each of them."""

    TABLET = "tablet"
    CONSULTATION = "consultation"  # the physician decides there
    MOVE = "move"
    BACK = "back"  # to booked: somebody who has arrived is moved after that
    PHONE = "phone"


@dataclass(frozen=True)
class VisitFacts:
    """What the rule knows of a visit; *today* is the date at its site.

    *refused* are the desk's words for what the gate says about its approval at its hour,
    *may_move* whether anything is approved from today on. *asks* tells whether it asks for the
    answers of an earlier form once more.
    """

    status: AppointmentStatus
    kind: ServiceKind
    starts_on: date
    zone: str
    today: date
    form_sent_at: datetime | None = None
    refused: Sequence[DeskWord] = ()
    may_move: bool = True
    asks: bool = False
    confirmed_at: datetime | None = None
    has_phone: bool = True
    has_email: bool = True
    email_proved: bool = True


@dataclass(frozen=True)
class Chip:
    """One point of a visit: ready, or what is missing and the way to clear it.

    *words* are what the desk reads of an approval.
    """

    point: Point
    lack: Lack | None = None
    way: Way | None = None
    words: tuple[DeskWord, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self.lack is None


def chips(facts: VisitFacts) -> list[Chip]:
    """The points of a visit that its patient has not sat down for; what it does not need is left
    out, and so is everything once they sit."""
    if facts.status not in BEFORE_THE_ROOM:
        return []
    found = [_form(facts), _approval(facts), _answers(facts), _contact(facts)]
    return [chip for chip in found if chip is not None]


def form_is_missing(status: AppointmentStatus, kind: ServiceKind, sent_at: datetime | None) -> bool:
    return status in BEFORE_THE_ROOM and kind in NEEDS_A_FORM and sent_at is None


def _form(facts: VisitFacts) -> Chip | None:
    if form_is_missing(facts.status, facts.kind, facts.form_sent_at):
        return Chip(Point.FORM, Lack.FORM_MISSING, Way.TABLET)
    return Chip(Point.FORM) if facts.form_sent_at is not None else None


def _approval(facts: VisitFacts) -> Chip | None:
    if facts.kind not in TREATMENTS:
        return None
    if not facts.refused:
        return Chip(Point.APPROVAL)
    words = tuple(facts.refused)
    return Chip(Point.APPROVAL, Lack.APPROVAL, _way_of_approval(facts), words)


def _way_of_approval(facts: VisitFacts) -> Way:
    if not facts.may_move or not NEEDS_A_DECISION.isdisjoint(facts.refused):
        return Way.CONSULTATION
    return Way.MOVE if facts.status == S.BOOKED else Way.BACK


def _answers(facts: VisitFacts) -> Chip | None:
    """Asked of somebody who comes again; a form that is missing is said once."""
    when = facts.confirmed_at
    if facts.form_sent_at is None or not (facts.asks or when):
        return None
    if confirmation_counts(when, facts.starts_on, facts.today, facts.zone):
        return Chip(Point.ANSWERS)
    lack = Lack.NOT_CONFIRMED if when is None else Lack.CONFIRMED_BEFORE
    return Chip(Point.ANSWERS, lack, Way.TABLET)


def _contact(facts: VisitFacts) -> Chip:
    if facts.has_phone or (facts.has_email and facts.email_proved):
        return Chip(Point.CONTACT)
    lack = Lack.EMAIL_UNPROVED if facts.has_email else Lack.UNREACHABLE
    return Chip(Point.CONTACT, lack, Way.PHONE)
