"""Somebody new whom patients can book: an account that is invited, or one that is there."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import queries as people
from clinic.accounts import staff
from clinic.accounts.models import CredentialKind, Practitioner, User
from clinic.accounts.practitioners import IsPhysician
from clinic.accounts.services import AddressHasAccount
from clinic.forms import typed
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters.forms import BookableForm, PhysicianForm
from clinic.rosters.views.blueprint import bp
from clinic.rosters.views.saving import Page
from clinic.staff.queries import somebody_elses_account


def _new_page() -> Page:
    return _page(
        _("Add a physician"), url_for("catalogue.manage"), _("Clinic"), _("Add and send the link")
    )


def _page(title: str, back: str, back_words: str, button: str, more_words: str = "") -> Page:
    return Page(
        title,
        back,
        back_words,
        template="rosters/physician.html",
        intro=_(
            "Patients can book them once they have a licence, and hours, which come next. "
            "Botox and filler treatments need those two credentials as well."
        )
        + more_words,
        button=button,
        more={"kinds": list(CredentialKind)},
    )


@bp.get("/manage/people/new")
@requires(Permission.STAFF_WRITE)
def new_physician() -> ResponseReturnValue:
    """Name, address, what patients read, credentials."""
    return _new_page().draw(PhysicianForm())


@bp.post("/manage/people/new")
@requires(Permission.STAFF_WRITE, fresh=True)
def add_physician() -> ResponseReturnValue:
    """Invite somebody, put a physician behind the account, and go on to the hours."""
    form, page = PhysicianForm(), _new_page()
    if not form.validate_on_submit():
        return page.draw(form), 422

    def work() -> str:
        return _hours_of(staff.add_physician(form.newcomer, form.email.data, actor=current_actor()))

    scope = f"{current_actor().label} rosters.add_physician"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except AddressHasAccount:
        form.email.errors = [
            _("Someone already signs in with this address. Enter another, or look in the list.")
        ]
        return page.draw(form, bookable=_bookable(form.email.data)), 409
    flash(_("Added. A link to set a password is on its way, good for 30 minutes."))
    flash(_("Their hours come next."))
    return redirect(onward, 303)


def _hours_of(practitioner: Practitioner) -> str:
    return url_for("rosters.hours", person=practitioner.public_id)


def _bookable(email: str) -> User | None:
    """Whoever signs in with the address, if the page for that would do."""
    user = people.user_by_email(email)
    if user is None or not user.active or user.practitioner is not None:
        return None
    return somebody_elses_account(current_actor(), user.public_id)


def _account_page(user: User) -> Page:
    return _page(
        _("Make %(name)s bookable", name=user.name),
        url_for("staff.person", user=user.public_id),
        user.name,
        _("Make bookable"),
        " " + _("They get the physician’s role, and keep those that they have."),
    )


@bp.get("/manage/staff/<user>/bookable")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account)
def bookable(user: User) -> ResponseReturnValue:
    """What a physician has that an account has not: what patients read, and credentials."""
    if user.practitioner is not None:
        return redirect(url_for("rosters.person", person=user.practitioner.public_id), 303)
    return _account_page(user).draw(BookableForm(data={"name": user.name}))


@bp.post("/manage/staff/<user>/bookable")
@requires(Permission.STAFF_WRITE, of=somebody_elses_account, fresh=True)
def make_bookable(user: User) -> ResponseReturnValue:
    """Put a physician behind an account, with the role, and go on to the hours."""
    form, page = BookableForm(), _account_page(user)
    if not form.validate_on_submit():
        return page.draw(form), 422

    def work() -> str:
        return _hours_of(staff.make_bookable(user, form.newcomer, actor=current_actor()))

    scope = f"{current_actor().label} rosters.make_bookable {user.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except IsPhysician:
        return page.draw(form, physician=user.practitioner), 409
    except staff.ShutOut:
        problem = _("The account is closed. Let the person in again first.")
        return page.draw(form, problem=problem), 409
    flash(_("Saved. Their hours come next."))
    return redirect(onward, 303)
