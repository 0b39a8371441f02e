"""The switch as it is sent."""

from __future__ import annotations

from wtforms import HiddenField

from clinic.forms import ClinicForm


class ChooseForm(ClinicForm):
    """*site* is a public id or `own_sites.ALL`, *page* the endpoint that the switch stood on,
    *asked* what its address asked for."""

    site = HiddenField("")
    page = HiddenField("")
    asked = HiddenField("")
