"""The log for a manager, and for a patient who of the clinic looked at their record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, csv_file
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit import queries, words
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.audit.forms import FilterForm
from clinic.catalogue import queries as catalogue
from clinic.columns import EPOCH, MICROSECOND
from clinic.database import db
from clinic.emergency import queries as emergencies
from clinic.permissions import Permission, current_actor, requires

bp = Blueprint("audit", __name__)

MOST_PAGES = 10_000
MOST_EXPORTED = 50_000


@bp.get("/manage/audit")
@requires(Permission.AUDIT_READ, audit=Event.AUDIT_VIEWED)
def log() -> ResponseReturnValue:
    """Everything that happened, newest first; who, whose record, when; never what was in it."""
    db.session.rollback()  # the newest line is this look, written beside what was read before
    return _log(FilterForm(request.args, people.staff()))


def _log(form: FilterForm, too_many: int = 0) -> ResponseReturnValue:
    seen, number = _seen(), _page_number()
    page = None
    if form.validate():
        page = queries.log_page(form.wanted(catalogue.site().zone), seen=seen, number=number)
    return render_template(
        "audit/log.html",
        form=form,
        page=page,
        number=number,
        seen=(seen - EPOCH) // MICROSECOND,
        words=words,
        too_many=too_many,
        most=MOST_EXPORTED,
    ), 422 if too_many else form.status


def _page_number() -> int:
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), MOST_PAGES)


def _seen() -> datetime:
    """Up to when pages show what was written: a look writes a row of its own, and moves nothing."""
    now = clock.now()
    asked = request.args.get("seen", 0, type=int)
    return EPOCH + asked * MICROSECOND if 0 < asked < (now - EPOCH) // MICROSECOND else now


@bp.post("/manage/audit/export")
@requires(Permission.AUDIT_EXPORT, fresh=True)
def export() -> ResponseReturnValue:
    """The same lines as a file; written down with its filters and how many it holds."""
    form, seen = FilterForm(request.form, people.staff()), clock.now()
    if not form.validate():
        return _log(form)
    wanted = form.wanted(catalogue.site().zone)
    count = queries.how_many(wanted, seen=seen)
    if count > MOST_EXPORTED:
        return _log(form, too_many=count)
    pages = queries.all_pages(wanted, seen=seen)
    body = csv_file.document(_heading(), (cells for page in pages for cells in _cells(page)))
    filters = form.in_use()
    audit.record(Event.AUDIT_EXPORTED, actor=current_actor(), filters=filters, rows=count)
    response = Response(body, mimetype="text/csv")
    name = f"audit-{clock.today(catalogue.site().zone)}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _heading() -> list[str]:
    return [
        _("When (UTC)"),
        _("Who"),
        _("Roles"),
        _("What"),
        _("Event"),
        _("Whose record"),
        _("Date of birth"),
        _("About"),
        _("Result"),
        _("Address"),
        _("Request"),
    ]


def _cells(page: queries.Page) -> Iterator[list[object]]:
    for line in page.lines:
        row = line.event
        yield [
            row.at.isoformat(),
            words.who(row.actor, page.names),
            row.roles,
            str(words.WORDS[row.event]),
            row.event.value,
            line.patient.name if line.patient else None,
            line.patient.born_on if line.patient else None,
            row.subject,
            row.result,
            row.address,
            row.request_id,
        ]


@dataclass
class Reader:
    """What one person did on one day: each event with its instants, newest first."""

    name: str
    roles: frozenset[str]
    acts: dict[Event, list[datetime]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)  # of emergencies, written for the patient


@bp.get("/account/readers")
@requires(Permission.OWN_READERS_READ, of=people.own_record, audit=Event.READERS_VIEWED)
def readers() -> ResponseReturnValue:
    """Who of the clinic looked at the patient's record: by day and person, newest first."""
    number, patient = _page_number(), people.own_record(current_actor())
    assert isinstance(patient, Patient)  # the door has found the same
    found = queries.looks_at(patient, words.TO_PATIENT, number=number)
    return render_template(
        "audit/readers.html",
        days=_by_day(found, patient, catalogue.site().zone),
        number=number,
        has_more=found.has_more,
        words=words.TO_PATIENT,
        emergency=Event.EMERGENCY_OPENED,
    )


def _by_day(found: queries.Looks, patient: Patient, zone: str) -> dict[date, list[Reader]]:
    days: dict[date, dict[str, Reader]] = {}
    for look in found.looks:
        day = days.setdefault(clock.local(look.at, zone).date(), {})
        name = words.who(look.actor, found.names)
        reader = day.setdefault(look.actor, Reader(name, frozenset(look.roles)))
        reader.acts.setdefault(look.event, []).append(look.at)
    if any(look.event == Event.EMERGENCY_OPENED for look in found.looks):
        for label, at, reason in emergencies.reasons_for(patient):
            opened = days.get(clock.local(at, zone).date(), {}).get(label)
            if opened is not None:
                opened.reasons.append(reason)
    return {day: list(readers.values()) for day, readers in days.items()}
