"""Bypasses about treatment visits: without a fitting approval, and for a minor."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, Facts, at, end_approval
from clinic.scheduling.models import Appointment


def treatment(facts: Facts, day: date = date(2026, 12, 8), **over: Any) -> None:
    values = {"approval_id": facts["approval"], **over}
    service = values.pop("service", "toxin")
    patient = values.pop("patient", "cal")
    facts.visit("attempted", service, patient, at(day, 10), **values)


# Truth 2: no treatment visit without an approval that carries it.


@attempt(2, "a treatment visit without an approval")
def _no_approval(facts: Facts) -> None:
    treatment(facts, approval_id=None)


@attempt(2, "a treatment visit on another patient's approval")
def _foreign_approval(facts: Facts) -> None:
    treatment(facts, patient="dee")


@attempt(2, "a treatment visit the day after the last day")
def _day_after(facts: Facts) -> None:
    treatment(facts, date(2027, 5, 25))


@attempt(2, "a treatment visit the day before the first day")
def _day_before(facts: Facts) -> None:
    treatment(facts, date(2026, 11, 23))


@attempt(2, "a filler visit on an approval of Botox")
def _other_modality(facts: Facts) -> None:
    treatment(facts, service="filler")


@attempt(2, "a combined visit on an approval of Botox alone")
def _half_covered(facts: Facts) -> None:
    treatment(facts, service="combined")


@attempt(2, "a treatment visit on a withdrawn approval")
def _withdrawn(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    treatment(facts)


@attempt(2, "a treatment visit on a suspended approval")
def _suspended(facts: Facts) -> None:
    end_approval(facts, "suspended")
    treatment(facts)


@attempt(2, "a treatment visit on a superseded approval")
def _superseded(facts: Facts) -> None:
    end_approval(facts, "superseded")
    treatment(facts)


@attempt(2, "a treatment hold without an approval")
def _held(facts: Facts) -> None:
    treatment(facts, approval_id=None, status="proposed", hold_until=at(DAY, 12))


@attempt(2, "checking in a treatment whose approval was withdrawn meanwhile")
def _check_in(facts: Facts) -> None:
    end_approval(facts, "withdrawn")
    facts.change(Appointment, facts["treatment-of-cal"], status="arrived")


@attempt(2, "checking in a treatment whose approval was suspended meanwhile")
def _check_in_paused(facts: Facts) -> None:
    end_approval(facts, "suspended")
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
