"""Addresses: random ids instead of row numbers, and nothing that a mere look cancels.

Shows S3 and S8 of the security checklist and P6 of the known failures.
"""

from __future__ import annotations

import re

import pytest

from clinic.columns import PublicId
from clinic.database import db
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests import factories, walk
from tests.factories import at
from tests.full_record import KINDS, by_code
from tests.rows import everything_stored
from tests.visitor import Person

WITH_PUBLIC_ID = sorted(
    (mapper.class_ for mapper in db.Model.registry.mappers if issubclass(mapper.class_, PublicId)),
    key=lambda model: model.__name__,
)


def test_S3_every_id_in_an_address_is_128_random_bits(record):
    ids = [
        row.public_id for model in WITH_PUBLIC_ID for row in db.session.scalars(db.select(model))
    ]

    assert len(ids) > 30
    assert [i for i in ids if not re.fullmatch(r"[0-9a-f]{32}", i)] == []
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["Cal signed in", "front desk", "physician in care", "manager"])
def test_S3_no_address_takes_a_row_number(app, record, name):
    person = next(kind for kind in KINDS if kind.name == name).enter(app, record)
    named = [r for r in walk.rules(app) if r.arguments & set(walk.NOBODYS) - {"token"}]

    answers = {
        rule.rule: walk.ask(
            person, "GET", walk.filled_in(rule.rule, dict.fromkeys(record.ids, "1"))
        )
        for rule in named
        if "GET" in (rule.methods or ())
    }

    assert len(answers) > 10
    assert {path for path, answer in answers.items() if answer.outcome == walk.Outcome.IN} == set()


@pytest.fixture
def visit(cast) -> Appointment:
    return factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(27, 10))


def status_of(visit: Appointment) -> S:
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_P6_looking_at_the_page_that_cancels_cancels_nothing(app, cast, visit, method):
    before = everything_stored()

    answer = by_code(app, cast.cal).send(method, f"/visits/{visit.public_id}/cancel")

    assert answer.status_code == 200
    assert everything_stored() == before


def test_P6_the_id_of_a_visit_alone_cancels_nothing(app, cast, visit):
    Person(app).raw_post(f"/visits/{visit.public_id}/cancel", {})
    dee = by_code(app, cast.dee)
    token = dict(dee.get("/visits").form("/visits/close").fields)["csrf_token"]

    answer = dee.raw_post(f"/visits/{visit.public_id}/cancel", {"csrf_token": token})

    assert answer.status_code == 404
    assert status_of(visit) == S.BOOKED


def test_P6_its_owner_cancels_it_from_the_page(app, cast, visit):
    page = by_code(app, cast.cal).get(f"/visits/{visit.public_id}/cancel")

    page.form("Cancel the visit").press()

    assert status_of(visit) == S.CANCELLED


def test_an_address_in_a_template_says_where_the_app_is_mounted(app):
    link = app.jinja_env.from_string('{{ url_for("public.home") }}')

    def under(base):
        with app.test_request_context("/", base_url=base):
            return link.render()

    told = [
        under("http://localhost/clinic"),
        under("http://localhost"),
        under("http://localhost/c"),
    ]
    assert told == ["/clinic/", "/", "/c/"]
