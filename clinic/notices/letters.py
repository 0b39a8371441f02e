"""A message becomes an e-mail: words from templates, links from the base URL, a calendar file.

Times are the site's, the same text as on the page (T6). No treatment, no health fact (S82).
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, url_for
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from clinic import clock
from clinic.accounts import claims
from clinic.accounts import queries as people
from clinic.arriving import queries as arriving
from clinic.catalogue import queries as catalogue
from clinic.database import db
from clinic.journey import arrive
from clinic.notices.models import Message, MessageKind, MessageState
from clinic.scheduling import calendar_file
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist import queries as waitlist
from clinic.waitlist.rules import OfferState

WITH_VISIT = (MessageKind.BOOKED, MessageKind.MOVED, MessageKind.CANCELLED)


class NotWanted(RuntimeError):
    """The message has lost its cause: the visit was cancelled, nobody signs in with the address."""


def write(message: Message) -> EmailMessage:
    """The e-mail of *message*. Raises `NotWanted` when it must not be sent any more."""
    facts: dict[str, Any] = {"params": message.params, **_links(message)}
    appointment = None
    if message.kind in WITH_VISIT:
        appointment = _visit(message)
        facts |= {
            "visit": appointment,
            "who": visits.who_and_where([appointment]).get(appointment.id),
        }
    if message.kind == MessageKind.OFFER:
        facts |= _offer(message)
    if message.kind == MessageKind.CHECK_IN:
        facts |= _check_in(message)
    if message.kind == MessageKind.MOVED:
        facts["was"] = datetime.fromisoformat(message.params["was"])
    # A letter about a visit is its site's; any other one says how to reach each.
    site = facts["visit"].location if "visit" in facts else catalogue.site()
    facts |= {"site": site, "reach": [site] if "visit" in facts else catalogue.sites()}
    text = render_template(f"notices/{message.kind}.txt", **facts)
    subject, _line, body = text.partition("\n")
    mail = EmailMessage()
    mail["Subject"] = _one_line(subject)
    mail["From"] = formataddr((site.clinic.name, current_app.config["MAIL_FROM"] or site.email))
    mail["To"] = _one_line(message.to)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.public_id}@{_host()}>"
    mail.set_content(body.strip() + "\n")
    if appointment is not None:
        _attach(mail, appointment)
    return mail


def _one_line(text: str) -> str:
    """A header never takes a line break from data (S32)."""
    return " ".join(text.split())


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _visit(message: Message) -> Appointment:
    """The visit, checked again before sending: a cancelled one is not confirmed (M1), and of
    several letters that wait only the newest goes out."""
    found = db.session.scalar(select(Appointment).where(Appointment.id == message.appointment_id))
    if found is None or _is_overtaken(message):
        raise NotWanted
    is_cancelled = found.status == AppointmentStatus.CANCELLED
    if is_cancelled != (message.kind == MessageKind.CANCELLED):
        raise NotWanted
    return found


def _offer(message: Message) -> dict[str, Any]:
    """The offer and the time it holds: one that was answered or has run out is not sent."""
    offer = waitlist.by_token(message.params["token"])
    if offer is None or offer.state != OfferState.OPEN or offer.until <= clock.now():
        raise NotWanted
    held = offer.appointment
    return {"offer": offer, "visit": held, "who": visits.who_and_where([held]).get(held.id)}


def _check_in(message: Message) -> dict[str, Any]:
    """The visit, while its patient may still check in: one that was cancelled or moved since is
    another version, and its link opens nothing."""
    link = arriving.link_by_token(message.params["token"])
    if link is None or not arrive.is_worth_sending(link):
        raise NotWanted
    visit = link.appointment
    return {"visit": visit, "opens_at": visit.starts_at - arrive.opens_before()}


def _is_overtaken(message: Message) -> bool:
    newer = select(Message.id).where(
        Message.appointment_id == message.appointment_id,
        Message.kind.in_(WITH_VISIT),
        Message.version > message.version,
        Message.state != MessageState.DROPPED,
    )
    return db.session.scalar(newer.limit(1)) is not None


def _links(message: Message) -> dict[str, str]:
    links = {"visits_link": _url("scheduling.my_visits"), "home_link": _url("public.home")}
    if message.kind in (MessageKind.FORM_CHANGED, MessageKind.READ_TODAY):
        links["queue_link"] = _url("screening.queue")
    if message.kind == MessageKind.RESUME:
        links["resume_link"] = _url("intake.resume", token=message.params["token"])
    if message.kind == MessageKind.LOCKED and people.user_by_email(message.to) is None:
        raise NotWanted  # a guess at an address that nobody signs in with
    if message.kind == MessageKind.CLAIM:
        link = people.claim_by_token(message.params["token"])
        if link is None or not claims.is_good(link):
            raise NotWanted
        links["claim_link"] = _url("claiming.claim", token=message.params["token"])
    if message.kind == MessageKind.CHECK_IN:
        links["check_in_link"] = _url("arriving.link", token=message.params["token"])
    if message.kind == MessageKind.OFFER:
        links["offer_link"] = _url("waitlist.offered", token=message.params["token"])
    if message.kind == MessageKind.RESET:
        user = people.user_by_email(message.to)
        if user is None or not user.active:
            raise NotWanted
        links["reset_link"] = reset_link(user)
    return links


def reset_link(user: object) -> str:
    """A one-use link to set a password, good for 30 minutes."""
    return _url("security.reset_password", token=generate_reset_password_token(user))


def _url(endpoint: str, **values: str) -> str:
    """An address built from the configured base URL, never from a request (S15)."""
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        return url_for(endpoint, _external=True, **values)


def _attach(mail: EmailMessage, appointment: Appointment) -> None:
    place = appointment.location
    body = calendar_file.of_visit(appointment, place, now=clock.now(), host=_host())
    method = "CANCEL" if appointment.status == AppointmentStatus.CANCELLED else "REQUEST"
    mail.add_attachment(
        body,
        maintype="text",
        subtype="calendar",
        filename="visit.ics",
        params={"method": method, "charset": "utf-8"},
    )
