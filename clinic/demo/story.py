"""Plays the demo's people through the product, each at the moment it would have happened."""

from __future__ import annotations

import random  # habit: guessable, because a demo tells the same story each time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import select

from clinic import clock
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, Practitioner, User
from clinic.accounts.rules import name_key
from clinic.accounts.signin.second_step import seed
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue import services as catalogue_services
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES, ServiceKind
from clinic.config import ROOT
from clinic.database import db, transaction
from clinic.demo import doubles, past, questions, waiting
from clinic.demo.cast import CAST, PATIENT_PASSWORD, STAFF_PASSWORD, Character, Stage, Told
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import book, cancel, check_in, clinic_file, decide, found, submit, withdraw
from clinic.permissions import Actor, Role, system
from clinic.scheduling import availability, queries, rosters, rules
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AbsenceKind, AppointmentStatus
from clinic.screening import services as screening
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Wish

S = AppointmentStatus
SEED = 20261124
DESK = system("demo-desk")
MANAGER = system("demo-manager")
NOTHING_BOOKED_AFTER = timedelta(days=28)

USUAL = {
    "brow_right": "at",
    "brow_left": "at",
    "frontalis_compensation": "no",
    "dermatochalasis": "mild",
    "mrd1_right": "4.2",
    "mrd1_left": "4.0",
    "levator_right": "14",
    "levator_left": "14",
    "fatigable": "no",
    "droop_after_toxin": "none",
    "eyelid_or_brow_surgery": "no",
    "neuromuscular_disease": "no",
    "lowest_line_cm": "2.4",
}
WORDS = {
    Decision.ASK: {"question": "Which antibiotic did you have in October, and until when?"},
    Decision.DEFER: {"defer_words": "Let us wait until you have finished breastfeeding."},
    Decision.DECLINE: {"decline_words": "Filler would not give the result that you hope for."},
    Decision.REFER: {
        "refer_to": "Oculoplastic clinic",
        "refer_words": "An eye surgeon should look at your right eyelid first.",
    },
}


def load() -> None:
    """Found the demo clinic and play everybody's story. One transaction: all or nothing."""
    hashed = hash_password(STAFF_PASSWORD), hash_password(PATIENT_PASSWORD)
    with transaction(), _time_machine():
        written = clinic_file.read((ROOT / "docs" / "clinic-example.yaml").read_text())
        for user in found.clinic(written):
            user.password = hashed[0]
            db.session.flush()
            user.tf_totp_secret = seed()  # the demo's pages show the code of the moment
        story = _Story(hashed[1])
        story.remember()
        story.plan_ahead()
        # Whoever is late takes a time that the others have left.
        for character in sorted(CAST, key=lambda c: (c.stage == Stage.LATE, c.days, c.name)):
            story.play(character)
        story.wait_for_times()
        story.ask_before_visits()
        story.enter_twice()


@contextmanager
def _time_machine() -> Iterator[None]:
    """Let the story move the clock, and put it back."""
    # habit: second-clock, because how far the one clock was moved is measured against real time
    before = clock.now() - datetime.now(UTC)
    try:
        yield
    finally:
        clock.shift(before)


class _Story:
    def __init__(self, patient_password: str) -> None:
        self.random = random.Random(SEED)  # noqa: S311  (no secret is made of it)
        self.patient_password = patient_password
        self.now = clock.now()
        self.zone = catalogue.site().zone
        self.today = clock.local(self.now, self.zone).date()
        self.physicians = list(
            db.session.scalars(select(Practitioner).order_by(Practitioner.id)).all()
        )
        self.services = {service.kind: service for service in catalogue.services()}

    def remember(self) -> None:
        past.play(self._go, self.now, self.zone)

    def plan_ahead(self) -> None:
        """A closed day and a holiday to come, so that the manager's pages show some."""
        christmas = date(self.today.year, 12, 25)
        if christmas < self.today + NOTHING_BOOKED_AFTER:
            christmas = date(self.today.year + 1, 12, 25)
        catalogue_services.add_closed_day(
            catalogue.consultation().location, christmas, "Christmas Day", actor=MANAGER
        )
        first = self.today + NOTHING_BOOKED_AFTER
        week = rules.Away(first, 0, first + timedelta(days=6), clock.MINUTES_IN_A_DAY)
        rosters.add_absence(self.physicians[2], week, AbsenceKind.HOLIDAY, actor=MANAGER)

    def play(self, who: Character) -> None:
        """Everything that has happened to one person until now."""
        if who.stage == Stage.DRAFT:
            self._draft(who)
            return
        patient = self._patient(who)
        consultation = self._consultation(who, patient)
        if consultation is None:
            return
        if who.stage in (Stage.BOOKED, Stage.BOOKED_BY_PHONE, Stage.LATE):
            return
        self._afterwards(who, patient, consultation)

    def wait_for_times(self) -> None:
        waiting.play(self._go, self.now)

    def enter_twice(self) -> None:
        doubles.play(self._go, self.now)

    def ask_before_visits(self) -> None:
        questions.play(self._go, self.now)

    def _go(self, moment: datetime) -> None:
        """Move the clock to *moment*, never past the real present."""
        # habit: second-clock, because a shift is measured against real time
        clock.shift(min(moment, self.now) - datetime.now(UTC))

    def _minute(self) -> int:
        """A time of day at which people book."""
        return self.random.randrange(8 * 60, 21 * 60)

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _draft(self, who: Character) -> None:
        self._go(self._ago(1))
        visitor, _token = accounts.greet_visitor()
        draft = intakes.start(visitor, who.born_on, actor=system("demo"))
        document = {"answers": {}, "concerns": list(who.told.concerns)}
        intakes.save(draft, "where", document, actor=system("demo"))

    def _patient(self, who: Character) -> Patient:
        ago = 9 + max(0, -who.days)
        self._go(clock.instant(self.today - timedelta(days=ago), self._minute(), self.zone))
        email = None if who.no_email else _email(who.name)
        phone = f"020 7946 0{self.random.randrange(200, 999)}"
        patient = accounts.add_patient(
            name=who.name,
            born_on=who.born_on,
            email=email,
            phone=phone,
            actor=DESK if who.no_email else system("demo"),
            proved=email is not None,
        )
        if who.account:
            accounts.open_account(patient, self.patient_password, actor=system("demo"))
        return patient

    def _consultation(self, who: Character, patient: Patient) -> Appointment | None:
        service = self.services[ServiceKind.CONSULTATION]
        visit = self._visit(
            who, patient, service, who.days, later_than_now=who.stage == Stage.BOOKED
        )
        if visit is not None and who.stage not in (Stage.BOOKED_BY_PHONE,):
            self._form(who.told, patient)
        return visit

    def _form(self, told: Told, patient: Patient) -> Intake:
        draft = intakes.start_for(patient, actor=system("demo"))
        answers: dict[str, dict[str, Any]] = {
            q.topic.value: {"value": "no", **({"chosen": q.choices[0].code} if q.choices else {})}
            for q in CURRENT.questions
            if q.only_with in (None, *(row["area"] for row in told.concerns))
        }
        document = {
            "answers": {**answers, **told.answers},
            "distress": {
                feeling.key: {"value": str(feeling.choices[0][0])}
                for page in CURRENT.pages
                for feeling in page.feelings
            },
            "concerns": list(told.concerns),
            "words": {
                "change": told.change,
                "how_long": self.random.choice(["months", "years"]),
                "matters": self.random.choice(["3", "4", "5"]),
                "fears": told.fears,
            },
        }
        intakes.save(draft, "words", document, actor=system("demo"))
        return submit.intake(draft, patient, actor=system("demo"))

    def _visit(
        self,
        who: Character,
        patient: Patient,
        service: Service,
        days: int,
        *,
        later_than_now: bool = False,
    ) -> Appointment | None:
        """Book the wished day with the wished physician, or the nearest that is free."""
        day = self.today + timedelta(days=days)
        # As it was some days before: today's times may lie in hours that are gone by now.
        ago = max(0, -days) + self.random.randrange(1, 4)
        self._go(clock.instant(self.today - timedelta(days=ago), self._minute(), self.zone))
        allowed = self._allowed(service, patient)
        for shift in range(14):
            shown = day + timedelta(days=shift if days >= 0 else 0)
            facts = availability.times(service, shown, 1, patient=patient).facts
            slots = [s for s in rules.free_slots(facts, shown, 1) if allowed(s)]
            slots = [s for s in slots if not later_than_now or s.starts_at > self.now]
            if who.stage == Stage.LATE:
                slots = [s for s in slots if s.starts_at < self.now] or slots
            wished = self.physicians[who.physician].actor_id
            slots.sort(key=lambda s: s.practitioner_id != wished)
            best = (
                [s for s in slots if s.practitioner_id == slots[0].practitioner_id] if slots else []
            )
            if who.stage == Stage.LATE:
                best = slots  # whoever it is with: by an hour or two nobody is late, they missed it
            if best:
                chosen = self._pick(who, best)
                visitor, _token = accounts.greet_visitor()
                held = book.hold(
                    service, chosen.practitioner_id, chosen.starts_at,
                    visitor=visitor, actor=DESK, patient=patient,
                )  # fmt: skip
                return book.confirm(held, patient, actor=DESK)
            if days < 0:
                day -= timedelta(days=1)
        return None

    def _pick(self, who: Character, slots: list[rules.Slot]) -> rules.Slot:
        """Somebody who is here now came for a time around now, and so is late who should be; the
        others spread over the day."""
        if who.stage in (Stage.HERE, Stage.LATE):
            return min(slots, key=lambda s: abs(s.starts_at - self.now + timedelta(minutes=10)))
        return slots[self.random.randrange(len(slots))]

    def _allowed(self, service: Service, patient: Patient) -> Any:
        needed = MODALITIES[service.kind]
        if not needed:
            return lambda slot: True
        gate = treatment.gate(patient)

        def allowed(slot: rules.Slot) -> bool:
            day = clock.local(slot.starts_at, self.zone).date()
            return not gate.ask(Wish(needed, slot.starts_at, day))[1]

        return allowed

    def _arrive(self, visit: Appointment, *, in_room: bool) -> None:
        self._go(visit.starts_at - timedelta(minutes=6))
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=DESK)
        if in_room:
            self._go(visit.starts_at + timedelta(minutes=1))
            check_in.move(visit, S.ARRIVED, S.IN_ROOM, actor=DESK)

    def _afterwards(self, who: Character, patient: Patient, visit: Appointment) -> None:
        if who.stage == Stage.CANCELLED:
            self._go(self._ago(0.5))
            cancel.by_staff(visit, "patient-asked", actor=DESK)
        elif who.stage == Stage.MISSED:
            self._go(visit.ends_at + timedelta(minutes=5))
            scheduling.change_status(visit, S.BOOKED, S.NOSHOW, actor=DESK)
        elif who.stage in (Stage.HERE, Stage.UNSIGNED):
            self._arrive(visit, in_room=who.stage == Stage.UNSIGNED or who.name == "Maya Lindqvist")
        else:
            self._arrive(visit, in_room=True)
            self._decided(who, patient, visit)

    def _decided(self, who: Character, patient: Patient, visit: Appointment) -> None:
        self._go(visit.ends_at)
        physician = queries.practitioner_of(visit)
        assert physician is not None
        decision = {
            Stage.ASKED: Decision.ASK,
            Stage.REPLIED: Decision.ASK,
            Stage.DEFERRED: Decision.DEFER,
            Stage.DECLINED: Decision.DECLINE,
            Stage.REFERRED: Decision.REFER,
        }.get(who.stage, Decision.APPROVE)
        typed = decide.Typed(0, _note_text(who), USUAL, self._typed(who, decision))
        intake = intake_queries.latest_submitted(patient.id)
        actor = _actor(physician)
        audit.record(Event.RECORD_VIEWED, actor=actor, patient_id=patient.id, subject=visit)
        note = decide.sign(visit, patient, intake, typed, decision, actor=actor)
        if who.stage == Stage.REPLIED:
            self._go(visit.ends_at + timedelta(days=1))
            screening.reply(note, "Amoxicillin, until 20 October.", actor=system("demo"))
        if decision == Decision.APPROVE and who.treatment_days is not None:
            self._treatment(who, patient)
        if who.stage == Stage.WITHDRAWN:
            self._go(self._ago(0.3))
            approval = treatment.approvals_of(patient.id)[0]
            withdraw.approval(
                approval, patient, "New muscle weakness reported by phone.", actor=actor
            )

    def _typed(self, who: Character, decision: Decision) -> dict[str, Any]:
        months = clock.months_later(self.today + timedelta(days=who.days), 6)
        areas = [row["area"] for row in who.told.concerns]
        return {
            "decision": decision,
            "modality": who.treatment,
            "toxin_areas": areas,
            "filler_areas": [a for a in areas if a != "crows-feet"],
            "toxin_product": "onabotulinumtoxinA",
            "filler_product": "hyaluronic-acid-without-lidocaine",
            "toxin_ceiling": "64",
            "filler_ceiling": "2.0",
            "valid_until": months.isoformat(),
            "mitigations": ["away-from-levator", "upper-frontalis"],
            "why": "Talked over; levator good, no compensation.",
            "defer_until": (self.today + timedelta(days=120)).isoformat(),
            **WORDS.get(decision, {}),
        }

    def _treatment(self, who: Character, patient: Patient) -> None:
        assert who.treatment_days is not None
        service = self.services[ServiceKind(who.treatment)]
        visit = self._visit(who, patient, service, who.treatment_days)
        if visit is None or visit.ends_at > self.now:
            return
        self._arrive(visit, in_room=True)
        self._go(visit.ends_at)
        scheduling.change_status(visit, S.IN_ROOM, S.FULFILLED, actor=DESK)
        if who.treatment_days == 0:
            return
        follow_up = self.services[ServiceKind.FOLLOW_UP]
        self._visit(who, patient, follow_up, who.treatment_days + 14)


def _note_text(who: Character) -> str:
    areas = ", ".join(row["area"].replace("-", " ") for row in who.told.concerns)
    return f"Examined: {areas}. Discussed benefit, droop, bruising, doing nothing."


def _email(name: str) -> str:
    plain = name_key(name).replace(" ", ".").replace("ø", "o")
    return f"{plain}@example.org"


def _actor(physician: Practitioner) -> Actor:
    user = db.session.get(User, physician.user_id)
    assert user is not None
    return Actor(
        label=f"user:{user.public_id}",
        roles=frozenset({Role.PHYSICIAN}),
        user_id=user.id,
        practitioner_id=physician.id,
    )
