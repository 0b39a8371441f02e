"""Plain functions that make valid rows; a small cast that everybody knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from clinic.accounts import services as accounts
from clinic.accounts import sessions
from clinic.accounts.models import Patient, Practitioner, User, Visitor
from clinic.catalogue.models import Location, Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import clinic_file, decide, found, may_sign, submit
from clinic.jurisdiction import services as profiles
from clinic.jurisdiction.queries import profile
from clinic.jurisdiction.rules import Profile
from clinic.permissions import Actor, Role, system
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.press import at_the_press
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening.models import Decision, ScreeningNote
from clinic.treatment.models import Approval
from clinic.treatment.queries import open_ones

TESTER = system("test")
PASSWORD = "four plain long words"

CLINIC = (Path(__file__).parent / "clinic.yaml").read_text()

# A complete form: frown lines in motion and at rest, nothing in the history.
# The mildest answer to each question about how somebody feels.
CALM = {
    feeling.key: {"value": str(feeling.choices[0][0])}
    for page in CURRENT.pages
    for feeling in page.feelings
}
ANSWERS = {
    "answers": {q.topic.value: {"value": "no"} for q in CURRENT.questions},
    "distress": CALM,
    "concerns": [
        {"area": "forehead", "in_motion": True, "at_rest": False, "fws": 2, "how": "clear"},
        {"area": "glabella", "in_motion": True, "at_rest": False, "fws": 2, "how": "clear"},
    ],
    "words": {
        "change": "I look cross in photos.",
        "how_long": "years",
        "matters": "3",
        "fears": "Heavy eyes.",
    },
}

# Every finding that d.2 demands, all usual.
USUAL = {
    "brow_right": "at",
    "brow_left": "at",
    "frontalis_compensation": "no",
    "dermatochalasis": "none",
    "mrd1_right": "4.5",
    "mrd1_left": "4.5",
    "levator_right": "15",
    "levator_left": "15",
}


@dataclass
class Cast:
    site: Location
    ana: Practitioner
    eli: Practitioner
    ana_user: User
    eli_user: User
    bea: User
    max: User
    cal: Patient
    dee: Patient

    def service(self, kind: ServiceKind | str) -> Service:
        return db.session.scalars(db.select(Service).where(Service.kind == kind)).one()


read_once = cache(clinic_file.read)


def make_cast(clinic: str = CLINIC) -> Cast:
    found.clinic(read_once(clinic))
    make_patient(name="Cal Ortega", email="cal@example.org")
    make_patient(name="Dee Novak", email="dee@example.org")
    return find_cast()


def find_cast() -> Cast:
    """The cast as it is stored."""
    by_name = {user.name: user for user in db.session.scalars(db.select(User))}
    patients = {patient.name: patient for patient in db.session.scalars(db.select(Patient))}
    physicians = {p.name: p for p in db.session.scalars(db.select(Practitioner))}
    return Cast(
        site=db.session.scalars(db.select(Location)).one(),
        ana=physicians["Dr Ana Silva"],
        eli=physicians["Dr Eli Stone"],
        ana_user=by_name["Dr Ana Silva"],
        eli_user=by_name["Dr Eli Stone"],
        bea=by_name["Bea Lund"],
        max=by_name["Max Meyer"],
        cal=patients["Cal Ortega"],
        dee=patients["Dee Novak"],
    )


def make_patient(**over: Any) -> Patient:
    values = {
        "name": "Pat Example",
        "born_on": date(1990, 3, 2),
        "email": "pat@example.org",
        "phone": "020 7946 0555",
        "actor": TESTER,
        "proved": True,
    }
    return accounts.add_patient(**{**values, **over})


def make_visitor() -> Visitor:
    return accounts.greet_visitor()[0]


def make_account(patient: Patient) -> User:
    from flask_security.utils import hash_password

    return accounts.open_account(patient, hash_password(PASSWORD), actor=TESTER)


def signed_in(user: User, *, has_second_factor: bool = True) -> dict[str, Any]:
    """What the cookie of somebody holds who has signed in this moment."""
    token, _id = sessions.open_for(
        user, has_second_factor=has_second_factor, address="127.0.0.1", agent="Firefox/1 Linux"
    )
    return {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_cc": "set", "sid": token}


def staff_actor(user: User, practitioner: Practitioner | None = None) -> Actor:
    return Actor(
        label=f"user:{user.public_id}",
        roles=frozenset(Role(role.name) for role in user.roles),
        user_id=user.id,
        practitioner_id=practitioner.id if practitioner else None,
        has_account=True,
    )


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A moment of November 2026 in London (UTC in winter)."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def make_intake(
    patient: Patient, before_it_is_sent: Callable[[Intake], object] | None = None, **parts: Any
) -> Intake:
    """A sent form; *parts* replace parts of the document, answers topic by topic."""
    document = {**ANSWERS, **{k: v for k, v in parts.items() if k != "answers"}}
    document["answers"] = {**ANSWERS["answers"], **parts.get("answers", {})}
    with transaction():
        draft = intakes.start_for(patient, actor=TESTER)
        intakes.save(draft, "all", document, actor=TESTER)
        if before_it_is_sent is not None:
            before_it_is_sent(draft)
        return submit.intake(draft, patient, actor=TESTER)


def make_visit(
    patient: Patient, practitioner: Practitioner, service: Service, starts_at: datetime
) -> Appointment:
    """A booked visit, through the hold as everywhere; a treatment goes through the gate."""
    from clinic.journey import book

    held = book.hold(
        service,
        practitioner.actor_id,
        starts_at,
        visitor=make_visitor(),
        actor=TESTER,
        patient=patient,
    )
    return book.confirm(held, patient, actor=TESTER)


def make_visit_soon(cast: Cast) -> Appointment:
    """Cal's consultation in forty minutes, later than anybody may book one for themself."""
    from clinic.journey import book

    reason = "Stands at the desk."
    service = cast.service("consultation")
    when = at(24, 9, 40)
    actor = staff_actor(cast.bea)
    return book.all_the_same(service, cast.ana.actor_id, when, cast.cal, reason=reason, actor=actor)


def confirm(held: Appointment, patient: Patient, approval: Approval | None = None) -> Appointment:
    """Press, past the journey: no gate is asked and no letter written."""
    with transaction():
        press = at_the_press(held.id, patient.id)
        assert press is not None
        scheduling.confirm(press, actor=TESTER, approval=approval)
    return held


def decided(**over: Any) -> dict[str, Any]:
    """What a physician types to approve Botox of forehead and frown lines, up to 40 units."""
    values = {
        "decision": "approve",
        "modality": "toxin",
        "toxin_areas": ["forehead", "glabella"],
        "toxin_product": "onabotulinumtoxinA",
        "toxin_ceiling": "40",
        "filler_product": "hyaluronic-acid-without-lidocaine",
        "valid_until": "2027-05-24",
        "mitigations": ["away-from-levator"],
        "why": "Levator good, no compensation.",
    }
    return {**values, **over}


def sign(
    visit: Appointment,
    user: User,
    practitioner: Practitioner,
    decision: Decision = Decision.APPROVE,
    findings: dict[str, Any] | None = None,
    version: int = 0,
    **over: Any,
) -> ScreeningNote:
    from clinic.intake import queries

    patient = visit.patient
    if decision in may_sign.AGAINST and open_ones(patient.id, visit.starts_on):
        over.setdefault("standing", "goes-on")
    typed = decide.Typed(version, "Examined and discussed.", findings or USUAL, decided(**over))
    return decide.sign(
        visit,
        patient,
        queries.latest_submitted(patient.id),
        typed,
        decision,
        actor=staff_actor(user, practitioner),
    )


def make_approval(cast: Cast, patient: Patient | None = None, **over: Any) -> ScreeningNote:
    """Form, consultation at ten today, signed approval: the whole way."""
    patient = patient or cast.cal
    make_intake(patient)
    visit = make_visit(patient, cast.ana, cast.service("consultation"), at(24, 11))
    return sign(visit, cast.ana_user, cast.ana, **over)


def walk(visit: Appointment, *path: AppointmentStatus) -> Appointment:
    """Move a visit along its arrows, as the desk would."""
    for new in path:
        scheduling.change_status(visit, visit.status, new, actor=TESTER)
    return visit


def put_profile(**over: Any) -> Profile:
    """Another profile of the jurisdiction in force: the one of now, but for *over*."""
    wanted = replace(profile(), **over)
    shown = profiles.shown()
    profiles.put(wanted, "a test", shown_before=shown, actor=TESTER)
    return wanted
