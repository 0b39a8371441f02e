"""Checking in on one's own phone: a link from the mail, a code on the desk, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import identity
from clinic.arriving import forms, queries
from clinic.arriving.models import Arrival
from clinic.arriving.services import NotHere
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.own_sites import own_sites
from clinic.catalogue.sites import SiteCard, every_site
from clinic.forms import typed
from clinic.intake import queries as intakes
from clinic.intake.confirmations import NewerForm
from clinic.journey import arrive, tablet
from clinic.journey.arrive import Step
from clinic.journey.book import GateClosed
from clinic.permissions import Permission, current_actor, public, requires
from clinic.scheduling.services import Changed

bp = Blueprint("arriving", __name__)


@bp.route("/arrive/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Asks for the date of birth, whatever the link is; a mail scanner that looks at it changes
    nothing (M6)."""
    form = forms.BirthForm()
    if not form.validate_on_submit():
        return render_template("arriving/link.html", form=form), form.status
    try:
        opened = arrive.by_link(token, form.born_on.data, actor=current_actor())
    except arrive.TooEarly as early:
        return render_template("arriving/early.html", early=early), 409
    except arrive.HereAlready:
        return render_template("arriving/here_already.html")
    except NotHere:
        form.born_on.errors = [
            _("This link and date of birth open no check-in now. Check the date, or ask the desk.")
        ]
        return render_template("arriving/link.html", form=form), 422
    return _go_on(opened)


@bp.route("/arrive/at/<site>", methods=["GET", "POST"])
@public
def at_desk(site: str) -> ResponseReturnValue:
    """Where the code on the desk leads. Unknown, another day and too early are one answer."""
    place = _site(site) or abort(404)
    form = forms.DeskForm()
    if not form.validate_on_submit():
        return render_template("arriving/at_desk.html", form=form, place=place), form.status
    try:
        opened = arrive.at_the_desk(place, form.born_on.data, form.said.data, actor=current_actor())
    except arrive.HereAlready:
        return render_template("arriving/here_already.html")
    except NotHere:
        form.form_errors = [_("We could not check you in here. Please speak to the front desk.")]
        return render_template("arriving/at_desk.html", form=form, place=place), 422
    return _go_on(opened)


def _site(public_id: str) -> SiteCard | None:
    return next((site for site in every_site() if site.public_id == public_id), None)


def _go_on(opened: str) -> ResponseReturnValue:
    """Whoever was signed in here has gone; this browser opens one check-in and nothing else."""
    identity.become_tablet(opened)
    return redirect(url_for(".here"), 303)


@bp.route("/arrive", methods=["GET", "POST"])
@requires(Permission.ARRIVAL_ANSWER, of=queries.own_arrival, audit=Event.FORM_VIEWED)
def here() -> ResponseReturnValue:
    """A first name and a time; whether anything has changed; then: you are checked in."""
    arrival = queries.own_arrival(current_actor()) or abort(404)
    form = forms.HereForm()
    if not form.validate_on_submit():
        return _page(arrival, form, form.status)
    if request.form.get("go") == "else":
        return _to_the_form(arrival, form.topics)
    try:
        scope = f"{current_actor().label} arriving.here {arrival.public_id}"
        onward = idempotency.once(
            scope, form.idempotency_key.data, typed(), lambda: _arrived(arrival, form)
        )
    except (Changed, NewerForm):
        return _page(arrival, forms.HereForm(formdata=None), 409)
    except GateClosed as closed:
        arrive.refused(arrival, closed, actor=current_actor())
        return _page(arrival, forms.HereForm(formdata=None), 409)
    return redirect(onward, 303)


def _page(arrival: Arrival, form: forms.HereForm, status: int) -> ResponseReturnValue:
    visit = arrival.appointment
    catalogue.page_is_about(visit.location)
    now = arrive.standing(arrival)
    page = render_template(
        f"arriving/here_{now.step}.html",
        form=form,
        stop=forms.StopForm(),
        visit=queries.shown(visit),
        sent=now.form,
        newer=status == 409,
        may_ask_less=intakes.may_ask_less(now.form),
    )
    return page, status


def _arrived(arrival: Arrival, form: forms.HereForm) -> str:
    """Pressed again after it was done, it is done. What the page did not ask is asked first:
    raises `NewerForm`, and the errors of `journey.arrive.arrive`."""
    now = arrive.standing(arrival)
    if now.step == Step.HERE:
        return url_for(".here")
    asks, says_same = now.step == Step.ASK, request.form.get("go") == "same"
    spoken_of = now.form.public_id if now.form else ""
    if now.step != Step.DESK and (spoken_of != form.form.data or (asks and not says_same)):
        raise NewerForm
    arrive.arrive(arrival, actor=current_actor(), unchanged=now.form if asks else None)
    return url_for(".here")


def _to_the_form(arrival: Arrival, topics: Sequence[str] | None) -> ResponseReturnValue:
    visitor, now = identity.current_visitor(), arrive.standing(arrival)
    if visitor is None or now.step in (Step.HERE, Step.DESK):
        return redirect(url_for(".here"), 303)
    draft = arrive.begin_form(arrival, visitor, actor=current_actor())
    tablet.ask(draft, now.form, topics)
    lacking = intakes.unfinished_pages(draft)
    if lacking:
        return redirect(url_for("intake.page", intake=draft.public_id, key=lacking[0]), 303)
    return redirect(url_for("intake.send", intake=draft.public_id), 303)


@bp.post("/arrive/phone/stop")
@requires(Permission.ARRIVAL_ANSWER, of=queries.own_arrival, audit=Event.FORM_VIEWED)
def stop() -> ResponseReturnValue:
    """What was answered is kept; this browser opens nothing of the visit any more."""
    if not forms.StopForm().validate_on_submit():
        abort(400)
    identity.end_tablet()
    return redirect(url_for(".over"), 303)


@bp.get("/arrive/phone/over")
@public
def over() -> ResponseReturnValue:
    """Nothing of anybody."""
    return render_template("arriving/over.html")


@bp.get("/desk/check-in-code")
@requires(Permission.DAY_SHEET_READ)
def code() -> ResponseReturnValue:
    """For the desk to print: a picture for each site that leads a phone to its check-in."""
    return render_template("arriving/code.html", places=_places())


def _places() -> list[tuple[SiteCard, str]]:
    """Each site of who asks, with the address behind its picture, from the base URL alone (S15)."""
    base, own = current_app.config["BASE_URL"], own_sites(current_actor())
    return [(site, base + url_for(".at_desk", site=site.public_id)) for site in own]
