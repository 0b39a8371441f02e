"""A question before the consultation: sent as a message, with the draft kept as it is.

It signs nothing. What else is on the page is stored as a draft in the same moment; the words of
the question leave it, because they have gone to the patient.
"""

from __future__ import annotations

from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.intake.models import Intake
from clinic.journey.decide import Typed
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling.locks import lock_visit
from clinic.scheduling.models import Appointment
from clinic.screening import asking
from clinic.screening import services as screening
from clinic.screening.models import Question


class NoAddress(RuntimeError):
    """The patient has no e-mail address: nobody would tell them of the question."""


def before_the_visit(
    consultation: Appointment,
    patient: Patient,
    intake: Intake | None,
    page: Typed,
    *,
    actor: Actor,
) -> Question:
    """Send the question typed on *page*. Raises `TooLate`, `NoAddress` and `SomebodyElseSaved`."""
    if not patient.email:
        raise NoAddress
    left = {name: value for name, value in page.decided.items() if name != "question"}
    with transaction():
        lock_visit(consultation)
        screening.save_draft(
            consultation,
            patient,
            intake,
            page.version,
            text=page.text,
            findings=dict(page.findings),
            decided=left,
            actor=actor,
        )
        question = asking.store(consultation, str(page.decided["question"]), actor=actor)
        notices.queue(MessageKind.QUESTION, to=patient.email, params={}, patient_id=patient.id)
    return question
