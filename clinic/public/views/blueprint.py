"""The blueprint, apart from its views so that each of them can name it."""

from flask import Blueprint

bp = Blueprint("public", __name__)
