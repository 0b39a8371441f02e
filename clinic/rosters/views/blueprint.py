"""One blueprint for all of them: the manager's addresses begin with /manage."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rosters", __name__)
