"""Moving a visit: the same visit, another time; what it took up is free at once."""

import pytest

from clinic.accounts.models import ActorKind, ActorRow
from clinic.catalogue.models import Device
from clinic.database import db, transaction
from clinic.scheduling import availability, rules, services
from clinic.scheduling.queries import participants_by_kind
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.services import Changed, SlotTaken
from tests.factories import TESTER, at, make_visit, walk

S = AppointmentStatus


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))


def move(visit, practitioner, starts_at, **over):
    services.move(
        visit, practitioner.actor_id, starts_at, **{"shown": visit.version, "actor": TESTER, **over}
    )


def is_free(cast, practitioner, starts_at):
    service = cast.service("consultation")
    facts = availability.times(service, starts_at.date(), 1).facts
    return rules.is_free(facts, practitioner.actor_id, starts_at) is not None


def taken(visit):
    return {
        kind: (one.actor_id, one.starts_at, one.ends_at)
        for kind, one in participants_by_kind(visit).items()
    }


def test_L6_the_old_time_is_free_at_once_after_a_move(cast, visit):
    assert not is_free(cast, cast.ana, at(25, 10))

    move(visit, cast.ana, at(26, 11))

    assert (visit.starts_at, visit.starts_on.day, visit.version) == (at(26, 11), 26, 2)
    assert is_free(cast, cast.ana, at(25, 10))
    assert not is_free(cast, cast.ana, at(26, 11))


def test_a_visit_moves_to_another_physician_who_is_taken_at_its_old_time(cast, visit):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(25, 10))

    move(visit, cast.eli, at(25, 12))

    assert taken(visit)["practitioner"][0] == cast.eli.actor_id
    assert is_free(cast, cast.ana, at(25, 10))


def test_a_visit_moves_to_another_physician_while_its_own_is_taken_at_the_new_time(cast, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 12))

    move(visit, cast.eli, at(25, 12))

    assert taken(visit)["practitioner"] == (cast.eli.actor_id, at(25, 12), at(25, 12, 40))


def test_a_visit_keeps_its_time_and_changes_its_physician(cast, visit):
    move(visit, cast.eli, at(25, 10))

    assert (visit.starts_at, taken(visit)["practitioner"][0]) == (at(25, 10), cast.eli.actor_id)
    assert is_free(cast, cast.ana, at(25, 10))


def test_a_visit_moves_to_a_time_that_overlaps_its_old_one(cast, visit):
    move(visit, cast.ana, at(25, 10, 20))

    assert taken(visit)["patient"] == (cast.cal.actor_id, at(25, 10, 20), at(25, 10, 50))


def test_a_visit_that_moves_keeps_its_room_where_it_can(cast, visit):
    before = taken(visit)["room"][0]

    move(visit, cast.ana, at(26, 9))

    assert taken(visit)["room"][0] == before


def test_a_move_onto_a_taken_time_changes_nothing(cast, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 12))
    before = taken(visit)

    with pytest.raises(SlotTaken):
        move(visit, cast.ana, at(25, 12))

    db.session.rollback()
    assert (visit.starts_at, visit.version, taken(visit)) == (at(25, 10), 1, before)


@pytest.mark.parametrize("path", [[S.ARRIVED], [S.ARRIVED, S.IN_ROOM], [S.NOSHOW]])
def test_S75_a_visit_that_has_begun_or_is_over_does_not_move(cast, visit, path, travel):
    travel(at(25, 10))
    walk(visit, *path)

    with pytest.raises(Changed):
        move(visit, cast.ana, at(26, 11))


def test_L7_a_cancelled_visit_does_not_move(cast, visit):
    services.cancel(visit, "other", actor=TESTER)

    with pytest.raises(Changed):
        move(visit, cast.ana, at(26, 11))


def test_S75_a_move_from_a_page_that_shows_an_older_time_is_refused(cast, visit):
    shown = visit.version
    move(visit, cast.ana, at(26, 11))

    with pytest.raises(Changed):
        move(visit, cast.ana, at(26, 12), shown=shown)


# The service has changed since the visit was booked.


@pytest.fixture
def lamp(cast):
    """A device, which consultations need."""
    row = ActorRow(kind=ActorKind.DEVICE)
    with transaction():
        db.session.add(row)
        db.session.flush()
        lamp = Device(actor_id=row.id, location_id=cast.site.id, name="Lamp", kind="lamp")
        db.session.add(lamp)
        cast.service("consultation").device_kind = "lamp"
    return lamp


def change(cast, **values):
    with transaction():
        for name, value in values.items():
            setattr(cast.service("consultation"), name, value)


def test_a_visit_whose_service_is_longer_and_needs_no_device_by_now_moves(cast, lamp):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))
    change(cast, device_kind=None, duration_minutes=60)

    move(visit, cast.ana, at(26, 11))

    assert visit.ends_at == at(26, 12)
    assert taken(visit)["practitioner"] == (cast.ana.actor_id, at(26, 11), at(26, 12, 10))


def test_a_visit_that_moves_takes_the_device_that_its_service_needs_by_now(cast, visit, lamp):
    move(visit, cast.ana, at(26, 11))

    assert taken(visit)["device"] == (lamp.actor_id, at(26, 11), at(26, 11, 40))
