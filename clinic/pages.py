"""Every blueprint, and what all templates know."""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from clinic import idempotency
from clinic.catalogue import queries as catalogue
from clinic.database import new_public_id
from clinic.permissions import Permission, Role


def init_app(app: Flask) -> None:
    from clinic.public.views import bp as public

    app.register_blueprint(public)
    app.context_processor(_known_to_templates)


def _known_to_templates() -> dict[str, Any]:
    return {
        "actor": g.get("actor"),
        "site": _site,
        "Permission": Permission,
        "Role": Role,
        "idempotency_field": idempotency.FIELD,
        "new_key": new_public_id,
        "request_id": g.get("request_id", ""),
    }


def _site() -> Any:
    """The clinic's site for header and footer; None in a database without a clinic."""
    try:
        return catalogue.site()
    except catalogue.NoClinic:
        return None
