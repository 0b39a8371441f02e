"""What the tests of the physician's pages share: what is typed, and what is stored of it."""

from clinic.database import db
from clinic.notices.models import Message
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import queries
from tests.factories import USUAL
from tests.visitor import words

NOTE = "Examined sitting and lying, discussed for twenty minutes."
APPROVING = {
    "decision": "approve",
    "modality": "toxin",
    "toxin_areas": ["forehead", "glabella"],
    "toxin_ceiling": "40",
    "why": "Lids good, no compensation.",
}


def address(consultation):
    return f"/reviews/{consultation.public_id}"


def review_form(page):
    return page.form("levator_right")


def examined(page, **over):
    """The page with every finding, the note and an approval typed in; *over* replaces some."""
    return review_form(page).set(**{**USUAL, "text": NOTE, **APPROVING, **over})


KEYS = ("csrf_token", "idempotency_key", "version", "intake_id", "flags_shown")
LISTS = ("toxin_areas", "filler_areas", "mitigations")


def content(form):
    """What a form holds, by name, without its keys and empty fields; ticked boxes as a list."""
    many = {name: [v for n, v in form.fields if n == name] for name, value in form.fields if value}
    return {
        name: values if name in LISTS else values[0]
        for name, values in many.items()
        if name not in KEYS
    }


def shown(page):
    """What the page's form holds."""
    return content(review_form(page))


def draft_of(consultation):
    db.session.rollback()
    return queries.draft_note(consultation)


def newest_note(patient):
    db.session.rollback()
    return queries.signed_notes(patient.id)[0]


def signed_count(patient):
    db.session.rollback()
    return len(queries.signed_notes(patient.id))


def flag_cards(page):
    """The words of each flag's card, in the order of the page."""
    return [words(e) for e in page.root.iter() if (e.get("class") or "").startswith("flag ")]


def mails():
    """The kinds of what was queued, in order."""
    db.session.rollback()
    return db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()


def nothing_signed(patient, consultation):
    db.session.rollback()
    db.session.refresh(consultation)
    return signed_count(patient) == 0 and consultation.status != S.FULFILLED
