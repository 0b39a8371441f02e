"""Reading intakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from clinic.accounts.queries import token_hash
from clinic.accounts.same_person import ids_of, pairs
from clinic.database import db, run, table_of
from clinic.intake import rules
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT, QUESTIONNAIRES, Questionnaire
from clinic.permissions import Actor, Role, only_readable


def questionnaire(intake: Intake) -> Questionnaire:
    """The version that the intake answers; of a draft only what it asks."""
    whole = QUESTIONNAIRES[intake.questionnaire_version]
    return whole if intake.submitted_at is not None else rules.narrowed(whole, intake.document)


def may_ask_less(newest: Intake | None) -> bool:
    """Whether a form can leave out what has not changed since *newest*: it asks the same."""
    return newest is not None and newest.questionnaire_version == CURRENT.version


def page_keys(questions: Questionnaire = CURRENT) -> list[str]:
    return list(questions.order)


def steps_of_a_booking() -> int:
    """The steps of the form, then the time, then the check before it is sent."""
    return len(CURRENT.steps) + 2


def unfinished_pages(intake: Intake) -> list[str]:
    return rules.unfinished_pages(intake.born_on, intake.document, questionnaire(intake))


def own_form(actor: Actor, public_id: str) -> Intake | None:
    """A form, sent or not, of the browser or the patient who asks."""
    intake = db.session.scalar(select(Intake).where(Intake.public_id == public_id))
    if intake is None:
        return None
    if actor.keeps_to_one_form:
        return intake if intake == draft_on_tablet(actor) else None
    if intake.patient_id is not None:
        is_own = actor.opens_own_record and _is_of(intake, actor.patient_id)
        return intake if is_own else None
    return intake if intake.visitor_id == actor.visitor_id is not None else None


def _is_of(intake: Intake, patient_id: int | None) -> bool:
    """Whether a form is on one of the patient's records."""
    if intake.patient_id == patient_id:
        return True
    return intake.patient_id in run(ids_of(patient_id)).scalars().all()


def draft_on_tablet(actor: Actor) -> Intake | None:
    """The one unsent form of the desk's tablet, or of a phone at the check-in, after the date of
    birth."""
    if actor.patient_id is None:
        return None
    return draft_for_tablet(actor.visitor_id)


def draft_for_tablet(visitor_id: int | None) -> Intake | None:
    """The same, whether or not the date of birth was typed."""
    if visitor_id is None:
        return None
    return db.session.scalar(
        select(Intake).where(
            Intake.visitor_id == visitor_id,
            Intake.patient_id.is_not(None),
            Intake.submitted_at.is_(None),
        )
    )


def draft_of_visitor(visitor_id: int | None) -> Intake | None:
    """The newest unsent form of a browser that belongs to nobody known yet."""
    if visitor_id is None:
        return None
    return db.session.scalar(
        select(Intake)
        .where(
            Intake.visitor_id == visitor_id,
            Intake.patient_id.is_(None),
            Intake.submitted_at.is_(None),
        )
        .order_by(Intake.id.desc())
        .limit(1)
    )


def draft_of_patient(patient_id: int) -> Intake | None:
    return db.session.scalar(
        select(Intake)
        .where(Intake.patient_id == patient_id, Intake.submitted_at.is_(None))
        .order_by(Intake.id.desc())
        .limit(1)
    )


def _counts_for(form: Any) -> ColumnElement[bool]:
    """What was sent counts for the person; a draft is filled in where it was begun."""
    of_the_person = form.patient_id.in_(ids_of(bindparam("patient_id")))
    is_here = form.patient_id == bindparam("patient_id")
    return and_(of_the_person, or_(is_here, form.submitted_at.is_not(None)))


DRAFT_OR_SENT = (
    select(Intake)
    .where(_counts_for(Intake))
    .order_by(Intake.submitted_at.is_(None).desc(), Intake.id.desc())
    .limit(1)
)


_form = table_of(Intake).c
# When a patient's newest form was sent: none while it, or one begun since, is not.
NEWEST_SENT_AT = (
    select(_form.submitted_at)
    .where(_counts_for(_form))
    .order_by(_form.submitted_at.is_(None).desc(), _form.id.desc())
    .limit(1)
)


def draft_or_sent(patient_id: int) -> Intake | None:
    """A patient's newest unsent form; else the newest that was sent; None with neither."""
    return db.session.scalar(DRAFT_OR_SENT, {"patient_id": patient_id})


def draft_by_resume_token(token: str) -> Intake | None:
    return db.session.scalar(
        select(Intake).where(Intake.resume_hash == token_hash(token), Intake.submitted_at.is_(None))
    )


def latest_submitted(patient_id: int) -> Intake | None:
    """The form that counts: the newest that was sent, on whichever record of the person."""
    return db.session.scalar(
        select(Intake)
        .where(Intake.patient_id.in_(ids_of(patient_id)), Intake.submitted_at.is_not(None))
        .order_by(Intake.submitted_at.desc(), Intake.id.desc())
        .limit(1)
    )


def newest_of_record(patient_id: int) -> Intake | None:
    """The newest that was sent on this very record: what the next one there supersedes."""
    return db.session.scalar(
        select(Intake)
        .where(Intake.patient_id == patient_id, Intake.submitted_at.is_not(None))
        .order_by(Intake.submitted_at.desc(), Intake.id.desc())
        .limit(1)
    )


def sent_form(patient_id: int, public_id: str) -> Intake | None:
    """One of the forms that a patient has sent."""
    return db.session.scalar(
        select(Intake).where(
            Intake.patient_id.in_(ids_of(patient_id)),
            Intake.public_id == public_id,
            Intake.submitted_at.is_not(None),
        )
    )


def help_at_the_visit(patient_id: int | None, roles: frozenset[Role]) -> dict[str, str]:
    """What a patient asked for in the newest form, for those who prepare the visit."""
    sent = latest_submitted(patient_id) if patient_id is not None else None
    asked_for = sent.document.get("visit", {}) if sent is not None else {}
    return only_readable("help at the visit", roles, asked_for)


def latest_of_each(patient_ids: Sequence[int]) -> Mapping[int, Intake]:
    """The same for many patients, by the patient's row number, in one statement."""
    same = pairs()
    ranked = (
        select(
            Intake.id,
            same.c.of_id,
            func.row_number()
            .over(
                partition_by=same.c.of_id,
                order_by=(Intake.submitted_at.desc(), Intake.id.desc()),
            )
            .label("place"),
        )
        .join(same, same.c.patient_id == Intake.patient_id)
        .where(same.c.of_id.in_(list(patient_ids)), Intake.submitted_at.is_not(None))
        .subquery()
    )
    newest = select(ranked.c.of_id, Intake).join(ranked, ranked.c.id == Intake.id)
    return dict(db.session.execute(newest.where(ranked.c.place == 1)).tuples().all())


def submitted_by(patient_ids: Sequence[int]) -> frozenset[int]:
    """Which of the patients have sent a form; says nothing of what is in it."""
    same = pairs()
    return frozenset(
        db.session.scalars(
            select(same.c.of_id)
            .join(Intake, Intake.patient_id == same.c.patient_id)
            .where(same.c.of_id.in_(list(patient_ids)), Intake.submitted_at.is_not(None))
            .distinct()
        )
    )


def toxin_sessions(intake: Intake) -> list[date]:
    return rules.toxin_sessions(intake.document)
