"""Bypasses about approvals that are resumed: unread, unqualified, out of time, rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic.accounts.models import Credential, Patient, Practitioner
from clinic.intake.models import Intake
from clinic.proof.approvals import OWN_DAY, own_note, sign_note
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, SEALED, Facts, approval_values, at, end_approval, pause, resume
from clinic.scheduling.models import Appointment
from clinic.treatment.models import Approval, ApprovalEvent

LATER = date(2026, 12, 8)


def _form(facts: Facts, name: str, patient: str, day: date) -> int:
    """Another form that a patient sent."""
    values = {"questionnaire_version": "2026.1", "document_sealed": SEALED}
    key = facts[f"{patient}-key"]
    form = facts.add(name, Intake, data_key_id=key, patient_id=facts[patient], **values)
    facts.change(Intake, form, submitted_at=at(day, 12))
    return form


@attempt(3, "a withdrawn approval resumed")
def _withdrawn(facts: Facts) -> None:
    end_approval(facts, "withdrawn", at=at(DAY, 13))
    resume(facts)


@attempt(3, "a superseded approval resumed")
def _superseded(facts: Facts) -> None:
    pause(facts)
    end_approval(facts, "superseded", at=at(DAY, 13))
    resume(facts)


@attempt(3, "an approval resumed that was not paused")
def _not_paused(facts: Facts) -> None:
    resume(facts)


@attempt(3, "a paused approval resumed twice")
def _twice(facts: Facts) -> None:
    pause(facts)
    resume(facts)
    resume(facts)


@attempt(3, "a resumption dated before the pause")
def _before(facts: Facts) -> None:
    pause(facts, LATER)
    resume(facts)


@attempt(3, "an approval resumed by a physician whose licence ended yesterday")
def _lapsed(facts: Facts) -> None:
    pause(facts)
    resume(facts, practitioner_id=facts["colleague"])


@attempt(3, "an approval resumed under the date of another week")
def _another_day(facts: Facts) -> None:
    pause(facts)
    resume(facts, at=at(LATER, 14))


@attempt(3, "an approval resumed after its last day")
def _over(facts: Facts) -> None:
    pause(facts)
    day = date(2027, 5, 25)
    resume(facts, at=at(day, 14), resumed_on=day)


@attempt(3, "an approval resumed on a form that a newer one has replaced")
def _older_form(facts: Facts) -> None:
    pause(facts)
    _form(facts, "newer-form", "cal", DAY)
    resume(facts)


@attempt(3, "an approval resumed on another patient's form")
def _foreign_form(facts: Facts) -> None:
    pause(facts)
    resume(facts, intake_id=_form(facts, "form-of-dee", "dee", DAY))


@attempt(3, "an approval resumed on a form that was not sent")
def _unsent_form(facts: Facts) -> None:
    pause(facts)
    values = {"questionnaire_version": "2026.1", "document_sealed": SEALED}
    draft = facts.add(
        "draft-of-cal", Intake, data_key_id=facts["cal-key"], patient_id=facts["cal"], **values
    )
    resume(facts, intake_id=draft)


@attempt(3, "a physician resuming the approval of their own treatment")
def _oneself(facts: Facts) -> None:
    _resume_own(facts)


@attempt(3, "a patient's sign-in taken off, their own approval resumed, the sign-in put back")
def _patient_signs_out(facts: Facts) -> None:
    me = facts["physician-as-patient"]
    facts.change(Patient, me, user_id=None)
    _resume_own(facts)
    facts.change(Patient, me, user_id=facts["physician-user"])


@attempt(3, "a physician's sign-in taken off, their own approval resumed, the sign-in put back")
def _physician_signs_out(facts: Facts) -> None:
    facts.change(Practitioner, facts["physician"], user_id=None)
    _resume_own(facts)
    facts.change(Practitioner, facts["physician"], user_id=facts["physician-user"])


def _resume_own(facts: Facts) -> None:
    """The physician is the patient of a colleague, who approved; they resume it themself."""
    me = "physician-as-patient"
    facts.change(Credential, facts["colleague-licence"], valid_until=date(2027, 12, 31))
    note = own_note(facts, practitioner_id=facts["colleague"])
    sign_note(facts, note, on=OWN_DAY)
    facts.change(Appointment, facts["own"], status="fulfilled")
    whose: dict[str, Any] = {
        "data_key_id": facts[f"{me}-key"],
        "patient_id": facts[me],
        "note_id": note,
        "practitioner_id": facts["colleague"],
        "given_on": OWN_DAY,
        "valid_from": OWN_DAY,
    }
    mine = facts.add("own-approval", Approval, **approval_values(facts, **whose))
    story: dict[str, Any] = {"approval_id": mine, "by": "user:story"}
    key = {"data_key_id": facts[f"{me}-key"]}
    facts.add("own-pause", ApprovalEvent, kind="suspended", at=at(OWN_DAY, 13), **story, **key)
    facts.add(
        "own-resumption",
        ApprovalEvent,
        kind="resumed",
        at=at(OWN_DAY, 14),
        intake_id=_form(facts, "own-form", me, OWN_DAY),
        practitioner_id=facts["physician"],
        resumed_on=OWN_DAY,
        **story,
        **key,
    )


@attempt(3, "the form of a resumption changed")
def _other_form(facts: Facts) -> None:
    pause(facts)
    resume(facts)
    form = _form(facts, "newer-form", "cal", DAY)
    sql(facts, "UPDATE approval_event SET intake_id = :form WHERE kind = 'resumed'", form=form)


@attempt(3, "a pause deleted")
def _unpause(facts: Facts) -> None:
    pause(facts)
    sql(facts, "DELETE FROM approval_event")
