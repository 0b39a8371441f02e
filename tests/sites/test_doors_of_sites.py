"""Every address, walked by somebody who works at another site: what is at a site is not found, what
is the whole clinic's is. The control walks the same with the right removed."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.accounts.models import ActorKind, ActorRow
from clinic.catalogue.models import ClosedDay, Device
from clinic.database import db, transaction
from clinic.door import guard_of
from clinic.permissions import STAFF
from clinic.scheduling.models import Absence, ExtraHours
from clinic.scheduling.rules import AbsenceKind
from tests import walk
from tests.full_record import KINDS
from tests.sites.conftest import limit
from tests.two_sites import make_mitte
from tests.visitor import Person
from tests.walk import Outcome

# The queries at doors that find what is at a site, or somebody who works there.
AT_A_SITE = frozenset(
    {
        "absence_to_remove",
        "closed_day_to_remove",
        "consultation_in_care",
        "consultation_in_queue",
        "device_to_edit",
        "entry_for_desk",
        "extra_to_remove",
        "offer_for_desk",
        "person_to_edit",
        "room_to_edit",
        "service_to_edit",
        "site_to_edit",
        "somebody_elses_account",
        "staff_account",
        "visit_for_desk",
        "visit_in_care",
        "visit_in_the_calendar",
        "visit_to_change",
        "visit_to_undo",
        "whole_clinic",
        "whole_person_to_edit",
    }
)
# Those that find what is the whole clinic's: patients and their records, wherever they are seen.
WHOLE = frozenset(
    {
        "alert_to_take",
        "link_for_manager",
        "note_in_care",
        "note_in_lasting_care",
        "own_access",
        "patient_for_desk",
        "patient_in_care",
        "patient_to_book",
        "patient_to_open",
        "photo_to_see",
        "record_for_manager",
    }
)
# What is no business of staff, or of anybody's own.
OF_OTHERS = frozenset(
    {
        "nothing",
        "own_arrival",
        "own_decision",
        "own_entry",
        "own_form",
        "own_hold",
        "own_kept_form",
        "own_offer",
        "own_patient",
        "own_question",
        "own_record",
        "own_sent_form",
        "own_session",
        "own_visit",
        "own_visit_to_confirm",
        "service_to_wait_for",
        "tablet_patient",
        "treatment_service",
    }
)
LIMITED = [k for k in KINDS if k.name in ("front desk", "physician in care", "manager")]
USERS = {"front desk": "bea", "physician in care": "ana_user", "manager": "max"}
MADE_HERE = {"device", "closed", "absence", "extra"}  # `walk` knows of none of these


def test_every_query_at_a_door_is_known_to_be_of_a_site_or_of_the_whole_clinic():
    assert set(walk.FINDS) == AT_A_SITE | WHOLE | OF_OTHERS
    assert len(AT_A_SITE) + len(WHOLE) + len(OF_OTHERS) == len(walk.FINDS)


@pytest.fixture
def ids(record) -> dict[str, str]:
    """What is at the cast's own site, for each parameter of a route."""
    cast = record.cast
    day, actor = date(2026, 12, 1), ActorRow(kind=ActorKind.DEVICE)
    room = cast.site.rooms[0]
    rows = {
        "device": Device(name="Laser", kind="laser", location=cast.site, actor=actor),
        "closed": ClosedDay(location_id=cast.site.id, day=day, name="Inventory"),
        "absence": Absence(
            actor_id=room.actor_id, starts_on=day, ends_on=day, kind=AbsenceKind.OUT_OF_ORDER
        ),
        "extra": ExtraHours(location_id=cast.site.id, day=day, opens_minute=60, closes_minute=90),
    }
    with transaction():
        db.session.add_all(rows.values())
    # Eli has no hours in Mitte; Ana has.
    made = {name: row.public_id for name, row in rows.items()}
    return {**record.ids, **made, "person": cast.eli.public_id}


def expected(app, kind, *, at_another_site):
    found = walk.expected(app, kind)
    for rule in walk.rules(app):
        for method in walk.METHODS:
            met = walk.rule_met(app, rule, method)
            if met is None or met.rule != rule.rule:
                continue
            guard = guard_of(app, met.endpoint)
            may = guard.permission is None or any(
                guard.permission in walk.GRANTS[role] for role in kind.roles
            )
            if may and set(rule.arguments) & MADE_HERE:
                found[method, rule.rule] = Outcome.IN
            if not at_another_site or found[method, rule.rule] != Outcome.IN:
                continue
            is_of_a_site = guard.find is not None and guard.find.__name__ in AT_A_SITE
            # What else an address names is looked for by the view, which a POST without a token
            # does not reach.
            names_service = "service" in rule.arguments and method != "POST"
            if guard.permission and kind.roles & STAFF and (is_of_a_site or names_service):
                found[method, rule.rule] = Outcome.MISSING
    return found


@pytest.mark.parametrize("kind", LIMITED, ids=str)
def test_whoever_works_at_another_site_finds_nothing_of_this_one_at_any_address(
    app, record, ids, kind
):
    mitte = make_mitte_beside(record)
    limit(getattr(record.cast, USERS[kind.name]), mitte)

    answers = walk.walk(app, kind.enter(app, record), ids)

    outcomes = {key: answer.outcome for key, answer in answers.items()}
    assert outcomes == expected(app, kind, at_another_site=True)


@pytest.mark.parametrize("kind", LIMITED, ids=str)
def test_control_the_same_person_without_the_limit_is_let_in_everywhere(app, record, ids, kind):
    make_mitte_beside(record)

    answers = walk.walk(app, kind.enter(app, record), ids)

    outcomes = {key: answer.outcome for key, answer in answers.items()}
    assert outcomes == expected(app, kind, at_another_site=False)


@pytest.mark.parametrize("kind", LIMITED, ids=str)
def test_what_is_at_another_site_is_answered_like_an_id_that_nobody_has(app, record, ids, kind):
    limit(getattr(record.cast, USERS[kind.name]), make_mitte_beside(record))
    person = kind.enter(app, record)
    missing = [
        key
        for key, outcome in expected(app, kind, at_another_site=True).items()
        if outcome == Outcome.MISSING and key[0] == "GET"
    ]

    def words(of):
        body = person.send("GET", of).get_data(as_text=True)
        return body.split("Number of this request")[0]

    differing = [
        rule
        for _method, rule in missing
        if words(walk.filled_in(rule, ids)) != words(walk.filled_in(rule, walk.SAMPLE))
    ]
    assert differing == []


@pytest.mark.parametrize("address", ["book/{}/now", "book/{}/confirm", "book/{}", "book/{}/first"])
def test_a_press_about_a_service_of_another_site_is_not_found(app, record, address):
    cast = record.cast
    limit(cast.bea, make_mitte_beside(record))
    desk = Person(app).sign_in(cast.bea)
    service = record.ids["service"]
    path = f"/patients/{cast.cal.public_id}/{address.format(service)}"

    answer = desk.raw_post(path, {"csrf_token": walk.token_of(desk)})

    assert answer.status_code == 404


def make_mitte_beside(record):
    """A site at which nothing of the record is."""
    return make_mitte(record.cast).location
