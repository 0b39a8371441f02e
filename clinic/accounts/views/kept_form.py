"""What was typed into a form whose sender had to sign in first, given back."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from clinic.accounts import kept
from clinic.accounts.models import KeptForm
from clinic.accounts.views.blueprint import bp
from clinic.audit.events import Event
from clinic.forms import ClinicForm
from clinic.idempotency import FIELD
from clinic.permissions import owner, public

SHOWN_FROM = 20  # characters: what is shorter is a choice, a number or a key


@bp.get("/kept/<row>")
@owner(kept.own_kept_form, audit=Event.FORM_GIVEN_BACK)
def kept_form(row: KeptForm) -> ResponseReturnValue:
    """What was typed, to be read and sent with one more press; nothing was sent yet."""
    kept.forget()
    fields = row.fields
    return render_template(
        "accounts/kept_form.html",
        row=row,
        fields=fields,
        texts=[value for name, value in fields if len(value) > SHOWN_FROM and name != FIELD],
        form=ClinicForm(),
    )


@bp.get("/still-here")
@public
def still_here() -> ResponseReturnValue:
    """Asked by a press on "Stay signed in": being asked is what keeps the session awake."""
    return current_app.response_class(status=204)
