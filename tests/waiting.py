"""People who wait, and times that become free for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic.accounts.models import Patient
from clinic.database import db
from clinic.journey import cancel
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.models import Appointment
from clinic.waitlist import services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import EVERY_DAY, WHOLE_DAY, Wanted
from tests.factories import TESTER, Cast, at, make_patient, make_visit

# Friday at ten past ten: inside nobody's notice, and the patient may still cancel by themselves.
FREED = at(27, 10, 20)


def wanted(**over: Any) -> Wanted:
    values: dict[str, Any] = {
        "practitioner_id": None,
        "weekdays": EVERY_DAY,
        "parts": WHOLE_DAY,
        "from_on": date(2026, 11, 24),
        "until_on": date(2027, 1, 24),
    }
    return Wanted(**{**values, **over})


def wait(cast: Cast, patient: Patient, kind: str = "consultation", **over: Any) -> WaitlistEntry:
    return services.join(patient, cast.service(kind), wanted(**over), actor=TESTER)


def somebody(name: str) -> Patient:
    return make_patient(name=name, email=f"{name.split()[0].lower()}@example.org")


def fully_booked(cast: Cast, **over: Any) -> Appointment:
    """A consultation of Dee with Ana whose time is free when it is cancelled."""
    return make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)


def free(visit: Appointment) -> None:
    cancel.by_staff(visit, "patient-asked", actor=TESTER)


def offers() -> list[Offer]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Offer).order_by(Offer.id)))


def told() -> list[str]:
    """Whom a letter about an offer goes to, in order."""
    wanted = db.select(Message.to).filter_by(kind=MessageKind.OFFER).order_by(Message.id)
    return list(db.session.scalars(wanted))


def token_of(offer: Offer) -> str:
    """The token of the link in the letter of *offer*."""
    letter = db.session.scalars(
        db.select(Message).filter_by(kind=MessageKind.OFFER, appointment_id=offer.appointment_id)
    ).one()
    return str(letter.params["token"])
