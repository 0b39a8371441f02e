"""A patient without e-mail answers the form on the desk's tablet."""

from __future__ import annotations

from clinic.accounts import tablet
from clinic.accounts.models import Patient, Visitor
from clinic.database import transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.permissions import Actor


def hand_over(patient: Patient, *, actor: Actor) -> str:
    """Make a browser the tablet for an empty form of *patient*; the token for its cookie."""
    with transaction():
        visitor, token = tablet.hand_over(patient, actor=actor)
        intakes.start_on_tablet(patient, visitor, actor=actor)
    return token


def open_form(visitor: Visitor, draft: Intake, *, actor: Actor) -> None:
    """The date of birth was right: from now on the tablet opens this draft."""
    with transaction():
        tablet.confirm(visitor)
        intakes.resume(draft, visitor, actor=actor)


def end(visitor: Visitor, *, actor: Actor) -> None:
    """What was answered stays the patient's draft; a form that nobody began is not kept."""
    with transaction():
        tablet.end(visitor, actor=actor)
        intakes.drop_empty(visitor)
