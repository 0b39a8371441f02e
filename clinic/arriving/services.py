"""Links made and used up, phones that have shown whose they are, and tries that are counted (S13).

A forged link, a wrong date of birth and a link that has ended are the same refusal.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from flask import request
from sqlalchemy import update

from clinic import clock
from clinic.accounts import throttle
from clinic.accounts.models import Visitor
from clinic.accounts.queries import token_hash
from clinic.accounts.rules import tidy_email
from clinic.arriving import queries
from clinic.arriving.models import Arrival, ArrivalLink
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.sites import SiteCard
from clinic.database import db, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment

BY_LINK = "arrive-link"
AT_DESK = "arrive-desk"


class NotHere(RuntimeError):
    """Nothing opens: whichever of the reasons it is, nobody is told."""


def send(visit: Appointment, *, actor: Actor) -> str:
    """Queue the letter with a link for the visit as it is now; the token, stored as its hash."""
    token = secrets.token_urlsafe(32)
    with transaction():
        assert visit.patient is not None  # only holds may have none
        db.session.add(
            ArrivalLink(
                appointment_id=visit.id, version=visit.version, token_hash=token_hash(token)
            )
        )
        notices.queue(
            MessageKind.CHECK_IN,
            to=visit.patient.email,
            params={"token": token},
            patient_id=visit.patient_id,
            appointment_id=visit.id,
            version=visit.version,
        )
        audit.record(Event.ARRIVAL_SENT, actor=actor, patient_id=visit.patient_id, subject=visit)
    return token


def verify(token: str, born_on: date, *, actor: Actor) -> ArrivalLink:
    """The link that *token* and *born_on* belong to, ended or not. Raises `NotHere`, `TooMany`."""
    link = queries.link_by_token(token)
    keys = keys_of(token, link)
    throttle.check(BY_LINK, *keys, _address())
    patient = link.appointment.patient if link is not None else None
    if link is None or patient is None or patient.born_on != born_on:
        raise refused(BY_LINK, keys, patient.id if patient else None, actor=actor)
    return link


def keys_of(token: str, link: ArrivalLink | None) -> list[str]:
    """What tries at a link are counted for: a new link gives no new tries."""
    patient = link.appointment.patient if link is not None else None
    return [token] if patient is None else [token, patient.public_id]


def check_desk(site: SiteCard, born_on: date, said: str) -> list[str]:
    """What tries at the code on the desk are counted for: somebody's date of birth, and what was
    said of them, each at this site. Raises `TooMany`, also for the network address and site."""
    keys = [f"{site.public_id} {born_on}", f"{site.public_id} {tidy_email(said)}"]
    throttle.check(AT_DESK, *keys, _address(site))
    return keys


def refused(
    kind: str,
    keys: Sequence[str],
    patient_id: int | None,
    *,
    actor: Actor,
    site: SiteCard | None = None,
) -> NotHere:
    """Count a try and write it down, for good; the error to raise."""
    for key in keys:
        throttle.fail(kind, key)
    throttle.fail(kind, _address(site), per_address=True)
    audit.record(Event.ARRIVAL_REFUSED, actor=actor, patient_id=patient_id, result="refused")
    return NotHere()


def _address(site: SiteCard | None = None) -> str:
    """The network address, at a site where there is one: its patients share one address."""
    address = request.remote_addr or "-"
    return address if site is None else f"{site.public_id} from {address}"


def begin(
    visit: Appointment, visitor: Visitor, link: ArrivalLink | None, *, actor: Actor
) -> Arrival:
    """The browser has shown whose it is: it checks in for this visit, as it is now."""
    with transaction():
        arrival = Arrival(
            visitor_id=visitor.id,
            appointment_id=visit.id,
            version=visit.version,
            link_id=link.id if link is not None else None,
        )
        db.session.add(arrival)
        if link is not None:
            throttle.clear(BY_LINK, visit.patient.public_id if visit.patient else "")
        audit.record(Event.ARRIVAL_OPENED, actor=actor, patient_id=visit.patient_id, subject=visit)
    return arrival


def use_up(visit: Appointment) -> None:
    """The patient has arrived: no link to this visit works again."""
    with transaction():
        db.session.execute(
            update(ArrivalLink)
            .where(ArrivalLink.appointment_id == visit.id, ArrivalLink.used_at.is_(None))
            .values(used_at=clock.now())
        )
