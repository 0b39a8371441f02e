"""One member of staff: what they may do and where, and the manager's actions; somebody new."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import staff
from clinic.accounts.models import User
from clinic.accounts.services import AddressHasAccount
from clinic.catalogue.own_sites import own_sites
from clinic.catalogue.sites import every_site
from clinic.journey import limit_sites
from clinic.permissions import Permission, current_actor, requires
from clinic.staff.forms import EVERY, SOME, PersonForm, RolesForm, SitesForm
from clinic.staff.queries import account_view, somebody_elses_account, staff_account

bp = Blueprint("staff", __name__, url_prefix="/manage/staff")


@bp.get("/<user>")
@requires(Permission.STAFF_WRITE, of=staff_account, audit=None)
def person(user: User) -> ResponseReturnValue:
    """Name, address, roles, whether a second step is set, where they are signed in."""
    return _page(user)


def _page(
    user: User, form: RolesForm | None = None, status: int = 200, **more: object
) -> ResponseReturnValue:
    if form is None:
        form = RolesForm(formdata=None, roles=[*staff.roles_of(user)])
        form.offer(staff.roles_for(user))
    sites_form = more.pop("sites_form", None) or _sites_form(user)
    page = render_template(
        "staff/person.html",
        public_id=user.public_id,
        sites_form=sites_form,
        works_at=[site.name for site in every_site() if site.id in (user.sites or ())],
        account=account_view(user, current_actor()),
        own=user.id == current_actor().user_id,
        form=form,
        physician=user.practitioner.public_id if user.practitioner else None,
        **more,
    )
    return page, status


def _again(user: User, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("staff.person", user=user.public_id), 303)


@bp.post("/<user>/roles")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def change_roles(user: User) -> ResponseReturnValue:
    form = RolesForm().offer(staff.roles_for(user))
    if not form.validate_on_submit():
        return _page(user, form, 422)
    try:
        staff.change_roles(user, form.chosen, actor=current_actor())
    except staff.LastManager:
        return _page(user, form, 409, last_manager=True)
    return _again(user, _("The roles are changed, from the next page that they open."))


def _sites_form(user: User) -> SitesForm:
    """As it is stored."""
    now, own = user.sites, own_sites(current_actor())
    named = [site.public_id for site in own if site.id in (now or ())]
    data = {"where": EVERY if now is None else SOME, "sites": named}
    return _offering_sites(SitesForm(formdata=None, data=data))


def _offering_sites(form: SitesForm) -> SitesForm:
    actor = current_actor()
    return form.offer(own_sites(actor), is_limited=actor.sites is not None)


@bp.post("/<user>/sites")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def change_sites(user: User) -> ResponseReturnValue:
    """Where somebody works; what a physician would no longer find is shown first."""
    form = _offering_sites(SitesForm())
    if not form.validate_on_submit():
        return _page(user, status=422, sites_form=form)
    try:
        limit_sites.carefully(user, form.wanted, agreed=form.agreed.data, actor=current_actor())
    except staff.LastManager:
        return _page(user, status=409, sites_form=form, last_manager=True)
    except limit_sites.LeavesVisits as refused:
        form.agreed.data = refused.token
        return _page(user, sites_form=form, left=refused.left)
    return _again(user, _("Changed, from the next page that they open."))


@bp.post("/<user>/shut-out")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def shut_out(user: User) -> ResponseReturnValue:
    try:
        staff.shut_out(user, actor=current_actor())
    except staff.LastManager:
        return _page(user, status=409, last_manager=True)
    return _again(user, _("The account is closed and signed out everywhere."))


@bp.post("/<user>/let-in")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def let_in(user: User) -> ResponseReturnValue:
    staff.let_in(user, actor=current_actor())
    return _again(user, _("The account is open again."))


@bp.post("/<user>/end-sessions")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def end_sessions(user: User) -> ResponseReturnValue:
    staff.end_all(user, actor=current_actor())
    return _again(user, _("They are signed out everywhere."))


@bp.post("/<user>/reset")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def start_reset(user: User) -> ResponseReturnValue:
    try:
        staff.start_reset(user, actor=current_actor())
    except staff.ShutOut:
        return _page(user, status=409, is_shut_out=True)
    return _again(user, _("A link to set a password is on its way to their address."))


@bp.post("/<user>/reset-factor")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def reset_factor(user: User) -> ResponseReturnValue:
    staff.reset_factor(user, actor=current_actor())
    return _again(
        user, _("The second step is taken off. They set a new one up when they next sign in.")
    )


@bp.get("/new")
@requires(Permission.STAFF_WRITE)
def new_person() -> ResponseReturnValue:
    """Somebody at the desk or another manager; a physician has a page of their own."""
    return render_template("staff/new_person.html", form=PersonForm().offer(staff.GIVEN))


@bp.post("/new")
@requires(Permission.STAFF_WRITE, fresh=True)
def add_person() -> ResponseReturnValue:
    form = PersonForm().offer(staff.GIVEN)
    if not form.validate_on_submit():
        return render_template("staff/new_person.html", form=form), 422
    try:
        user = staff.add(form.name.data, form.email.data, form.chosen, actor=current_actor())
    except AddressHasAccount:
        form.email.errors = [
            _("Someone already signs in with this address. Enter another, or look in the list.")
        ]
        return render_template("staff/new_person.html", form=form), 409
    return _again(user, _("Added. A link to set a password is on its way, good for 30 minutes."))
