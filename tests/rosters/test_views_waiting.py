"""What the manager opens is offered to those who wait, and the page says to how many."""

from __future__ import annotations

from tests.factories import at
from tests.waiting import offers, somebody, wait

EVENINGS = 0b100


def open_an_evening(person, cast):
    page = person.get(f"/manage/people/{cast.ana.public_id}/extra")
    form = page.form("hours").set(site=cast.site.public_id, hours="17-19")
    return form.set(day="2026-11-27").press()


def test_the_page_says_how_many_people_are_offered_a_time(cast, signed_in):
    wait(cast, cast.cal, parts=EVENINGS)
    wait(cast, somebody("Lee Fox"), parts=EVENINGS)

    page = open_an_evening(signed_in(cast.max), cast)

    assert "Saved." in page.text
    assert "2 people on the waiting list are offered a time that this opens." in page.text
    assert [offer.appointment.starts_at for offer in offers()] == [at(27, 17), at(27, 17, 40)]


def test_it_says_nothing_where_nobody_waits_for_that(cast, signed_in):
    wait(cast, cast.cal, parts=0b001)

    assert "waiting list" not in open_an_evening(signed_in(cast.max), cast).text
