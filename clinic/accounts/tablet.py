"""A browser that answers one form and opens nothing else: the desk's tablet in a patient's hands,
or the patient's own phone while they check in for a visit.

Its visitor row names the patient and who handed it over, nobody for a phone; *proved_at* is set
once the date of birth was typed. Whoever was signed in is signed out of that browser, so nothing of
theirs is left to open.
"""

from __future__ import annotations

from clinic import clock
from clinic.accounts import services
from clinic.accounts.models import Patient, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, transaction
from clinic.permissions import Actor, Role


def actor_of(visitor: Visitor) -> Actor:
    """As the audit log names it: the tablet by whoever handed it over, a phone by its patient."""
    if is_phone(visitor):
        assert visitor.tablet_patient is not None
        return Actor(
            label=f"patient:{visitor.tablet_patient.public_id}",
            roles=frozenset({Role.PHONE}),
            patient_id=visitor.tablet_patient_id,
            visitor_id=visitor.id,
        )
    by = visitor.tablet_user.public_id if visitor.tablet_user else "-"
    return Actor(
        label=f"tablet:{by}",
        roles=frozenset({Role.TABLET}),
        patient_id=visitor.tablet_patient_id if visitor.proved_at else None,
        visitor_id=visitor.id,
    )


def is_phone(visitor: Visitor) -> bool:
    """Whether nobody handed it over: it is the patient's own."""
    return visitor.tablet_patient_id is not None and visitor.tablet_user_id is None


def hand_over(patient: Patient, *, actor: Actor) -> tuple[Visitor, str]:
    """A new browser row for *patient*'s form, and the token for its cookie."""
    with transaction():
        visitor, token = services.greet_visitor()
        visitor.tablet_patient_id = patient.id
        visitor.tablet_user_id = actor.user_id
        audit.record(Event.TABLET_HANDED, actor=actor, patient_id=patient.id, subject=patient)
    return visitor, token


def open_phone(patient: Patient) -> tuple[Visitor, str]:
    """A new browser row for *patient*'s own phone, which has just shown whose it is, and the token
    for its cookie."""
    with transaction():
        visitor, token = services.greet_visitor()
        visitor.tablet_patient_id = patient.id
        visitor.proved_at = visitor.seen_at = clock.now()
        db.session.flush()
    return visitor, token


def confirm(visitor: Visitor) -> None:
    """The person who holds the tablet typed the patient's date of birth."""
    with transaction():
        visitor.proved_at = visitor.seen_at = clock.now()


def end(visitor: Visitor, *, actor: Actor) -> None:
    """Given back, sent, left alone or signed in on: its cookie opens nothing any more."""
    with transaction():
        patient_id = visitor.tablet_patient_id
        ended = Event.ARRIVAL_ENDED if is_phone(visitor) else Event.TABLET_ENDED
        visitor.tablet_patient_id = visitor.tablet_user_id = None
        services.forget_visitor(visitor)
        audit.record(ended, actor=actor, patient_id=patient_id)
