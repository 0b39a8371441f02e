"""G7: stops that were overruled, as totals on the manager's page; no patient, no reason."""

from datetime import date

import pytest

from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.permissions import Actor
from clinic.screening import overruled
from clinic.screening.models import Decision
from clinic.screening.overruled import Total
from tests.factories import TESTER, at, make_intake, make_visit, sign

WEAK = {"neuromuscular-disease": {"value": "yes"}}
REASON = "quibberance of old"
OVERRULED = {"neuromuscular-disease.absolute.toxin.any": REASON}
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def signed(cast, patient, start, who="ana", answers=WEAK, why=OVERRULED, **over):
    make_intake(patient, answers=answers)
    physician, user = getattr(cast, who), getattr(cast, f"{who}_user")
    visit = make_visit(patient, physician, cast.service("consultation"), start)
    return sign(visit, user, physician, overruled=why, **over)


def test_G7_each_stop_that_was_overruled_counts_for_its_physician_and_month(cast, travel):
    signed(cast, cast.cal, at(24, 11))
    signed(cast, cast.dee, at(24, 12))
    travel(at(2, 9, month=12))
    signed(cast, cast.cal, at(2, 11, month=12), who="eli")

    found = overruled.totals(date(2026, 12, 2), TESTER)

    assert found == [
        Total(DECEMBER, "Dr Eli Stone", raised=1, overruled=1),
        Total(NOVEMBER, "Dr Ana Silva", raised=2, overruled=2),
    ]


def test_G7_a_stop_that_was_heeded_counts_as_raised_alone(cast):
    signed(cast, cast.cal, at(24, 11), why={}, decision=Decision.DECLINE, decline_words="No.")

    [line] = overruled.totals(date(2026, 11, 24), TESTER)

    assert (line.raised, line.overruled) == (1, 0)


def test_G7_a_caution_is_no_stop(cast):
    thinner = {"blood-thinners": {"value": "yes"}}
    signed(cast, cast.cal, at(24, 11), answers=thinner, why={})

    assert overruled.totals(date(2026, 11, 24), TESTER) == []


@pytest.mark.parametrize(
    ("today", "count"), [(date(2027, 10, 31), 1), (date(2027, 11, 1), 0), (date(2028, 2, 1), 0)]
)
def test_a_year_of_months_is_listed_this_one_among_them(cast, today, count):
    signed(cast, cast.cal, at(24, 11))

    assert len(overruled.totals(today, TESTER)) == count


def test_a_manager_reads_of_the_sites_that_they_work_at(cast):
    signed(cast, cast.cal, at(24, 11))
    elsewhere = Actor("somebody of another site", sites=frozenset({cast.site.id + 1}))
    here = Actor("somebody of this site", sites=frozenset({cast.site.id}))

    assert overruled.totals(date(2026, 11, 24), elsewhere) == []
    assert len(overruled.totals(date(2026, 11, 24), here)) == 1


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2027, 1, 1), date(2026, 2, 1)),
        (date(2027, 11, 30), date(2026, 12, 1)),
    ],
)
def test_the_oldest_month_is_eleven_months_before_this_one(today, first):
    assert overruled.first_month(today) == first


def test_G7_the_manager_reads_totals_and_nobodys_name_or_reason(cast, signed_in):
    signed(cast, cast.cal, at(24, 11))

    page = signed_in(cast.max).get("/manage/").follow("Stops overruled")

    assert "1 stop overruled since 1 December 2025." in page.text
    assert "November 2026" in page.text
    assert "Dr Ana Silva1 of 1" in page.text
    for word in ("Cal", REASON, "neuromuscular"):
        assert word not in page.html


def test_the_page_says_so_when_there_is_nothing(cast, signed_in):
    assert "None in the last 12 months." in signed_in(cast.max).get("/manage/overruled").text


def test_the_desk_and_physicians_have_no_such_page(cast, signed_in):
    for user in (cast.bea, cast.ana_user):
        signed_in(user).get("/manage/overruled", status=403)


def test_it_is_nobodys_record_and_leaves_no_look(cast, signed_in):
    signed(cast, cast.cal, at(24, 11))
    person = signed_in(cast.max)
    person.get("/manage/")
    before = db.session.scalar(db.select(db.func.count(AuditEvent.id)))

    person.get("/manage/overruled")

    assert db.session.scalar(db.select(db.func.count(AuditEvent.id))) == before
