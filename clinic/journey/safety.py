"""Somebody writes that they feel unsafe (g7): a physician is told at once, and never the desk.

Source: clinical reference section g, g7. The page that helps is shown by whoever saves the answer
(`safety.support`); here is who hears of it.
"""

from __future__ import annotations

from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.intake.changes import says_unsafe
from clinic.intake.models import Intake
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.screening import alerts


def note_answer(intake: Intake, *, actor: Actor) -> bool:
    """Whether the form, saved or sent a moment ago, asks for the page of support.

    Once for each form a physician is told, as soon as anybody knows whose it is: the unsent form of
    a visitor whom nobody knows tells nobody, and its page of support says so.
    """
    if not says_unsafe(intake.document):
        return False
    if intake.patient_id is not None:
        with transaction():
            if alerts.raise_for(intake, actor=actor):
                _tell(people.patient_of(intake.patient_id))
    return True


def _tell(patient: Patient) -> None:
    """The physician of the coming consultation, else all. The letter names nobody, so it belongs
    to no patient's list of letters either."""
    ids = alerts.physicians_to_tell(patient.id)
    for address in people.addresses_of_physicians(ids, but=patient.user_id):
        notices.queue(MessageKind.READ_TODAY, to=address, params={})
