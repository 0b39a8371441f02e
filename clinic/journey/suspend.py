"""A patient tells something new: what was approved on other answers is paused, and both are told.

Source: clinical reference e.4, "Ends early: new absolute flag; patient edits a health answer; new
pregnancy". Nothing is deleted: coming visits stay, need renewal, and cannot be checked in (G4, G5).

A changed answer pauses every approval that rests on the form it was given in, because a physician
weighed the whole form. A new absolute flag without a changed answer (a birthday, a newer rule)
pauses the approvals of its modality. It does so whatever area or product the flag is limited to:
the physician has not read it yet, and whether it reaches what was approved is theirs to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.intake.models import Intake
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.screening import rules
from clinic.screening.models import Flag
from clinic.screening.rules import Level
from clinic.treatment import paused
from clinic.treatment import queries as treatment
from clinic.treatment import services as approvals
from clinic.treatment.models import Approval
from clinic.treatment.rules import ApprovalState


def what_rests_on_other_answers(
    form: Intake, patient: Patient, flags: Sequence[rules.Flag], today: date, *, actor: Actor
) -> list[Approval]:
    """Pause each approval in force that *form*, just sent, stands against; which ones.

    *flags* are what the rules say of the form today. The caller holds the patient's actor, so no
    approval is signed meanwhile on the form before.
    """
    with transaction():
        stopped = []
        for approval in treatment.approvals_of(patient.id):
            if treatment.state_of(approval) != ApprovalState.IN_FORCE:
                continue
            if approval.valid_until < today:
                continue
            reason = _reason(approval, form, flags)
            if reason and approvals.suspend(approval, reason, form, actor=actor):
                stopped.append(approval)
        if stopped:
            _tell(stopped, patient)
    return stopped


def _reason(approval: Approval, form: Intake, flags: Sequence[rules.Flag]) -> str:
    """The codes of what is new; empty when the approval rests on all of it."""
    new = [flag for flag in flags if _is_new_stop(flag, approval)]
    parts = []
    if treatment.rests_on_other_answers(approval, form):
        codes = [change.code for change in treatment.what_changed(approval, form)]
        parts.append(f"answers: {', '.join(codes) or 'first form'}")
    if new:
        parts.append(f"absolute flags: {', '.join(dict.fromkeys(flag.topic for flag in new))}")
    return "; ".join(parts)


def _is_new_stop(flag: rules.Flag, approval: Approval) -> bool:
    """An absolute flag about what was approved, which the physician had not before them."""
    if flag.level != Level.ABSOLUTE:
        return False
    approved = {scope.modality for scope in approval.scopes}
    if flag.scope.modality.modalities.isdisjoint(approved):
        return False
    return not any(_covers(known, flag) for known in _known(approval))


def _known(approval: Approval) -> Iterable[Flag]:
    read = approval.rests_on
    return [*approval.note.flags, *(treatment.flags_of_form(read.id) if read else [])]


def _covers(known: Flag, flag: rules.Flag) -> bool:
    if known.level != Level.ABSOLUTE or known.body["topic"] != flag.topic:
        return False
    return paused.scope_of(known).covers(flag.scope)


def _tell(stopped: Sequence[Approval], patient: Patient) -> None:
    """One letter to the patient, one to each physician who approved; neither says what or why."""
    notices.queue(MessageKind.PAUSED, to=patient.email, params={}, patient_id=patient.id)
    approved_by = {approval.practitioner_id for approval in stopped}
    for address in people.addresses_of_physicians(approved_by, but=patient.user_id):
        notices.queue(MessageKind.FORM_CHANGED, to=address, params={})
