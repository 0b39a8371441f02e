"""The blueprint that the pages of the front desk share."""

from flask import Blueprint

bp = Blueprint("frontdesk", __name__, url_prefix="/desk")
