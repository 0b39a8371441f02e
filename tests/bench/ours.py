"""The product with one page more: the times of a day as JSON, until it has a page of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from clinic.front import WholeRequests
from clinic.permissions import public
from clinic.scheduling import availability, picker, roster
from wsgi import app


@app.get("/bench/slots")
@public
def slots() -> ResponseReturnValue:
    known = roster.current()
    service = known.service(request.args["service"])
    person = known.person(request.args["practitioner"])
    assert service is not None and person is not None
    day = date.fromisoformat(request.args["from"])
    found = availability.times(
        service, day, int(request.args["days"]), known=replace(known, people=[person])
    )
    listed = picker._slots(found.facts, person.actor_id, day, 1, lambda slot: True)
    return jsonify(
        [{"start": s.starts_at.isoformat(), "end": s.ends_at.isoformat()} for s in listed]
    )


front = WholeRequests(app, longest=app.config["MAX_CONTENT_LENGTH"], demo=True)
