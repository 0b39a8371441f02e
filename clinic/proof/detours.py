"""Bypasses that take several steps or go through another table.

Each adds itself to the list of `attempts`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import inspect

from clinic.accounts import models as accounts
from clinic.catalogue import models as catalogue
from clinic.intake.models import Intake
from clinic.proof.approvals import OWN_DAY, own_note, second_note, sign_note
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, UNUSED, Facts, approval_values, at, end_approval, pause, resume
from clinic.scheduling.models import Appointment, Participant
from clinic.screening.models import Flag, ScreeningNote
from clinic.treatment.models import Approval, ApprovalScope

SQLITE = ("sqlite",)
BUSY_DAY = date(2026, 12, 1)  # Cal's treatment is at ten
DEES_DAY = date(2026, 12, 2)  # Dee's consultation is at ten
FREE_DAY = date(2026, 12, 10)


# Truth 1: nobody and nothing in two places.


@attempt(1, "a participant handed over to another visit")
def _reparent(facts: Facts) -> None:
    facts.change(
        Participant,
        facts["visit-of-dee/room-actor"],
        appointment_id=facts["treatment-of-cal"],
    )


@attempt(1, "a visit moved onto a taken time while its participants stay behind")
def _leave_behind(facts: Facts) -> None:
    start = at(BUSY_DAY, 10)
    facts.change(
        Appointment,
        facts["visit-of-dee"],
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        starts_on=BUSY_DAY,
    )


@attempt(1, "a visit moved to a taken physician by telling its own where to go")
def _send_to_a_taken_one(facts: Facts) -> None:
    number = facts["visit-of-dee/physician-actor"]
    facts.change(Participant, number, next_actor_id=facts["physician-actor"])
    _leave_behind(facts)


@attempt(1, "a visit moved whose physician was told to be there for one minute of it only")
def _send_for_a_minute(facts: Facts) -> None:
    start = at(FREE_DAY, 10)
    facts.change(
        Participant,
        facts["visit-of-dee/physician-actor"],
        next_starts_at=start,
        next_ends_at=start + timedelta(minutes=1),
    )
    facts.change(
        Appointment,
        facts["visit-of-dee"],
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        starts_on=FREE_DAY,
    )


@attempt(1, "a physician taken up for one minute of a visit only")
def _shorten(facts: Facts) -> None:
    end = at(DEES_DAY, 10, 1)
    facts.change(Participant, facts["visit-of-dee/physician-actor"], ends_at=end)


@attempt(1, "a room added to a visit for another time than the visit's")
def _elsewhere(facts: Facts) -> None:
    facts.add(
        "attempted",
        Participant,
        appointment_id=facts["visit-of-dee"],
        actor_id=facts["room-actor"],
        starts_at=at(FREE_DAY, 10),
        ends_at=at(FREE_DAY, 11),
        active=True,
    )


@attempt(1, "a period of more than a day, which a search of one day would miss")
def _long(facts: Facts) -> None:
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee"))
    long = {"starts_at": at(DAY, 12), "ends_at": at(DEES_DAY, 11)}
    theirs = {"appointment_id": visit, "actor_id": facts["colleague-actor"], **long}
    values = facts.copy(Participant, "visit-of-dee/physician-actor", **theirs)
    facts.add("attempted-participant", Participant, **values)


@attempt(1, "a period stretched to more than a day")
def _stretch_long(facts: Facts) -> None:
    facts.visit("alone", "consultation", "cal", at(FREE_DAY, 10))
    end = at(FREE_DAY + timedelta(days=2), 10)
    facts.change(Participant, facts["alone/physician-actor"], ends_at=end)


@attempt(1, "a visit checked in that takes up nobody")
def _nobody(facts: Facts) -> None:
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee"))
    facts.change(Appointment, visit, status="arrived", status_at=at(DEES_DAY, 10))


@attempt(1, "a cancelled visit moved onto a taken time as it is cancelled, then brought back")
def _cancel_and_move(facts: Facts) -> None:
    start, visit = at(BUSY_DAY, 10), facts["visit-of-dee"]
    facts.change(
        Appointment,
        visit,
        status="cancelled",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        starts_on=BUSY_DAY,
    )
    facts.change(Appointment, visit, status="booked")


@attempt(1, "a physician given a second agenda")
def _second_agenda(facts: Facts) -> None:
    fresh = facts.add("fresh-actor", accounts.ActorRow, kind="practitioner")
    facts.change(accounts.Practitioner, facts["physician"], actor_id=fresh)


@attempt(1, "a patient given a second agenda")
def _second_patient_agenda(facts: Facts) -> None:
    fresh = facts.add("fresh-actor", accounts.ActorRow, kind="patient")
    facts.change(accounts.Patient, facts["dee"], actor_id=fresh)


@attempt(1, "a room given a second agenda")
def _second_room_agenda(facts: Facts) -> None:
    fresh = facts.add("fresh-actor", accounts.ActorRow, kind="room")
    facts.change(catalogue.Room, facts["room"], actor_id=fresh)


@attempt(1, "a taken time written as text, which SQLite sorts after every number", SQLITE)
def _text_time(facts: Facts) -> None:
    micros = int(at(DEES_DAY, 10, 15).timestamp()) * 1_000_000
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee"))
    sql(
        facts,
        "INSERT INTO participant (appointment_id, actor_id, starts_at, ends_at, active)"
        " VALUES (:visit, :actor, :start, :end, 1)",
        visit=visit,
        actor=facts["room-actor"],
        start=f"{micros - 1_800_000_000}x",
        end=f"{micros + 1_800_000_000}x",
    )


# Truth 2: no treatment visit without an approval that carries it.


@attempt(2, "a treatment under a kind of service that nobody knows")
def _unknown_kind(facts: Facts) -> None:
    copies = ", ".join(
        column.name
        for column in inspect(catalogue.Service).columns
        if column.name not in ("id", "public_id", "kind")
    )
    sql(
        facts,
        f"INSERT INTO service (id, public_id, kind, {copies})"
        f" SELECT {UNUSED}, 'odd', 'Toxin', {copies} FROM service WHERE id = :id",
        id=facts["toxin"],
    )
    facts.ids["Toxin"] = UNUSED
    facts.visit("attempted", "Toxin", "cal", at(FREE_DAY, 10))


def _second_approval(facts: Facts, **over: Any) -> int:
    note = second_note(facts)
    sign_note(facts, note)
    return facts.add("second", Approval, **approval_values(facts, note_id=note, **over))


@attempt(2, "a treatment visit on an approval whose scope is stored by half")
def _half_stored(facts: Facts) -> None:
    number = _second_approval(facts, scope_count=2)
    facts.add("half", ApprovalScope, approval_id=number, modality="toxin", area="glabella")
    facts.visit("attempted", "toxin", "cal", at(FREE_DAY, 10), approval_id=number)


# Truth 3: no approval without a physician's signature on an examination.


@attempt(3, "a note signed as of a day when the licence was still in date")
def _as_of_yesterday(facts: Facts) -> None:
    note = second_note(facts, practitioner_id=facts["colleague"])
    eve = DAY - timedelta(days=1)
    facts.change(ScreeningNote, note, decision="approve", signed_at=at(DAY, 11), signed_on=eve)


@attempt(3, "a note signed before the day of its consultation")
def _too_early(facts: Facts) -> None:
    note = second_note(facts)
    eve = DAY - timedelta(days=1)
    facts.change(ScreeningNote, note, decision="approve", signed_at=at(eve, 11), signed_on=eve)


@attempt(3, "a note signed on another patient's form")
def _foreign_form(facts: Facts) -> None:
    dees = {"patient_id": facts["dee"], "data_key_id": facts["dee-key"], "submitted_at": None}
    form = facts.add("form-of-dee", Intake, **facts.copy(Intake, "form", **dees))
    facts.change(Intake, form, submitted_at=at(DAY, 9))
    sign_note(facts, second_note(facts, intake_id=form))


@attempt(3, "a patient's sign-in taken off, their own note signed, the sign-in put back")
def _patient_signs_out(facts: Facts) -> None:
    me, note = facts["physician-as-patient"], own_note(facts)
    facts.change(accounts.Patient, me, user_id=None)
    sign_note(facts, note, on=OWN_DAY)
    facts.change(accounts.Patient, me, user_id=facts["physician-user"])


@attempt(3, "a physician's sign-in taken off, their own note signed, the sign-in put back")
def _physician_signs_out(facts: Facts) -> None:
    me, note = facts["physician"], own_note(facts)
    facts.change(accounts.Practitioner, me, user_id=None)
    sign_note(facts, note, on=OWN_DAY)
    facts.change(accounts.Practitioner, me, user_id=facts["physician-user"])


@attempt(3, "a licence whose last day is no date", SQLITE)
def _odd_licence(facts: Facts) -> None:
    sql(
        facts,
        "UPDATE credential SET valid_until = 'until further notice' WHERE id = :id",
        id=facts["colleague-licence"],
    )
    sign_note(facts, second_note(facts, practitioner_id=facts["colleague"]))


@attempt(3, "an approval on the note of a follow-up")
def _no_consultation(facts: Facts) -> None:
    visit = facts.visit("follow-up-of-cal", "follow-up", "cal", at(FREE_DAY, 10))
    for status in ("arrived", "in-room", "fulfilled"):
        facts.change(Appointment, visit, status=status)
    sign_note(facts, second_note(facts, appointment_id=visit), on=FREE_DAY)


@attempt(3, "an approval whose last day is no date", SQLITE)
def _odd_end(facts: Facts) -> None:
    note = second_note(facts)
    sign_note(facts, note)
    values = approval_values(facts, note_id=note)
    names = "public_id, data_key_id, patient_id, note_id, practitioner_id, given_on, valid_from"
    sql(
        facts,
        f"INSERT INTO approval ({names}, given_at, valid_until, scope_count)"
        f" VALUES ({', '.join(':' + name for name in names.split(', '))}, 0, 'for ever', 1)",
        **{**values, "given_on": DAY.isoformat(), "valid_from": DAY.isoformat()},
    )


@attempt(3, "the withdrawal of an approval moved to another one")
def _move_withdrawal(facts: Facts) -> None:
    other = _second_approval(facts)
    end_approval(facts, "withdrawn")
    sql(facts, "UPDATE approval_event SET approval_id = :other", other=other)


@attempt(3, "an approval resumed under a number so high that no later event is the last")
def _last_word(facts: Facts) -> None:
    pause(facts)
    highest = 2**63 - 1 if facts.is_sqlite else 2**31 - 1
    resume(facts, id=highest)


# Truth 4: what is signed, sent or recorded never changes.


@attempt(4, "a draft note moved to another consultation")
def _move_note(facts: Facts) -> None:
    facts.change(ScreeningNote, second_note(facts), appointment_id=facts["visit-of-dee"])


@attempt(4, "a sent form opened again")
def _unsend(facts: Facts) -> None:
    facts.change(Intake, facts["form"], submitted_at=None)


@attempt(4, "a flag moved from a sent form to a draft")
def _move_flag(facts: Facts) -> None:
    draft = facts.add("draft", Intake, **facts.copy(Intake, "form", submitted_at=None))
    facts.change(Flag, facts["form-flag"], intake_id=draft)


# Truth 5: nobody under 18 on the day.


@attempt(5, "a birth date that is no date", SQLITE)
def _odd_birth(facts: Facts) -> None:
    sql(facts, "UPDATE patient SET born_on = 'unknown' WHERE id = :id", id=facts["dee"])


@attempt(5, "a hold for nobody yet, confirmed for a minor")
def _hold_for_minor(facts: Facts) -> None:
    held = {"patient_id": None, "status": "proposed", "hold_until": at(DAY, 12)}
    visit = facts.add("attempted", Appointment, **facts.copy(Appointment, "visit-of-dee", **held))
    facts.change(Appointment, visit, status="booked", patient_id=facts["eve"])


@attempt(5, "the time zone of a site changed under its visits")
def _change_zone(facts: Facts) -> None:
    facts.change(catalogue.Location, facts["site"], zone="Pacific/Kiritimati")


# Truth 6: states move only along their arrows.


@attempt(6, "a state that nobody knows")
def _unknown_state(facts: Facts) -> None:
    sql(facts, "UPDATE appointment SET status = 'done' WHERE id = :id", id=facts["visit-of-dee"])


@attempt(6, "a cancellation signed over to somebody else, who then brings the visit back")
def _sign_over(facts: Facts) -> None:
    visit = facts["cancelled-visit"]
    facts.change(Appointment, visit, status_by="user:somebody-else")
    facts.change(Appointment, visit, status="booked", status_by="user:somebody-else")


@attempt(6, "a cancellation dated later, so that it can still be undone")
def _date_later(facts: Facts) -> None:
    visit, late = facts["cancelled-visit"], at(date(2026, 12, 3), 11)
    facts.change(Appointment, visit, status_at=late)
    facts.change(Appointment, visit, status="booked", status_at=late)
