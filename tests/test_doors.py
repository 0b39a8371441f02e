"""Every address, every kind of person, every method: who is let in, and what a refusal shows.

Shows P1, P3, P5 and P9 of the known failures, and S1, S2, S6 and S8 of the security checklist.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from clinic import create_app, pages
from clinic.accounts.models import RoleRow
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.door import UndeclaredRoute, guard_of
from clinic.permissions import Role
from tests import engines, walk
from tests.full_record import (
    CLINICAL,
    KINDS,
    WHO,
    Kind,
    found_in,
    half_signed_in,
)
from tests.rows import everything_stored
from tests.walk import Answer, Key, Outcome

BY_NAME = {kind.name: kind for kind in KINDS}
REQUEST_ID = re.compile(r"Number of this request: \w+")
EVERYBODYS_MAIL = "/demo/mail"  # a demo only: test_config shows that production has none


@pytest.fixture(scope="module")
def memory() -> dict[object, dict[Key, Answer]]:
    """Walks made before: two tests read the same answers."""
    return {}


@pytest.fixture
def walked(engine, memory, request) -> Callable[[Kind], dict[Key, Answer]]:
    """What a kind of person is answered everywhere, with Cal's ids in the addresses."""

    def walk_as(kind: Kind) -> dict[Key, Answer]:
        if (engine.name, kind) not in memory:
            record = request.getfixturevalue("record")
            ids = record.ids
            app = engine.app
            memory[engine.name, kind] = walk.walk(app, kind.enter(app, record), ids)
        return memory[engine.name, kind]

    return walk_as


def start_with_a_view(monkeypatch, view: Callable[[], str]) -> Flask:
    """An app that has one more page."""
    monkeypatch.setattr(pages, "init_app", lambda app: app.add_url_rule("/new", "new", view))
    return create_app({**engines.SETTINGS, "SQLALCHEMY_DATABASE_URI": "sqlite://"})


def test_S1_the_app_does_not_start_with_a_route_that_declares_no_guard(monkeypatch):
    with pytest.raises(UndeclaredRoute, match=r"^new$"):
        start_with_a_view(monkeypatch, lambda: "anybody may read this")


def test_a_route_is_public_only_when_the_table_of_public_routes_says_so(app):
    public = {
        rule.endpoint
        for rule in walk.rules(app)
        if (guard := guard_of(app, rule.endpoint)) and not (guard.permission or guard.find)
    }

    assert public == walk.PUBLIC


def test_S2_every_query_at_a_door_is_in_the_table_of_whose_row_it_finds(app):
    guards = [guard_of(app, rule.endpoint) for rule in walk.rules(app)]
    queries = {guard.find.__name__ for guard in guards if guard and guard.find}

    assert queries == set(walk.FINDS)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_P1_P5_every_address_answers_each_kind_of_person_as_grants_say(app, walked, kind):
    answers = walked(kind)

    assert {key: answer.outcome for key, answer in answers.items()} == walk.expected(app, kind)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.of != "cal" and not kind.reads], ids=str
)
def test_P3_nothing_clinical_of_cal_is_on_any_page_of_anybody_else(walked, kind):
    leaks = {key: found_in(answer.body, CLINICAL) for key, answer in walked(kind).items()}

    assert not {key: words for key, words in leaks.items() if words}


def test_a_code_for_an_account_shows_nothing_clinical_of_its_own_record(walked):
    answers = walked(BY_NAME["Cal by code, with account"])
    leaks = {key: found_in(answer.body, CLINICAL) for key, answer in answers.items()}

    assert not {key: words for key, words in leaks.items() if words}


def who_is_named(answers: dict[Key, Answer]) -> dict[Key, list[str]]:
    """Where Cal's name, address or phone number stands, and which of them."""
    found = {key: found_in(answer.body, WHO) for key, answer in answers.items()}
    return {key: words for key, words in found.items() if words and key[1] != EVERYBODYS_MAIL}


@pytest.mark.parametrize(
    "name",
    [
        "nobody",
        "tablet with Cal's form",
        "Cal's phone at the check-in",
        "browser that holds a time",
        "physician before the second step",
        "Cal by code, long idle",
        "Dee by code, no account",
        "Dee by code, with account",
        "Dee signed in",
    ],
)
def test_not_even_cals_name_is_on_any_page_of_somebody_unconcerned(walked, name):
    assert not who_is_named(walked(BY_NAME[name]))


def test_a_physician_without_care_reads_cals_name_where_cal_waits_and_before_an_emergency(walked):
    """Cal waits in the queue, and with an urgent form at the top of the day. On any other page
    nothing of Cal's stands, not even the name."""
    leaks = who_is_named(walked(BY_NAME["physician without care"]))

    name = ["Cal Ortega", "Ortega"]
    assert leaks == {
        ("GET", "/my-day"): name,
        ("GET", "/reviews"): name,
        ("GET", "/emergency/<patient>"): name,
    }


def test_a_manager_reads_cals_name_in_the_log_and_where_two_records_are_compared(walked):
    leaks = who_is_named(walked(BY_NAME["manager"]))

    name = {"Cal Ortega", "Ortega"}
    compared = set(leaks.pop(("GET", "/manage/records/<patient>"), ()))
    assert compared <= name | {"07700 900461", "cal@example.org"}  # by which two are told apart
    assert leaks.keys() <= {("GET", "/manage/audit")}
    assert set().union(*leaks.values()) <= name


def without_request_id(answer: Answer) -> str:
    return REQUEST_ID.sub("", answer.body)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.roles and Role.FRONT_DESK not in kind.roles], ids=str
)
def test_P1_an_id_of_somebody_else_answers_exactly_as_an_id_that_nobody_has(
    app, record, walked, kind
):
    missing = list(walk.refused(app, kind, Outcome.MISSING))
    person, ids = kind.enter(app, record), {**record.ids, **walk.NOBODYS}

    unknown = {
        (method, rule): walk.ask(person, method, walk.filled_in(rule, ids))
        for method, rule in missing
    }

    known = walked(kind)
    assert {key: without_request_id(answer) for key, answer in unknown.items()} == {
        key: without_request_id(known[key]) for key in missing
    }


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.of != "cal" and not kind.cares], ids=str
)
def test_a_refused_post_with_a_good_token_changes_nothing(app, record, kind):
    refused = walk.refused(
        app, kind, Outcome.MISSING, Outcome.FORBIDDEN, Outcome.SIGN_IN, Outcome.TO_THE_FORM
    )
    ids = record.ids
    addresses = [walk.filled_in(rule, ids) for method, rule in refused if method == "POST"]
    person = kind.enter(app, record)
    token = walk.token_of(person)
    before = everything_stored()

    statuses = {person.raw_post(path, {"csrf_token": token}).status_code for path in addresses}

    assert statuses <= {303, 403, 404}
    assert everything_stored() == before


TRICKS = {
    "headers": {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"},
    "query_string": {"_method": "POST", "do": "approve", "go": "leave"},
    "data": {"_method": "POST", "do": "approve", "go": "leave"},
}


@pytest.mark.parametrize("name", ["Cal signed in", "front desk", "physician in care"])
def test_S8_no_get_changes_anything_whatever_method_its_headers_and_body_name(app, record, name):
    kind, ids = BY_NAME[name], record.ids
    person = kind.enter(app, record)
    before = everything_stored()

    statuses = {
        person.send("GET", walk.address(rule, ids), **TRICKS).status_code
        for rule in walk.rules(app)
        if "GET" in (rule.methods or ())
    }

    assert max(statuses) < 500
    assert everything_stored() == before


def test_S6_a_role_taken_away_is_gone_on_the_very_next_request(cast, signed_in):
    bea = signed_in(cast.bea)
    bea.get("/desk/")

    with transaction():
        cast.bea.roles = []

    assert bea.send("GET", "/desk/").location == "/sign-in?next=/desk/"


def test_a_role_changed_opens_the_new_pages_and_shuts_the_old_ones(cast, signed_in):
    bea = signed_in(cast.bea)
    bea.get("/desk/")

    with transaction():
        cast.bea.roles = [db.session.scalars(db.select(RoleRow).filter_by(name="manager")).one()]

    bea.get("/desk/", status=403)
    bea.get("/manage/")


def test_somebody_deactivated_is_signed_out_on_the_very_next_request(cast, signed_in):
    ana = signed_in(cast.ana_user)
    ana.get("/my-day")

    with transaction():
        cast.ana_user.active = False

    assert ana.send("GET", "/my-day").location == "/sign-in?next=/my-day"


@pytest.mark.parametrize("name", ["nobody", "Cal signed in", "physician in care"])
def test_S8_no_method_but_get_head_and_post_is_answered_anywhere(app, record, name):
    kind, ids = BY_NAME[name], record.ids
    person = kind.enter(app, record)
    before = everything_stored()

    statuses = {
        person.send(method, walk.address(rule, ids)).status_code
        for rule in walk.rules(app)
        for method in walk.ODD_METHODS
    }

    assert statuses == {405}
    assert everything_stored() == before


def test_S8_asking_for_the_methods_of_an_address_shows_nothing_of_anybody(app, record):
    person, ids = BY_NAME["physician without care"].enter(app, record), record.ids

    bodies = [
        person.send("OPTIONS", walk.address(rule, ids)).get_data(as_text=True)
        for rule in walk.rules(app)
    ]

    assert found_in("".join(bodies), [*CLINICAL, *WHO]) == []


def test_P1_no_address_names_two_rows_of_somebodys_so_no_child_is_asked_for_under_another(app):
    """Whoever adds one writes here how it is answered when parent and child do not belong."""
    nested = {
        rule.rule for rule in walk.rules(app) if len(set(rule.arguments) & set(walk.NOBODYS)) > 1
    }

    assert nested == set()


def test_P1_a_patient_in_care_with_a_service_that_nobody_offers_is_not_there(app, record):
    ana, patient = BY_NAME["physician in care"].enter(app, record), record.cast.cal.public_id

    ana.get(f"/patients/{patient}/book/{'0' * 32}", status=404)
    ana.get(f"/patients/{patient}/book/{record.second.public_id}", status=404)


@pytest.mark.parametrize("state", ["ready", "setup_from_login"])
def test_S11_half_a_sign_in_is_no_sign_in(app, record, state):
    person = half_signed_in(app, record.cast.max, state)

    assert person.send("GET", "/manage/").location == "/sign-in?next=/manage/"
    assert person.get("/").links().get("Sign in")


@pytest.mark.parametrize("name", ["Dee signed in", "physician without care", "manager"])
def test_S1_every_refusal_at_a_door_is_written_down(app, record, name):
    kind, ids = BY_NAME[name], record.ids
    person = kind.enter(app, record)
    refused = list(walk.refused(app, kind, Outcome.MISSING, Outcome.FORBIDDEN))
    before = denials()

    for method, rule in refused:
        walk.ask(person, method, walk.filled_in(rule, ids))

    assert denials() - before == len(refused)


def denials() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).where(AuditEvent.event == Event.DENIED))
