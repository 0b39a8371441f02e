"""The manager's page: staff, services with prices, sites, rooms, hours. Nothing clinical.

Each part leads to the page that changes it (`clinic.rosters`).
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import or_

from clinic import clock
from clinic.accounts import practitioners, site_rights
from clinic.accounts import queries as people
from clinic.accounts.models import User
from clinic.catalogue import queries, services
from clinic.catalogue.own_sites import own_sites
from clinic.emergency import queries as emergency
from clinic.permissions import Actor, Permission, current_actor, requires
from clinic.rosters.queries import has_hours_there
from clinic.scheduling import lacking, outside, roster, rules

bp = Blueprint("catalogue", __name__, url_prefix="/manage")


def _staff(actor: Actor) -> dict[str, object]:
    """Everybody who works at the manager's sites, and whose account is the manager's to change: who
    works elsewhere too is there for the hours alone."""
    ours = people.staff(site_rights.is_within(actor))
    if actor.sites is None:
        return {"staff": ours, "accounts": {user.id for user in ours}}
    here = or_(site_rights.is_within(actor), User.practitioner.has(has_hours_there(actor)))
    return {"staff": people.staff(here), "accounts": {user.id for user in ours}}


@bp.get("/")
@requires(Permission.CLINIC_READ)
def manage() -> ResponseReturnValue:
    """The clinic as it is set up."""
    actor = current_actor()
    today = clock.today(own_sites(actor)[0].zone)
    offered = [one for one in queries.every_service() if actor.works_at(one.location_id)]
    known = roster.current()
    return render_template(
        "catalogue/manage.html",
        emergencies=emergency.recent_count(),
        **_staff(actor),
        sites=[site for site in queries.sites() if actor.works_at(site.id)],
        is_limited=actor.sites is not None,
        opening={key: rules.week_on(site.opening, today) for key, site in known.sites.items()},
        services=offered,
        together=services.together_at(offered),
        rooms=queries.every_room(),
        devices=queries.every_device(),
        lacking=lacking.lacking(known, today),
        outside_count=len(outside.at_sites(outside.now_outside(known), actor.sites)),
        today=today,
        soon=today + practitioners.ENDS_SOON,
    )
