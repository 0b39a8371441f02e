"""The calendar: day, week and month as a grid, and the same drawn again for who has it open."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic import clock
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.frontdesk import calendar as queries
from clinic.frontdesk.queries import DaySheet
from clinic.frontdesk.rules import STEPS, View, week_of, weeks_of_month
from clinic.frontdesk.views.asked import Asked, asked_of
from clinic.frontdesk.views.blueprint import bp
from clinic.frontdesk.whose import whoever
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import outside, roster
from clinic.scheduling.on_offer import Roster

MANY = 6  # columns that a desk's screen holds beside one another


@bp.get("/calendar")
@requires(Permission.DAY_SHEET_READ, audit=Event.DESK_VIEWED)
def calendar() -> ResponseReturnValue:
    """Day or week as a grid by physician or room, or a month; each visit is a link to its page."""
    known = roster.current()
    asked = _settled(asked_of(known), known)
    board, seen = _drawn(asked, known)
    return render_template(
        "frontdesk/calendar.html",
        asked=asked,
        board=board,
        seen=seen,
        whoever=whoever(known, asked.site, asked.by),
        today=clock.today(asked.site.zone),
        week=week_of(asked.day),
        steps_shown=[(str(step), {"step": step}, step == asked.step) for step in STEPS],
        outside_count=len(outside.at_sites(outside.now_outside(known), current_actor().sites)),
    )


@bp.get("/calendar/part")
@requires(Permission.DAY_SHEET_READ, by_itself=True)
def calendar_part() -> ResponseReturnValue:
    """The grid alone, for a page that asks every half minute; nothing where it shows nothing new.

    Only what shows something new is a look at it (S50).
    """
    known = roster.current()
    asked = _settled(asked_of(known), known)
    if not request.headers.get("HX-Request"):
        return redirect(asked.url(), 303)  # somebody signed in again on the way here
    board, seen = _drawn(asked, known)
    if seen == request.args.get("seen"):
        return Response(status=204)
    audit.record(Event.DESK_VIEWED, actor=current_actor())
    return _draw("frontdesk/_board.html", asked=asked, board=board, seen=seen)


def _settled(asked: Asked, known: Roster) -> Asked:
    """A week is somebody's: the first one's, unless the address says whose."""
    everybody = whoever(known, asked.site, asked.by)
    who = next((one.key for one in everybody if one.key == asked.who), None)
    if who is None and asked.view == View.WEEK and everybody:
        who = everybody[0].key
    return replace(asked, who=who)


def _drawn(asked: Asked, known: Roster) -> tuple[Markup, str]:
    """The grid or the month, and what tells it from another; not by the time of day alone."""
    if asked.view == View.MONTH:
        weeks = queries.of_month(known, asked.site, weeks_of_month(asked.day))
        drawn, now_line = _draw("frontdesk/_month.html", asked=asked, weeks=weeks), None
    else:
        drawn, now_line = _grid(asked, known)
    plain = drawn if now_line is None else drawn.replace(now_line, "")
    return drawn, blake2b(plain.encode(), digest_size=12).hexdigest()


def _grid(asked: Asked, known: Roster) -> tuple[Markup, Markup | None]:
    """The grid, and the line in it that says what time it is."""
    board, now = _board(asked, known), clock.now()
    zone, row = asked.site.zone, board.now_row(now)
    now_line = None
    if row is not None and asked.view == View.DAY:
        now_line = _draw("frontdesk/_now.html", row=row, now=now, zone=zone)
    today = clock.today(zone)
    is_today = asked.view == View.DAY and asked.day == today
    drawn = _draw(
        "frontdesk/_grid.html",
        asked=asked,
        board=board,
        sheet=DaySheet(tuple(board.lines)) if is_today else None,
        free=queries.free_on(known, asked.site, [today]).get(today) if is_today else None,
        now_line=now_line,
        is_many=len(board.columns) > MANY,
        today=today,
    )
    return drawn, now_line


def _board(asked: Asked, known: Roster) -> queries.Board:
    if asked.view == View.WEEK:
        everybody = whoever(known, asked.site, asked.by)
        whose = next((one for one in everybody if one.key == asked.who), None)
        if whose is not None:
            return queries.of_week(known, asked.site, asked.day, whose)
    return queries.of_day(known, asked.site, asked.day, asked.by, asked.who)


def _draw(template: str, **values: Any) -> Markup:
    """A part of a page, without what the layout of a whole one would ask the database for."""
    found = current_app.jinja_env.get_template(template).render(values)
    # habit: unescaped, because a template of our own has escaped what it was given
    return Markup(found)  # noqa: S704
