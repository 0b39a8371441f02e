"""Every bypass we could think of. Each is tried alone and undone; a refusal names its truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text

from clinic.proof.facts import DAY, SEALED, Facts, approval_values, at, end_approval
from clinic.scheduling.models import Appointment, Participant
from clinic.screening.models import Flag, ScreeningNote
from clinic.treatment.models import Approval, ApprovalScope


@dataclass(frozen=True)
class Attempt:
    """One way around the gate. *engines* names those on which it can be tried at all."""

    truth: int
    says: str
    do: Callable[[Facts], Any]
    engines: tuple[str, ...] = ("sqlite", "postgresql")


ATTEMPTS: list[Attempt] = []


def attempt(
    truth: int, says: str, engines: tuple[str, ...] = ("sqlite", "postgresql")
) -> Callable[[Callable[[Facts], Any]], Callable[[Facts], Any]]:
    def keep(do: Callable[[Facts], Any]) -> Callable[[Facts], Any]:
        ATTEMPTS.append(Attempt(truth, says, do, engines))
        return do

    return keep


def sql(facts: Facts, statement: str, **values: Any) -> None:
    facts.connection.execute(text(statement), values)


def _treatment(facts: Facts, day: date = date(2026, 12, 8), **over: Any) -> None:
    values = {"approval_id": facts["approval"], **over}
    service = values.pop("service", "toxin")
    patient = values.pop("patient", "cal")
    facts.visit("attempted", service, patient, at(day, 10), **values)


# Truth 1: nobody and nothing in two places.


@attempt(1, "a second visit in the middle of a physician's first")
def _overlap(facts: Facts) -> None:
    facts.visit("attempted", "consultation", "cal", at(date(2026, 12, 2), 10, 15))


@attempt(1, "a period stretched into the next visit")
def _stretch(facts: Facts) -> None:
    day = date(2026, 12, 2)
    facts.visit("before", "consultation", "cal", at(day, 9))
    number = facts["before/physician-actor"]
    facts.change(Participant, number, ends_at=at(day, 10, 15))


@attempt(1, "a taken physician given to a second visit by changing the actor")
def _swap(facts: Facts) -> None:
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee"))
    theirs = {"appointment_id": visit, "actor_id": facts["colleague-actor"]}
    values = facts.copy(Participant, "visit-of-dee/physician-actor", **theirs)
    number = facts.add("attempted-participant", Participant, **values)
    facts.change(Participant, number, actor_id=facts["physician-actor"])


@attempt(1, "a cancelled visit's participants switched on again")
def _wake(facts: Facts) -> None:
    facts.change(Participant, facts["cancelled-visit/room-actor"], active=True)


@attempt(1, "a booked visit's participants switched off to free the time")
def _sleep(facts: Facts) -> None:
    facts.change(Participant, facts["visit-of-dee/room-actor"], active=False)


@attempt(1, "a booked visit's participant deleted to free the time")
def _delete_participant(facts: Facts) -> None:
    sql(facts, "DELETE FROM participant WHERE id = :id", id=facts["visit-of-dee/room-actor"])


# Truth 2: no treatment visit without an approval that carries it.


@attempt(2, "a treatment visit without an approval")
def _no_approval(facts: Facts) -> None:
    _treatment(facts, approval_id=None)


@attempt(2, "a treatment visit on another patient's approval")
def _foreign_approval(facts: Facts) -> None:
    _treatment(facts, patient="dee")


@attempt(2, "a treatment visit the day after the last day")
def _day_after(facts: Facts) -> None:
    _treatment(facts, date(2027, 5, 25))


@attempt(2, "a treatment visit the day before the first day")
def _day_before(facts: Facts) -> None:
    _treatment(facts, date(2026, 11, 23))


@attempt(2, "a filler visit on an approval of Botox")
def _other_modality(facts: Facts) -> None:
    _treatment(facts, service="filler")


@attempt(2, "a combined visit on an approval of Botox alone")
def _half_covered(facts: Facts) -> None:
    _treatment(facts, service="combined")


@attempt(2, "a treatment visit on a withdrawn approval")
def _withdrawn(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    _treatment(facts)


@attempt(2, "a treatment visit on a suspended approval")
def _suspended(facts: Facts) -> None:
    end_approval(facts, "suspended")
    _treatment(facts)


@attempt(2, "a treatment visit on a superseded approval")
def _superseded(facts: Facts) -> None:
    end_approval(facts, "superseded")
    _treatment(facts)


@attempt(2, "a treatment hold without an approval")
def _held(facts: Facts) -> None:
    _treatment(facts, approval_id=None, status="proposed", hold_until=at(DAY, 12))


@attempt(2, "checking in a treatment whose approval was withdrawn meanwhile")
def _check_in(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    facts.change(Appointment, facts["treatment-of-cal"], status="arrived")


@attempt(2, "moving a treatment past the end of its approval")
def _move(facts: Facts) -> None:
    day = date(2027, 6, 1)
    values = {"starts_at": at(day, 10), "ends_at": at(day, 11), "starts_on": day}
    facts.change(Appointment, facts["treatment-of-cal"], **values)


@attempt(2, "a consultation turned into a treatment after booking")
def _turn(facts: Facts) -> None:
    facts.change(Appointment, facts["visit-of-dee"], service_id=facts["toxin"])


@attempt(2, "the consultation service renamed into a treatment")
def _rename(facts: Facts) -> None:
    sql(facts, "UPDATE service SET kind = 'toxin' WHERE id = :id", id=facts["consultation"])


@attempt(2, "the approval taken off a treatment visit")
def _unlink(facts: Facts) -> None:
    facts.change(Appointment, facts["treatment-of-cal"], approval_id=None)


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


def own_note(facts: Facts) -> int:
    """A draft about the physician's own visit, in the room."""
    me = "physician-as-patient"
    visit = facts.visit("own", "consultation", me, at(OWN_DAY, 10))
    for status in ("arrived", "in-room"):
        facts.change(Appointment, visit, status=status)
    values = {"appointment_id": visit, "patient_id": facts[me], "data_key_id": facts[f"{me}-key"]}
    return second_note(facts, **values)


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


@attempt(3, "a withdrawn approval resumed")
def _resume(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    end_approval(facts, "resumed")


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


# Truth 4: what is signed, sent or recorded never changes.


@attempt(4, "a signed note changed")
def _change_note(facts: Facts) -> None:
    facts.change(ScreeningNote, facts["note"], text_sealed=b"other")


@attempt(4, "a signed note's signature taken off")
def _unsign(facts: Facts) -> None:
    facts.change(ScreeningNote, facts["note"], signed_at=None)


@attempt(4, "a signed note deleted")
def _delete_note(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM screening_note WHERE id = :id", id=facts["note"])


@attempt(4, "a signed note replaced", engines=("sqlite",))
def _replace_note(facts: Facts) -> None:
    sql(
        facts,
        "INSERT OR REPLACE INTO screening_note (id, public_id, data_key_id, appointment_id,"
        " patient_id, practitioner_id, version, changed_at)"
        " SELECT id, public_id, data_key_id, appointment_id, patient_id, practitioner_id, 1, 0"
        " FROM screening_note WHERE id = :id",
        id=facts["note"],
    )


@attempt(4, "a sent form changed")
def _change_form(facts: Facts) -> None:
    sql(facts, "UPDATE intake SET document_sealed = :other", other=b"other")


@attempt(4, "a sent form deleted")
def _delete_form(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM intake WHERE id = :id", id=facts["form"])


@attempt(4, "a flag added to a form that is already sent")
def _late_flag(facts: Facts) -> None:
    values = {"data_key_id": facts["cal-key"], "level": "information", "rule_version": "x"}
    facts.add("attempted", Flag, intake_id=facts["form"], body_sealed=SEALED, **values)


@attempt(4, "a flag made milder")
def _milder_flag(facts: Facts) -> None:
    facts.change(Flag, facts["form-flag"], level="information")


@attempt(4, "a flag deleted")
def _delete_flag(facts: Facts) -> None:
    sql(facts, "DELETE FROM flag")


@attempt(4, "an addendum changed")
def _change_addendum(facts: Facts) -> None:
    sql(facts, "UPDATE addendum SET text_sealed = :other", other=b"other")


@attempt(4, "an addendum deleted")
def _delete_addendum(facts: Facts) -> None:
    sql(facts, "DELETE FROM addendum")


@attempt(4, "a patient's reply changed")
def _change_reply(facts: Facts) -> None:
    sql(facts, "UPDATE reply SET text_sealed = :other", other=b"other")


@attempt(4, "a patient's reply deleted")
def _delete_reply(facts: Facts) -> None:
    sql(facts, "DELETE FROM reply")


@attempt(4, "an audit row changed")
def _change_audit(facts: Facts) -> None:
    sql(facts, "UPDATE audit_event SET actor = 'nobody'")


@attempt(4, "audit rows deleted")
def _delete_audit(facts: Facts) -> None:
    sql(facts, "DELETE FROM audit_event")


@attempt(4, "the audit log truncated", engines=("postgresql",))
def _truncate_audit(facts: Facts) -> None:
    sql(facts, "TRUNCATE audit_event CASCADE")


# Truth 5: nobody under 18 on the day.


@attempt(5, "a visit of somebody who is 17 on the day")
def _minor(facts: Facts) -> None:
    facts.visit("attempted", "consultation", "eve", at(date(2026, 12, 23), 10))


@attempt(5, "a birth date corrected so that a booked visit is a minor's")
def _younger(facts: Facts) -> None:
    born: Any = date(2010, 1, 1)
    value = born.isoformat() if facts.connection.dialect.name == "sqlite" else born
    sql(facts, "UPDATE patient SET born_on = :born WHERE id = :id", born=value, id=facts["dee"])


@attempt(5, "a visit dated on another day than its instant, to pass the age check")
def _false_date(facts: Facts) -> None:
    start = at(date(2026, 12, 21), 10)
    facts.visit("attempted", "consultation", "eve", start, starts_on=date(2026, 12, 24))


@attempt(5, "a booked visit dated on another day than its instant")
def _false_date_later(facts: Facts) -> None:
    facts.change(Appointment, facts["visit-of-dee"], starts_on=date(2026, 12, 7))


# Truth 6: states move only along their arrows.


@attempt(6, "a visit stored as finished from the start")
def _born_done(facts: Facts) -> None:
    _treatment(facts, status="fulfilled")


@attempt(6, "a booked visit finished without anybody arriving")
def _jump(facts: Facts) -> None:
    facts.change(Appointment, facts["visit-of-dee"], status="fulfilled")


@attempt(6, "a consultation finished without a signed note")
def _unsigned_end(facts: Facts) -> None:
    for status in ("arrived", "in-room", "fulfilled"):
        facts.change(Appointment, facts["visit-of-dee"], status=status)


@attempt(6, "a finished visit opened again")
def _reopen(facts: Facts) -> None:
    facts.change(Appointment, facts["consultation-of-cal"], status="in-room")


@attempt(6, "a cancelled visit brought back by somebody else")
def _revive(facts: Facts) -> None:
    number = facts["cancelled-visit"]
    facts.change(Appointment, number, status="booked", status_by="user:somebody-else")


@attempt(6, "a cancelled visit brought back after an hour")
def _revive_late(facts: Facts) -> None:
    late = at(date(2026, 12, 3), 11)
    facts.change(Appointment, facts["cancelled-visit"], status="booked", status_at=late)


@attempt(6, "a visit handed to another patient")
def _hand_over(facts: Facts) -> None:
    facts.change(Appointment, facts["visit-of-dee"], patient_id=facts["cal"])


@attempt(6, "a finished visit moved to another day")
def _move_done(facts: Facts) -> None:
    day = date(2026, 12, 9)
    values = {"starts_at": at(day, 10), "ends_at": at(day, 11), "starts_on": day}
    facts.change(Appointment, facts["consultation-of-cal"], **values)


@attempt(6, "a visit deleted")
def _delete_visit(facts: Facts) -> None:
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee"))
    sql(facts, "DELETE FROM appointment WHERE id = :id", id=visit)


@attempt(6, "a public id taken over", engines=("sqlite",))
def _take_id(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(
            facts,
            "UPDATE OR REPLACE appointment SET public_id ="
            " (SELECT public_id FROM appointment WHERE id = :other) WHERE id = :id",
            other=facts["treatment-of-cal"],
            id=facts["visit-of-dee"],
        )
