"""The page of the form on which photos are added; it may be skipped."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.audit.events import Event
from clinic.intake import queries
from clinic.intake.models import Intake
from clinic.intake.photo_forms import PhotosForm
from clinic.intake.questionnaire import PHOTOS
from clinic.intake.views import way
from clinic.intake.views.blueprint import bp
from clinic.permissions import current_actor, owner
from clinic.photos import queries as photo_queries
from clinic.photos import services, words
from clinic.photos.queries import PhotoSet
from clinic.photos.rules import Purpose, View


@bp.route("/<intake>/photos", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def photos(intake: Intake) -> ResponseReturnValue:
    """Photos of the draft; each file that can be taken is, whatever becomes of the others."""
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if way.is_locked(intake) and request.method != "POST":
        return redirect(url_for(".unlock"), 303)
    form = _form(intake)
    if request.form.get("go") == "skip" and form.validate_on_submit():
        return redirect(_next(intake), 303)
    if form.validate_on_submit():
        try:
            _take(intake, form)
        except services.FormIsSent:
            return render_template("intake/sent.html"), 410
        if way.leaves():
            return way.leave(intake)
        if form.to_remove:
            here = url_for(".photos", intake=intake.public_id, then=request.args.get("then"))
            return redirect(here, 303)
        if not form.refused:
            return redirect(_next(intake), 303)
    return _page(intake, form)


def _form(intake: Intake) -> PhotosForm:
    kept = frozenset(photo_queries.photos_of(intake.id))
    given = [purpose.value for purpose in photo_queries.purposes_of(intake.id)]
    return PhotosForm(kept=kept, data={"purposes": given})


def _take(intake: Intake, form: PhotosForm) -> None:
    actor = current_actor()
    if form.to_remove:
        services.remove(intake, form.to_remove, actor=actor)
    services.say(intake, form.allowed, actor=actor)
    if Purpose.ASSESSMENT in form.allowed:
        form.refuse(services.take(intake, form.sent, actor=actor))


def _next(intake: Intake) -> str:
    return way.onward(intake, PHOTOS)


def _page(intake: Intake, form: PhotosForm) -> ResponseReturnValue:
    locked = way.is_locked(intake)
    page = render_template(
        "intake/photos.html",
        form=form,
        photos={} if locked else photo_queries.photos_of(intake.id),
        earlier=_earlier(intake),
        views=list(View),
        view_names=words.VIEWS,
        how=words.HOW,
        **way.frame(intake, PHOTOS),
    )
    return page, form.status


def _earlier(intake: Intake) -> Sequence[PhotoSet]:
    """Photos of forms that the patient has sent; never on the desk's tablet, as their answers."""
    if intake.patient_id is None or current_actor().keeps_to_one_form:
        return []
    return [found for found in photo_queries.sent_sets(intake.patient_id) if found.kept]
