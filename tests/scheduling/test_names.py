"""How physicians and rooms are called: in memory, never older than what is stored."""

import pytest
from sqlalchemy import update

from clinic.catalogue.models import Room
from clinic.database import Base, db, transaction
from clinic.engines import WRITES
from clinic.scheduling import names
from clinic.scheduling.names import Named
from tests.statements import statements


@pytest.fixture
def room(cast):
    return db.session.scalars(db.select(Room).order_by(Room.id)).first()


def named(*actor_ids):
    """At a new look, as a request has it."""
    db.session.rollback()
    found = names.of(set(actor_ids))
    return [found[actor_id] for actor_id in actor_ids]


def elsewhere(statement):
    """Done over a connection of its own, as another process would."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(statement)


def test_a_physician_and_a_room_are_called_as_they_are_stored(cast, room):
    ana = cast.ana

    assert named(ana.actor_id, room.actor_id) == [
        Named("Dr Ana Silva", ana.public_id, ana.colour),
        Named("Room 1", room.public_id, 0),
    ]


def test_a_name_that_another_process_changes_is_the_new_one_at_the_next_look(cast, room):
    actor_ids = cast.ana.actor_id, room.actor_id
    named(*actor_ids)

    elsewhere(update(Base.metadata.tables["practitioner"]).values(name="Dr New"))
    elsewhere(update(Base.metadata.tables["room"]).values(name="Blue room"))

    assert [one.name for one in named(*actor_ids)] == ["Dr New", "Blue room"]


def test_names_are_read_again_only_after_a_change(cast):
    actor_id = cast.ana.actor_id
    named(actor_id)

    with statements() as sent:
        named(actor_id)

    assert len([one for one in sent if "practitioner" in one]) == 0


def test_whoever_works_here_no_longer_is_named_as_before(cast):
    with transaction():
        cast.ana.active = False

    assert named(cast.ana.actor_id)[0].name == "Dr Ana Silva"


def test_whoever_came_after_the_stamp_was_read_is_named_all_the_same(cast, monkeypatch):
    named(cast.ana.actor_id)
    stamp, known = names._kept
    without = {key: value for key, value in known.items() if key != cast.ana.actor_id}
    monkeypatch.setattr(names, "_kept", (stamp, without))

    assert named(cast.ana.actor_id)[0].name == "Dr Ana Silva"
