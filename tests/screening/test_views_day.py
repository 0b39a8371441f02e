"""My day, the alarm about unsigned visits, and the queue of forms that wait."""

import pytest

from clinic.database import db, transaction
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import services
from clinic.screening.models import Decision, Review
from tests.factories import (
    USUAL,
    at,
    make_account,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    sign,
    staff_actor,
    walk,
)
from tests.screening.page import newest_note

BLOOD_THINNERS = {"blood-thinners": {"value": "yes", "note": "zolvatrine"}}


@pytest.fixture
def dees(cast):
    """Dee's consultation with Eli."""
    return make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 12))


def order_of(page, *names):
    """The names in the order in which the page's main part shows them."""
    text = page.text[page.text.index(page.heading) :]
    return sorted(names, key=text.index)


# My day.


def test_my_day_shows_ones_own_visits_by_time_with_room_and_state(cast, ana, consultation, dees):
    early = make_visit(make_patient(), cast.ana, cast.service("follow-up"), at(24, 10, 20))
    walk(early, S.ARRIVED)

    page = ana.get("/my-day")

    assert page.heading == "Tuesday 24 November"
    assert order_of(page, "Cal Ortega", "Pat Example") == ["Pat Example", "Cal Ortega"]
    assert "10:20 amPat ExampleFollow-up, Room 1 Arrived" in page.text
    assert "11:00 amCal OrtegaConsultation, Room 1 Booked" in page.text
    assert "Dee Novak" not in page.text


def test_a_consultation_leads_to_its_review_and_a_treatment_to_the_record(cast, ana):
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    today, thursday = ana.get("/my-day"), ana.get("/my-day?day=2026-11-26")

    assert today.follow("Cal Ortega").path.startswith("/reviews/")
    assert thursday.follow("Cal Ortega").path == f"/records/{cast.cal.public_id}"


@pytest.mark.parametrize(
    "asked",
    ["", "?day=", "?day=tomorrow", "?day=2026-02-30", "?day=0001-01-01", "?day=9999-12-31"],
)
def test_a_day_that_is_none_is_today(ana, asked):
    assert ana.get(f"/my-day{asked}").heading == "Tuesday 24 November"


def test_a_day_without_visits_says_so_and_leads_to_the_queue(ana):
    page = ana.get("/my-day?day=2026-11-25")

    assert page.heading == "Wednesday 25 November"
    assert page.follow("See the forms that wait").heading == "Intake review"


def test_ones_own_visit_leads_nowhere_and_says_who_decides(cast, ana, eli):
    with transaction():
        cast.dee.user_id = cast.ana_user.id
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 14))

    page = ana.get("/my-day")

    assert "a colleague examines and decides" in page.text
    assert "Dee Novak" not in page.links()


# A visit that is over without a signed note.


@pytest.mark.parametrize("path", [(), (S.ARRIVED,), (S.ARRIVED, S.IN_ROOM)])
def test_a_visit_over_without_a_signed_note_alarms_its_physician_until_signed(
    cast, ana, consultation, at_work, path
):
    walk(consultation, *path)
    at_work(at(24, 11, 31))

    before = ana.get("/my-day?day=2026-12-01")
    sign(consultation, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised.")
    after = ana.get("/my-day?day=2026-12-01")

    assert "1 visit is over without a signed note" in before.text
    assert before.follow("Cal Ortega, Tue 24 November, 11:00 am").heading == "Cal Ortega"
    assert "without a signed note" not in after.text


def test_the_alarm_waits_for_the_end_of_the_visit(ana, consultation, at_work):
    at_work(at(24, 11, 29))

    assert "without a signed note" not in ana.get("/my-day").text


def test_a_colleague_is_not_alarmed(eli, consultation, at_work):
    at_work(at(24, 12))

    assert "without a signed note" not in eli.get("/my-day").text


def test_what_is_over_stands_apart_and_shouts_at_nobody(ana, consultation, at_work):
    at_work(at(24, 12))

    page = ana.get("/my-day")

    assert "1 visit is over without a signed note" in page.text
    assert 'role="alert"' not in page.html


# What was left open the day before.


def test_a_draft_of_yesterday_is_shown_until_it_is_signed(cast, ana, at_work):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    save_draft(visit, cast)
    same_day = ana.get("/my-day")
    at_work(at(25, 9))

    before = ana.get("/my-day")
    version = services.queries.note_version(visit)
    words = {"decline_words": "Not advised."}
    sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, version=version, **words)
    after = ana.get("/my-day")

    assert "left open" not in same_day.text
    assert "1 draft was left open" in before.text
    assert "Draft saved Tue 24 November, 9:00 am" in before.text
    assert before.follow("Cal Ortega, Wed 25 November, 11:00 am").heading == "Cal Ortega"
    assert "left open" not in after.text


def test_a_visit_that_is_over_with_a_draft_stands_in_one_list_only(
    cast, ana, consultation, at_work
):
    save_draft(consultation, cast)
    at_work(at(25, 9))

    page = ana.get("/my-day")

    assert "1 visit is over without a signed note" in page.text
    assert "Draft saved Tue 24 November, 9:00 am" in page.text
    assert "left open" not in page.text


@pytest.mark.parametrize("end", ["cancelled", "missed", "a colleague’s"])
def test_a_draft_that_is_nobodys_business_any_more_is_not_shown(
    cast, ana, eli, consultation, at_work, end
):
    save_draft(consultation, cast)
    if end == "cancelled":
        scheduling.cancel(consultation, "ill", actor=staff_actor(cast.bea))
    if end == "missed":
        at_work(at(24, 11, 5))
        walk(consultation, S.NOSHOW)
    at_work(at(25, 9))

    page = (eli if end.startswith("a ") else ana).get("/my-day")

    assert "Cal Ortega" not in page.text


def save_draft(visit, cast):
    ana = staff_actor(cast.ana_user, cast.ana)
    typed = {"text": "Begun.", "findings": {}, "decided": {}}
    services.save_draft(visit, cast.cal, None, 0, **typed, actor=ana)


def test_a_missed_visit_alarms_nobody(cast, ana, consultation, at_work):
    at_work(at(24, 11, 10))
    walk(consultation, S.NOSHOW)
    at_work(at(24, 12))

    assert "without a signed note" not in ana.get("/my-day").text


# A treatment is done.


@pytest.fixture
def in_the_room(cast, at_work):
    """Cal's treatment on Thursday at ten, under way."""
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    at_work(at(26, 10))
    return walk(visit, S.ARRIVED, S.IN_ROOM)


def test_the_physician_marks_a_treatment_as_done(ana, in_the_room):
    page = ana.get("/my-day").form("Done").press()

    db.session.refresh(in_the_room)
    assert in_the_room.status == S.FULFILLED
    assert "Botox treatment, Room 1 Done" in page.text


def test_done_on_a_stale_page_changes_nothing_and_says_so(ana, in_the_room):
    stale = ana.get("/my-day").form("Done")
    walk(in_the_room, S.ARRIVED)

    page = stale.press()

    db.session.refresh(in_the_room)
    assert in_the_room.status == S.ARRIVED
    assert "That visit is not in the room any more" in page.text


# The queue.


def test_the_queue_shows_names_and_level_chips_oldest_first_and_no_word_of_health(
    cast, ana, consultation, dees, at_work
):
    make_intake(cast.dee, answers=BLOOD_THINNERS)
    at_work(at(24, 9, 30))
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    page = ana.get("/reviews")

    assert "2 forms wait, oldest first." in page.text
    assert order_of(page, "Cal Ortega", "Dee Novak") == ["Dee Novak", "Cal Ortega"]
    assert "1 Absolute" in page.text
    assert "1 Caution" in page.text
    assert "zolvatrine" not in page.html
    assert "regnan" not in page.html


def test_a_form_without_a_consultation_and_a_consultation_without_a_form_do_not_wait(
    cast, ana, consultation
):
    make_intake(cast.dee)

    assert "No form to review." in ana.get("/reviews").text


def test_ones_own_patient_is_a_link_and_a_colleagues_is_taken_by_a_press(
    cast, ana, consultation, dees
):
    make_intake(cast.cal)
    make_intake(cast.dee)

    page = ana.get("/reviews")

    assert "Cal Ortega" in page.links()
    assert "Dee Novak" not in page.links()
    assert [f.action for f in page.forms() if f.action.endswith("/take")] == [
        f"/reviews/{dees.public_id}/take"
    ]


def test_take_and_open_opens_the_record_and_is_kept(cast, ana, dees):
    make_intake(cast.dee)

    page = ana.get("/reviews").form("Take and open").press()

    assert page.heading == "Dee Novak"
    assert db.session.scalars(db.select(Review.practitioner_id)).all() == [cast.ana.id]
    assert "Dee Novak" in ana.get("/reviews").links()


def test_before_taking_it_a_colleagues_patient_is_not_there(cast, ana, dees):
    make_intake(cast.dee)

    ana.get(f"/reviews/{dees.public_id}", status=404)

    assert db.session.scalars(db.select(Review)).all() == []


def test_taking_is_a_press_and_never_a_link(cast, ana, dees):
    make_intake(cast.dee)

    ana.get(f"/reviews/{dees.public_id}/take", status=405)

    assert db.session.scalars(db.select(Review)).all() == []


def test_taking_twice_keeps_one_review(cast, ana, dees):
    make_intake(cast.dee)
    form = ana.get("/reviews").form("Take and open")

    form.press()
    form.press()

    assert len(db.session.scalars(db.select(Review)).all()) == 1


def test_a_decided_consultation_is_not_taken_from_an_old_page(cast, ana, dees):
    make_intake(cast.dee)
    form = ana.get("/reviews").form("Take and open")
    sign(dees, cast.eli_user, cast.eli, Decision.DECLINE, decline_words="Not advised.")

    form.press(status=404)

    assert db.session.scalars(db.select(Review)).all() == []


def test_a_physician_who_is_the_patient_finds_no_way_to_their_own_review(cast, ana, dees):
    make_intake(cast.dee, answers=BLOOD_THINNERS)
    stranger = ana.get("/reviews").form("Take and open")
    with transaction():
        cast.dee.user_id = cast.ana_user.id

    stranger.press(status=404)

    assert "Dee Novak" not in ana.get("/reviews").text


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("all", ["Dee Novak", "Cal Ortega"]),
        ("mine", ["Cal Ortega"]),
        ("flagged", ["Dee Novak"]),
        ("nonsense", ["Dee Novak", "Cal Ortega"]),
    ],
)
def test_the_queue_can_be_narrowed(cast, ana, consultation, dees, wanted, names):
    make_intake(cast.dee, answers=BLOOD_THINNERS)
    make_intake(cast.cal)

    page = ana.get(f"/reviews?show={wanted}")

    assert [name for name in ("Dee Novak", "Cal Ortega") if name in page.text] == names
    assert "2 forms wait" in page.text


def test_a_signed_decision_leaves_the_queue_and_an_answer_comes_back_to_it(cast, ana, consultation):
    make_intake(cast.cal)
    sign(consultation, cast.ana_user, cast.ana, Decision.ASK, question="Since when?")
    asked = ana.get("/reviews")
    services.reply(newest_note(cast.cal), "Since May.", actor=staff_actor(make_account(cast.cal)))
    answered = ana.get("/reviews")

    assert "No form to review." in asked.text
    assert "Question answered on Tue 24 November" in answered.text
    assert "Since May." not in answered.text


# Next patient, in the queue as it was filtered.


@pytest.fixture
def three(cast):
    """Cal and Pat wait for Ana, Dee with a flag for Eli; Ana has taken Dee on too."""
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    make_intake(cast.dee, answers=BLOOD_THINNERS)
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 12))
    services.take_review(cast.dee, actor=staff_actor(cast.ana_user, cast.ana))
    pat = make_patient()
    make_intake(pat, answers=BLOOD_THINNERS)
    make_visit(pat, cast.ana, cast.service("consultation"), at(24, 14))
    return pat.name


@pytest.mark.parametrize(
    ("show", "begins", "way"),
    [
        ("", "Cal Ortega", ["Dee Novak", "Pat"]),
        ("mine", "Cal Ortega", ["Pat"]),
        ("flagged", "Dee Novak", ["Pat"]),
    ],
)
def test_next_patient_keeps_to_the_filter(ana, three, show, begins, way):
    page = ana.get(f"/reviews?show={show}").follow(begins)

    seen = []
    while "Next patient" in page.links():
        page = page.follow("Next patient")
        seen.append(page.heading)

    assert seen == [three if name == "Pat" else name for name in way]


def test_after_signing_the_next_patient_is_one_press_away(ana, three):
    page = ana.get("/reviews?show=mine").follow("Cal Ortega")

    signed = page.form("levator_right").set(**USUAL, text="Seen.", decline_words="No.")
    note = signed.press("Sign and decline")

    assert note.heading == "Declined"
    assert note.follow("Next patient").heading == three


def test_a_saved_draft_keeps_the_filter(ana, three):
    page = ana.get("/reviews?show=flagged").follow("Dee Novak")

    saved = page.form("levator_right").set(text="Seen.").press("Save draft")

    assert saved.path.endswith("?show=flagged")
    assert saved.follow("Next patient").heading == three


def test_a_note_read_from_the_record_offers_no_next_patient(cast, ana, three):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 16))
    note = sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="No.")

    assert "Next patient" not in ana.get(f"/notes/{note.public_id}").links()


def test_a_filter_that_leaves_nothing_says_so_and_leads_back(cast, eli):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    page = eli.get("/reviews?show=mine")

    assert "None of the forms that wait is yours." in page.text
    assert "Cal Ortega" in page.follow("Show all").text
