"""The calendar: day, week and month as a grid, and the same drawn again for who has it open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from flask import Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic import clock, texts
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.frontdesk import calendar as queries
from clinic.frontdesk import month
from clinic.frontdesk.calendar import Read
from clinic.frontdesk.queries import DaySheet
from clinic.frontdesk.rules import STEPS, Ruler, View, week_of, weeks_of_month
from clinic.frontdesk.views import taking_back
from clinic.frontdesk.views.asked import Asked, asked_of
from clinic.frontdesk.views.blueprint import bp
from clinic.frontdesk.whose import Whose, whoever
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import diary as diaries
from clinic.scheduling import outside
from clinic.scheduling.diary import Diary
from clinic.scheduling.on_offer import Roster

MANY = 6  # columns that a desk's screen holds beside one another
# Where the line that says what time it is goes into a grid.
# habit: unescaped, because it is our own
NOW = Markup("<!-- now -->")
# Where the switch to another site goes: it is somebody's own, and a form.
# habit: unescaped, because it is our own
SITES = Markup("<!-- sites -->")


@bp.get("/calendar")
@requires(Permission.DAY_SHEET_READ, audit=Event.DESK_VIEWED)
def calendar() -> ResponseReturnValue:
    """Day or week as a grid by physician or room, or a month; each visit is a link to its page."""
    diary = diaries.current()
    asked = _settled(asked_of(diary.roster), diary.roster)
    board, seen = _drawn(asked, diary)
    return render_template(
        "frontdesk/calendar.html",
        asked=asked,
        week=week_of(asked.day),
        tools=_tools(asked, diary.roster),
        board=board,
        seen=seen,
        steps_shown=STEPS,
        back=taking_back.asked_for(),
    )


@bp.get("/calendar/part")
@requires(Permission.DAY_SHEET_READ, by_itself=True)
def calendar_part() -> ResponseReturnValue:
    """The grid alone, for a page that asks every half minute; nothing where it shows nothing new.

    Only what shows something new is a look at it (S50).
    """
    diary = diaries.current()
    asked = _settled(asked_of(diary.roster), diary.roster)
    if not request.headers.get("HX-Request"):
        return redirect(asked.url(), 303)  # somebody signed in again on the way here
    board, seen = _drawn(asked, diary)
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


class _Kept(NamedTuple):
    """A part of a page as it was drawn in one language, *of* what it shows."""

    language: object
    of: tuple[object, ...]
    drawn: Markup
    seen: str = ""
    ruler: Ruler | None = None

    def is_of(self, *shown: object) -> bool:
        """Whether it shows the same. The first is known by being the same object: to compare two
        rosters would cost as much as drawing."""
        return (
            self.language is texts.templates_here()
            and self.of[0] is shown[0]
            and self.of[1:] == shown[1:]
        )


MOST_KEPT = 256
_grids: dict[tuple[object, ...], _Kept] = {}
_heads: dict[tuple[object, ...], _Kept] = {}


def _keep(kept: dict[tuple[object, ...], _Kept], asked: Asked, one: _Kept) -> _Kept:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[asked.key] = one
    return one


def _tools(asked: Asked, known: Roster) -> Markup:
    """What leads from the grid to others; the same until another day, or the roster changes."""
    count = len(outside.at_sites(outside.now_outside(known), current_actor().sites))
    shown = known, clock.today(asked.site.zone), count
    kept = _heads.get(asked.key)
    if kept is None or not kept.is_of(*shown):
        drawn = _draw(
            "frontdesk/_tools.html",
            asked=asked,
            week=week_of(asked.day),
            whoever=whoever(known, asked.site, asked.by),
            outside_count=count,
            here=SITES,
        )
        kept = _keep(_heads, asked, _Kept(texts.templates_here(), shown, drawn))
    if len(asked.looked.own) < 2:
        return kept.drawn
    return kept.drawn.replace(SITES, _draw("frontdesk/_sites.html", asked=asked))


def _drawn(asked: Asked, diary: Diary) -> tuple[Markup, str]:
    """The grid or the month, and what tells it from another; not by the time of day alone."""
    if asked.view == View.MONTH:
        weeks = month.of_month(diary, asked.site, weeks_of_month(asked.day))
        drawn = _draw("frontdesk/_month.html", asked=asked, weeks=weeks)
        return drawn, _digest(drawn)
    return _grid(asked, diary)


def _digest(drawn: Markup) -> str:
    return blake2b(drawn.encode(), digest_size=12).hexdigest()


def _grid(asked: Asked, diary: Diary) -> tuple[Markup, str]:
    """Drawn anew only where it shows something else than the last time."""
    whose = _whose(asked, diary.roster)
    if whose is None:
        read = queries.read_day(asked.site, asked.day)
    else:
        read = queries.read_week(asked.site, asked.day, whose)
    today = clock.today(asked.site.zone)
    is_today = asked.view == View.DAY and asked.day == today
    free = month.free_on(diary, asked.site, [today]).get(today) if is_today else None
    kept = _grids.get(asked.key)
    if kept is None or not kept.is_of(diary, read, today, free):
        kept = _keep(_grids, asked, _grid_anew(asked, diary, read, whose, today, free))
    return _with_now(kept) if is_today else kept.drawn, kept.seen


def _whose(asked: Asked, known: Roster) -> Whose | None:
    """Whose week it is; None for a day."""
    if asked.view != View.WEEK:
        return None
    everybody = whoever(known, asked.site, asked.by)
    return next((one for one in everybody if one.key == asked.who), None)


def _grid_anew(
    asked: Asked, diary: Diary, read: Read, whose: Whose | None, today: date, free: int | None
) -> _Kept:
    if whose is None:
        board = queries.of_day(diary, asked.site, asked.day, asked.by, read, asked.who)
    else:
        board = queries.of_week(diary, asked.site, asked.day, asked.by, read, whose)
    is_today = asked.view == View.DAY and asked.day == today
    drawn = _draw(
        "frontdesk/_grid.html",
        asked=asked,
        board=board,
        sheet=DaySheet(tuple(board.lines)) if is_today else None,
        free=free,
        here=NOW,
        is_many=len(board.columns) > MANY,
        today=today,
    )
    of = diary, read, today, free
    return _Kept(texts.templates_here(), of, drawn, _digest(drawn), board.ruler)


def _with_now(grid: _Kept) -> Markup:
    """The grid of today with the line that says what time it is: drawn apart, for a page is no
    newer because of it."""
    now, ruler = clock.now(), grid.ruler
    row = ruler.row_of_now(now) if ruler is not None else None
    if ruler is None or row is None:
        return grid.drawn
    return grid.drawn.replace(NOW, _draw("frontdesk/_now.html", row=row, now=now, zone=ruler.zone))


def _draw(template: str, **values: Any) -> Markup:
    """A part of a page, without what the layout of a whole one would ask the database for."""
    found = current_app.jinja_env.get_template(template).render(values)
    # habit: unescaped, because a template of our own has escaped what it was given
    return Markup(found)  # noqa: S704
