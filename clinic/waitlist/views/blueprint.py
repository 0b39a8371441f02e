"""The blueprint that the pages of the waiting list share."""

from flask import Blueprint

bp = Blueprint("waitlist", __name__)
