"""Photos as files, the patient's own page of them, and taking a consent back."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import identity
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.audit.events import Event
from clinic.forms import ClinicForm
from clinic.intake.models import Intake
from clinic.permissions import Permission, current_actor, owner, requires
from clinic.photos import queries, rules, services, words
from clinic.photos.models import Photo
from clinic.photos.rules import Purpose

bp = Blueprint("photos", __name__, url_prefix="/photos")


@bp.get("/<photo>")
@owner(queries.photo_to_see, audit=Event.PHOTO_VIEWED)
def image(photo: Photo) -> Response:
    return _file(photo, photo.image)


@bp.get("/<photo>/small")
@owner(queries.photo_to_see, audit=Event.PHOTO_VIEWED)
def thumbnail(photo: Photo) -> Response:
    return _file(photo, photo.thumbnail)


def _file(photo: Photo, jpeg: bytes | None) -> Response:
    """A JPEG of our own making, under a name of our own: pages show it, a browser saves it (S35).

    A form that was left alone for half an hour shows nothing before its date of birth is typed.
    """
    visitor = identity.current_visitor()
    is_nobodys = photo.intake.patient_id is None
    if jpeg is None or (is_nobodys and (visitor is None or accounts.is_idle(visitor))):
        abort(404)
    g.is_sandboxed = True
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'attachment; filename="photo-{photo.public_id}.jpg"'
    return response


@bp.get("/")
@requires(Permission.OWN_RECORD_READ, of=people.own_record, audit=Event.OWN_RECORD_VIEWED)
def own() -> ResponseReturnValue:
    """The patient's photos, form by form, and what each set may be used for."""
    patient = people.own_record(current_actor()) or abort(404)
    sets = queries.sent_sets(patient.id)
    return render_template(
        "photos/own.html",
        patient=patient,
        sets=sets,
        said={found.intake.id: queries.history(found.intake.id) for found in sets},
        view_names=words.VIEWS,
        purpose_names=words.PURPOSE_NAMES,
    )


@bp.route("/forms/<sent>/<purpose>", methods=["GET", "POST"])
@requires(Permission.OWN_RECORD_WRITE, of=queries.own_sent_form, audit=Event.FORM_VIEWED)
def withdraw(sent: Intake, purpose: str) -> ResponseReturnValue:
    """What taking a consent back does, in words, before it is done."""
    given = queries.purposes_of(sent.id)
    if purpose not in given:
        return redirect(url_for(".own"), 303)
    asked = Purpose(purpose)
    form = ClinicForm()
    if form.validate_on_submit():
        is_erased = services.withdraw(sent, asked, actor=current_actor())
        flash(_("The photos are erased.") if is_erased else _("Your consent is withdrawn."))
        return redirect(url_for(".own"), 303)
    left = given - {asked}
    page = render_template(
        "photos/withdraw.html",
        form=form,
        intake=sent,
        purpose=asked,
        left=left,
        erases=not rules.may_stay(left, is_decided=queries.is_decided(sent)),
        photos=queries.photos_of(sent.id),
        view_names=words.VIEWS,
        purpose_names=words.PURPOSE_NAMES,
    )
    return page, form.status
