"""The blueprint that the pages of screening share."""

from flask import Blueprint

bp = Blueprint("screening", __name__)
