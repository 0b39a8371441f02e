"""The one address: which times of a service are free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock
from clinic.api.refusals import refusal
from clinic.brand import medicine
from clinic.controls import FIRST_YEAR, LAST_YEAR, is_usual
from clinic.permissions import public
from clinic.scheduling import diary, rules
from clinic.scheduling.on_offer import Offered, Person, Roster
from clinic.scheduling.rules import Facts

bp = Blueprint("api", __name__, url_prefix="/api")

MOST_DAYS = 31
USUAL_DAYS = 7


@dataclass
class Unanswerable(Exception):
    """A question that has no answer: the status, and what to ask instead."""

    status: int
    code: str
    what_to_do: str


@dataclass(frozen=True)
class Asked:
    service: Offered
    person: Person | None
    first: date
    days: int


@bp.get("/slots")
@public
def slots() -> ResponseReturnValue:
    """Free times of a service, of one practitioner or of all, as the pages of times list them."""
    known = diary.current()
    asked = _asked(request.args, known.roster)
    facts = known.facts_of(asked.service)
    if asked.person is not None:
        facts = facts.of([asked.person.actor_id])
    g.cache_control = "no-cache"  # kept by whoever asks, and asked again each time
    response = Response(_as_json(asked, facts, known.roster), mimetype="application/json")
    response.set_etag(blake2b(response.data, digest_size=16).hexdigest())
    return response.make_conditional(request)


def _as_json(asked: Asked, facts: Facts, known: Roster) -> str:
    site = known.sites[asked.service.location_id]
    people = {who.actor_id: {"id": who.public_id, "name": who.name} for who in known.people}
    return json.dumps(
        {
            "service": {"id": asked.service.public_id, "name": _public_name(asked.service)},
            "site": {"id": site.public_id, "name": site.name, "zone": site.zone},
            "from": asked.first.isoformat(),
            "days": asked.days,
            "slots": [
                {
                    "start": clock.local(slot.starts_at, site.zone).isoformat(),
                    "end": clock.local(slot.ends_at, site.zone).isoformat(),
                    "practitioner": people[slot.practitioner_id],
                }
                for slot in rules.free_slots(facts, asked.first, asked.days)
            ],
        },
        separators=(",", ":"),
    )


def _public_name(service: Offered) -> str:
    return medicine().service(service.facts.kind, service.name)


def _asked(query: Mapping[str, str], known: Roster) -> Asked:
    """What the address asks for. Raises `Unanswerable`."""
    if not query.get("service"):
        raise Unanswerable(400, "service-missing", _("Say which service: ?service= and its id."))
    service = known.service(query["service"])
    if service is None:
        raise Unanswerable(404, "no-such-service", _("No service on offer has this id."))
    person = known.person(query["practitioner"]) if query.get("practitioner") else None
    if person is None and query.get("practitioner"):
        raise Unanswerable(404, "no-such-practitioner", _("No practitioner here has this id."))
    zone = known.sites[service.location_id].zone
    return Asked(service, person, _first(query.get("from"), zone), _days(query.get("days")))


def _first(text: str | None, zone: str) -> date:
    """The first day; without one, today at the site."""
    if not text:
        return clock.today(zone)
    try:
        first = date.fromisoformat(text)
    except ValueError:
        words = _("Write the first day as 2026-11-24: year, month, day.")
        raise Unanswerable(400, "from-not-a-day", words) from None
    if not is_usual(first):
        words = _(
            "Ask for a day of the years %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR
        )
        raise Unanswerable(422, "from-out-of-range", words)
    return first


def _days(text: str | None) -> int:
    if not text:
        return USUAL_DAYS
    if not (text.isascii() and text.isdigit()):
        words = _("Write the number of days in digits, for example days=7.")
        raise Unanswerable(400, "days-not-a-number", words)
    if len(text) > 2 or not 1 <= int(text) <= MOST_DAYS:
        words = _("Ask for 1 to %(most)d days at a time.", most=MOST_DAYS)
        raise Unanswerable(422, "days-out-of-range", words)
    return int(text)


@bp.errorhandler(Unanswerable)
def _unanswerable(error: Unanswerable) -> Response:
    return refusal(error.status, error.code, error.what_to_do)
