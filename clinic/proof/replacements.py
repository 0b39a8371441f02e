"""Bypasses that put another row in the place of a row: replaced, remade, swapped, stored twice.

On SQLite, REPLACE deletes without firing the delete trigger, and foreign keys can be put off until
the commit; on PostgreSQL one statement can swap two numbers, and TRUNCATE fires no row trigger.
Each adds itself to the list of `attempts`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from clinic.accounts import models as accounts
from clinic.catalogue import models as catalogue
from clinic.columns import new_public_id
from clinic.intake.models import Intake, IntakeConfirmation
from clinic.proof.approvals import OWN_DAY, own_note, sign_note
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, UNUSED, Facts, at
from clinic.scheduling.models import Appointment, Participant
from clinic.screening.models import Addendum, Question, Reply
from clinic.treatment.models import Approval

SQLITE, POSTGRESQL = ("sqlite",), ("postgresql",)


def swap_numbers(facts: Facts, table: str, kept: str, other: str) -> None:
    """Give the row *other* the number of *kept*; whatever points at *kept* then means *other*."""
    values = {"kept": facts[kept], "other": facts[other], "aside": UNUSED}
    if not facts.is_sqlite:
        sql(
            facts,
            f"WITH moved AS (UPDATE {table} SET id = :aside WHERE id = :kept RETURNING id)"
            f" UPDATE {table} SET id = :kept WHERE id = :other AND EXISTS (SELECT 1 FROM moved)",
            **values,
        )
        return
    with facts.keys_put_off():  # rowid is another name of id, which `UPDATE OF id` does not hear
        sql(facts, f"UPDATE {table} SET rowid = :aside WHERE id = :kept", **values)
        sql(facts, f"UPDATE {table} SET rowid = :kept WHERE id = :other", **values)


def replace(facts: Facts, model: Any, /, **values: Any) -> None:
    """Store a row in place of whatever has its number or its public id."""
    facts.connection.execute(insert(model).values(**values).prefix_with("OR REPLACE"))


def columns(model: Any) -> str:
    return ", ".join(f'"{column.name}"' for column in model.__table__.columns)


# Truth 1: nobody and nothing in two places.


@attempt(1, "a participant replaced by one for another time", SQLITE)
def _replace_participant(facts: Facts) -> None:
    day = date(2026, 12, 2)
    longer = {"starts_at": at(day, 9), "ends_at": at(day, 12)}
    replace(facts, Participant, **facts.row(Participant, "visit-of-dee/room-actor", **longer))


# Truth 2: no treatment visit without an approval that carries it.


@attempt(2, "the consultation service and a treatment service swap their numbers")
def _swap_services(facts: Facts) -> None:
    swap_numbers(facts, "service", "consultation", "filler")


@attempt(2, "the consultation service replaced by a treatment", SQLITE)
def _replace_service(facts: Facts) -> None:
    values = facts.row(catalogue.Service, "consultation", kind="toxin")
    with facts.keys_put_off():
        replace(facts, catalogue.Service, **values)


@attempt(2, "the consultation service deleted and made again as a treatment", SQLITE)
def _remake_service(facts: Facts) -> None:
    values = facts.row(catalogue.Service, "consultation", kind="toxin")
    with facts.keys_put_off():
        sql(facts, "DELETE FROM service WHERE id = :id", id=facts["consultation"])
        facts.add("attempted", catalogue.Service, **values)


@attempt(2, "the consultation service pushed out by a treatment that takes its public id", SQLITE)
def _push_out_service(facts: Facts) -> None:
    values = facts.row(catalogue.Service, "consultation", kind="toxin")
    with facts.keys_put_off():
        sql(
            facts,
            "UPDATE OR REPLACE service SET public_id = :taken WHERE id = :id",
            taken=values["public_id"],
            id=facts["toxin"],
        )
        facts.add("attempted", catalogue.Service, **{**values, "public_id": new_public_id()})


@attempt(2, "a visit stored before its service, which then is a treatment")
def _service_later(facts: Facts) -> None:
    service = facts.copy(catalogue.Service, "toxin")
    visit = facts.copy(Appointment, "visit-of-dee", service_id=service["id"])
    with facts.keys_put_off():
        if facts.is_sqlite:
            facts.add("attempted", Appointment, **visit)
            facts.add("attempted-service", catalogue.Service, **service)
            return
        made = insert(catalogue.Service).values(**service).cte("made")
        facts.connection.execute(insert(Appointment).values(**visit).add_cte(made))


# Truth 3: no approval without a physician's signature on an examination.


@attempt(3, "a physician replaced by one without a sign-in, to sign their own note", SQLITE)
def _replace_physician(facts: Facts) -> None:
    note = own_note(facts)
    with facts.keys_put_off():
        values = facts.row(accounts.Practitioner, "physician", user_id=None)
        replace(facts, accounts.Practitioner, **values)
    sign_note(facts, note, on=OWN_DAY)


@attempt(3, "two physicians swap their numbers, so that a lapsed one has signed")
def _swap_physicians(facts: Facts) -> None:
    swap_numbers(facts, "practitioner", "physician", "colleague")


@attempt(3, "a physician deleted and made again without the sign-in", SQLITE)
def _remake_physician(facts: Facts) -> None:
    values = facts.row(accounts.Practitioner, "physician", user_id=None)
    with facts.keys_put_off():
        sql(facts, "DELETE FROM practitioner WHERE id = :id", id=facts["physician"])
        facts.add("attempted", accounts.Practitioner, **values)


@attempt(3, "an approval stored a second time with a later end")
def _upsert_approval(facts: Facts) -> None:
    names = columns(Approval)
    sql(
        facts,
        f"INSERT INTO approval ({names}) SELECT {names} FROM approval WHERE id = :id"
        " ON CONFLICT (id) DO UPDATE SET valid_until = '2027-11-20'",
        id=facts["approval"],
    )


# Truth 4: what is signed, sent or recorded never changes.


@attempt(4, "a sent form pushed out by a draft that takes its place", SQLITE)
def _push_out_form(facts: Facts) -> None:
    sent = facts.copy(Intake, "form", submitted_at=None, supersedes_id=facts["form"])
    facts.change(Intake, facts.add("sent", Intake, **sent), submitted_at=at(DAY, 9))
    draft = facts.add("draft", Intake, **facts.copy(Intake, "form", submitted_at=None))
    sql(
        facts,
        "UPDATE OR REPLACE intake SET supersedes_id = :form WHERE id = :draft",
        form=facts["form"],
        draft=draft,
    )


@attempt(4, "a patient's reply replaced", SQLITE)
def _replace_reply(facts: Facts) -> None:
    replace(facts, Reply, **facts.row(Reply, "reply", text_sealed=b"other"))


@attempt(4, "a question to the patient replaced", SQLITE)
def _replace_question(facts: Facts) -> None:
    values = facts.row(Question, "question", text_sealed=b"other")
    replace(facts, Question, **{**values, "appointment_id": facts["visit-of-dee"]})


@attempt(4, "a confirmation of answers replaced", SQLITE)
def _replace_confirmation(facts: Facts) -> None:
    row = facts.row(IntakeConfirmation, "confirmation", by="user:other")
    replace(facts, IntakeConfirmation, **row)


@attempt(4, "an addendum replaced", SQLITE)
def _replace_addendum(facts: Facts) -> None:
    replace(facts, Addendum, **facts.row(Addendum, "addendum", text_sealed=b"other"))


@attempt(4, "a sent form replaced", SQLITE)
def _replace_form(facts: Facts) -> None:
    values = facts.row(Intake, "form", document_sealed=b"other")
    with facts.keys_put_off():
        replace(facts, Intake, **values)


def _truncation(table: str) -> None:
    @attempt(4, f"all rows of {table} truncated", POSTGRESQL)
    def _truncate(facts: Facts) -> None:
        sql(facts, f"TRUNCATE {table}")


# What nothing points at; the other tables are truncated with these (CASCADE) or not at all.
LAST = ("addendum", "approval_event", "approval_scope", "flag", "participant", "reply")
for _table in (*LAST, "photo", "photo_consent"):
    _truncation(_table)


# Truth 5: nobody under 18 on the day.


@attempt(5, "an adult and a minor swap their numbers")
def _swap_patients(facts: Facts) -> None:
    swap_numbers(facts, "patient", "dee", "eve")


@attempt(5, "a patient deleted and made again as a minor", SQLITE)
def _remake_patient(facts: Facts) -> None:
    values = facts.row(accounts.Patient, "dee", born_on=date(2010, 1, 1))
    with facts.keys_put_off():
        sql(facts, "DELETE FROM patient WHERE id = :id", id=facts["dee"])
        facts.add("attempted", accounts.Patient, **values)


@attempt(5, "a patient replaced by a minor", SQLITE)
def _replace_patient(facts: Facts) -> None:
    values = facts.row(accounts.Patient, "dee", born_on=date(2010, 1, 1))
    with facts.keys_put_off():
        replace(facts, accounts.Patient, **values)


@attempt(5, "a patient pushed out by another who takes their sign-in", SQLITE)
def _push_out_patient(facts: Facts) -> None:
    values = facts.row(accounts.Patient, "physician-as-patient")
    with facts.keys_put_off():
        sql(
            facts,
            "UPDATE OR REPLACE patient SET user_id = :user WHERE id = :id",
            user=values["user_id"],
            id=facts["eve"],
        )


@attempt(5, "a site replaced by one in another zone", SQLITE)
def _replace_site(facts: Facts) -> None:
    values = facts.row(catalogue.Location, "site", zone="Pacific/Kiritimati")
    with facts.keys_put_off():
        replace(facts, catalogue.Location, **values)


@attempt(5, "a site deleted and made again in another zone", SQLITE)
def _remake_site(facts: Facts) -> None:
    values = facts.row(catalogue.Location, "site", zone="Pacific/Kiritimati")
    with facts.keys_put_off():
        sql(facts, "DELETE FROM location WHERE id = :id", id=facts["site"])
        facts.add("attempted", catalogue.Location, **values)


# Truth 6: states move only along their arrows.


@attempt(6, "a booked visit stored a second time as finished")
def _upsert_visit(facts: Facts) -> None:
    names = columns(Appointment)
    sql(
        facts,
        f"INSERT INTO appointment ({names}) SELECT {names} FROM appointment WHERE id = :id"
        " ON CONFLICT (id) DO UPDATE SET status = 'fulfilled'",
        id=facts["visit-of-dee"],
    )


@attempt(6, "a finished visit replaced by a booked one", SQLITE)
def _replace_visit(facts: Facts) -> None:
    values = facts.row(Appointment, "consultation-of-cal", status="booked")
    with facts.keys_put_off():
        replace(facts, Appointment, **values)
