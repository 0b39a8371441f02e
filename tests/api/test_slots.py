"""Free times as JSON: the same that the pages list, public alone, cheap to ask again."""

import json
from datetime import date, datetime

import pytest

from clinic.database import db, transaction
from clinic.scheduling import diary, roster
from clinic.scheduling.forms import slot_of
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind
from tests.factories import at, make_visit
from tests.scheduling.times_page import for_patient, offered
from tests.test_statements import statements


@pytest.fixture
def ask(anyone, cast):
    """Ask for times of consultations from Wednesday, unless told otherwise; answers with the
    status, and what was said."""

    def asked(**query):
        usual = {
            "service": cast.service("consultation").public_id,
            "from": "2026-11-25",
            "days": "1",
        }
        pairs = {**usual, **query}
        wanted = "&".join(f"{name}={value}" for name, value in pairs.items() if value is not None)
        answer = anyone.send("GET", f"/api/slots?{wanted}")
        return answer.status_code, json.loads(answer.data)

    return asked


def starts(said):
    return [datetime.fromisoformat(slot["start"]) for slot in said["slots"]]


def test_the_page_and_the_json_list_the_same_times(cast, ask, signed_in):
    service = cast.service("consultation")
    make_visit(cast.cal, cast.ana, service, at(25, 10))
    page = f"{for_patient(cast.dee, service)}?day=2026-11-25&who={cast.ana.public_id}"
    shown = [slot_of(value) for value in offered(signed_in(cast.bea).get(page))]

    _status, said = ask(practitioner=cast.ana.public_id)

    assert shown == [(cast.ana.actor_id, start) for start in starts(said)]
    assert at(25, 10) not in starts(said)
    assert at(25, 11) in starts(said)


def test_without_a_practitioner_every_one_who_is_free_is_listed_by_name(cast, ask):
    _status, said = ask()

    at_ten = [slot["practitioner"] for slot in said["slots"] if "T10:00" in slot["start"]]
    assert sorted(at_ten, key=lambda who: who["name"]) == [
        {"id": cast.ana.public_id, "name": "Dr Ana Silva"},
        {"id": cast.eli.public_id, "name": "Dr Eli Stone"},
    ]


def test_an_answer_says_what_where_and_when_and_nothing_else(cast, ask):
    """No room, no device, no patient, no reason why another time is not free (S70)."""
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))

    status, said = ask(practitioner=cast.ana.public_id)

    assert (status, set(said)) == (200, {"service", "site", "from", "days", "slots"})
    assert said["service"] == {
        "id": cast.service("consultation").public_id,
        "name": cast.service("consultation").name,
    }
    assert said["site"] == {
        "id": cast.site.public_id,
        "name": cast.site.name,
        "zone": "Europe/London",
    }
    assert {frozenset(slot) for slot in said["slots"]} == {
        frozenset({"start", "end", "practitioner"})
    }
    assert (said["slots"][0]["start"], said["slots"][0]["end"]) == (
        "2026-11-25T09:00:00+00:00",
        "2026-11-25T09:30:00+00:00",
    )


def test_times_are_wall_time_at_the_site_with_its_offset(cast, ask, travel):
    travel(at(1, 8, month=6))

    _status, said = ask(**{"from": "2026-06-03"})

    assert said["slots"][0]["start"] == "2026-06-03T09:00:00+01:00"


def test_without_a_first_day_the_times_of_a_week_from_today_are_listed(ask):
    _status, said = ask(**{"from": None, "days": None})

    assert (said["from"], said["days"]) == ("2026-11-24", 7)
    assert {start.date() for start in starts(said)} <= {date(2026, 11, d) for d in range(24, 31)}


def test_somebody_who_is_away_is_not_listed(cast, ask):
    with transaction():
        db.session.add(
            Absence(
                actor_id=cast.ana.actor_id,
                kind=AbsenceKind.ILL,
                starts_on=date(2026, 11, 25),
                starts_minute=0,
                ends_on=date(2026, 11, 25),
                ends_minute=1440,
            )
        )

    status, said = ask(practitioner=cast.ana.public_id)

    assert (status, said["slots"]) == (200, [])


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"service": None}, 400, "service-missing"),
        ({"service": "0" * 32}, 404, "no-such-service"),
        ({"service": "%00"}, 404, "no-such-service"),
        ({"practitioner": "0" * 32}, 404, "no-such-practitioner"),
        ({"from": "tomorrow"}, 400, "from-not-a-day"),
        ({"from": "2026-02-30"}, 400, "from-not-a-day"),
        ({"from": "1899-12-31"}, 422, "from-out-of-range"),
        ({"from": "9999-12-31"}, 422, "from-out-of-range"),
        ({"days": "many"}, 400, "days-not-a-number"),
        ({"days": "-1"}, 400, "days-not-a-number"),
        ({"days": "\u0663"}, 400, "days-not-a-number"),
        ({"days": "0"}, 422, "days-out-of-range"),
        ({"days": "32"}, 422, "days-out-of-range"),
        ({"days": "9" * 5000}, 422, "days-out-of-range"),
    ],
)
def test_what_cannot_be_answered_is_refused_as_json_with_what_to_do(ask, query, status, code):
    answered, said = ask(**query)

    assert (answered, said["error"]) == (status, code)
    assert said["what_to_do"].endswith(".")


def test_a_month_of_times_is_answered_and_so_are_the_first_and_last_years(ask):
    assert ask(days="31")[0] == 200
    assert ask(**{"from": "1900-01-01", "days": "31"})[0] == 200
    assert ask(**{"from": "2200-12-31", "days": "31"})[0] == 200


def test_what_was_heard_before_is_not_sent_again_until_it_changes(cast, anyone):
    path = f"/api/slots?service={cast.service('consultation').public_id}&from=2026-11-25&days=1"
    first = anyone.send("GET", path)
    known = {"If-None-Match": first.headers["ETag"]}

    unchanged = anyone.send("GET", path, headers=known)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))
    changed = anyone.send("GET", path, headers=known)

    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["ETag"].startswith('"')
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["Cache-Control"] == "no-cache"
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_refusal_is_not_stored(anyone, cast):
    assert anyone.send("GET", "/api/slots").headers["Cache-Control"] == "no-store"


def test_times_of_a_month_are_one_statement_when_nothing_changed(cast, anyone):
    path = f"/api/slots?service={cast.service('consultation').public_id}&days=31"
    anyone.send("GET", path)

    with statements() as sent:
        anyone.send("GET", path)

    assert len([one for one in sent if one.startswith("SELECT")]) == 1, sent


def test_asking_for_days_that_nobody_can_book_keeps_nothing_in_memory(cast, anyone):
    service = cast.service("consultation")

    def kept():
        found = diary.current().facts_of(roster.offered(service)).worked_out
        return len(found.free), len(found.days), len(found.opening)

    before = kept()
    for day in ("1950-01-01", "2026-10-01", "2027-06-01", "2199-01-01"):
        answer = anyone.send("GET", f"/api/slots?service={service.public_id}&from={day}&days=31")
        assert answer.json["slots"] == []

    assert kept() == before
