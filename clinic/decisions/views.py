"""The page of a decision, and the same as a letter to print."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.audit.events import Event
from clinic.decisions import queries
from clinic.permissions import Permission, current_actor, requires
from clinic.screening.models import ScreeningNote

bp = Blueprint("decisions", __name__, url_prefix="/decisions")


@bp.get("/<note>")
@requires(Permission.OWN_RECORD_READ, of=queries.own_decision, audit=Event.OWN_RECORD_VIEWED)
def show(note: ScreeningNote) -> ResponseReturnValue:
    """What was decided, whether it stands, and what is missing next, each with its link."""
    return _page("decisions/show.html", note)


@bp.get("/<note>/letter")
@requires(Permission.OWN_RECORD_READ, of=queries.own_decision, audit=Event.OWN_RECORD_VIEWED)
def letter(note: ScreeningNote) -> ResponseReturnValue:
    """The same on paper: from whom, to whom, what, signed by whom; nothing that leads elsewhere."""
    return _page("decisions/letter.html", note)


def _page(template: str, note: ScreeningNote) -> ResponseReturnValue:
    return render_template(
        template,
        address=note.public_id,
        patient_name=note.patient.name,
        place=note.appointment.location,
        own=queries.decision(note, current_actor()),
    )
