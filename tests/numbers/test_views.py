"""The numbers page: who sees it, what it holds, what is said when the range is wrong."""

from __future__ import annotations

import csv
import io

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.models import Location
from clinic.database import db
from clinic.journey import cancel
from clinic.numbers.measures import Of
from clinic.numbers.words import TITLES
from tests.factories import TESTER, at, make_patient, make_visit
from tests.two_sites import make_mitte
from tests.visitor import NS, words


@pytest.fixture(params=["bea", "max"])
def reader(request, cast, signed_in):
    """The front desk, and the manager."""
    person = signed_in(getattr(cast, request.param))
    return person, {"bea": "/desk/", "max": "/manage/"}[request.param]


@pytest.fixture
def max_(cast, signed_in):
    return signed_in(cast.max)


@pytest.fixture
def busy(cast):
    """Six consultations with Ana on Wednesday, one of them cancelled because somebody is ill."""
    visits = [
        make_visit(
            make_patient(name=f"Pat {n}", email=f"pat{n}@example.org"),
            cast.ana,
            cast.service("consultation"),
            at(25, 9 + n),
        )
        for n in range(6)
    ]
    cancel.by_staff(visits[0], "ill", actor=TESTER)
    return visits


def table_rows(page, of):
    """The lines of one table, as they are read."""
    section = next(
        e for e in page.root.iter(f"{NS}section") if e.get("aria-labelledby") == f"h-{of}"
    )
    return [[words(cell) for cell in row] for row in section.iter(f"{NS}tr")]


def test_desk_and_manager_see_a_chart_and_a_table_of_each_from_the_rail(reader, busy):
    person, start = reader

    page = person.get(start).follow("Numbers")

    heads = [words(e) for e in page.root.iter(f"{NS}h2")]
    assert heads == [str(title) for title in TITLES.values()]
    assert len(list(page.root.iter(f"{NS}table"))) == len(TITLES)
    drawn = [e for e in page.root.iter() if e.get("role") == "img"]
    # Those in which something happened: no time has come yet, nobody was decided about.
    assert [e.get("aria-labelledby").split("-t ")[0] for e in drawn] == [
        f"c-{of}" for of in (Of.PHYSICIANS, Of.ROOMS, Of.LEAD, Of.CANCELLED, Of.REASONS)
    ]


def test_the_last_twelve_weeks_are_shown_at_first(max_, busy):
    rows = table_rows(max_.get("/numbers"), Of.LEAD)

    assert [rows[1][0], rows[-2][0], len(rows)] == ["7 Sep 2026", "23 Nov 2026", 14]
    assert rows[-2] == ["23 Nov 2026", "5", "1.1 days", "1.2 days"]
    assert rows[-1][0] == "All weeks"


def test_a_reason_of_few_is_closed_and_says_so(max_, busy):
    rows = table_rows(max_.get("/numbers"), Of.REASONS)

    assert ["Patient ill", "fewer than 5", "fewer than 5"] in rows


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=yesterday", "That is not a date. Enter a day like 2026-11-24."),
        ("since=2026-11-24&until=2026-11-01", "The last day is before the first."),
        ("since=2024-01-01&until=2026-11-01", "That is more than two years."),
        ("of=everything", "Choose one of the list."),
        ("site=moon", "Choose one of the list."),
    ],
)
@pytest.mark.parametrize("path", ["/numbers", "/numbers/table.csv"])
def test_a_wrong_range_is_told_and_what_was_typed_stays(max_, asked, said, path):
    page = max_.get(f"{path}?{asked}", status=422)

    assert said in page.text
    assert "yesterday" not in asked or 'value="yesterday"' in page.html


def test_two_years_are_shown_one_number_at_a_time(max_, busy):
    page = max_.get("/numbers?since=2024-12-01&until=2026-11-30")

    assert [words(e) for e in page.root.iter(f"{NS}h2")] == ["Utilisation of physicians"]
    assert "More than 26 weeks are shown one number at a time." in page.text
    assert len(page.html) < 100_000


def test_sites_are_a_choice_where_there_are_several(cast, max_):
    assert "All sites" not in max_.get("/numbers").text

    make_mitte(cast)

    assert "All sites" in max_.get("/numbers").text
    there = max_.get(f"/numbers?site={site_named('Mitte')}")
    assert table_rows(there, Of.ROOMS)[0] == ["Week from", "All", "Raum 1"]


def site_named(name):
    return db.session.scalars(db.select(Location.public_id).where(Location.name == name)).one()


def csv_rows(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("of", Of)
def test_every_table_is_a_file_with_numbers_to_calculate_with(max_, busy, of):
    answer = max_.send("GET", f"/numbers/table.csv?of={of}")

    rows = csv_rows(answer)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="{of}-2026-09-07'
    )
    assert len({len(row) for row in rows}) == 1
    row = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (row.event, row.facts) == (
        Event.LIST_EXPORTED,
        {"list": of.value, "rows": len(rows) - 2},
    )


def test_the_file_closes_the_cells_that_the_page_closes(max_, busy):
    rows = csv_rows(max_.send("GET", "/numbers/table.csv?of=reasons"))

    assert ["Patient ill", "fewer than 5", "fewer than 5"] in rows


def test_the_file_of_lead_times_has_dates_and_days(max_, busy):
    rows = csv_rows(max_.send("GET", "/numbers/table.csv?of=lead-time"))

    assert rows[0] == ["Week from", "Visits", "Median (days)", "9 of 10 within (days)"]
    assert rows[-2] == ["2026-11-23", "5", "1.1", "1.2"]


def test_a_physician_sees_no_numbers(cast, signed_in):
    assert signed_in(cast.ana_user).send("GET", "/numbers").status_code == 403
