"""The blueprint that the pages of scheduling share."""

from flask import Blueprint

bp = Blueprint("scheduling", __name__)
