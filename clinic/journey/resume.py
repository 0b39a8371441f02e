"""A physician has read the answers that paused an approval, and lets it go on.

Source: clinical reference e.4, condition 8: from then on the approval rests on the form that was
read. What an absolute flag of that form stands against is never resumed, only decided anew.
"""

from __future__ import annotations

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.intake import queries as intakes
from clinic.journey.decide import FormChanged, NotLicensed, OwnPatient
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling.locks import lock_person
from clinic.treatment import paused
from clinic.treatment import services as approvals
from clinic.treatment.models import Approval


class Stopped(RuntimeError):
    """An absolute flag of the newest answers stands against what was approved."""


def approval(stopped: Approval, patient: Patient, form: str, reason: str, *, actor: Actor) -> None:
    """Resume from this moment. *form* is the public id of the one that the physician has read.

    The coming visits that it carries are in order again, and the patient is told. The patient's
    actor is held, as by whoever sends a form: none is sent meanwhile. Raises `OwnPatient`,
    `NotLicensed`, `FormChanged`, `Stopped`, `AlreadyEnded` and `NotPaused`.
    """
    if patient.user_id is not None and patient.user_id == actor.user_id:
        raise OwnPatient
    today = clock.today(stopped.note.appointment.location.zone)
    if not people.is_licensed(actor.practitioner_id, today):
        raise NotLicensed
    with transaction():
        lock_person(patient)
        newest = intakes.latest_submitted(patient.id)
        if newest is None or newest.public_id != form:
            raise FormChanged
        if paused.stops(stopped, newest, today):
            raise Stopped
        approvals.resume(stopped, reason, newest, today=today, actor=actor)
        notices.queue(MessageKind.RESUMED, to=patient.email, params={}, patient_id=patient.id)
