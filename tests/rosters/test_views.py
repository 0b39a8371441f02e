"""The manager's pages: each saves alone, and shows before it does what falls outside."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.catalogue import services as catalogue
from clinic.catalogue.models import ClosedDay, Device, Location, Room, Service
from clinic.database import db, transaction
from clinic.scheduling import rosters
from clinic.scheduling.models import Absence, Appointment, ExtraHours, Schedule
from clinic.scheduling.rules import AbsenceKind, Away
from tests import factories
from tests.factories import TESTER, at

MORNINGS = "09:00-12:00"


@pytest.fixture
def max_(cast, signed_in):
    return signed_in(cast.max)


@pytest.fixture
def visit(cast) -> Appointment:
    """Cal is with Ana on Thursday at two."""
    return factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 14))


def hours_page(person, cast):
    return person.get(f"/manage/people/{cast.ana.public_id}/hours")


def all_rows(table):
    db.session.rollback()
    return db.session.scalars(db.select(table).order_by(table.id)).all()


def days_of(practitioner):
    rows = [r for r in all_rows(Schedule) if r.practitioner_id == practitioner.id]
    return sorted((r.weekday, r.opens_minute, r.closes_minute, r.valid_until) for r in rows)


def test_hours_that_leave_a_visit_outside_are_shown_first_with_time_patient_and_physician(
    max_, cast, visit
):
    form = hours_page(max_, cast).form("thursday").set(thursday=MORNINGS)

    page = form.press()

    assert "1 booked visit falls outside" in page.text
    assert "Thu 26 November, 2:00 pm" in page.text
    assert "Cal Ortega" in page.text
    assert "outside the hours of Dr Ana Silva" in page.text
    assert (3, 540, 720, None) not in days_of(cast.ana)


def test_what_was_shown_is_saved_on_the_next_press_and_the_visit_stays_booked(max_, cast, visit):
    page = hours_page(max_, cast).form("thursday").set(thursday=MORNINGS).press()

    page = page.form("Save all the same").press()

    assert page.path == "/roster/outside"
    assert "Saved." in page.text
    assert "ProposedThu 26 November, 2:00 pmDr Eli Stone" in page.text
    assert (3, 540, 720, None) in days_of(cast.ana)
    assert all_rows(Appointment)[0].status == "booked"


def test_a_visit_booked_after_the_list_was_shown_is_shown_before_saving(max_, cast, visit):
    page = hours_page(max_, cast).form("thursday").set(thursday=MORNINGS).press()
    factories.make_visit(cast.dee, cast.ana, cast.service("consultation"), at(26, 15))

    page = page.form("Save all the same").press()

    assert "2 booked visits fall outside" in page.text


def test_visits_outside_already_are_not_laid_at_the_door_of_another_change(max_, cast, visit):
    day = date(2026, 11, 26)
    rosters.add_absence(cast.ana, Away(day, 0, day, 1440), AbsenceKind.ILL, actor=TESTER)

    page = hours_page(max_, cast).form("friday").set(friday=MORNINGS).press()

    assert "Saved." in page.text


def test_a_form_that_changes_nothing_asks_nothing_and_writes_nothing(max_, cast, visit):
    before = days_of(cast.ana)

    page = hours_page(max_, cast).form("thursday").press()

    assert "Nothing was changed." in page.text
    assert days_of(cast.ana) == before


def test_hours_from_a_day_on_leave_those_before_as_they_are(max_, cast):
    form = hours_page(max_, cast).form("monday")
    page = form.set(monday="13:00-24:00", valid_from="2027-01-01").press()

    assert "From 1 January 2027" in page.text
    assert "1 pm to midnight" in page.text
    assert "Now, until 31 December 2026" in page.text


def test_hours_that_somebody_else_changed_meanwhile_are_not_overwritten(max_, cast):
    form = hours_page(max_, cast).form("monday").set(monday=MORNINGS)
    hours_page(max_, cast).form("monday").set(tuesday="10:00-11:00").press()

    page = form.press(status=409)

    assert "Somebody else changed this meanwhile" in page.text
    assert "Tuesday: 10:00-11:00" in page.text
    page.form("monday").press()
    assert (1, 540, 1020, None) in days_of(cast.ana)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nine to five", "Write hours like 09:00-12:30, 13:30-17:00; 24:00 is midnight."),
        ("17:00-09:00", "Write hours like"),
        ("09:00-25:00", "Write hours like"),
        ("09:00-13:00, 12:00-17:00", "Two of these stretches overlap."),
    ],
)
def test_hours_that_are_none_are_told_how_to_be_written(max_, cast, typed, words):
    page = hours_page(max_, cast).form("monday").set(monday=typed).press(status=422)

    assert words in page.text
    assert page.form("monday").fields.count(("monday", typed)) == 1


def test_a_holiday_of_whole_days_takes_the_visits_in_it_outside(max_, cast, visit):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/away")
    form = page.form("agreed").set(kind="holiday", starts_on="2026-11-25", ends_on="2026-11-27")

    page = form.press()
    assert "Dr Ana Silva is away until Fri 27 November" in page.text
    page.form("Save all the same").press()

    page = max_.get(f"/manage/people/{cast.ana.public_id}")
    assert "Holiday: 25 November 2026 to 27 November 2026" in page.text
    [absence] = all_rows(Absence)
    assert (absence.starts_minute, absence.ends_minute) == (0, 1440)


def test_part_of_a_day_leaves_the_other_part_alone(max_, cast, visit):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/away")
    form = page.form("agreed").set(kind="training", starts_on="2026-11-26", ends_at="13:00")

    page = form.press()

    assert "Training: 26 November 2026, 12:00 am to 1:00 pm" in page.text


def test_the_same_absence_twice_is_one(max_, cast):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/away")
    form = page.form("agreed").set(kind="other", starts_on="2026-12-01")
    form.press()

    page = form.press()

    assert "Nothing was changed." in page.text
    assert len(all_rows(Absence)) == 1


def test_an_absence_is_taken_back_on_a_page_of_its_own(max_, cast):
    day = date(2026, 12, 24)
    rosters.add_absence(cast.ana, Away(day, 0, day, 1440), AbsenceKind.HOLIDAY, actor=TESTER)
    page = max_.get(f"/manage/people/{cast.ana.public_id}").follow("Take back")

    page.form("Take the absence back").press()

    assert all_rows(Absence) == []


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("starts_on", "", "Enter a day like 2026-11-24"),
        ("starts_on", "tomorrow", "That is not a date."),
        ("starts_on", "1899-12-31", "That is not a date."),
        ("starts_on", "2201-01-01", "That is not a date."),
        ("ends_on", "2026-11-30", "The last day is before the first."),
        ("starts_at", "25:00", "Enter a time like 09:00; 24:00 is midnight."),
        ("ends_at", "00:00", "This ends before it begins."),
        ("kind", None, "Choose why"),
    ],
)
def test_an_absence_that_is_none_says_what_fits(max_, cast, field, typed, words):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/away")
    form = page.form("agreed").set(kind="holiday", starts_on="2026-12-01").put(field, typed)

    assert words in form.press(status=422).text


def test_S78_a_time_that_the_spring_change_skips_is_refused_with_a_hint(max_, cast):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/away")
    form = page.form("agreed").set(kind="holiday", starts_on="2027-03-28", starts_at="01:30")

    page = form.press(status=422)

    assert "Clocks in London skip 1:30 am on Sun 28 March. Write 2:00 am or later." in page.text


# On 31 October 2027 clocks in London show 1:00 to 2:00 am twice.


def away_form(person, cast, **typed):
    page = person.get(f"/manage/people/{cast.ana.public_id}/away")
    return page.form("agreed").set(kind="holiday", starts_on="2027-10-31", **typed)


@pytest.mark.parametrize(
    ("which", "kept", "words"), [("first", False, "summer time"), ("second", True, "winter time")]
)
def test_S78_of_a_time_that_the_autumn_change_repeats_the_page_asks_which_and_keeps_it(
    max_, cast, which, kept, words
):
    asked = away_form(max_, cast, starts_at="01:30").press(status=422)

    assert "Clocks in London show 1:30 am twice on Sun 31 October. Which one do" in asked.text
    assert "1:30 am summer time, before the clocks go back" in asked.text
    assert "1:30 am winter time, after" in asked.text
    again = asked.form("agreed")
    typed = dict(again.fields)
    assert (typed["kind"], typed["starts_on"], typed["starts_at"]) == (
        "holiday",
        "2027-10-31",
        "01:30",
    )

    page = again.set(starts_which=which).press()

    assert f"31 October 2027, 1:30 am {words} to midnight" in page.text
    stored = all_rows(Absence)[0]
    assert (stored.starts_second, stored.ends_second) == (kept, None)


@pytest.mark.parametrize("typed", [{}, {"starts_which": "third"}, {"ends_which": "first"}])
def test_S78_without_an_answer_nothing_is_saved(max_, cast, typed):
    page = away_form(max_, cast, starts_at="01:30", **typed).press(status=422)

    assert "Clocks show 1:30 am twice that day: choose one of the two" in page.text
    assert all_rows(Absence) == []


def test_S78_an_answer_about_a_time_that_comes_once_is_none(max_, cast):
    away_form(max_, cast, starts_at="02:30", starts_which="second").press()

    assert all_rows(Absence)[0].starts_second is None


def test_S78_the_hour_between_the_two_is_an_absence(max_, cast):
    form = away_form(max_, cast, starts_at="01:45", ends_at="01:15")

    form.set(starts_which="first", ends_which="second").press()

    assert all_rows(Absence)[0].ends_second is True


@pytest.mark.parametrize(("starts", "ends"), [("second", "first"), ("first", "first")])
def test_S78_an_absence_that_ends_before_it_begins_is_refused(max_, cast, starts, ends):
    form = away_form(max_, cast, starts_at="01:45", ends_at="01:15")

    page = form.set(starts_which=starts, ends_which=ends).press(status=422)

    assert "This ends before it begins." in page.text
    assert dict(page.form("agreed").fields)["starts_which"] == starts


def test_S78_a_room_out_of_order_is_asked_about_as_well(max_, cast):
    room = all_rows(Room)[0]
    form = max_.get(f"/manage/rooms/{room.public_id}/out").form("agreed")
    form = form.set(starts_on="2027-10-30", ends_on="2027-10-31", ends_at="01:30")

    asked = form.press(status=422)
    page = asked.form("agreed").set(ends_which="second").press()

    assert "31 October 2027, 1:30 am winter time" in page.text


def test_S78_extra_hours_ask_about_each_of_their_ends(max_, cast):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/extra")
    asked = page.form("hours").set(day="2027-10-31", hours="01:00-01:30").press(status=422)

    form = asked.form("hours").set(opens_60="first", closes_90="second")
    page = form.press()

    assert "31 October 2027, 1:00 am summer time to 1:30 am winter time" in page.text
    stored = all_rows(ExtraHours)[0]
    assert (stored.opens_second, stored.closes_second) == (False, True)


def test_S78_extra_hours_that_close_before_they_open_are_refused(max_, cast):
    page = max_.get(f"/manage/sites/{cast.site.public_id}/open")
    form = page.form("hours").set(day="2027-10-31", hours="01:00-01:30")

    page = form.set(opens_60="second", closes_90="first").press(status=422)

    assert "This ends before it begins." in page.text
    assert all_rows(ExtraHours) == []


def test_extra_hours_open_a_day_and_are_taken_back(max_, cast):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/extra")
    form = page.form("hours").set(day="2026-12-24", hours="18:00-19:00, 19:30-20:00")
    page = form.press()
    assert len(all_rows(ExtraHours)) == 2

    page.follow("Take back").form("Take back").press()

    assert len(all_rows(ExtraHours)) == 1


def test_S78_extra_hours_in_the_skipped_hour_are_refused(max_, cast):
    page = max_.get(f"/manage/people/{cast.ana.public_id}/extra")
    form = page.form("hours").set(day="2027-03-28", hours="01:15-09:00")

    assert "Clocks in London skip 1:15 am" in form.press(status=422).text


def test_a_closed_day_and_extra_opening_stand_on_their_page_and_go_again(max_, cast):
    days = f"/manage/sites/{cast.site.public_id}"
    form = max_.get(f"{days}/close").form("day")
    form.set(day="2026-12-25", name="Christmas Day").press()
    page = max_.get(f"{days}/open").form("hours").set(day="2026-12-25", hours="10:00-12:00").press()
    assert "25 December 2026: Christmas Day" in page.text
    assert "25 December 2026, 10:00 am to 12:00 pm" in page.text

    page.follow("Open again").form("Open again").press()
    page.follow("Take back").form("Take back").press()

    assert all_rows(ClosedDay) == [] == all_rows(ExtraHours)


def test_a_closed_day_says_which_visits_it_shuts_out(max_, cast, visit):
    form = max_.get(f"/manage/sites/{cast.site.public_id}/close").form("day")

    page = form.set(day="2026-11-26", name="Boiler").press()

    assert "1 booked visit falls outside" in page.text
    assert "the site is closed then" in page.text


def test_a_credential_that_ends_before_a_visit_takes_it_outside(max_, cast, visit):
    form = max_.get(f"/manage/people/{cast.ana.public_id}/credentials").form("licence_until")

    page = form.set(licence_until="2026-11-25", licence_reference="GMC 1").press()
    assert "Dr Ana Silva can’t be booked for it on that day" in page.text
    page.form("Save all the same").press()

    page = max_.get(f"/manage/people/{cast.ana.public_id}")
    assert "Licence GMC 1" in page.text
    assert "until 25 November 2026 Ends soon" in page.text
    assert "Ends soon" in max_.get("/manage/").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"licence_from": "", "licence_until": ""}, "To end it, enter its last day."),
        ({"licence_until": "2014-01-01"}, "The last day is before the first."),
        ({"licence_from": ""}, "Enter the first and the last day"),
    ],
)
def test_a_credential_keeps_its_dates_in_order(max_, cast, typed, words):
    form = max_.get(f"/manage/people/{cast.ana.public_id}/credentials").form("licence_until")

    assert words in form.set(**typed).press(status=422).text


def test_somebody_who_is_not_on_offer_any_more_leaves_their_visits_outside(max_, cast, visit):
    form = max_.get(f"/manage/people/{cast.ana.public_id}/details").form("about")

    page = form.put("active", None).press()
    page.form("Save all the same").press()

    assert "Not on offer" in max_.get(f"/manage/people/{cast.ana.public_id}").text


def test_a_room_that_stops_hosting_a_service_says_which_visits_were_in_it(max_, cast, visit):
    room = cast.site.rooms[0]
    form = max_.get(f"/manage/rooms/{room.public_id}").form("hosts")

    page = form.put("hosts", ["toxin", "filler"]).press()

    assert "Room 1 is not there for it" in page.text


def test_a_room_is_renamed_and_taken_out_of_use_and_never_deleted(max_, cast):
    room = cast.site.rooms[0]
    form = max_.get(f"/manage/rooms/{room.public_id}").form("hosts")

    page = form.set(name="Salon").put("active", None).press()

    assert "Salon: combined, consultation, filler, follow-up, Botox Not in use" in page.text
    assert len(all_rows(Room)) == 2


def test_a_room_out_of_order_takes_its_visits_outside(max_, cast, visit):
    room = cast.site.rooms[0]
    form = max_.get(f"/manage/rooms/{room.public_id}/out").form("starts_on")

    page = form.set(starts_on="2026-11-26").press()
    assert "Room 1 is out of order until Thu 26 November" in page.text
    page.form("Save all the same").press()

    page = max_.get(f"/manage/rooms/{room.public_id}")
    assert "Out of order: 26 November 2026" in page.text


def test_a_device_that_a_service_comes_to_need_is_missing_at_its_visits(max_, cast, visit):
    form = max_.get(f"/manage/sites/{cast.site.public_id}/devices/new").form("kind")
    form.set(name="Lamp 1", kind="lamp").press()
    assert [device.kind for device in all_rows(Device)] == ["lamp"]
    service = cast.service("consultation").public_id
    form = max_.get(f"/manage/services/{service}").form("device_kind").set(device_kind="lamp")

    page = form.press()

    assert "the device that it needs is missing" in page.text


def test_a_retired_service_leaves_its_visits_where_they_are(max_, cast, visit):
    form = max_.get(f"/manage/services/{cast.service('follow-up').public_id}").form("price")

    page = form.put("active", None).press()

    assert "Follow-up Retired" in page.text


def test_the_last_consultation_stays_on_offer(max_, cast):
    form = max_.get(f"/manage/services/{cast.service('consultation').public_id}").form("price")

    page = form.put("active", None).press(status=409)

    assert "keep one on offer" in page.text
    assert cast.service("consultation").active


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Enter the name that patients read"),
        ("price", "a lot", "Enter the price, for example 220 or 59.50"),
        ("duration_minutes", "4", "Enter a whole number from 5 to 300"),
        ("duration_minutes", "half an hour", "Enter a whole number from 5 to 300"),
        ("step_minutes", "٣٠", "Enter a whole number from 5 to 240"),
    ],
)
def test_a_service_with_something_wrong_says_what_fits(max_, cast, field, typed, words):
    form = max_.get(f"/manage/services/{cast.service('toxin').public_id}").form("price")

    page = form.put(field, typed).press(status=422)

    assert words in page.text


def test_a_longer_filler_makes_the_combined_treatment_longer(max_, cast):
    form = max_.get(f"/manage/services/{cast.service('filler').public_id}").form("price")

    page = form.set(duration_minutes="60", buffer_after_minutes="20", price="59.50").press()

    assert "90 minutes: filler 60, then Botox 30" in page.text
    assert "£59.50" in page.text
    combined = cast.service("combined")
    assert (combined.duration_minutes, combined.buffer_after_minutes) == (90, 20)


def test_a_combined_service_has_no_minutes_of_its_own_to_type(max_, cast):
    page = max_.get(f"/manage/services/{cast.service('combined').public_id}")

    assert "75 minutes: filler 45, then Botox 30." in page.text
    form = page.form("price")
    assert "duration_minutes" not in dict(form.fields)
    page = form.set(buffer_after_minutes="5").press(status=422)
    assert "Enter a whole number from 15 to 120" in page.text


def test_a_second_site_with_hours_rooms_and_services_of_its_own(max_, cast):
    form = max_.get("/manage/sites/new").form("zone")
    where = {"name": "Berlin", "address": "Torstraße 1", "zone": "Europe/Berlin"}
    form.set(**where, phone="+49 30 123456", email="berlin@halden.example").press()
    site = db.session.scalars(db.select(Location).filter_by(name="Berlin")).one()
    base = f"/manage/sites/{site.public_id}"
    max_.get(f"{base}/hours").form("monday").set(monday="09:00-24:00").press()
    max_.get(f"{base}/rooms/new").form("agreed").set(name="Zimmer", hosts=["toxin"]).press()
    form = max_.get(f"{base}/services/new").form("price")
    page = form.set(kind="toxin", name="Botox", price="200").press()

    assert "Services at Berlin" in page.text
    assert "Torstraße 1, +49 30 123456, Berlin time" in page.text
    assert "Monday9 am to midnight" in page.text
    assert {s.location_id for s in all_rows(Service)} == {cast.site.id, site.id}


def test_the_zone_of_a_site_stays_once_it_has_visits(max_, cast, visit):
    form = max_.get(f"/manage/sites/{cast.site.public_id}").form("zone")

    page = form.set(zone="Europe/Berlin").press(status=409)

    assert "The site has visits, so its time zone stays." in page.text


def test_a_zone_that_is_none_is_refused(max_, cast):
    form = max_.get(f"/manage/sites/{cast.site.public_id}").form("zone")

    page = form.set(zone="London").press(status=422)

    assert "Enter a time zone like Europe/London" in page.text


def test_an_old_page_of_a_room_is_shown_what_is_there_now(max_, cast):
    room = cast.site.rooms[0]
    form = max_.get(f"/manage/rooms/{room.public_id}").form("hosts").set(name="Blue")
    shown = catalogue.shown(room)
    catalogue.change(room, {"name": "Green"}, shown_before=shown, actor=TESTER)

    page = form.press(status=409)

    assert "Name: Green" in page.text
    page.form("hosts").press()
    assert "Blue" in [room.name for room in all_rows(Room)]


@pytest.mark.parametrize("who", ["bea", "ana_user"])
def test_nobody_but_a_manager_opens_them(cast, signed_in, who):
    person = signed_in(getattr(cast, who))

    person.get(f"/manage/people/{cast.ana.public_id}", status=403)
    person.get(f"/manage/sites/{cast.site.public_id}/hours", status=403)


def test_a_visit_that_the_desk_put_outside_the_hours_on_purpose_is_no_news(max_, cast, visit):
    with transaction():
        visit.override_reason, visit.overrode = "The patient is a nurse.", "hours"

    page = hours_page(max_, cast).form("thursday").set(thursday=MORNINGS).press()

    assert "Saved." in page.text
