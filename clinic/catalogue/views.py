"""The manager's page: staff, services with prices, rooms, hours. Nothing clinical."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as people
from clinic.catalogue import queries
from clinic.emergency import queries as emergency
from clinic.permissions import Permission, requires

bp = Blueprint("catalogue", __name__, url_prefix="/manage")


@bp.get("/")
@requires(Permission.CLINIC_READ)
def manage() -> ResponseReturnValue:
    """The clinic as it is set up."""
    site = queries.site()
    return render_template(
        "catalogue/manage.html",
        site=site,
        emergencies=emergency.recent_count(),
        staff=people.staff(),
        services=queries.services(),
        rooms=queries.rooms(site),
    )
