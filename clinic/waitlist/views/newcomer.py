"""Somebody with a finished form and no record yet joins: their address is proved by a code."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import codes, identity
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import CodePurpose, Visitor
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.controls import WRONG_CODE, day_of
from clinic.forms import typed
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.journey import book, offers
from clinic.newcomer import CodeForm
from clinic.permissions import current_actor, public
from clinic.waitlist import forms, services
from clinic.waitlist.rules import Wanted
from clinic.waitlist.views import wishes
from clinic.waitlist.views.blueprint import bp

WISH = "waiting-wish"


@bp.route("/book/consultation/wait", methods=["GET", "POST"])
@public
def newcomer() -> ResponseReturnValue:
    """What they wait for and where the code goes; whoever is known has a page of their own."""
    service = _service(request.args.get("site"))
    if people.own_patient(current_actor()) is not None:
        return redirect(url_for(".join", service=service.public_id), 303)
    draft = _finished_form()
    if draft is None:
        return redirect(url_for("intake.start"), 303)
    form = forms.NewcomerForm(
        wishes.people_for(service), wishes.today_for(service), data=wishes.usual_for(service)
    )
    if form.validate_on_submit():
        session[WISH] = _kept(form, service)
        visitor = identity.ensure_visitor()
        codes.send(visitor, form.email.data.lower(), CodePurpose.BOOK, actor=current_actor())
        return redirect(url_for(".newcomer_code"), 303)
    catalogue.page_is_about(service.location)
    return render_template("waitlist/newcomer.html", form=form, service=service), form.status


def _service(site: str | None) -> Service:
    """The consultation of a site (?site=), of the first one unless told otherwise."""
    offered = catalogue.consultations()
    return next((s for s in offered if s.location.public_id == site), offered[0])


def _finished_form() -> Intake | None:
    """This browser's draft with every page answered."""
    visitor = identity.current_visitor()
    if visitor is None or accounts.is_idle(visitor):
        return None
    draft = intakes.draft_of_visitor(visitor.id)
    return draft if draft is not None and not intakes.unfinished_pages(draft) else None


def _kept(form: forms.NewcomerForm, service: Service) -> dict[str, Any]:
    """Name, contact data and days only, signed, for as long as the next page needs them."""
    wanted = form.wanted
    return {
        "site": service.location.public_id,
        "name": form.name.data,
        "email": form.email.data,
        "phone": form.phone.data,
        "wanted": [wanted.practitioner_id, wanted.weekdays, wanted.parts],
        "days": [wanted.from_on.isoformat(), wanted.until_on.isoformat()],
    }


@bp.route("/book/consultation/wait/code", methods=["GET", "POST"])
@public
def newcomer_code() -> ResponseReturnValue:
    """The code proves the address, sends the form and joins, in one press."""
    visitor, kept = identity.current_visitor(), session.get(WISH)
    form = CodeForm()
    before = form.first_outcome(_scope(visitor)) if visitor is not None else None
    if before is not None:
        return _joined(before)
    if visitor is None or kept is None:
        return redirect(url_for(".newcomer"), 303)
    if not form.validate_on_submit():
        return _code_page(form, kept, form.status)
    return _join(form, visitor, kept)


def _scope(visitor: Visitor) -> str:
    return f"visitor:{visitor.id} waitlist.newcomer"


def _code_page(form: CodeForm, kept: dict[str, Any], status: int) -> ResponseReturnValue:
    page = render_template(
        "waitlist/newcomer_code.html",
        form=form,
        email=kept["email"],
        back=url_for(".newcomer", site=kept.get("site")),
    )
    return page, status


def _join(form: CodeForm, visitor: Visitor, kept: dict[str, Any]) -> ResponseReturnValue:
    draft, wanted = _finished_form(), _wanted(kept)
    if draft is None or wanted is None:
        return redirect(url_for(".newcomer"), 303)

    def work() -> str:
        email = codes.use_up(proof, actor=current_actor())
        who = book.Newcomer(kept["name"], email, kept["phone"])
        offers.newcomer_joins(
            _service(kept.get("site")), wanted, draft, who, visitor, actor=current_actor()
        )
        return url_for("scheduling.my_visits", _anchor="h-waiting")

    try:
        proof = codes.verify(visitor, CodePurpose.BOOK, form.code.data, actor=current_actor())
        key = form.idempotency_key.data
        return _joined(idempotency.once(_scope(visitor), key, typed(), work))
    except codes.WrongCode:
        form.code.errors = [WRONG_CODE]
        return _code_page(form, kept, 422)
    except services.WaitsAlready:
        flash(_("You are on this waiting list already. Open your visits to change what for."))
        return redirect(url_for("scheduling.open_visits"), 303)


def _joined(onward: str) -> ResponseReturnValue:
    session.pop(WISH, None)
    flash(_("You are on the waiting list. We write to you when a time becomes free."))
    return redirect(onward, 303)


def _wanted(kept: dict[str, Any]) -> Wanted | None:
    """What the first page stored; None for what an older page left."""
    try:
        named, weekdays, parts = kept["wanted"]
        first, last = (day_of(day) for day in kept["days"])
    except (KeyError, TypeError, ValueError):
        return None
    if first is None or last is None:
        return None
    return Wanted(named, weekdays, parts, first, last)
