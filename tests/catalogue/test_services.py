"""Writing what is offered: a combined visit is its filler, then its Botox."""

from __future__ import annotations

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue import services
from clinic.catalogue.models import Service
from clinic.catalogue.rules import Minutes, ServiceKind, together
from clinic.database import db
from clinic.stale import ChangedMeanwhile
from tests.factories import TESTER

F, T = ServiceKind.FILLER, ServiceKind.TOXIN


def change(row, **wanted):
    return services.change(row, wanted, shown_before=services.shown(row), actor=TESTER)


@pytest.mark.parametrize(
    ("filler", "toxin", "found"),
    [
        ([Minutes(45, 5, 15)], [Minutes(30, 5, 10)], (75, 5, 15, 45, 30)),
        ([Minutes(45, 0, 0)], [Minutes(30, 20, 30)], (75, 20, 30, 45, 30)),
        ([Minutes(45, 0, 0), Minutes(90, 0, 0)], [Minutes(30, 0, 0)], (120, 0, 0, 90, 30)),
        ([Minutes(45, 0, 0)], [], None),
        ([], [], None),
    ],
)
def test_a_combined_visit_takes_both_parts_and_the_longest_buffers(filler, toxin, found):
    both = together({F: filler, T: toxin})

    assert (both and (both.duration, both.before, both.after, both.filler, both.toxin)) == found


@pytest.mark.parametrize("kind", ["filler", "toxin"])
def test_saving_a_part_makes_the_combined_service_follow_and_says_so_in_the_log(cast, kind):
    change(cast.service(kind), duration_minutes=60, buffer_before_minutes=20)

    combined = cast.service("combined")
    other = 30 if kind == "filler" else 45
    assert (combined.duration_minutes, combined.buffer_before_minutes) == (60 + other, 20)
    log = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.ROSTER_CHANGED).order_by(AuditEvent.id)
    ).all()
    assert [(row.facts["row"], sorted(row.facts["fields"])) for row in log] == [
        (cast.service(kind).public_id, ["buffer_before_minutes", "duration_minutes"]),
        (combined.public_id, ["duration_minutes", "buffer_before_minutes"][::-1]),
    ]


def test_saving_the_combined_service_cannot_make_it_shorter_than_its_parts(cast):
    change(cast.service("combined"), duration_minutes=20, buffer_after_minutes=0)

    combined = cast.service("combined")
    assert (combined.duration_minutes, combined.buffer_after_minutes) == (75, 15)


def test_a_retired_part_counts_no_more(cast):
    new = {"kind": F, "name": "Long filler", "price_pence": 0, "duration_minutes": 90}
    services.add_service(cast.site, {**new, "active": True}, actor=TESTER)
    assert cast.service("combined").duration_minutes == 120

    [longer] = db.session.scalars(db.select(Service).filter_by(name="Long filler")).all()
    change(longer, active=False)

    assert cast.service("combined").duration_minutes == 75


def test_parts_that_take_too_long_together_are_refused_whole(cast):
    with pytest.raises(services.TooLong):
        change(cast.service("filler"), duration_minutes=590)

    assert cast.service("filler").duration_minutes == 45


def test_an_old_page_changes_nothing(cast):
    room = cast.site.rooms[0]
    shown = services.shown(room)
    change(room, name="Green")

    with pytest.raises(ChangedMeanwhile):
        services.change(room, {"name": "Blue"}, shown_before=shown, actor=TESTER)

    assert room.name == "Green"


def test_the_same_again_leaves_no_trace(cast):
    room = cast.site.rooms[0]

    assert change(room, name=room.name, hosts=services.values(room)["hosts"]) == []
    log = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.ROSTER_CHANGED)).all()
    assert log == []


def test_what_a_room_can_host_is_added_and_taken_away(cast):
    room = cast.site.rooms[0]

    assert change(room, hosts=[F, T]) == ["hosts"]

    db.session.expire_all()
    assert services.values(room)["hosts"] == [F, T]
