"""A record with everything in it, in words that occur nowhere else, and whoever might open it.

Cal's record holds a sent form, a consultation with a signed approval and a question, a booked
treatment, a second consultation to come and a changed form not sent yet. Dee has a record too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts import tablet as phones
from clinic.accounts.models import Patient, User
from clinic.accounts.signin import half_way
from clinic.arriving import services as arriving
from clinic.database import transaction
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import book, decide, offers, tablet
from clinic.permissions import Role
from clinic.photos.queries import photos_of
from clinic.photos.rules import Purpose, View
from clinic.scheduling.models import Appointment
from clinic.screening import alerts, queries
from clinic.screening import services as screening
from clinic.screening.models import Decision, EmergencyAccess, SafetyAlert, ScreeningNote
from clinic.waitlist.models import Offer
from tests import factories
from tests.factories import Cast, at
from tests.pictures import add_photos
from tests.visitor import Person
from tests.waiting import wait

PHONE = "07700 900461"
WHO = ("Cal Ortega", "Ortega", "cal@example.org", PHONE)

# What was typed by Cal and about Cal: invented, so that one occurrence anywhere is a leak.
TYPED = {
    "note-of-an-answer": "zolvatrine",
    "change": "brimvolt",
    "fears": "drallinghood",
    "text": "twissoping",
    "why": "morklesome",
    "conditions": "flimmerance",
    "private": "gravelornish",
    "addendum": "snorvickery",
    "question": "pelluvanity",
    "second-text": "oddrimental",
    "photo": "quellenbrisk",
}
AREAS = ("Forehead", "Frown lines", "glabella")
FLAGS = ("blood-thinners", "Blood thinners", "blood thinners")
REASON = "Called from another hospital."
CLINICAL = (*TYPED.values(), *AREAS, *FLAGS)

ANSWERED = {
    "answers": {"blood-thinners": {"value": "yes", "note": TYPED["note-of-an-answer"]}},
    "words": {
        "change": f"I look {TYPED['change']} in photos.",
        "how_long": "years",
        "matters": "3",
        "fears": f"A {TYPED['fears']}.",
    },
}


@dataclass
class FullRecord:
    cast: Cast
    consultation: Appointment  # fulfilled
    note: ScreeningNote  # approves Botox
    question: ScreeningNote
    treatment: Appointment
    second: Appointment  # a consultation to come
    sent: Intake  # with a photo for the assessment and the record
    draft: Intake
    hold: Appointment  # of a browser that is nobody's
    holder_token: str
    access: EmergencyAccess  # of Ana to Dee's record
    offer: Offer  # of a follow-up that Cal waits for
    alert: SafetyAlert  # of the draft

    @property
    def ids(self) -> dict[str, str]:
        """What stands for each parameter of a route when it is about Cal."""
        return {
            "visit": self.treatment.public_id,
            "consultation": self.second.public_id,
            "note": self.note.public_id,
            "question": self.question.public_id,
            "patient": self.cast.cal.public_id,
            "intake": self.draft.public_id,
            "hold": self.hold.public_id,
            "service": self.cast.service("toxin").public_id,
            "key": "where",
            "code": "lines",
            "text": "relaxing",
            "token": "no-such-token",
            "session": "0" * 32,
            "row": "0" * 32,
            "link": "0" * 32,
            "access": self.access.public_id,
            "user": self.cast.bea.public_id,
            "site": self.cast.site.public_id,
            "person": self.cast.ana.public_id,
            "room": self.cast.site.rooms[0].public_id,
            **dict.fromkeys(("device", "closed", "absence", "extra"), "0" * 32),
            "entry": self.offer.entry.public_id,
            "offer": self.offer.public_id,
            "photo": photos_of(self.sent.id)[View.FROWN].public_id,
            "sent": self.sent.public_id,
            "purpose": Purpose.RECORD.value,
            "alert": self.alert.public_id,
        }


def make_full_record(cast: Cast) -> FullRecord:
    cal = cast.cal
    with transaction():
        cal.phone = PHONE
    intake = factories.make_intake(cal, _photographed, **ANSWERED)
    consultation = factories.make_visit(cal, cast.ana, cast.service("consultation"), at(24, 11))
    ana = factories.staff_actor(cast.ana_user, cast.ana)
    approved = factories.decided(**{key: TYPED[key] for key in ("why", "conditions", "private")})
    note = decide.sign(
        consultation,
        cal,
        intake,
        _typed(consultation, "text", approved),
        Decision.APPROVE,
        actor=ana,
    )
    treatment = factories.make_visit(cal, cast.ana, cast.service("toxin"), at(27, 10))
    asked = {"question": f"Since when the {TYPED['question']}?"}
    question = decide.sign(
        consultation,
        cal,
        intake,
        _typed(consultation, "second-text", asked),
        Decision.ASK,
        actor=ana,
    )
    screening.add_addendum(note, f"Later: {TYPED['addendum']}.", actor=ana)
    second = factories.make_visit(cal, cast.ana, cast.service("consultation"), at(30, 11))
    hold, token = _held(cast)
    draft = intakes.start_for(cal, actor=factories.TESTER)
    alerts.raise_for(draft, actor=factories.TESTER)
    return FullRecord(
        cast=cast,
        consultation=consultation,
        note=note,
        question=question,
        treatment=treatment,
        second=second,
        sent=intake,
        draft=draft,
        hold=hold,
        holder_token=token,
        access=screening.open_in_emergency(cast.dee, REASON, actor=ana),
        offer=_offered(cast),
        alert=alerts.of_form(draft),
    )


def _photographed(draft: Intake) -> None:
    add_photos(draft, words=TYPED["photo"].encode())


def _typed(visit: Appointment, key: str, decided: dict[str, object]) -> decide.Typed:
    version = queries.note_version(visit)
    return decide.Typed(version, f"Examined, {TYPED[key]}.", factories.USUAL, decided)


def _offered(cast: Cast) -> Offer:
    entry = wait(cast, cast.cal, "follow-up")
    return offers.by_hand(entry, cast.eli.actor_id, at(26, 14, 40), actor=factories.TESTER)


def _held(cast: Cast) -> tuple[Appointment, str]:
    visitor, token = accounts.greet_visitor()
    held = book.hold(
        cast.service("consultation"),
        cast.eli.actor_id,
        at(25, 11),
        visitor=visitor,
        actor=factories.TESTER,
    )
    return held, token


def with_cookie(app: Flask, token: str) -> Person:
    """The browser whose cookie holds *token*."""
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session["visitor"] = token
    return person


def by_code(app: Flask, patient: Patient) -> Person:
    """A browser in which the code sent to the patient's address was typed."""
    visitor, token = accounts.greet_visitor()
    accounts.prove_visitor(visitor, patient)
    return with_cookie(app, token)


def half_signed_in(app: Flask, user: User, state: str = "ready") -> Person:
    """A browser in which the password was right and the second step is still to come."""
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session.update(tf_user_id=user.fs_uniquifier, tf_state=state)
        half_way.begin(session)
    return person


def long_idle(app: Flask, patient: Patient) -> Person:
    """A browser in which the patient's code was typed, and nothing done for half an hour since."""
    visitor, token = accounts.greet_visitor()
    accounts.prove_visitor(visitor, patient)
    with transaction():
        visitor.seen_at = clock.now() - timedelta(minutes=31)
    return with_cookie(app, token)


def account_of(patient: Patient) -> User:
    """The patient's sign-in, made when there is none."""
    return patient.user or factories.make_account(patient)


def on_tablet(app: Flask, patient: Patient, by: User, *, confirmed: bool = True) -> Person:
    """The desk's tablet in *patient*'s hands; *confirmed*: the date of birth was typed."""
    token = tablet.hand_over(patient, actor=factories.staff_actor(by))
    if confirmed:
        visitor = people.visitor_of(people.browser_by_token(token))
        assert visitor is not None
        draft = intake_queries.draft_for_tablet(visitor.id)
        assert draft is not None
        tablet.open_form(visitor, draft, actor=factories.TESTER)
    return with_cookie(app, token)


def at_check_in(app: Flask, visit: Appointment) -> Person:
    """The phone of a visit's patient, which has shown whose it is."""
    assert visit.patient is not None
    with transaction():
        visitor, token = phones.open_phone(visit.patient)
        arriving.begin(visit, visitor, None, actor=phones.actor_of(visitor))
    return with_cookie(app, token)


def found_in(text: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word in text]


@dataclass(frozen=True)
class Kind:
    """A kind of person, and what is theirs: *of* is the patient they are."""

    name: str
    roles: frozenset[Role] = frozenset()
    of: str = ""
    has_account: bool = False
    cares: bool = False
    holds: bool = False
    in_emergency: bool = False
    half_in: bool = False  # the password was right, the second step is still asked for
    is_idle: bool = False  # was here, longer ago than a session lasts
    is_tablet: bool = False
    is_phone: bool = False  # checks in for a visit

    @property
    def opens_record(self) -> bool:
        return Role.PATIENT in self.roles or (Role.CODE in self.roles and not self.has_account)

    @property
    def reads(self) -> bool:
        """Whether Cal's record opens to this physician, for a year or for an hour."""
        return self.cares or self.in_emergency

    def __str__(self) -> str:
        return self.name

    def enter(self, app: Flask, record: FullRecord) -> Person:
        """A browser with this kind of person in front of it."""
        cast = record.cast
        if self.holds:
            return with_cookie(app, record.holder_token)
        if self.half_in:
            return half_signed_in(app, cast.ana_user)
        if self.is_idle:
            return long_idle(app, cast.cal)
        if self.in_emergency:
            eli = factories.staff_actor(cast.eli_user, cast.eli)
            screening.open_in_emergency(cast.cal, REASON, actor=eli)
        if self.is_tablet:
            return on_tablet(app, cast.cal, cast.bea)
        if self.is_phone:
            return at_check_in(app, record.treatment)
        if self.of:
            patient = getattr(cast, self.of)
            user = account_of(patient) if self.has_account else None
            is_signed_in = Role.PATIENT in self.roles
            return Person(app).sign_in(user) if is_signed_in else by_code(app, patient)
        staff = {
            "front desk": cast.bea,
            "physician in care": cast.ana_user,
            "physician without care": cast.eli_user,
            "physician in an emergency": cast.eli_user,
            "manager": cast.max,
        }
        return Person(app).sign_in(staff[self.name]) if self.roles else Person(app)


CODE, PATIENT = frozenset({Role.CODE}), frozenset({Role.PATIENT})

KINDS = (
    Kind("nobody"),
    Kind("tablet with Cal's form", frozenset({Role.TABLET}), is_tablet=True),
    Kind("Cal's phone at the check-in", frozenset({Role.PHONE}), is_phone=True),
    Kind("browser that holds a time", holds=True),
    Kind("physician before the second step", half_in=True),
    Kind("Cal by code, long idle", is_idle=True),
    Kind("Cal by code, no account", CODE, of="cal"),
    Kind("Cal by code, with account", CODE, of="cal", has_account=True),
    Kind("Cal signed in", PATIENT, of="cal", has_account=True),
    Kind("Dee by code, no account", CODE, of="dee"),
    Kind("Dee by code, with account", CODE, of="dee", has_account=True),
    Kind("Dee signed in", PATIENT, of="dee", has_account=True),
    Kind("front desk", frozenset({Role.FRONT_DESK})),
    Kind("physician in care", frozenset({Role.PHYSICIAN}), cares=True),
    Kind("physician without care", frozenset({Role.PHYSICIAN})),
    Kind("physician in an emergency", frozenset({Role.PHYSICIAN}), in_emergency=True),
    Kind("manager", frozenset({Role.MANAGER})),
)
