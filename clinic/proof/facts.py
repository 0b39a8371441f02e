"""The smallest true story, told in SQL that the guards accept: the background of every attempt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from clinic.accounts import models as accounts
from clinic.audit.models import AuditChain, AuditEvent, AuditSeal
from clinic.catalogue import models as catalogue
from clinic.columns import new_public_id
from clinic.intake.models import Intake, IntakeConfirmation
from clinic.notices.models import Message
from clinic.photos.models import Photo, PhotoConsent
from clinic.scheduling.models import Appointment, Participant
from clinic.screening.models import Addendum, Flag, Question, Reply, ScreeningNote
from clinic.sealing import DataKey
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalScope

# A Tuesday; the story happens on it, attempts in the weeks after.
DAY = date(2026, 11, 24)
SEALED = b"sealed"
UNUSED = 900_000  # row numbers from here on are free


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@dataclass
class Facts:
    """Row numbers by name, and the connection that they live behind."""

    connection: Connection
    ids: dict[str, int]

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    def add(self, called: str, model: Any, /, **values: Any) -> int:
        """Insert one row and remember its number as *called*."""
        table = model.__table__
        if "public_id" in table.c and "public_id" not in values:
            values["public_id"] = new_public_id()
        result = self.connection.execute(insert(table).values(**values))
        key = result.inserted_primary_key
        self.ids[called] = int(key[0]) if key else 0
        return self.ids[called]

    def change(self, model: Any, number: int, **values: Any) -> None:
        table = model.__table__
        self.connection.execute(update(table).where(table.c.id == number).values(**values))

    def row(self, model: Any, called: str, **over: Any) -> dict[str, Any]:
        """A row as it is, with *over* in place of some of it."""
        table = model.__table__
        found = self.connection.execute(select(table).where(table.c.id == self[called]))
        return {**found.mappings().one(), **over}

    def copy(self, model: Any, called: str, **over: Any) -> dict[str, Any]:
        """What another row like this one would hold."""
        row = self.row(model, called)
        own = {"id": UNUSED + len(self.ids), "public_id": new_public_id()}
        return {**row, **{name: own[name] for name in own if name in row}, **over}

    @property
    def is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    @contextmanager
    def keys_put_off(self) -> Iterator[None]:
        """SQLite then checks foreign keys at the commit; PostgreSQL's are never put off."""
        if not self.is_sqlite:
            yield
            return
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        try:
            yield
        finally:
            self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")

    def visit(self, name: str, service: str, patient: str, starts_at: datetime, **more: Any) -> int:
        """A visit with physician, room and patient; *more* overrides its columns."""
        ends_at = starts_at + timedelta(minutes=30)
        values = {
            "service_id": self[service],
            "location_id": self["site"],
            "patient_id": self[patient],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "starts_on": starts_at.date(),
            "status": "booked",
            "status_at": starts_at,
            "status_by": "user:story",
        }
        number = self.add(name, Appointment, **{**values, **more})
        for actor in ("physician-actor", "room-actor", f"{patient}-actor"):
            self.add(
                f"{name}/{actor}",
                Participant,
                appointment_id=number,
                actor_id=self[actor],
                starts_at=starts_at,
                ends_at=ends_at,
                active=True,
            )
        return number


def build(connection: Connection) -> Facts:
    """Cal was examined on DAY and approved for Botox of the forehead; Dee was not. Eve is 17."""
    facts = Facts(connection, {})
    _clinic(facts)
    _people(facts)
    _consultation(facts)
    _approval(facts)
    return facts


def _clinic(facts: Facts) -> None:
    facts.add("clinic", catalogue.Clinic, name="Proof", currency="GBP", cancel_notice_hours=24)
    facts.add(
        "site",
        catalogue.Location,
        clinic_id=facts["clinic"],
        name="Proof",
        address="Nowhere 1",
        zone="Europe/London",
        phone="1",
        email="proof@example.org",
    )
    for kind in ("consultation", "toxin", "filler", "combined", "follow-up"):
        facts.add(
            kind,
            catalogue.Service,
            location_id=facts["site"],
            kind=kind,
            name=kind,
            price_pence=0,
            duration_minutes=30,
        )
    facts.add("room-actor", accounts.ActorRow, kind="room")
    room = {"actor_id": facts["room-actor"], "location_id": facts["site"], "name": "1"}
    facts.add("room", catalogue.Room, **room)


def _people(facts: Facts) -> None:
    user = {"name": "Proof", "active": True}
    for name in ("physician", "colleague"):
        mail = f"{name}@example.org"
        facts.add(f"{name}-user", accounts.User, email=mail, fs_uniquifier=new_public_id(), **user)
        facts.add(f"{name}-actor", accounts.ActorRow, kind="practitioner")
        facts.add(
            name,
            accounts.Practitioner,
            actor_id=facts[f"{name}-actor"],
            user_id=facts[f"{name}-user"],
            name=name,
        )
    for name, until in (("physician", date(2027, 12, 31)), ("colleague", date(2026, 11, 23))):
        facts.add(
            f"{name}-licence",
            accounts.Credential,
            practitioner_id=facts[name],
            kind="licence",
            valid_from=date(2020, 1, 1),
            valid_until=until,
        )
    for name, born in (
        ("cal", date(1990, 3, 2)),
        ("dee", date(1985, 7, 7)),
        ("eve", date(2008, 12, 24)),
    ):
        _patient(facts, name, born, None)
    _patient(facts, "physician-as-patient", date(1980, 1, 1), facts["physician-user"])


def _patient(facts: Facts, name: str, born_on: date, user_id: int | None) -> None:
    facts.add(f"{name}-key", DataKey, wrapped=SEALED)
    facts.add(f"{name}-actor", accounts.ActorRow, kind="patient")
    facts.add(
        name,
        accounts.Patient,
        actor_id=facts[f"{name}-actor"],
        data_key_id=facts[f"{name}-key"],
        user_id=user_id,
        name=name,
        name_key=name,
        born_on=born_on,
    )


def _photo(facts: Facts) -> None:
    """Of the form, while it is a draft; its patient lets physicians look at it."""
    facts.add(
        "photo",
        Photo,
        data_key_id=facts["cal-key"],
        intake_id=facts["form"],
        view="frown",
        width=640,
        height=800,
        size=12,
        image_sealed=SEALED,
        thumbnail_sealed=SEALED,
    )
    facts.add("consent", PhotoConsent, intake_id=facts["form"], purpose="assessment", said="given")


def _questions(facts: Facts) -> None:
    """Two before the consultation; Cal answers the first of them."""
    asked = {"practitioner_id": facts["physician"], "data_key_id": facts["cal-key"]}
    for name in ("question", "unanswered-question"):
        visit = facts["consultation-of-cal"]
        facts.add(name, Question, appointment_id=visit, text_sealed=SEALED, **asked)
    answer = {"data_key_id": facts["cal-key"], "text_sealed": SEALED}
    facts.add("early-reply", Reply, question_id=facts["question"], **answer)


def _consultation(facts: Facts) -> None:
    facts.add(
        "form",
        Intake,
        data_key_id=facts["cal-key"],
        patient_id=facts["cal"],
        questionnaire_version="2026.1",
        document_sealed=SEALED,
    )
    body = {"data_key_id": facts["cal-key"], "level": "caution", "rule_version": "2026.1"}
    facts.add("form-flag", Flag, intake_id=facts["form"], body_sealed=SEALED, **body)
    _photo(facts)
    facts.change(Intake, facts["form"], submitted_at=at(DAY, 8))
    facts.visit("consultation-of-cal", "consultation", "cal", at(DAY, 10))
    _questions(facts)
    for status in ("arrived", "in-room"):
        facts.change(Appointment, facts["consultation-of-cal"], status=status)
    facts.add(
        "note",
        ScreeningNote,
        data_key_id=facts["cal-key"],
        appointment_id=facts["consultation-of-cal"],
        patient_id=facts["cal"],
        practitioner_id=facts["physician"],
        text_sealed=SEALED,
    )
    facts.change(
        ScreeningNote, facts["note"], decision="approve", signed_at=at(DAY, 10, 30), signed_on=DAY
    )
    facts.change(Appointment, facts["consultation-of-cal"], status="fulfilled")
    words = {"data_key_id": facts["cal-key"], "note_id": facts["note"], "text_sealed": SEALED}
    facts.add("addendum", Addendum, practitioner_id=facts["physician"], **words)
    facts.add("reply", Reply, **words)
    facts.add("message", Message, kind="decided", to="cal@example.org", params_sealed=SEALED)
    _audit(facts)


def _audit(facts: Facts) -> None:
    """Two audit rows: the first is sealed, the other waits."""
    written = {"event": "note:signed", "actor": "user:story", "roles": "", "facts": {}}
    facts.add("sealed-audit", AuditEvent, **written)
    facts.add("audit", AuditEvent, **written)
    facts.add("chain-key", DataKey, wrapped=SEALED)
    facts.add("chain", AuditChain, id=1, data_key_id=facts["chain-key"])
    facts.add("seal", AuditSeal, id=1, event_id=facts["sealed-audit"], seal=SEALED)


def approval_values(facts: Facts, **over: Any) -> dict[str, Any]:
    """What an approval of Cal's note would say; *over* is what an attempt makes false."""
    values = {
        "data_key_id": facts["cal-key"],
        "patient_id": facts["cal"],
        "note_id": facts["note"],
        "practitioner_id": facts["physician"],
        "given_on": DAY,
        "valid_from": DAY,
        "valid_until": date(2027, 5, 24),
        "scope_count": 1,
        "public_id": new_public_id(),
    }
    return {**values, **over}


def _approval(facts: Facts) -> None:
    facts.add("approval", Approval, **approval_values(facts))
    facts.add(
        "scope", ApprovalScope, approval_id=facts["approval"], modality="toxin", area="forehead"
    )
    treatment = {"approval_id": facts["approval"]}
    facts.visit("treatment-of-cal", "toxin", "cal", at(date(2026, 12, 1), 10), **treatment)
    confirmed = {"appointment_id": facts["treatment-of-cal"], "intake_id": facts["form"]}
    facts.add("confirmation", IntakeConfirmation, by="user:story", **confirmed)
    facts.visit("visit-of-dee", "consultation", "dee", at(date(2026, 12, 2), 10))
    facts.visit("cancelled-visit", "consultation", "dee", at(date(2026, 12, 3), 10))
    facts.change(Appointment, facts["cancelled-visit"], status="cancelled")


def end_approval(facts: Facts, kind: str, **more: Any) -> None:
    facts.add(
        kind,
        ApprovalEvent,
        approval_id=facts["approval"],
        data_key_id=facts["cal-key"],
        kind=kind,
        by="user:story",
        **more,
    )


def pause(facts: Facts, day: date = DAY) -> None:
    """Cal's approval waits for a physician to read new answers."""
    end_approval(facts, "suspended", at=at(day, 13))


def resume(facts: Facts, **over: Any) -> None:
    """Cal's approval goes on; *over* is what an attempt makes false."""
    values = {
        "at": at(DAY, 14),
        "intake_id": facts["form"],
        "practitioner_id": facts["physician"],
        "resumed_on": DAY,
    }
    end_approval(facts, "resumed", **{**values, **over})
