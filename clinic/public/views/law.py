"""Privacy, terms and complaints: what is true of this software, and what the clinic itself says.

The figures come from the code that keeps them, so that a page cannot promise something else.
"""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import PATIENT_LIFETIME
from clinic.catalogue import queries as catalogue
from clinic.permissions import public
from clinic.public.views.blueprint import bp
from clinic.screening.care import CARE_LASTS
from clinic.screening.services import EMERGENCY_LASTS


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about a patient, how, who reads it, and what they may ask for."""
    return render_template(
        "public/privacy.html",
        consultation=catalogue.consultation(),
        cookie_days=current_app.config["PERMANENT_SESSION_LIFETIME"].days,
        idle=PATIENT_LIFETIME.idle,
        longest=PATIENT_LIFETIME.longest,
        care=CARE_LASTS,
        emergency=EMERGENCY_LASTS,
    )


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """What booking here means."""
    return render_template("public/terms.html", consultation=catalogue.consultation())


@bp.get("/complaints")
@public
def complaints() -> ResponseReturnValue:
    """Whom to tell, and who else there is."""
    return render_template("public/complaints.html", first=catalogue.site())
