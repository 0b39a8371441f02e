"""The truths of scheduling, asked of the tables themselves: plain SQL for both engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from clinic.database import db

# Each gives the visits or participants of which it is false.
TRUTHS = {
    "nobody is in two active periods that overlap": """
        SELECT a.id AS one, b.id AS other FROM participant a JOIN participant b
        ON a.actor_id = b.actor_id AND a.id < b.id AND a.active AND b.active
        AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "active follows the state": """
        SELECT p.id FROM participant p JOIN appointment a ON a.id = p.appointment_id
        WHERE p.active <> (a.status NOT IN ('cancelled', 'noshow'))""",
    "whoever a visit takes up is taken up for all of it": """
        SELECT p.id FROM participant p JOIN appointment a ON a.id = p.appointment_id
        WHERE p.starts_at > a.starts_at OR p.ends_at < a.ends_at""",
    "nobody has anywhere left to go": """
        SELECT p.id FROM participant p
        WHERE p.next_actor_id IS NOT NULL OR p.next_starts_at IS NOT NULL""",
    "a booked visit has one physician, one room and its patient": """
        SELECT a.id FROM appointment a WHERE a.booked_at IS NOT NULL AND NOT (
        1 = (SELECT COUNT(*) FROM participant p JOIN practitioner x ON x.actor_id = p.actor_id
             WHERE p.appointment_id = a.id)
        AND 1 = (SELECT COUNT(*) FROM participant p JOIN room x ON x.actor_id = p.actor_id
             WHERE p.appointment_id = a.id)
        AND 1 = (SELECT COUNT(*) FROM participant p JOIN patient x ON x.actor_id = p.actor_id
             WHERE p.appointment_id = a.id AND x.id = a.patient_id))""",
    "a patient is taken up for the visit alone": """
        SELECT p.id FROM participant p JOIN appointment a ON a.id = p.appointment_id
        JOIN patient x ON x.actor_id = p.actor_id
        WHERE p.starts_at <> a.starts_at OR p.ends_at <> a.ends_at""",
    "a visit that was promised is never a hold again": """
        SELECT a.id FROM appointment a
        WHERE (a.booked_at IS NOT NULL) <> (a.status NOT IN ('proposed', 'cancelled'))
        AND a.status <> 'cancelled'""",
    "a booked visit has the row that says so and a letter": """
        SELECT a.id FROM appointment a WHERE a.booked_at IS NOT NULL AND NOT (
        1 = (SELECT COUNT(*) FROM audit_event e WHERE e.event = 'appointment:booked'
             AND e.subject = 'appointment:' || a.public_id)
        AND 1 <= (SELECT COUNT(*) FROM message m
             WHERE m.appointment_id = a.id AND m.kind = 'booked'))""",
    "a visit that was held has the row that says so": """
        SELECT a.id FROM appointment a WHERE 1 <> (
        SELECT COUNT(*) FROM audit_event e WHERE e.event = 'appointment:held'
        AND e.subject = 'appointment:' || a.public_id)""",
}


HOW_OFTEN_BROKEN = " UNION ALL ".join(
    f"SELECT '{says}', COUNT(*) FROM ({sql}) AS found" for says, sql in TRUTHS.items()
)


def broken() -> dict[str, list[Any]]:
    """What is not true, with the rows that show it."""
    db.session.rollback()
    counted = db.session.execute(text(HOW_OFTEN_BROKEN)).all()
    return {
        says: [tuple(row) for row in db.session.execute(text(TRUTHS[says]))]
        for says, number in counted
        if number
    }


@dataclass(frozen=True)
class Stored:
    """A visit as it is stored."""

    status: str
    version: int
    starts_at: Any
    ends_at: Any
    patient_id: int | None
    booked: bool


def stored() -> dict[str, Stored]:
    """Every visit and hold, by public id."""
    db.session.rollback()
    rows = db.session.execute(
        text(
            "SELECT public_id, status, version, starts_at, ends_at, patient_id,"
            " booked_at IS NOT NULL FROM appointment"
        )
    )
    return {row[0]: Stored(*row[1:]) for row in rows}


def rows_about() -> dict[str, int]:
    """How many audit rows each visit has, by public id."""
    counted = db.session.execute(
        text(
            "SELECT substr(subject, 13), COUNT(*) FROM audit_event"
            " WHERE subject LIKE 'appointment:%' GROUP BY subject"
        )
    )
    return {row[0]: row[1] for row in counted}
