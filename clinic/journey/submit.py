"""A form is sent: it is read by the rules, its flags are stored with it, and it is closed."""

from __future__ import annotations

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue import queries as catalogue
from clinic.database import transaction
from clinic.intake import rules as intake_rules
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.screening import rules
from clinic.screening import services as screening


def intake(draft: Intake, patient: Patient, *, actor: Actor) -> Intake:
    """Send *draft* as *patient*'s form. Raises `Unfinished` and `AlreadySent`.

    The flags come first: the database takes none for a form that is already sent.
    """
    with transaction():
        today = clock.today(catalogue.site().zone)
        case = intake_rules.case(draft.document, patient.born_on, today)
        screening.store_flags(rules.evaluate(case).flags, draft.data_key, intake=draft)
        return intakes.submit(draft, patient, actor=actor)
