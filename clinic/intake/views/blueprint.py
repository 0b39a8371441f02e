"""Where the pages of the form hang."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/intake")
