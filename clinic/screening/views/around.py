"""What stands around a review: its place in the queue, who comes next, what was asked before."""

from __future__ import annotations

from typing import Any

from flask import request

from clinic import clock
from clinic.permissions import current_actor
from clinic.scheduling.models import Appointment
from clinic.screening import asking, queries


def wanted() -> str | None:
    """The filter under which the queue was opened; None for the whole queue, which is no filter."""
    show = request.args.get("show")
    return show if show in queries.FILTERS and show != queries.ALL else None


def queue_of(consultation: Appointment) -> dict[str, Any]:
    """Place and next patient, in the queue as it was filtered."""
    show = wanted()
    lines = queries.only(queries.review_queue(current_actor()), show)
    place, following = queries.place_of(consultation.public_id, lines)
    return {"place": place, "waiting": len(lines), "following": following, "show": show}


def around(consultation: Appointment) -> dict[str, Any]:
    """All that the page of a review shows beside the review itself."""
    asked = asking.of_patient(consultation.patient_id or 0)
    return {
        **queue_of(consultation),
        "asked": [one for one in asked if one.appointment_id == consultation.id],
        "is_open": asking.is_open,
        "may_ask": asking.may_ask(consultation),
        "may_sign": consultation.starts_on <= clock.today(consultation.location.zone),
    }
