"""Bypasses about approvals: unsigned, unqualified, widened, brought back."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic.accounts.models import ActorRow, Practitioner
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, Facts, approval_values, at, end_approval
from clinic.scheduling.models import Appointment
from clinic.screening.models import ScreeningNote
from clinic.treatment.models import Approval, ApprovalScope

# Truth 3: no approval without a physician's signature on an examination.

OWN_DAY = date(2026, 12, 4)


def approve(facts: Facts, **over: Any) -> None:
    facts.add("attempted", Approval, **approval_values(facts, **over))


def second_note(facts: Facts, **over: Any) -> int:
    values = {
        "data_key_id": facts["cal-key"],
        "appointment_id": facts["consultation-of-cal"],
        "patient_id": facts["cal"],
        "practitioner_id": facts["physician"],
    }
    return facts.add("second-note", ScreeningNote, **{**values, **over})


def sign_note(facts: Facts, note: int, decision: str = "approve", on: date = DAY) -> None:
    facts.change(ScreeningNote, note, decision=decision, signed_at=at(on, 11), signed_on=on)


def own_note(facts: Facts, **over: Any) -> int:
    """A draft about the physician's own visit, in the room."""
    me = "physician-as-patient"
    visit = facts.visit("own", "consultation", me, at(OWN_DAY, 10))
    for status in ("arrived", "in-room"):
        facts.change(Appointment, visit, status=status)
    values = {"appointment_id": visit, "patient_id": facts[me], "data_key_id": facts[f"{me}-key"]}
    return second_note(facts, **{**values, **over})


@attempt(3, "an approval on an unsigned note")
def _unsigned(facts: Facts) -> None:
    approve(facts, note_id=second_note(facts))


@attempt(3, "an approval on a note that declined")
def _declined(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note, "decline")
    approve(facts, note_id=note)


@attempt(3, "an approval for another patient than the one examined")
def _other_patient(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note)
    approve(facts, note_id=note, patient_id=facts["dee"], data_key_id=facts["dee-key"])


@attempt(3, "an approval by a physician whose licence ended yesterday")
def _lapsed(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note)
    approve(facts, note_id=note, practitioner_id=facts["colleague"])


@attempt(3, "an approval by somebody who holds no licence at all")
def _no_physician(facts: Facts) -> None:
    facts.add("helper-actor", ActorRow, kind="practitioner")
    user = {"user_id": facts["colleague-user"]}
    facts.change(Practitioner, facts["colleague"], user_id=None)
    helper = facts.add(
        "helper", Practitioner, actor_id=facts["helper-actor"], name="helper", **user
    )
    note = second_note(facts)
    sign_note(facts, note)
    approve(facts, note_id=note, practitioner_id=helper)


@attempt(3, "a note signed by a physician whose licence ended yesterday")
def _lapsed_note(facts: Facts) -> None:
    sign_note(facts, second_note(facts, practitioner_id=facts["colleague"]))


@attempt(3, "a physician signing the note of their own examination")
def _oneself(facts: Facts) -> None:
    sign_note(facts, own_note(facts), on=OWN_DAY)


@attempt(3, "a note signed for a consultation that nobody came to")
def _nobody_came(facts: Facts) -> None:
    note = second_note(
        facts,
        appointment_id=facts["visit-of-dee"],
        patient_id=facts["dee"],
        data_key_id=facts["dee-key"],
    )
    sign_note(facts, note)


@attempt(3, "a note inserted as if it had been signed already")
def _born_signed(facts: Facts) -> None:
    second_note(facts, decision="approve", signed_at=at(DAY, 11), signed_on=DAY)


@attempt(3, "an approval that lasts longer than twelve months")
def _too_long(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note)
    approve(facts, note_id=note, valid_until=date(2027, 11, 25))


@attempt(3, "a back-dated approval")
def _back_dated(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note)
    approve(facts, note_id=note, valid_from=date(2026, 11, 1))


@attempt(3, "the last day of an approval moved")
def _extend(facts: Facts) -> None:
    sql(
        facts,
        "UPDATE approval SET valid_until = :day WHERE id = :id",
        day="2027-11-20" if facts.connection.dialect.name == "sqlite" else date(2027, 11, 20),
        id=facts["approval"],
    )


@attempt(3, "an area added to a signed approval")
def _widen(facts: Facts) -> None:
    values = {"approval_id": facts["approval"], "modality": "filler", "area": "lips"}
    facts.add("attempted", ApprovalScope, **values)


@attempt(3, "the modality of an approval changed")
def _change_scope(facts: Facts) -> None:
    sql(facts, "UPDATE approval_scope SET modality = 'filler'")


@attempt(3, "the withdrawal of an approval deleted")
def _unwithdraw(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    sql(facts, "DELETE FROM approval_event")


@attempt(3, "an approval deleted")
def _delete_approval(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM approval WHERE id = :id", id=facts["approval"])


@attempt(3, "the scope of an approval deleted")
def _delete_scope(facts: Facts) -> None:
    sql(facts, "DELETE FROM approval_scope")
