"""A patient checks in on their own phone: the letter, the link or the code on the desk, whether
anything has changed, and the arrival that the gate is asked about again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask import current_app

from clinic import clock
from clinic.accounts import same_person, tablet
from clinic.accounts import services as accounts
from clinic.accounts.models import Visitor
from clinic.arriving import queries, rules, services
from clinic.arriving.models import Arrival, ArrivalLink
from clinic.catalogue.rules import ServiceKind
from clinic.catalogue.sites import SiteCard
from clinic.database import db, lock_row, transaction
from clinic.intake import confirmations
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import check_in
from clinic.journey import tablet as tablets
from clinic.journey.book import GateClosed, note_refusal
from clinic.permissions import Actor, system
from clinic.scheduling import queries as visits
from clinic.scheduling.locks import lock_visit
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import Changed

AT_ONCE = 20  # letters that one round of the worker writes, or phones that it closes
CLOSED_WITHIN = timedelta(days=7)  # should no worker run for a while


class TooEarly(RuntimeError):
    """The right link and date of birth, before its time: that is at *opens_at*, shown in *zone*."""

    def __init__(self, opens_at: datetime, zone: str) -> None:
        super().__init__("too early")
        self.opens_at, self.zone = opens_at, zone


class HereAlready(RuntimeError):
    """The patient has arrived, by phone or at the desk."""


def opens_before() -> timedelta:
    return timedelta(minutes=int(current_app.config["CHECK_IN_MINUTES"]))


def send_links() -> bool:
    """Write to the patients of visits that begin soon; whether more of them may be waiting.

    The link is for the visit as it is at that moment: one that was moved or cancelled before was
    never written about, and one that is moved later is written about anew.
    """
    until = clock.now() + rules.LETTER_BEFORE
    due = queries.waiting_for_a_link(clock.now(), until, AT_ONCE)
    db.session.rollback()
    for visit_id in due:
        _send_link(visit_id, until)
    return len(due) == AT_ONCE


def _send_link(visit_id: int, until: datetime) -> None:
    with transaction():
        lock_row(visits.visit_of(visit_id))
        # Under the lock: another worker, or the desk, may have been faster.
        if visit_id in queries.waiting_for_a_link(clock.now(), until, AT_ONCE):
            services.send(visits.visit_of(visit_id), actor=system("check-in"))


def end_left_alone() -> bool:
    """Close the check-in of phones that were put away; whether more of them may be waiting.

    Nobody may ever ask with them again: a form that they opened and did not begin would stand
    before the one that the patient has begun at home.
    """
    now = clock.now()
    left = queries.left_alone(now - accounts.IDLE, now - CLOSED_WITHIN, AT_ONCE)
    for visitor in left:
        tablets.end(visitor, actor=system("check-in"))
    return len(left) == AT_ONCE


def by_link(token: str, born_on: date, *, actor: Actor) -> str:
    """Open the check-in that a link belongs to: the token for the phone's cookie.

    Raises `NotHere`, `TooMany`, and to whoever typed the right date of birth `TooEarly` and
    `HereAlready`.
    """
    link = services.verify(token, born_on, actor=actor)
    visit = link.appointment
    answer = rules.answer(_facts(link))
    if answer == rules.Answer.HERE:
        raise HereAlready
    if answer == rules.Answer.EARLY:
        raise TooEarly(rules.opens_at(visit.period, opens_before()), visit.location.zone)
    if answer == rules.Answer.NOTHING:
        keys = services.keys_of(token, link)
        raise services.refused(services.BY_LINK, keys, visit.patient_id, actor=actor)
    return _open(visit, link)


def is_worth_sending(link: ArrivalLink | None) -> bool:
    """Whether a letter with this link still says something."""
    return link is not None and rules.answer(_facts(link)) in (
        rules.Answer.EARLY,
        rules.Answer.OPENS,
    )


def _facts(link: ArrivalLink) -> rules.LinkFacts:
    visit = link.appointment
    return rules.LinkFacts(
        status=visit.status,
        is_same_version=visit.version == link.version,
        is_used=link.used_at is not None,
        moment=rules.moment(clock.now(), visit.period, opens_before()),
    )


def at_the_desk(site: SiteCard, born_on: date, said: str, *, actor: Actor) -> str:
    """Open the check-in of somebody who stands at the desk of *site*, as `by_link`.

    Raises `NotHere` for somebody unknown, another day and too early alike; `TooMany`; and
    `HereAlready`.
    """
    keys = services.check_desk(site, born_on, said)
    visit = queries.at_the_desk(site.id, born_on, said, clock.now(), opens_before())
    if visit is None:
        raise services.refused(services.AT_DESK, keys, None, actor=actor, site=site)
    if visit.status in rules.HERE:
        raise HereAlready
    return _open(visit, None)


def _open(visit: Appointment, link: ArrivalLink | None) -> str:
    with transaction():
        assert visit.patient is not None  # only holds may have none
        visitor, token = tablet.open_phone(same_person.kept(visit.patient))
        services.begin(visit, visitor, link, actor=tablet.actor_of(visitor))
    return token


class Step(StrEnum):
    """What the phone asks for next."""

    ASK = "ask"  # has anything changed since the form?
    FORM = "form"  # a first consultation without its form
    READY = "ready"
    HERE = "here"
    DESK = "desk"  # somebody has to look at it; never why


@dataclass(frozen=True)
class Standing:
    """How far a check-in has come; *form* is the newest that was sent."""

    step: Step
    form: Intake | None = None


def standing(arrival: Arrival) -> Standing:
    visit = arrival.appointment
    if visit.status in rules.HERE:
        return Standing(Step.HERE)
    moment = rules.moment(clock.now(), visit.period, opens_before())
    is_same = visit.status == S.BOOKED and visit.version == arrival.version
    if not is_same or moment != rules.Moment.OPEN or not _may_start(visit):
        return Standing(Step.DESK)
    form = intake_queries.latest_submitted(visit.patient_id or 0)
    if form is None and visit.service.kind == ServiceKind.CONSULTATION:
        return Standing(Step.FORM)
    asks = confirmations.of_coming([visit], form).asks
    return Standing(Step.ASK if visit.id in asks else Step.READY, form)


def _may_start(visit: Appointment) -> bool:
    try:
        check_in.still_carried(visit)
    except GateClosed:
        return False
    return True


def arrive(arrival: Arrival, *, actor: Actor, unchanged: Intake | None = None) -> None:
    """Mark the patient as arrived; *unchanged* is the form of which they say that it still holds.

    Raises `NewerForm`, `Changed` when the visit is another by now or its time is over, and
    `GateClosed`.
    """
    with transaction():
        visit = arrival.appointment
        lock_visit(visit)  # actors before rows
        if rules.moment(clock.now(), visit.period, opens_before()) != rules.Moment.OPEN:
            raise Changed
        if unchanged is not None:
            confirmations.confirm(visit, unchanged, actor=actor)
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=actor, shown=arrival.version)
        services.use_up(visit)


def refused(arrival: Arrival, closed: GateClosed, *, actor: Actor) -> None:
    """Put a refusal into the audit log; called after the refused transaction is undone."""
    visit = arrival.appointment
    note_refusal(visit.service, visit.patient, closed.reasons, actor=actor)


def begin_form(arrival: Arrival, visitor: Visitor, *, actor: Actor) -> Intake:
    """The form that says what has changed: an empty one, or the one that this phone has begun."""
    with transaction():
        begun = intake_queries.draft_for_tablet(visitor.id)
        if begun is not None:
            return begun
        patient = arrival.appointment.patient
        assert patient is not None  # only holds may have none
        return intakes.start_on_tablet(same_person.kept(patient), visitor, actor=actor)


def once_sent(*, actor: Actor) -> None:
    """The form that a phone has sent was the last thing to ask: its patient has arrived.

    What was answered may have paused an approval. Then the visit stays booked, and the page says
    to speak to the desk.
    """
    arrival = queries.own_arrival(actor)
    if arrival is None:
        return
    with suppress(Changed):
        try:
            arrive(arrival, actor=actor)
        except GateClosed as closed:
            refused(arrival, closed, actor=actor)
