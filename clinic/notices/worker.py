"""The worker: sends what is due, over and over. Several may run; each message goes out once.

A message is claimed by a conditional update with a lease, then sent, then marked. A crash between
sending and marking repeats that one mail at most, under the same Message-ID.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import or_, select, update

from clinic import clock
from clinic.database import db, rows_changed, transaction
from clinic.notices import letters
from clinic.notices.models import Message, MessageState

LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 102))  # four hours in all
TIMEOUT_SECONDS = 20
PAUSE_SECONDS = 1.0
BATCH = 20


def run(stop: Callable[[], bool] = lambda: False) -> None:
    """Work until *stop* says so; a broken round is logged and the next one tries again."""
    while not stop():
        try:
            busy = work_once() > 0
        except Exception:  # whatever broke this round, the next one must come
            db.session.rollback()
            current_app.logger.exception("worker round")
            busy = False
        if not busy:
            time.sleep(PAUSE_SECONDS)


def work_once() -> int:
    """Send up to a batch of due messages; how many were taken up."""
    ids = db.session.scalars(
        select(Message.id)
        .where(
            or_(
                Message.state.in_([MessageState.QUEUED, MessageState.RETRY]),
                (Message.state == MessageState.SENDING) & (Message.lease_until < clock.now()),
            ),
            Message.due_at <= clock.now(),
        )
        .order_by(Message.due_at, Message.id)
        .limit(BATCH)
    ).all()
    db.session.rollback()  # no snapshot is held while mails are on their way
    return sum(_one(message_id) for message_id in ids)


def _one(message_id: int) -> int:
    if not _claim(message_id):
        return 0
    message = db.session.get(Message, message_id)
    assert message is not None
    try:
        mail = letters.write(message)
    except letters.NotWanted:
        _mark(message, MessageState.DROPPED)
        return 1
    except Exception as error:  # a message that cannot be written must not stop the others
        current_app.logger.exception("message cannot be written")
        _mark(message, MessageState.FAILED, type(error).__name__)
        return 1
    db.session.rollback()
    _deliver(message, mail)
    return 1


def _claim(message_id: int) -> bool:
    with transaction():
        claimed = rows_changed(
            update(Message)
            .where(
                Message.id == message_id,
                or_(
                    Message.state.in_([MessageState.QUEUED, MessageState.RETRY]),
                    (Message.state == MessageState.SENDING) & (Message.lease_until < clock.now()),
                ),
            )
            .values(
                state=MessageState.SENDING,
                lease_until=clock.now() + LEASE,
                attempts=Message.attempts + 1,
            )
        )
    return claimed == 1


def _deliver(message: Message, mail: EmailMessage) -> None:
    url = current_app.config["SMTP_URL"]
    if not url:  # demo mode: the page of mails shows it
        _mark(message, MessageState.SENT)
        return
    try:
        send(url, mail)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        _refused(message, error)
    except (OSError, smtplib.SMTPException) as error:
        _again(message, type(error).__name__)
    else:
        _mark(message, MessageState.SENT)


def _refused(message: Message, error: Exception) -> None:
    """5xx is final; 4xx is tried again."""
    codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    if codes and min(codes) >= 500:
        _mark(message, MessageState.FAILED, f"refused with {min(codes)}")
    else:
        _again(message, f"put off with {codes[0] if codes else '-'}")


def _again(message: Message, problem: str) -> None:
    if message.attempts > len(WAITS):
        _mark(message, MessageState.FAILED, problem)
        return
    wait = WAITS[message.attempts - 1]
    with transaction():
        message.state = MessageState.RETRY
        message.due_at = clock.now() + wait
        message.problem = problem[:200]


def _mark(message: Message, state: MessageState, problem: str | None = None) -> None:
    with transaction():
        message.state = state
        message.problem = problem
        message.sent_at = clock.now() if state == MessageState.SENT else None


def send(url: str, mail: EmailMessage) -> None:
    """Hand *mail* to the server at *url*: smtps:// is TLS from the start, smtp:// upgrades with
    STARTTLS where the server offers it. Raises the errors of smtplib and of the socket."""
    parts = urlsplit(url)
    host, tls = parts.hostname or "localhost", parts.scheme == "smtps"
    port = parts.port or (465 if tls else 587)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if tls:
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo(socket.gethostname())
        if not tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo(socket.gethostname())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
