"""Both days on which the clocks change, zones, and the server's own zone."""

import os
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.scheduling.rules import Hours, free_slots, is_free
from tests.scheduling.roster import ANA, CONSULTATION, clinic, physician, starts

CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Sydney", date(2026, 4, 5)),
    ("Australia/Sydney", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]
ALWAYS = tuple(Hours(day, 0, 1440) for day in range(7))


def around_the_clock(zone, day, hours=ALWAYS):
    return clinic(
        replace(CONSULTATION, horizon=timedelta(days=400)),
        physician(hours=hours),
        zone=zone,
        opening=ALWAYS,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_T1_nine_stays_nine_before_on_and_after_the_day_the_clocks_change(zone, day):
    facts = around_the_clock(zone, day, tuple(Hours(n, 9 * 60, 9 * 60 + 30) for n in range(7)))

    assert starts(facts, day - timedelta(days=1), 3) == ["09:00"] * 3


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_T2_an_afternoon_is_not_shifted_on_the_day_the_clocks_change(zone, day):
    facts = around_the_clock(zone, day, tuple(Hours(n, 13 * 60, 18 * 60) for n in range(7)))

    found = starts(facts, day)

    assert (found[0], found[-1], len(found)) == ("13:00", "17:30", 10)


@pytest.mark.parametrize(
    ("zone", "day", "skipped"),
    [
        ("America/New_York", date(2026, 3, 8), {"02:00", "02:30"}),
        ("Europe/Berlin", date(2026, 3, 29), {"02:00", "02:30"}),
        ("Australia/Sydney", date(2026, 10, 4), {"02:00", "02:30"}),
        ("America/Santiago", date(2026, 9, 6), {"00:00", "00:30"}),
        ("Australia/Lord_Howe", date(2026, 10, 4), {"02:00", "02:15"}),
    ],
)
def test_T11_an_hour_that_does_not_exist_is_never_offered(zone, day, skipped):
    found = starts(around_the_clock(zone, day), day)

    assert skipped.isdisjoint(found)
    assert "03:00" in found


def test_T11_hours_inside_the_skipped_hour_are_empty():
    facts = around_the_clock(
        "Europe/Berlin", date(2026, 3, 29), tuple(Hours(n, 120, 180) for n in range(7))
    )

    assert starts(facts, date(2026, 3, 29)) == []
    assert starts(facts, date(2026, 3, 30)) == ["02:00", "02:30"]


@pytest.mark.parametrize("opens", [0, 30, 60])
def test_T11_hours_that_touch_where_midnight_is_skipped_are_one_stretch_with_one_grid(opens):
    # Santiago, 6 September 2026 (a Sunday): 24:00 becomes 1:00, so all three begin with the day.
    hours = (Hours(5, 22 * 60 + 53, 1440), Hours(6, opens, 180))
    facts = around_the_clock("America/Santiago", None, hours)

    assert starts(facts, date(2026, 9, 5), 2) == [
        "22:53",
        "23:23",
        "23:53",
        "01:23",
        "01:53",
        "02:23",
    ]


def test_T11_the_repeated_hour_is_offered_as_two_different_instants():
    found = free_slots(around_the_clock("Europe/Berlin", None), date(2026, 10, 25), 1)

    assert len(found) == 50  # 25 hours
    assert len({slot.starts_at for slot in found}) == 50


@pytest.mark.parametrize("zone", sorted({zone for zone, _day in CHANGES}))
def test_T4_every_time_offered_over_a_year_is_free_when_asked_for(zone):
    service = replace(CONSULTATION, horizon=timedelta(days=400), step=timedelta(hours=2))
    facts = replace(around_the_clock(zone, None), service=service)

    offered = free_slots(facts, date(2026, 1, 2), 365)

    assert [is_free(facts, ANA, slot.starts_at) for slot in offered] == offered
    assert len(offered) >= 365 * 12 - 1


@pytest.mark.parametrize("server_zone", ["UTC", "Pacific/Honolulu", "Pacific/Auckland"])
def test_T5_the_zone_of_the_server_changes_nothing(monkeypatch, server_zone):
    monkeypatch.setitem(os.environ, "TZ", server_zone)
    time.tzset()
    found = starts(clinic())
    monkeypatch.undo()
    time.tzset()

    assert found == starts(clinic())


def test_T3_notice_is_elapsed_time_on_the_day_the_clocks_change():
    # Berlin, 29 March 2026: 2:00 becomes 3:00, so 6 hours after midnight it is 7:00.
    service = replace(CONSULTATION, notice=timedelta(hours=6))
    facts = clinic(
        service,
        zone="Europe/Berlin",
        now=datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
        opening=tuple(Hours(day, 0, 1440) for day in range(7)),
        practitioners=(physician(hours=tuple(Hours(day, 0, 1440) for day in range(7))),),
    )

    assert starts(facts, date(2026, 3, 29))[0] == "07:00"
