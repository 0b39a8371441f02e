"""A second window on the same page: what it typed is compared with what is stored, never lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import Field, HiddenField, SelectFieldBase

from clinic.forms import ClinicForm
from clinic.intake.where import WhereForm

SEEN = "seen"
NOT_ANSWERS = ("csrf_token", SEEN, "go")

Rows = Sequence[tuple[str, str, str]]  # what is asked, what this window has, what is stored


def seen() -> int | None:
    """How often the page had been saved when this window opened it; None from an older page."""
    sent = request.form.get(SEEN, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else None


def typed_here() -> list[tuple[str, str]]:
    """Everything that this window sent, to be sent again if it is wanted."""
    return [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_ANSWERS
    ]


def differences(typed: ClinicForm, stored: ClinicForm) -> Rows:
    """Where two forms of one page differ; one line that says so where nothing does."""
    rows = [
        (_asked(field), _shown(field), _shown(stored[field.name]))
        for field in typed
        if not isinstance(field, HiddenField)
        and (field.data or None) != (stored[field.name].data or None)
    ]
    return rows or [(_("Every answer"), _("the same"), _("the same"))]


def _asked(field: Field) -> str:
    """Its label, after what tells it apart from others of the same label."""
    return ": ".join(filter(None, (str(field.description), str(field.label.text))))


def places(typed: WhereForm, stored: WhereForm) -> Rows:
    """The same of two lists of places."""
    rows = [
        (str(name), _place(typed.rows.get(area)), _place(stored.rows.get(area)))
        for area, name in typed.questions.area_names().items()
        if typed.rows.get(area) != stored.rows.get(area)
    ]
    return rows or [(_("Every place"), _("the same"), _("the same"))]


def _place(row: dict[str, Any] | None) -> str:
    if row is None:
        return _("not ticked")
    how = {"little": _("a little"), "clear": _("clear"), "deep": _("deep")}
    words = [
        _("when you move") if row.get("in_motion") else "",
        _("at rest") if row.get("at_rest") else "",
        _("less full") if row.get("volume") else "",
        {"left": _("your left"), "right": _("your right")}.get(row.get("side") or "", ""),
        how.get(row.get("how") or "", ""),
        str(row.get("hdss") or ""),
    ]
    return ", ".join(filter(None, words)) or _("ticked")


def _shown(field: Field) -> str:
    if isinstance(field, SelectFieldBase):
        return ", ".join(_chosen(field)) or _("not answered")
    return str(field.data) if field.data else _("empty")


def _chosen(field: SelectFieldBase) -> Iterator[str]:
    for _value, words, is_chosen, _attributes in field.iter_choices():
        if is_chosen:
            yield str(words)
