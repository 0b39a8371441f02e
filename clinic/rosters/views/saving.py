"""A page that saves alone: what was typed, what falls outside, what somebody else changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import BooleanField, Field, HiddenField

from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.forms import ClinicForm
from clinic.journey import change_roster
from clinic.permissions import current_actor
from clinic.rosters.forms import Changing
from clinic.stale import ChangedMeanwhile

Make = Callable[..., Any]


@dataclass(frozen=True)
class Page:
    """What is drawn around a form: its heading, where it leads back to, and more for a template."""

    title: str
    back: str
    back_words: str
    template: str = "rosters/edit.html"
    intro: str = ""
    button: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def draw(self, form: ClinicForm, **more: Any) -> str:
        return render_template(
            self.template,
            form=form,
            title=self.title,
            back=self.back,
            back_words=self.back_words,
            intro=self.intro,
            button=self.button or _("Save"),
            **self.more,
            **more,
        )


def answer(
    page: Page,
    make: Make,
    change: Callable[[Any], list[str]],
) -> ResponseReturnValue:
    """Draw a form, or do what it says; *make* makes it, *change* takes it and says what changed.

    What would leave booked visits outside is shown first and saved on the next press; what somebody
    else changed meanwhile is shown beside what was typed.
    """
    form = make()
    if not form.validate_on_submit():
        return page.draw(form), form.status
    try:
        saved = change_roster.carefully(
            lambda: change(form), agreed=form.agreed.data, sites=current_actor().sites
        )
    except change_roster.FallOutside as refused:
        audit.record(Event.DESK_VIEWED, actor=current_actor())  # names and times are shown
        form.agreed.data = refused.token
        return page.draw(form, affected=refused.visits, elsewhere=refused.elsewhere), 200
    except ChangedMeanwhile:
        stored = make(formdata=None)
        form.shown.data = stored.shown.data
        return page.draw(form, stored=differing(form, stored)), 409
    flash(_("Saved.") if saved.changed else _("Nothing was changed."))
    if saved.offers:
        flash(
            ngettext(
                "%(num)d person on the waiting list is offered a time that this opens.",
                "%(num)d people on the waiting list are offered a time that this opens.",
                saved.offers,
            )
        )
    # whoever saved all the same goes on to moving the visits
    onward = url_for("rosters.outside") if saved.changed and form.agreed.data else page.back
    return redirect(onward, 303)


def differing(form: Changing, stored: Changing) -> list[tuple[str, str]]:
    """What is on file where it is not what was typed: label and value."""
    pairs = [(other, form[other.name]) for other in stored if not isinstance(other, HiddenField)]
    return [
        (str(other.label.text), _value(other) or _("nothing"))
        for other, own in pairs
        if _value(other) != _value(own)
    ]


def _value(shown: Field) -> str:
    if isinstance(shown, BooleanField):
        return _("yes") if shown.data else _("no")
    if hasattr(shown, "iter_choices"):
        chosen = [str(words) for _code, words, checked, _more in shown.iter_choices() if checked]
        return ", ".join(chosen)
    return str(shown._value())
