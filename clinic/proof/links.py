"""Bypasses about two records of one person: chains, links that change, and what starts on a record
that is replaced.

Dee's record leads to Cal's, unless an attempt says otherwise.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clinic.accounts.models import ClaimLink, Patient, PatientLink, User
from clinic.columns import new_public_id
from clinic.intake.models import Intake
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, SEALED, Facts, approval_values, at
from clinic.scheduling.models import Appointment, Participant
from clinic.screening.models import ScreeningNote
from clinic.treatment.models import Approval
from clinic.waitlist.models import WaitlistEntry

LINKED = at(DAY, 12)
THIRTY_DAYS = timedelta(days=30)


def link(facts: Facts, replaced: str = "dee", kept: str = "cal", **over: Any) -> int:
    """*replaced* leads to *kept*; *over* is what an attempt makes false."""
    values = {
        "data_key_id": facts[f"{kept}-key"],
        "replaced_id": facts[replaced],
        "kept_id": facts[kept],
        "linked_at": LINKED,
        "linked_by": "user:story",
        "reason_sealed": SEALED,
    }
    return facts.add(f"link-{replaced}-{kept}", PatientLink, **{**values, **over})


def undo(facts: Facts, number: int, after: timedelta = timedelta(days=1)) -> None:
    facts.change(PatientLink, number, undone_at=LINKED + after, undone_by="user:story")


@attempt(7, "a record that leads to itself")
def _itself(facts: Facts) -> None:
    link(facts, "dee", "dee")


@attempt(7, "a record that leads to two others")
def _two(facts: Facts) -> None:
    link(facts, "dee", "cal")
    link(facts, "dee", "eve")


@attempt(7, "two records that lead to each other")
def _each_other(facts: Facts) -> None:
    link(facts, "dee", "cal")
    link(facts, "cal", "dee")


@attempt(7, "a link behind a link")
def _behind(facts: Facts) -> None:
    link(facts, "dee", "cal")
    link(facts, "cal", "eve")


@attempt(7, "a link before a link")
def _before(facts: Facts) -> None:
    link(facts, "dee", "cal")
    link(facts, "eve", "dee")


@attempt(7, "a link that is stored as undone")
def _born_undone(facts: Facts) -> None:
    link(facts, undone_at=LINKED, undone_by="user:story")


@attempt(7, "a link undone after thirty days")
def _late(facts: Facts) -> None:
    undo(facts, link(facts), THIRTY_DAYS + timedelta(microseconds=1))


@attempt(7, "a link undone a second time")
def _twice(facts: Facts) -> None:
    number = link(facts)
    undo(facts, number)
    undo(facts, number, timedelta(days=2))


@attempt(7, "a link in force again after it was undone")
def _again(facts: Facts) -> None:
    number = link(facts)
    undo(facts, number)
    facts.change(PatientLink, number, undone_at=None, undone_by=None)


@attempt(7, "a link turned round")
def _turned(facts: Facts) -> None:
    facts.change(PatientLink, link(facts), replaced_id=facts["cal"], kept_id=facts["dee"])


@attempt(7, "the thirty days of a link begun anew")
def _anew(facts: Facts) -> None:
    facts.change(PatientLink, link(facts), linked_at=LINKED + THIRTY_DAYS)


@attempt(7, "the reason of a link written anew")
def _other_reason(facts: Facts) -> None:
    facts.change(PatientLink, link(facts), reason_sealed=b"other")


@attempt(7, "a link deleted")
def _delete(facts: Facts) -> None:
    link(facts)
    sql(facts, "DELETE FROM patient_link")


@attempt(7, "a link stored a second time with other words", engines=("sqlite",))
def _replace(facts: Facts) -> None:
    undo(facts, link(facts))
    sql(
        facts,
        "INSERT OR REPLACE INTO patient_link (id, public_id, data_key_id, replaced_id, kept_id,"
        " linked_at, linked_by, reason_sealed)"
        " SELECT id, public_id, data_key_id, replaced_id, kept_id, linked_at, linked_by, :other"
        " FROM patient_link",
        other=b"other",
    )


@attempt(7, "the links truncated", engines=("postgresql",))
def _truncate(facts: Facts) -> None:
    sql(facts, "TRUNCATE patient_link")


@attempt(7, "a visit booked on a record that is replaced")
def _visit(facts: Facts) -> None:
    link(facts)
    facts.visit("late", "consultation", "dee", at(date(2026, 12, 9), 10))


@attempt(7, "a hold given to a record that is replaced")
def _hold(facts: Facts) -> None:
    link(facts)
    starts_at = at(date(2026, 12, 9), 10)
    hold = {"status": "proposed", "hold_until": starts_at, "patient_id": None}
    number = facts.visit("held", "consultation", "dee", starts_at, **hold)
    facts.change(Appointment, number, patient_id=facts["dee"])


@attempt(7, "a hold of a record booked after it was replaced")
def _held_before(facts: Facts) -> None:
    starts_at = at(date(2026, 12, 9), 10)
    hold = {"status": "proposed", "hold_until": starts_at}
    number = facts.visit("held", "consultation", "dee", starts_at, **hold)
    link(facts)
    facts.change(Appointment, number, status="booked")


@attempt(7, "a cancelled visit brought back on a record that is replaced")
def _brought_back(facts: Facts) -> None:
    link(facts)
    facts.change(Appointment, facts["cancelled-visit"], status="booked")


def _form(facts: Facts, name: str, patient: str | None) -> int:
    return facts.add(
        name,
        Intake,
        data_key_id=facts["dee-key"],
        patient_id=facts[patient] if patient else None,
        questionnaire_version="2026.1",
        document_sealed=SEALED,
    )


@attempt(7, "a form begun on a record that is replaced")
def _form_begun(facts: Facts) -> None:
    link(facts)
    _form(facts, "late-form", "dee")


@attempt(7, "a form given to a record that is replaced")
def _form_given(facts: Facts) -> None:
    link(facts)
    facts.change(Intake, _form(facts, "nobodys-form", None), patient_id=facts["dee"])


@attempt(7, "a note begun on a record that is replaced")
def _note(facts: Facts) -> None:
    link(facts)
    facts.connection.execute(
        ScreeningNote.__table__.insert(),  # type: ignore[attr-defined]
        facts.copy(
            ScreeningNote,
            "note",
            patient_id=facts["dee"],
            appointment_id=facts["visit-of-dee"],
            decision=None,
            signed_at=None,
            signed_on=None,
        ),
    )


@attempt(7, "an approval given on a record that is replaced")
def _approval(facts: Facts) -> None:
    note = facts.add(
        "later-note",
        ScreeningNote,
        data_key_id=facts["cal-key"],
        appointment_id=facts["consultation-of-cal"],
        patient_id=facts["cal"],
        practitioner_id=facts["physician"],
        text_sealed=SEALED,
    )
    facts.change(ScreeningNote, note, decision="approve", signed_at=at(DAY, 11), signed_on=DAY)
    link(facts, "cal", "dee")
    facts.add("late-approval", Approval, **approval_values(facts, note_id=note))


@attempt(7, "a wish put on the waiting list for a record that is replaced")
def _wish(facts: Facts) -> None:
    link(facts)
    facts.add(
        "wish",
        WaitlistEntry,
        patient_id=facts["dee"],
        service_id=facts["consultation"],
        weekdays=1,
        parts=1,
        from_on=DAY,
        until_on=DAY,
        state="waiting",
        created_by="user:story",
    )


@attempt(7, "an invitation to an account of a record that is replaced")
def _invitation(facts: Facts) -> None:
    link(facts)
    facts.add(
        "invitation",
        ClaimLink,
        patient_id=facts["dee"],
        token_hash=b"x" * 32,
        email="dee@example.org",
        expires_at=at(date(2026, 12, 9), 10),
    )


def _sign_in(facts: Facts, *, active: bool) -> int:
    mail = {"email": "dee@example.org", "name": "Dee", "fs_uniquifier": new_public_id()}
    return facts.add("dee-user", User, active=active, **mail)


@attempt(7, "a sign-in put behind a record that is replaced")
def _sign_in_behind(facts: Facts) -> None:
    link(facts)
    facts.change(Patient, facts["dee"], user_id=_sign_in(facts, active=True))


@attempt(7, "a record replaced while its patient signs in to it")
def _signs_in(facts: Facts) -> None:
    facts.change(Patient, facts["dee"], user_id=_sign_in(facts, active=True))
    link(facts)


@attempt(7, "a closed sign-in opened while its record is replaced")
def _opened(facts: Facts) -> None:
    facts.change(Patient, facts["dee"], user_id=_sign_in(facts, active=False))
    link(facts)
    facts.change(User, facts["dee-user"], active=True)


@attempt(7, "a physician who becomes the patient whose note they signed")
def _own_note(facts: Facts) -> None:
    link(facts, "cal", "physician-as-patient")


@attempt(7, "one person in two places at once on two records")
def _two_places(facts: Facts) -> None:
    link(facts)
    starts_at = at(date(2026, 12, 2), 10)  # where Dee is expected
    number = facts.add(
        "elsewhere",
        Appointment,
        service_id=facts["consultation"],
        location_id=facts["site"],
        patient_id=facts["cal"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        starts_on=starts_at.date(),
        status="booked",
        status_at=starts_at,
        status_by="user:story",
    )
    facts.add(
        "elsewhere/cal",
        Participant,
        appointment_id=number,
        actor_id=facts["cal-actor"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        active=True,
    )
