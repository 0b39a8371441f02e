"""The numbers page and its tables as files: for managers and the desk, totals only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from clinic import clock, csv_file
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.own_sites import shown_to
from clinic.numbers import measures, queries, rules, words
from clinic.numbers.forms import RangeForm
from clinic.numbers.measures import Of, Table
from clinic.permissions import Permission, current_actor, requires

bp = Blueprint("numbers", __name__)

# Longer than this, a page of all tables would be long to read and to send: one at a time.
WEEKS_OF_ALL = 26
FIRST = Of.PHYSICIANS


@bp.get("/numbers")
@requires(Permission.NUMBERS_READ)
def show() -> ResponseReturnValue:
    """Charts by week, a table under each."""
    form = _form()
    if not form.validate():
        return _page(form, [])
    chosen = form.chosen
    if chosen is None and len(form.weeks.mondays) > WEEKS_OF_ALL:
        chosen = FIRST
    return _page(form, _tables(form, [chosen] if chosen else form.offered))


def _form() -> RangeForm:
    looked = shown_to(current_actor(), request.args.get("site"))
    return RangeForm(request.args, looked, clock.today(looked.zone))


def _tables(form: RangeForm, wanted: Sequence[Of]) -> Sequence[Table]:
    """Nothing is asked for that is not shown."""
    facts = queries.facts(form.weeks, form.sites, wanted)
    return list(measures.tables(form.weeks, facts, wanted).values())


def _page(form: RangeForm, tables: Sequence[Table]) -> ResponseReturnValue:
    asked = {name: value for name, value in form.in_use().items() if name != "of"}
    page = render_template(
        "numbers/show.html",
        form=form,
        tables=tables,
        asked=asked,
        words=words,
        axis_end=rules.axis_end,
        most=WEEKS_OF_ALL,
    )
    return page, form.status


@bp.get("/numbers/table.csv")
@requires(Permission.NUMBERS_READ)
def as_csv() -> ResponseReturnValue:
    """One table as a file, with the same cells closed."""
    form = _form()
    if not form.validate():
        return _page(form, [])
    (table,) = _tables(form, [form.chosen or FIRST])
    rows = len(table.rows)
    audit.record(Event.LIST_EXPORTED, actor=current_actor(), list=table.of.value, rows=rows)
    response = Response(csv_file.document(_heading(table), _lines(table)), mimetype="text/csv")
    name = f"{table.of}-{form.weeks.first}-{form.weeks.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _heading(table: Table) -> list[str]:
    return [words.heading(table), *(words.plain_column(one) for one in table.columns)]


def _lines(table: Table) -> Iterator[list[object]]:
    units = [one.unit for one in table.columns]
    for of, cells in table.rows:
        # A date as spreadsheets know it.
        first = words.row(of) if isinstance(of, str) else of.isoformat()
        yield [first, *map(words.plain, cells, units)]
    yield [words.total(table), *map(words.plain, table.total, units)]
