"""The first page, help, and who the physicians are with their next free times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import CredentialKind, Practitioner
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Location, Service
from clinic.catalogue.rules import ServiceKind
from clinic.permissions import public
from clinic.public import queries
from clinic.public.views.blueprint import bp
from clinic.scheduling import diary, picker, roster
from clinic.scheduling.diary import Diary
from clinic.scheduling.rules import Slot

NEXT_TIMES = 3


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What the clinic does, why a consultation first, who, prices, hours, free times."""
    services = catalogue.services()
    consultation = next((s for s in services if s.kind == ServiceKind.CONSULTATION), None)
    if consultation is None:
        raise catalogue.NoClinic
    everybody = people.practitioners()
    return render_template(
        "public/home.html",
        services=services,
        consultation=consultation,
        practitioners=everybody,
        next_times=_next_times(diary.current(), consultation, everybody),
    )


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """How to reach the clinic, and what to do when something is wrong after treatment."""
    return render_template("public/help.html")


class AtSite(NamedTuple):
    """Where a physician consults, with their next free times there."""

    site: Location
    times: Sequence[Slot]


@bp.get("/physicians")
@public
def physicians() -> ResponseReturnValue:
    """Each physician: who they are, what they give, where, and their next free times."""
    consultations = catalogue.consultations()
    everybody = queries.physicians()
    today = clock.today(consultations[0].location.zone)
    return render_template(
        "public/physicians.html",
        consultation=consultations[0],
        physicians=everybody,
        places=_places(consultations, everybody),
        held={who.id: queries.held_on(who, today) for who in everybody},
        kinds=CredentialKind,
    )


def _places(
    consultations: Sequence[Service], everybody: Sequence[Practitioner]
) -> Mapping[int, Sequence[AtSite]]:
    """The sites of each physician by row number; one without hours anywhere has none."""
    known = diary.current()
    works_at = {who.id: who.works_at for who in known.roster.people}
    times = {c.location_id: _next_times(known, c, everybody) for c in consultations}
    return {
        who.id: [
            AtSite(c.location, times[c.location_id][who.id])
            for c in consultations
            if who.id in works_at and works_at[who.id](c.location_id)
        ]
        for who in everybody
    }


def _next_times(
    known: Diary, consultation: Service, everybody: Sequence[Practitioner]
) -> Mapping[int, Sequence[Slot]]:
    """The next free times of each physician, by row number."""
    zone = consultation.location.zone
    facts = known.facts_of(roster.offered(consultation))
    today = clock.today(zone)
    last = clock.local(facts.now + facts.service.horizon, zone).date()
    return {p.id: picker.next_free(facts, p.actor_id, today, last, NEXT_TIMES) for p in everybody}
