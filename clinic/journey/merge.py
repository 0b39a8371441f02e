"""Two records of one person are put together, and apart again.

What a physician relies on follows at once: answers that were sent on one record are weighed against
the approvals of both, as if they had just been sent (`suspend`). An approval is never carried over.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinic import clock
from clinic.accounts import links
from clinic.accounts.models import Patient, PatientLink
from clinic.catalogue import queries as catalogue
from clinic.database import lock_row, transaction
from clinic.intake import queries as intakes
from clinic.intake import rules as intake_rules
from clinic.journey import suspend
from clinic.merging import queries
from clinic.merging.rules import Against, reasons_not_to_merge
from clinic.permissions import Actor
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_actors
from clinic.screening import rules


class NotMerged(RuntimeError):
    """Something stands against it, since the page was opened perhaps."""

    def __init__(self, against: Sequence[Against]) -> None:
        super().__init__(", ".join(against))
        self.against = against


def against(replaced: Patient, kept: Patient) -> list[Against]:
    """What stands against it now; what the page shows, and asked again under the lock."""
    return reasons_not_to_merge(
        queries.facts(replaced),
        queries.facts(kept),
        own_note=queries.is_own_note(replaced, kept),
    )


def records(replaced: Patient, kept: Patient, reason: str, *, actor: Actor) -> PatientLink:
    """*replaced* leads to *kept* from now on. Raises `NotMerged`.

    Both are held, so of two managers, and of a manager and whoever books, the second sees what the
    first has done.
    """
    with transaction():
        lock_actors([replaced.actor_id, kept.actor_id])
        for patient in sorted({replaced, kept}, key=lambda one: one.id):
            lock_row(patient)
        stands = against(replaced, kept)
        if stands:
            raise NotMerged(stands)
        scheduling.release_all(replaced, actor=actor)
        link = links.join(replaced, kept, reason, actor=actor)
        _weigh_answers(kept, actor=actor)
    return link


def _weigh_answers(person: Patient, *, actor: Actor) -> None:
    """Pause what rests on other answers than the newest that the person sent on either record."""
    newest = intakes.latest_submitted(person.id)
    if newest is None:
        return
    today = clock.today(catalogue.site().zone)
    flags = rules.evaluate(intake_rules.case(newest.document, person.born_on, today)).flags
    suspend.what_rests_on_other_answers(newest, person, flags, today, actor=actor)


def undo(link: PatientLink, *, actor: Actor) -> None:
    """Two people again. Raises `AlreadyUndone` and `TooLate`."""
    with transaction():
        lock_actors([link.replaced.actor_id, link.kept.actor_id])
        links.undo(link, actor=actor)
