"""A visit pulled to another place in the calendar, or sent there from its dialog.

One address for both: with a script it answers in JSON, so that the grid puts the visit back and
says why; without one it is a page like any other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, filters, idempotency
from clinic.audit.events import Event
from clinic.controls import choices, is_usual
from clinic.forms import typed
from clinic.frontdesk import forms
from clinic.frontdesk.views import taking_back
from clinic.frontdesk.views.asked import asked_of
from clinic.frontdesk.views.blueprint import bp
from clinic.frontdesk.views.day import steps_of
from clinic.journey import book, move
from clinic.permissions import Actor, Permission, current_actor, requires
from clinic.scheduling import queries as visits
from clinic.scheduling import roster, services, why
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Person, Roster, Thing
from clinic.scheduling.rules import AppointmentStatus, WhyNot
from clinic.treatment.rules import desk_words

JSON = "application/json"


def visit_in_the_calendar(actor: Actor, public_id: str) -> Appointment | None:
    """Any visit, for whoever has the calendar: a physician moves those in their care elsewhere."""
    if not actor.may(Permission.DAY_SHEET_READ):
        return None
    return visits.visit_for_desk(actor, public_id)


@dataclass(frozen=True)
class Place:
    """Where a visit is, or is to go; *room* is None where any will do."""

    person: Person
    room: Thing | None
    starts_at: datetime


@dataclass(frozen=True)
class Refusal:
    """Why a visit stays where it is; *onward* leads to putting it there all the same."""

    sentences: list[str]
    onward: str | None = None


@bp.route("/calendar/visits/<visit>", methods=["GET", "POST"])
@requires(Permission.VISIT_CHANGE, of=visit_in_the_calendar, audit=Event.DESK_VIEWED)
def move_visit(visit: Appointment) -> ResponseReturnValue:
    """A visit's dialog: its states, and where it goes. A POST moves it."""
    known = roster.current()
    form = _form(visit, known)
    if request.method != "POST":
        return _page(visit, form)
    scope = f"{current_actor().label} frontdesk.move {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return _moved(visit, before, known)
    place = _wanted(form, visit, known) if form.validate_on_submit() else None
    return _page(visit, form) if place is None else _move(visit, place, form, scope, known)


def _form(visit: Appointment, known: Roster) -> forms.MoveForm:
    """What can be chosen, with where the visit is now."""
    now = _here(visit, known)
    local = clock.local(visit.starts_at, visit.location.zone)
    form = forms.MoveForm(
        who=now[0].public_id if now[0] else "",
        room="",
        day=local.date(),
        at=local.hour * 60 + local.minute,
        second=_which(visit.starts_at, visit.location.zone),
        shown=str(visit.version),
    )
    people = [p for p in known.people if p.works_at(visit.location_id)]
    rooms = known.rooms_for(roster.offered(visit.service))
    form.who.choices = choices(*((p.public_id, p.name) for p in people))
    form.room.choices = choices(
        ("", _("Any that is free")), *((r.public_id, r.name) for r in rooms)
    )
    return form


def _which(at: datetime, zone: str) -> str | None:
    """Which of two an instant is, as the form says it; None where clocks show its time once."""
    local = clock.local(at, zone)
    if clock.times_shown(local.date(), local.hour * 60 + local.minute, zone) < 2:
        return None
    return "yes" if local.fold else "no"


def _here(visit: Appointment, known: Roster) -> tuple[Person | None, Thing | None]:
    """With whom and where it is; None for who or what is not used any more."""
    actors = set(visits.actors_of(visit))
    person = next((p for p in known.people if p.actor_id in actors), None)
    return person, next((r for r in known.rooms if r.actor_id in actors), None)


def _wanted(form: forms.MoveForm, visit: Appointment, known: Roster) -> Place | None:
    """Where the form says; None with its errors where it says nothing that there is."""
    person = known.person(form.who.data or "")
    if person is None:
        form.who.errors = [_("Choose a physician of this list")]
    room = next((r for r in known.rooms if r.public_id == form.room.data), None)
    if room is None and form.room.data:
        form.room.errors = [_("Choose a room of this list")]
    starts_at = _start(form, visit.location.zone)
    if person is None or starts_at is None or form.errors:
        return None
    return Place(person, room, starts_at)


def _start(form: forms.MoveForm, zone: str) -> datetime | None:
    if form.start.data:
        starts_at = datetime.fromtimestamp(int(form.start.data), UTC)
        if is_usual(starts_at.date()) and not starts_at.second:
            return starts_at
        form.at.errors = [_("Enter day and time")]
        return None
    if form.day.data is None or form.at.data is None:
        form.at.errors = [_("Enter day and time")]
        return None
    second = {"yes": True, "no": False}.get(form.second.data or "")
    try:
        return why.instant(form.day.data, form.at.data, zone, second=second)
    except why.NoSuchTime as skipped:
        then = filters.time(skipped.then, zone)
        form.at.errors = [_("Clocks skip this time. Enter %(then)s or later.", then=then)]
    except why.TwiceThatDay:
        time = filters.minute_of_day(form.at.data)
        form.second.choices = choices(
            ("no", _("%(time)s, before the clocks go back", time=time)),
            ("yes", _("%(time)s, after", time=time)),
        )
        form.second.errors = [_("Clocks show %(time)s twice that night: say which", time=time)]
    return None


def _move(
    visit: Appointment, place: Place, form: forms.MoveForm, scope: str, known: Roster
) -> ResponseReturnValue:
    room_id = place.room.actor_id if place.room else None

    def work() -> str:
        person, room = _here(visit, known)
        was = {
            "who": person.public_id if person else "",
            "room": room.public_id if room else "",
            "start": int(visit.starts_at.timestamp()),
        }
        move.in_the_calendar(
            visit,
            place.person.actor_id,
            place.starts_at,
            room_actor_id=room_id,
            shown=form.version,
            actor=current_actor(),
        )
        return json.dumps(was)

    try:
        outcome = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.SlotTaken:
        return _page(visit, form, _why_taken(visit, place, known))
    except move.SameTime:
        return _page(visit, form, Refusal([_("The visit is there already.")]))
    except book.GateClosed as refused:
        book.note_refusal(visit.service, visit.patient, refused.reasons, actor=current_actor())
        return _page(visit, form, Refusal(_words_of_the_gate(refused)))
    except services.Changed:
        return _page(visit, _form_anew(visit, known), Refusal([_changed(visit)]))
    return _moved(visit, outcome, known)


def _form_anew(visit: Appointment, known: Roster) -> forms.MoveForm:
    """As the visit is now: what was sent was about another."""
    form = _form(visit, known)
    form.shown.data = str(visit.version)
    return form


def _changed(visit: Appointment) -> str:
    if visit.status != AppointmentStatus.BOOKED:
        return _("The visit is no longer booked: somebody changed its state.")
    return _("Somebody else moved this visit meanwhile. Here it is as it is now.")


def _words_of_the_gate(refused: book.GateClosed) -> list[str]:
    """The desk's own words; never the clinical reason."""
    template = current_app.jinja_env.get_template("_macros/status.html")
    word = template.module.desk_word  # type: ignore[attr-defined]
    return [f"{str(word(one)).strip()}." for one in desk_words(refused.reasons)]


def _why_taken(visit: Appointment, place: Place, known: Roster) -> Refusal:
    """Every reason in words; somebody may have let the time go since, then that it is free."""
    answer = why.ask(
        visit.service,
        place.person,
        place.starts_at,
        patient=visit.patient,
        moving=visit,
        room_actor_id=place.room.actor_id if place.room else None,
    )
    sentences = list(answer.sentences) or [_("It was taken a moment ago. Try again.")]
    if place.room and any(reason.code == WhyNot.NO_ROOM for reason in answer.reasons):
        name, service = place.room.name, visit.service.name
        sentences = [_("%(room)s can’t host: %(service)s.", room=name, service=service)]
    if not answer.may_override:
        return Refusal(sentences)
    local = clock.local(place.starts_at, visit.location.zone)
    onward = url_for(
        "scheduling.why_not_to_move",
        visit=visit.public_id,
        practitioner=place.person.public_id,
        day=local.date(),
        at=f"{local:%H:%M}",
        second=_which(place.starts_at, visit.location.zone),
    )
    return Refusal(sentences, onward)


def _page(
    visit: Appointment, form: forms.MoveForm, refusal: Refusal | None = None
) -> ResponseReturnValue:
    """The dialog, alone for a script that opens it; what was refused, in words for one."""
    status = 409 if refusal else form.status
    if request.method == "POST" and request.accept_mimetypes.best == JSON:
        said = refusal or Refusal([words for _id, words in form.problems()])
        twice = [words for _code, words, *_more in form.second.iter_choices()]
        return {
            "problem": said.sentences,
            "onward": said.onward,
            "twice": twice if form.second.errors else None,
        }, status
    is_part = bool(request.headers.get("HX-Request"))
    page = render_template(
        "frontdesk/_move_visit.html" if is_part else "frontdesk/move_visit.html",
        visit=visit,
        form=form,
        status_form=forms.StatusForm(formdata=None),
        who=visits.who_and_where([visit])[visit.id],
        steps=steps_of(visit),
        refusal=refusal,
        asked=asked_of(roster.current(), request.args),
    )
    return page, status


def _moved(visit: Appointment, outcome: str, known: Roster) -> ResponseReturnValue:
    if request.accept_mimetypes.best == JSON:
        undo: dict[str, Any] = {**json.loads(outcome), "shown": visit.version}
        return {"said": taking_back.words_of(visit), "undo": undo}
    there = {"day": visit.starts_on.isoformat(), taking_back.MOVED: visit.public_id}
    return redirect(asked_of(known, request.args).url(**there), 303)
