"""Every blueprint, and what all templates know."""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from clinic import clock, idempotency
from clinic.accounts import identity, kept
from clinic.accounts.views import bp as accounts
from clinic.api.views import bp as api
from clinic.audit.views import bp as audit
from clinic.catalogue import queries as catalogue_queries
from clinic.catalogue.views import bp as catalogue
from clinic.claiming.views import bp as claiming
from clinic.contact.views import bp as contact
from clinic.database import new_public_id
from clinic.emergency.views import bp as emergency
from clinic.frontdesk.views import bp as frontdesk
from clinic.intake.views import bp as intake
from clinic.notices.demo import bp as demo
from clinic.permissions import Permission, Role
from clinic.public.views import bp as public
from clinic.records.views import bp as records
from clinic.rosters.views import bp as rosters
from clinic.scheduling.views import bp as scheduling
from clinic.screening.views import bp as screening
from clinic.staff.views import bp as staff
from clinic.tablet.views import bp as tablet
from clinic.waitlist.views import bp as waitlist


def init_app(app: Flask) -> None:
    for blueprint in (
        accounts,
        api,
        audit,
        catalogue,
        emergency,
        claiming,
        contact,
        frontdesk,
        intake,
        public,
        records,
        rosters,
        scheduling,
        screening,
        staff,
        tablet,
        waitlist,
    ):
        app.register_blueprint(blueprint)
    if app.config["DEMO"]:
        app.register_blueprint(demo)
    app.context_processor(_known_to_templates)
    app.jinja_env.globals.update(new_key=new_public_id, idempotency_field=idempotency.FIELD)


def _known_to_templates() -> dict[str, Any]:
    return {
        "actor": g.get("actor"),
        "site": _site(),
        "now": clock.now(),
        "Permission": Permission,
        "Role": Role,
        "request_id": g.get("request_id", ""),
        "kept_id": kept.waiting(actor) if (actor := g.get("actor")) else None,
        "idle_seconds": identity.idle_seconds(),
    }


def _site() -> Any:
    """The clinic's site for header and footer; None in a database without a clinic."""
    try:
        return catalogue_queries.site()
    except catalogue_queries.NoClinic:
        return None
