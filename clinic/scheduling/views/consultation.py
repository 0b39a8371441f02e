"""Times of a consultation: at the one site, or at the one that is chosen first."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import identity
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.permissions import current_actor, public
from clinic.scheduling import queries
from clinic.scheduling.views import times
from clinic.scheduling.views.blueprint import bp


@bp.route("/book/consultation", methods=["GET", "POST"])
@public
def consultation_times() -> ResponseReturnValue:
    """Times of a consultation, for a visitor with a finished form or a patient we know.

    Where several sites offer one, the site is chosen first.
    """
    offered = _offered()
    way = consultation_way(offered[0], url_for("scheduling.consultation_times"))
    if way is None:
        return redirect(url_for("intake.start"), 303)
    if len(offered) > 1:
        return render_template("scheduling/choose_site.html", offered=offered)
    return times.show(way)


@bp.route("/book/consultation/<site>", methods=["GET", "POST"])
@public
def consultation_times_at(site: str) -> ResponseReturnValue:
    """The same at one of several sites."""
    offered = (s for s in _offered() if s.location.public_id == site)
    service = next(offered, None) or abort(404)
    way = consultation_way(service, url_for("scheduling.consultation_times_at", site=site))
    if way is None:
        return redirect(url_for("scheduling.consultation_times"), 303)
    return times.show(way)


def _offered() -> Sequence[Service]:
    """What is looked at alone need be no row that could be written."""
    is_look = request.method in ("GET", "HEAD")
    return catalogue.consultations_to_show() if is_look else catalogue.consultations()


def consultation_page(service: Service) -> str:
    """The page of times of a consultation; its address names the site where there are several."""
    if len(catalogue.consultations_to_show()) == 1:
        return url_for("scheduling.consultation_times")
    return url_for("scheduling.consultation_times_at", site=service.location.public_id)


def consultation_way(service: Service, here: str | None = None) -> times.Way | None:
    """None while there is neither a form of this browser nor a patient."""
    patient = own_patient()
    draft = own_draft() if patient is None else None  # somebody known is shown none here
    if patient is None and draft is None:
        return None
    return times.Way(
        service=service,
        patient=patient,
        here=here or consultation_page(service),
        onward=url_for("scheduling.check"),
        template="scheduling/consultation_times.html",
        extras={
            "draft": draft,
            "steps_all": intakes.steps_of_a_booking(),
            "already": queries.open_consultation_at(patient.id) if patient is not None else None,
        },
    )


def own_patient() -> Patient | None:
    return people.own_patient(current_actor())


def own_draft() -> Intake | None:
    """The form that goes along with a first consultation."""
    patient = own_patient()
    if patient is not None:
        opens = current_actor().opens_own_record  # a code alone opens no form of an account (S11)
        return intakes.draft_of_patient(patient.id) if opens else None
    visitor = identity.current_visitor()
    if visitor is None or accounts.is_idle(visitor):
        return None
    return intakes.draft_of_visitor(visitor.id)
