"""The profile of the jurisdiction: what its law asks for, in versions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.journey import change_profile
from clinic.jurisdiction import queries as jurisdiction
from clinic.jurisdiction import rules, services
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters import queries
from clinic.rosters.forms import ProfileForm
from clinic.rosters.views.blueprint import bp
from clinic.rosters.views.saving import Page, differing
from clinic.stale import ChangedMeanwhile


def is_sent() -> bool:
    """The page is read freely; to change it the password is asked for again after a while."""
    return request.method == "POST"


@bp.route("/manage/profile", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.whole_clinic, fresh=is_sent)
def profile() -> ResponseReturnValue:
    """What another profile would change is shown first, and put in force on the next press."""
    form = _form()
    page = _page()
    if not form.validate_on_submit():
        return page.draw(form), form.status
    try:
        changed = change_profile.carefully(
            form.wanted,
            form.because.data,
            shown_before=form.shown.data,
            agreed=form.agreed.data,
            actor=current_actor(),
        )
    except change_profile.NotSeen as unseen:
        audit.record(Event.DESK_VIEWED, actor=current_actor())  # names and times are shown
        form.agreed.data = unseen.token
        steps = _steps(jurisdiction.profile(), form.wanted)
        return page.draw(form, touched=unseen.touched, steps=steps), 200
    except ChangedMeanwhile:
        stored = _form(formdata=None)
        form.shown.data = stored.shown.data
        return page.draw(form, stored=differing(form, stored)), 409
    flash(_("In force from now on.") if changed else _("Nothing was changed."))
    return redirect(url_for("rosters.profile"), 303)


def _form(**sent: None) -> ProfileForm:
    now = asdict(jurisdiction.profile())
    return ProfileForm(data={**now, "shown": services.shown()}, **sent)


def _page() -> Page:
    return Page(
        _("Rules of this country"),
        url_for("catalogue.manage"),
        _("Clinic"),
        template="rosters/profile.html",
        button=_("Show what this changes"),
        more={"versions": _versions()},
    )


def _versions() -> list[tuple[jurisdiction.Version, list[dict[str, Any]]]]:
    """The newest first, each with the steps that led to it."""
    found = jurisdiction.versions()
    before = [version.profile for version in found[1:]] + [rules.STRICTEST]
    return [(own, _steps(old, own.profile)) for own, old in zip(found, before, strict=True)]


def _steps(old: rules.Profile, new: rules.Profile) -> list[dict[str, Any]]:
    """Each value that differs: its name, and what it was and is."""
    return [
        {"name": name, "was": getattr(old, name), "now": getattr(new, name)}
        for name in rules.differing(old, new)
    ]
