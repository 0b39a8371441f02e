"""Pages that anybody may read, and the two that a machine asks."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from clinic.accounts import queries as people
from clinic.catalogue import queries as catalogue
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.permissions import public
from clinic.scheduling import diary, picker, roster

bp = Blueprint("public", __name__)

NEXT_TIMES = 3


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What the clinic does, why a consultation first, who, prices, hours, free times."""
    services = catalogue.services()
    consultation = next((s for s in services if s.kind == ServiceKind.CONSULTATION), None)
    if consultation is None:
        raise catalogue.NoClinic
    zone = consultation.location.zone
    today = clock.today(zone)
    facts = diary.current().facts_of(roster.offered(consultation))
    everybody = people.practitioners()
    last = clock.local(facts.now + facts.service.horizon, zone).date()
    return render_template(
        "public/home.html",
        services=services,
        consultation=consultation,
        practitioners=everybody,
        next_times={
            p.id: picker.next_free(facts, p.actor_id, today, last, NEXT_TIMES) for p in everybody
        },
    )


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """How to reach the clinic, and what to do when something is wrong after treatment."""
    return render_template("public/help.html")


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Alive: the process answers."""
    return {"alive": True}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Ready: the database is reachable and migrated."""
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        db.session.rollback()
        return {"ready": False, "because": "the database does not answer"}, 503
    if found != _head():
        return {"ready": False, "because": "the database is not migrated"}, 503
    return {"ready": True}


def _head() -> str | None:
    folder: Migrate = current_app.extensions["migrate"].directory
    return ScriptDirectory(str(folder)).get_current_head()
