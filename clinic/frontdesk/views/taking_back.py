"""A move that was just made taken back on the page that follows it, for whoever has no scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _

from clinic import clock, filters
from clinic.frontdesk import forms
from clinic.journey.move import SLIP
from clinic.permissions import current_actor
from clinic.scheduling import history
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus

MOVED = "moved"  # what the address of a calendar calls the visit that was just moved there


@dataclass(frozen=True)
class TakingBack:
    """What was done in *words*, and the *fields* of the form that undoes it before *until*."""

    visit: Appointment
    words: str
    fields: Mapping[str, str]
    until: datetime
    form: forms.MoveForm


def words_of(visit: Appointment) -> str:
    """Where a visit is now that it was moved."""
    who = visits.who_and_where([visit])[visit.id]
    return _(
        "%(patient)s is now on %(when)s with %(who)s, %(room)s.",
        patient=visit.patient.name if visit.patient else "",
        when=filters.day_time(visit.starts_at, visit.location.zone),
        who=who.practitioner,
        room=who.room,
    )


def asked_for() -> TakingBack | None:
    """Of the visit that the address names, if whoever asks has moved it in the last minutes: until
    then its patient has not heard of it."""
    if MOVED not in request.args:
        return None
    visit = visits.visit_for_desk(current_actor(), request.args[MOVED][:40])
    if visit is None or visit.status != AppointmentStatus.BOOKED:
        return None
    was = history.before_the_move(visit, current_actor(), clock.now() - SLIP)
    if was is None:
        return None
    fields = {
        "who": was.practitioner,
        "room": was.room,
        "start": str(int(was.starts_at.timestamp())),
        "shown": str(visit.version),
    }
    return TakingBack(visit, words_of(visit), fields, was.at + SLIP, forms.MoveForm(formdata=None))
