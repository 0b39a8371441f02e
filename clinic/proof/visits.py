"""Bypasses about visits: two at one time, and states off their arrows."""

from __future__ import annotations

from datetime import date

from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import Facts, at
from clinic.proof.treatments import treatment
from clinic.scheduling.models import Appointment, Participant

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


# Truth 6: states move only along their arrows.


@attempt(6, "a visit stored as finished from the start")
def _born_done(facts: Facts) -> None:
    treatment(facts, status="fulfilled")


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
