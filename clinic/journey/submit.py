"""A form is sent: it is read by the rules, its flags are stored with it, and it is closed.

What was approved on other answers is paused in the same transaction.
"""

from __future__ import annotations

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue import queries as catalogue
from clinic.database import lock_row, transaction
from clinic.intake import rules as intake_rules
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import safety, suspend
from clinic.permissions import Actor
from clinic.scheduling.locks import lock_person
from clinic.screening import rules
from clinic.screening import services as screening


def intake(draft: Intake, patient: Patient, *, actor: Actor) -> Intake:
    """Send *draft* as *patient*'s form. Raises `Unfinished`, `Overtaken` and `AlreadySent`.

    The flags come first: the database takes none for a form that is already sent. The patient's
    actor is held, as it is by whoever signs: no approval is given meanwhile on the form before.
    """
    with transaction():
        lock_person(patient)
        lock_row(draft)
        if draft.submitted_at is not None:
            raise intakes.AlreadySent
        intakes.complete(draft, patient)
        today = clock.today(catalogue.site().zone)
        case = intake_rules.case(draft.document, patient.born_on, today)
        flags = rules.evaluate(case).flags
        screening.store_flags(flags, draft.data_key, intake=draft)
        sent = intakes.submit(draft, patient, actor=actor)
        suspend.what_rests_on_other_answers(sent, patient, flags, today, actor=actor)
        safety.note_answer(sent, actor=actor)
        return sent
