"""One press: nothing has changed."""

from __future__ import annotations

from wtforms import HiddenField

from clinic.forms import PressedOnce


class ConfirmForm(PressedOnce):
    form = HiddenField("", id="main")  # the public id of the form that the page showed
