"""What a machine asks: is the process alive, is it ready."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import db
from clinic.permissions import public
from clinic.public.views.blueprint import bp


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
