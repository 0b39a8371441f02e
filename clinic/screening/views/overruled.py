"""What the manager reads of overruled stops: totals."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.catalogue import queries as catalogue
from clinic.permissions import Permission, current_actor, requires
from clinic.screening import overruled as stops
from clinic.screening.views.blueprint import bp


@bp.get("/manage/overruled")
@requires(Permission.CLINIC_READ)
def overruled() -> ResponseReturnValue:
    """By month and physician; no patient, no flag, no reason."""
    today = clock.today(catalogue.site().zone)
    lines = stops.totals(today, current_actor())
    return render_template(
        "screening/overruled.html",
        lines=lines,
        total=sum(line.overruled for line in lines),
        since=stops.first_month(today),
    )
