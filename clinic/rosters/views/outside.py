"""Visits that nobody can keep: listed with a new time for each; "ill today"."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from clinic import idempotency
from clinic.audit.events import Event
from clinic.catalogue.own_sites import shown_to
from clinic.catalogue.sites import every_site
from clinic.forms import typed
from clinic.journey import reassign
from clinic.journey.book import GateClosed
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters import queries
from clinic.rosters.forms import AcceptForm, IllForm
from clinic.rosters.views.blueprint import bp
from clinic.scheduling import outside as falling
from clinic.scheduling import roster, rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.on_offer import Person
from clinic.scheduling.rules import AbsenceKind


@bp.get("/roster/outside")
@requires(Permission.ABSENCE_ON_SHORT_NOTICE, audit=Event.DESK_VIEWED)
def outside() -> ResponseReturnValue:
    """Every booked visit that the roster does not carry now, and where it could go."""
    return _page()


def _page(status: int = 200, problem: str = "") -> ResponseReturnValue:
    known = roster.current()
    looked = shown_to(current_actor(), request.args.get("site"))
    found = falling.at_sites(falling.now_outside(known), looked.ids)
    page = render_template(
        "rosters/outside.html",
        count=len(found),
        looked=looked,
        proposals=reassign.proposals(found, known),
        names=known.names,
        form=AcceptForm(formdata=None),
        problem=problem,
    )
    return page, status


@bp.post("/roster/outside")
@requires(Permission.ABSENCE_ON_SHORT_NOTICE, audit=Event.DESK_VIEWED)
def accept() -> ResponseReturnValue:
    """Move one visit, or all that the page showed a time for; patients are told by mail."""
    form = AcceptForm()
    if not form.validate_on_submit():
        return _page(422, "reload")

    def work() -> str:
        reassign.accept(
            [reassign.read(value, actor=current_actor()) for value in form.proposal.data],
            actor=current_actor(),
        )
        return url_for("rosters.outside", site=request.args.get("site"))

    try:
        scope = f"{current_actor().label} rosters.accept"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except reassign.NotAsProposed:
        return _page(422, "reload")
    except (scheduling.SlotTaken, scheduling.Changed, GateClosed):
        return _page(409, "taken")
    count = len(form.proposal.data)
    flash(
        ngettext(
            "%(num)d visit is moved. The patient is told by mail.",
            "%(num)d visits are moved. The patients are told by mail.",
            count,
        )
    )
    return redirect(onward, 303)


def _people() -> list[Person]:
    """Whoever works at a site of who asks; they are away at every other as well."""
    people, sites = roster.current().people, current_actor().sites
    return [who for who in people if sites is None or any(map(who.works_at, sites))]


@bp.route("/roster/ill", methods=["GET", "POST"])
@requires(Permission.ABSENCE_ON_SHORT_NOTICE)
def ill() -> ResponseReturnValue:
    """Somebody is away from now on; what that leaves behind is the next page."""
    form = IllForm.at(every_site(), _people())
    if not form.validate_on_submit():
        return render_template("rosters/ill.html", form=form), form.status

    def work() -> str:
        who = queries.person_to_edit(current_actor(), form.who.data)
        assert who is not None  # it was one of the list, who have hours there
        rosters.add_absence(who, form.away, AbsenceKind.ILL, actor=current_actor())
        return url_for("rosters.outside")

    scope = f"{current_actor().label} rosters.ill"
    onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    flash(_("Written down. No new visit is booked in this time."))
    return redirect(onward, 303)
