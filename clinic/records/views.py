"""What a physician reads of a patient: the people in their care, one patient's history."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.forms import ClinicForm
from clinic.intake import queries as intakes
from clinic.permissions import Permission, current_actor, requires
from clinic.photos import queries as photos
from clinic.photos import words as photo_words
from clinic.photos.rules import Purpose
from clinic.records import queries
from clinic.screening import care
from clinic.screening import queries as screening

bp = Blueprint("records", __name__, url_prefix="/records")


@bp.get("/")
@requires(Permission.RECORD_READ, audit=Event.RECORD_LIST_VIEWED)
def patients() -> ResponseReturnValue:
    """Everybody in the physician's care, by name."""
    found = care.patients_in_care(current_actor())
    return render_template("records/patients.html", patients=found)


@bp.get("/<patient>")
@requires(Permission.RECORD_READ, of=care.patient_in_care, audit=Event.RECORD_VIEWED)
def patient(patient: Patient) -> ResponseReturnValue:
    """One patient: visits, notes, approvals and forms, newest first.

    Without lasting care it is read only: in an emergency the newest form stands here as well,
    because the page of the review is closed.
    """
    today = clock.today(catalogue.site().zone)
    actor = current_actor()
    emergency = screening.open_emergency(actor, patient)
    return render_template(
        "records/patient.html",
        patient=patient,
        contact=queries.contact_view(patient, actor),
        emergency=emergency,
        cares=emergency is None or care.patient_in_lasting_care(actor, patient.public_id),
        form=ClinicForm(),
        questionnaire=intakes.questionnaire,
        history=queries.history(patient, today),
        photos=photos.sets_for(patient.id, Purpose.RECORD),
        view_names=photo_words.FOR_STAFF,
        age=clock.age_on(patient.born_on, today),
        today=today,
    )
