"""The worker: one loop over every job that nobody waits for. Several may run at once.

A job does a batch of its work and says whether more of it is waiting; each is safe to run in
several workers at the same moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import current_app

from clinic import idempotency
from clinic.audit import chain
from clinic.database import db
from clinic.journey import arrive, waitlist
from clinic.notices import worker as outbox

PAUSE_SECONDS = 1.0


def send_mails() -> bool:
    return outbox.work_once() > 0


def roll_offers_on() -> bool:
    return waitlist.roll_on()


def send_check_in_links() -> bool:
    return arrive.send_links()


def close_check_ins() -> bool:
    return arrive.end_left_alone()


def seal_audit() -> bool:
    """A row alone can wait for the next round; only a full batch means that more is waiting."""
    return chain.seal_some() == chain.BATCH


def seal_what_was_left() -> bool:
    """What no worker has sealed while none ran, wherever it lies."""
    chain.seal_everything()
    return False


def forget_presses() -> bool:
    """Keys of forms that nobody will press again."""
    return idempotency.forget_old()


Job = Callable[[], bool]
AT_START: tuple[Job, ...] = (seal_what_was_left,)
JOBS: tuple[Job, ...] = (
    send_check_in_links,
    send_mails,
    close_check_ins,
    roll_offers_on,
    seal_audit,
    forget_presses,
)


def run(stop: Callable[[], bool] = lambda: False) -> None:
    """Work until *stop* says so."""
    _round(AT_START)
    while not stop():
        if not _round(JOBS):
            time.sleep(PAUSE_SECONDS)


def _round(jobs: tuple[Job, ...]) -> bool:
    waiting = [_done(job) for job in jobs]
    return any(waiting)


def _done(job: Job) -> bool:
    """A job that breaks is logged and keeps no other from its turn; the next round tries again."""
    try:
        return job()
    except Exception:  # whatever broke this job, the others must have their turn
        db.session.rollback()
        current_app.logger.exception("worker: %s", job.__name__)
        return False
