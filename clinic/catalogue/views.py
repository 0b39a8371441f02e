"""The manager's page: staff, services with prices, sites, rooms, hours. Nothing clinical.

Each part leads to the page that changes it (`clinic.rosters`).
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.accounts import practitioners
from clinic.accounts import queries as people
from clinic.catalogue import queries, services
from clinic.emergency import queries as emergency
from clinic.permissions import Permission, requires
from clinic.scheduling import lacking, outside, roster, rules

bp = Blueprint("catalogue", __name__, url_prefix="/manage")


@bp.get("/")
@requires(Permission.CLINIC_READ)
def manage() -> ResponseReturnValue:
    """The clinic as it is set up."""
    today = clock.today(queries.site().zone)
    offered = queries.every_service()
    known = roster.current()
    return render_template(
        "catalogue/manage.html",
        emergencies=emergency.recent_count(),
        staff=people.staff(),
        sites=queries.sites(),
        opening={key: rules.week_on(site.opening, today) for key, site in known.sites.items()},
        services=offered,
        together=services.together_at(offered),
        rooms=queries.every_room(),
        devices=queries.every_device(),
        lacking=lacking.lacking(known, today),
        outside_count=len(outside.now_outside(known)),
        today=today,
        soon=today + practitioners.ENDS_SOON,
    )
