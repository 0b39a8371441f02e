"""Pages to print, the day as a PDF, the desk's lists as files. Each is written down as an export.

They are looks at patients like the pages that they are made of, and carry no more than these.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, csv_file
from clinic.accounts import finding, lookup
from clinic.accounts.models import Practitioner
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.own_sites import Shown, shown_to
from clinic.catalogue.sites import every_site
from clinic.controls import day_of
from clinic.database import db
from clinic.frontdesk import arrivals
from clinic.frontdesk import queries as desk
from clinic.paper import lists, pdf, queries, words
from clinic.paper.lists import Sheet
from clinic.paper.queries import Paper
from clinic.permissions import Permission, current_actor, requires
from clinic.waitlist import queries as waitlist

bp = Blueprint("paper", __name__)

DAY_SHEET, MY_DAY = Permission.DAY_SHEET_READ, Permission.MY_DAY_READ


@bp.get("/desk/day/print")
@requires(DAY_SHEET, audit=Event.DESK_VIEWED)
def day() -> ResponseReturnValue:
    """Everybody by time and each physician's day, or one physician's, as a page to print."""
    return _to_print(_desk_paper(), "paper.day", "frontdesk.day", "paper.day_pdf")


@bp.get("/desk/day/day.pdf")
@requires(DAY_SHEET, audit=Event.DESK_VIEWED)
def day_pdf() -> ResponseReturnValue:
    return _pdf(_desk_paper())


@bp.get("/my-day/print")
@requires(MY_DAY, audit=Event.DESK_VIEWED)
def my_day() -> ResponseReturnValue:
    """A physician's own day as a page to print."""
    return _to_print(_own_paper(), "paper.my_day", "screening.my_day", "paper.my_day_pdf")


@bp.get("/my-day/day.pdf")
@requires(MY_DAY, audit=Event.DESK_VIEWED)
def my_day_pdf() -> ResponseReturnValue:
    return _pdf(_own_paper())


def _asked() -> date:
    """The day of the address; today's where there is none."""
    return day_of(request.args.get("day")) or clock.today(_looked().zone)


def _looked() -> Shown:
    return shown_to(current_actor(), request.args.get("site"))


def _desk_paper() -> Paper:
    wanted = request.args.get("practitioner")
    return queries.of_the_desk(_asked(), wanted, sites=_looked().ids) or abort(404)


def _own_paper() -> Paper:
    own = db.session.get(Practitioner, current_actor().practitioner_id or abort(404))
    if own is None:
        abort(404)
    return queries.of_a_physician(_asked(), own.public_id, sites=_looked().ids)


def _to_print(paper: Paper, page: str, back: str, file: str) -> ResponseReturnValue:
    _note("day to print", paper.count, paper.day)
    looked, who = _looked(), request.args.get("practitioner")
    return render_template(
        "paper/day.html",
        paper=paper,
        looked=looked,
        page=page,
        back=url_for(back, day=paper.day, site=looked.code),
        file=url_for(file, day=paper.day, practitioner=who, site=looked.code),
        words=words,
    )


def _pdf(paper: Paper) -> ResponseReturnValue:
    body = pdf.document(paper, every_site()[0].clinic.name)
    _note("day as PDF", paper.count, paper.day)
    return _file(body, "application/pdf", f"day-{paper.day}.pdf")


@bp.get("/desk/day/day.csv")
@requires(DAY_SHEET, audit=Event.DESK_VIEWED)
def day_csv() -> ResponseReturnValue:
    shown = _asked()
    lines = desk.day_sheet(shown, _looked().ids).lines
    _note("day", len(lines), shown)
    return _csv(lists.day(lines, shown), f"day-{shown}.csv")


@bp.get("/desk/arrivals/list.csv")
@requires(DAY_SHEET, audit=Event.DESK_VIEWED)
def arrivals_csv() -> ResponseReturnValue:
    sheet = lists.arrivals(arrivals.todays(_looked().ids))
    _note("arrivals", len(sheet.rows))
    return _csv(sheet, f"arrivals-{clock.today(_looked().zone)}.csv")


@bp.get("/desk/patients/found.csv")
@requires(Permission.PATIENT_FIND, audit=Event.PATIENT_FOUND)
def patients_csv() -> ResponseReturnValue:
    """Those who were found; each is written down, as on the page."""
    typed = request.args.get("q", "").replace("\0", "").strip()[:100]
    found = lookup.found(finding.wanted(typed)).shown
    if found:
        shown = [(one.id, one.subject) for one in found]
        audit.record_each(Event.PATIENT_FOUND, shown, actor=current_actor())
    _note("patients found", len(found))
    return _csv(lists.patients(found), f"patients-{_asked()}.csv")


@bp.get("/desk/waiting-list/list.csv")
@requires(Permission.WAITLIST_READ, audit=Event.DESK_VIEWED)
def waiting_csv() -> ResponseReturnValue:
    waiting = waitlist.desk_list(_looked().ids).waiting
    _note("waiting list", len(waiting))
    return _csv(lists.waiting(waiting), f"waiting-list-{_asked()}.csv")


def _note(name: str, rows: int, day: date | None = None) -> None:
    facts: dict[str, Any] = {"list": name, "rows": rows}
    if day is not None:
        facts["day"] = day.isoformat()
    audit.record(Event.LIST_EXPORTED, actor=current_actor(), **facts)


def _csv(sheet: Sheet, name: str) -> Response:
    return _file(csv_file.document(sheet.heading, sheet.rows), "text/csv", name)


def _file(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
