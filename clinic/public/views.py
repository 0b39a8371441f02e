"""Pages that anybody may read."""
from flask import Blueprint
from clinic.permissions import public
bp = Blueprint("public", __name__)

@bp.get("/healthz")
@public
def healthz():
    return {"alive": True}
