"""The rules of the country: what another profile changes is shown before it is in force."""

from __future__ import annotations

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.jurisdiction import queries as jurisdiction
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import STRICTEST
from clinic.treatment import queries as treatment
from tests import factories
from tests.factories import at, make_approval, make_visit, put_profile

WHY = "Act on injectables, section 4; checked by counsel."


@pytest.fixture
def max_(cast, signed_in):
    return signed_in(cast.max)


def form_of(person, **typed):
    return person.get("/manage/profile").form("minimum_age").set(**{"because": WHY, **typed})


def versions():
    db.session.rollback()
    return db.session.scalars(db.select(ProfileVersion).order_by(ProfileVersion.id)).all()


@pytest.fixture
def on_friday(cast):
    """Cal is approved today and has a Botox visit in ten days."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))


def test_what_changes_is_shown_first_and_put_in_force_on_the_next_press(max_, on_friday):
    first = len(versions())
    shown = form_of(max_, cooling_off_hours="336").press()

    assert "Nothing is in force yet." in shown.text
    assert "Time to think before a first treatment: 24 hours → 336 hours" in shown.text
    assert "1 coming visit" in shown.text
    assert "Fri 4 December, 10:00 am" in shown.text
    assert "can take place → Too soon" in shown.text
    assert "Cal Ortega" in shown.text
    assert "from 25 November 2026 → from 8 December 2026" in shown.text
    assert len(versions()) == first

    after = shown.form("minimum_age").press()

    assert "In force from now on." in after.text
    assert WHY in after.text
    [*_before, newest] = versions()
    assert (newest.cooling_off_hours, newest.because, newest.user.name) == (336, WHY, "Max Meyer")
    assert jurisdiction.profile().cooling_off_hours == 336


def test_a_change_that_touches_nobody_says_so(max_, on_friday):
    shown = form_of(max_, regulator="A board").press()

    assert "0 coming visits None changes." in shown.text
    assert "0 approvals in force None changes." in shown.text
    assert "Regulator: none → A board" in shown.text


def test_an_approval_longer_than_new_ones_may_be_is_named_and_keeps_its_last_day(max_, on_friday):
    shorter = {"longest_validity_months": "3", "default_validity_months": "3"}
    shown = form_of(max_, **shorter).press()

    assert "Botox, until 24 May 2027lasts longer than a new one may" in shown.text
    shown.form("minimum_age").press()
    db.session.rollback()
    [approval] = treatment.approvals_of(on_friday.patient_id)
    assert approval.valid_until.isoformat() == "2027-05-24"


def test_an_approval_by_live_video_stops_to_count_with_the_profile(max_, cast):
    put_profile(live_video_counts=True)
    make_approval(cast, by_live_video=True)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))

    shown = form_of(max_, live_video_counts=None).press()

    assert "A consultation by live video counts: yes → no" in shown.text
    assert "can take place → Needs consultation" in shown.text
    assert "from 25 November 2026 → needs consultation" in shown.text


def test_other_ages_reach_those_who_are_too_young(max_, cast, on_friday):
    years = 2026 - cast.cal.born_on.year

    shown = form_of(max_, minimum_age=str(years + 2)).press()

    assert f"Age for treatments: 18 years → {years + 2} years" in shown.text
    assert "can take place → Too soon" in shown.text


def test_the_manager_reads_no_word_of_health(max_, cast):
    """Toxin eleven weeks ago elsewhere: a first day is all that is said."""
    session = {"date": "2026-09-08"}
    factories.make_intake(cast.cal, answers={"recent-toxin": {"value": "yes", "session": session}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    factories.sign(visit, cast.ana_user, cast.ana)

    shown = form_of(max_, toxin_interval_days="120").press()

    assert "from 1 December 2026 → from 6 January 2027" in shown.text
    for word in ("forehead", "Forehead", "frown", "8 September", "units", "Levator"):
        assert word not in shown.text


def test_what_somebody_books_meanwhile_is_shown_before_it_is_touched(max_, cast):
    make_approval(cast)
    shown = form_of(max_, cooling_off_hours="336").press()
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))
    before = len(versions())

    again = shown.form("minimum_age").press()

    assert "1 coming visit" in again.text
    assert len(versions()) == before
    again.form("minimum_age").press()
    assert len(versions()) == before + 1


def test_what_was_typed_over_after_the_preview_is_shown_again(max_, on_friday):
    shown = form_of(max_, cooling_off_hours="48").press()
    before = len(versions())

    again = shown.form("minimum_age").set(cooling_off_hours="336").press()

    assert "24 hours → 336 hours" in again.text
    assert len(versions()) == before


def test_two_managers_do_not_overwrite_each_other(max_, cast):
    form = form_of(max_, minimum_age="21")
    put_profile(minimum_age=25)

    late = form.press(status=409)

    assert "Somebody else changed this meanwhile" in late.text
    assert "Age from which treatments are allowed: 25" in late.text
    assert dict(late.form("minimum_age").fields)["minimum_age"] == "21"
    late.form("minimum_age").press().form("minimum_age").press()
    assert jurisdiction.profile().minimum_age == 21


def test_nothing_changed_adds_no_version(max_, cast):
    before = len(versions())

    assert "Nothing was changed." in form_of(max_).press().text
    assert len(versions()) == before


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"toxin_interval_days": "83"}, "Enter a whole number from 84 to 365"),
        ({"minimum_age": "17"}, "Enter a whole number from 18 to 99"),
        ({"longest_validity_months": "13"}, "Enter a whole number from 1 to 12"),
        ({"cooling_off_hours": "-1"}, "Enter a whole number from 0 to 720"),
        ({"cooling_off_hours": "721"}, "Enter a whole number from 0 to 720"),
        ({"longest_validity_months": "5"}, "No more than the longest, 5"),
        ({"because": " "}, "Write which law or rule says so, and who checked it"),
        ({"regulator": "x" * 301}, "300"),
    ],
)
def test_what_no_profile_may_be_is_said_at_its_field(max_, cast, typed, says):
    before = len(versions())

    page = form_of(max_, **typed).press(status=422)

    assert says in page.text
    assert len(versions()) == before


def test_each_version_is_in_the_log_and_a_preview_is_a_look(max_, cast):
    form_of(max_, minimum_age="21").press().form("minimum_age").press()

    db.session.rollback()
    found = db.select(AuditEvent).order_by(AuditEvent.id)
    log = [e for e in db.session.scalars(found) if e.actor.startswith("user:")]
    [changed] = [event for event in log if event.event == Event.PROFILE_CHANGED]
    assert changed.facts == {"version": versions()[-1].id, "fields": ["minimum_age"]}
    assert [event.event for event in log].count(Event.DESK_VIEWED) == 1


def test_a_sign_in_of_eleven_minutes_shows_the_password_before_it_changes(max_, cast, travel):
    form = form_of(max_, minimum_age="21")
    travel(at(24, 9, 11))
    before = len(versions())

    assert form.press().path.startswith("/confirm")
    assert len(versions()) == before


def test_without_any_version_the_strictest_holds(app):
    assert jurisdiction.profile() == STRICTEST
    assert jurisdiction.versions() == []


def test_the_clinic_page_says_what_is_in_force(max_, cast):
    put_profile(minimum_age=21, cooling_off_hours=72, toxin_interval_days=100)

    text = max_.get("/manage/").text

    for words in ("in person", "72 hours", "100 days", "21 and over"):
        assert words in text
