"""Joining, changing and leaving the waiting list on pages; an offer answered there and by link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.database import db
from clinic.journey import line, waitlist, withdraw
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.waitlist.models import WaitlistEntry
from clinic.waitlist.rules import EntryState, OfferState
from tests.factories import at, make_account, make_approval, make_visit, staff_actor
from tests.full_record import by_code
from tests.newcomer import at_the_last_page, newest_code
from tests.rows import everything_stored
from tests.waiting import FREED, free, fully_booked, somebody, token_of, wait
from tests.waiting import offers as made


@pytest.fixture
def cal(app, cast):
    return by_code(app, cast.cal)


@pytest.fixture
def desk(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def offered(cast):
    wait(cast, cast.cal)
    free(fully_booked(cast))
    return made()[0]


def entries() -> list[WaitlistEntry]:
    db.session.rollback()
    return list(db.session.scalars(db.select(WaitlistEntry).order_by(WaitlistEntry.id)))


# Joining.


def test_every_page_of_times_leads_to_the_waiting_list(cast, cal):
    make_approval(cast)

    for path in ("/book/consultation", f"/book/{cast.service('toxin').public_id}"):
        page = cal.get(path).follow("Join the waiting list")
        assert page.heading == "Join the waiting list"


def test_joining_as_it_stands_waits_for_anyone_at_any_time(cast, cal):
    page = cal.get("/book/consultation").follow("Join the waiting list")

    after = page.form("Join").press("Join")

    (entry,) = entries()
    assert (entry.practitioner_id, entry.weekdays, entry.parts) == (None, 127, 7)
    assert "You are on the waiting list" in after.text
    assert "Anyone, any day, any time; from 24 November 2026" in after.text


def test_what_was_ticked_is_what_is_waited_for(cast, cal):
    form = cal.get("/book/consultation").follow("Join the waiting list").form("Join")

    form.set(who=cast.ana.public_id, weekdays=["0", "4"], parts=["1"])
    after = (
        form.put("until_on-day", 30).put("until_on-month", 11).put("until_on-year", 2026).press()
    )

    assert "Dr Ana Silva, Monday, Friday, afternoon; from 24 November 2026 until 30" in after.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weekdays": None}, "Tick at least one day"),
        ({"parts": None}, "Tick at least one part"),
        ({"until_on-year": "2025"}, "That day is over"),
        ({"until_on-year": "2030"}, "within the next year"),
        (
            {
                "from_on-month": "12",
                "from_on-day": "30",
                "until_on-month": "12",
                "until_on-day": "1",
                "until_on-year": "2026",
            },
            "before the first",
        ),
        ({"who": "0" * 32}, "Not a valid choice"),
    ],
)
def test_a_wish_that_fits_nothing_is_said_so(cast, cal, typed, said):
    form = cal.get(f"/waiting-list/join/{cast.service('consultation').public_id}").form("Join")
    for name, value in typed.items():
        form.put(name, value)

    page = form.press(status=422)

    assert said in page.text
    assert entries() == []


def test_whoever_waits_already_is_led_to_what_they_wait_for(cast, cal):
    wait(cast, cast.cal)

    page = cal.get(f"/waiting-list/join/{cast.service('consultation').public_id}")

    assert page.heading == "What you wait for"
    after = page.form("Save").set(parts=["0"]).press("Save")
    assert "any day, morning;" in after.text


def test_leaving_the_list(cast, cal):
    entry = wait(cast, cast.cal)

    after = cal.get("/visits").form("/leave").press("Leave the list")

    assert "You are no longer on the waiting list." in after.text
    assert entries()[0].state == EntryState.ENDED
    cal.get(f"/waiting-list/{entry.public_id}", status=410)


def test_a_newcomer_with_a_finished_form_joins_with_a_code_and_the_form_is_sent(cast, app):
    page = at_the_last_page(cast, app).get("/book/consultation").follow("Join the waiting list")
    typed = {"name": "Kim Moss", "email": "kim@example.org", "consent": "y"}
    code = page.form("email").set(**typed).press("Send me the code")

    after = code.form("code").set(code=newest_code()).press("Join the waiting list")

    (entry,) = entries()
    assert (after.heading, entry.patient.name) == ("My visits", "Kim Moss")
    assert "On the list since" in after.text
    assert "Your form is missing" not in after.text


def test_a_newcomer_without_a_form_begins_with_it(cast, anyone):
    assert anyone.send("GET", "/book/consultation/wait").location == "/intake/"


# Offers on my visits.


def test_an_offer_stands_on_my_visits_and_one_press_books_it(cast, cal, offered):
    page = cal.get("/visits")
    assert "A time is free for you" in page.text

    booked = page.form("/accept").press("Book this time")

    assert "Booked. We have sent you a mail" in booked.text
    assert made()[0].appointment.status == S.BOOKED


def test_whoever_had_another_visit_is_reminded_to_cancel_it(cast, cal):
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(30, 11))
    wait(cast, cast.cal)
    free(fully_booked(cast))

    booked = cal.get("/visits").form("/accept").press("Book this time")

    assert "You have another visit of this kind" in booked.text


def test_a_declined_offer_leaves_my_visits_and_the_wish_stays(cast, cal, offered):
    after = cal.get("/visits").form("/decline").press("No, thank you")

    assert "Declined. You stay on the waiting list." in after.text
    assert "A time is free for you" not in after.text
    assert entries()[0].state == EntryState.WAITING


def test_an_offer_that_went_to_somebody_else_says_so_and_leads_to_times(
    cast, offered, signed_in, at_work
):
    page = signed_in(make_account(cast.cal)).get("/visits")
    at_work(offered.until + timedelta(seconds=1))
    make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)

    gone = page.form("/accept").press("Book this time", status=409)

    assert "somebody else has it now" in gone.text
    assert gone.follow("See the nearest free times").heading.startswith("Choose a time")


def test_nobody_answers_an_offer_of_somebody_else(app, cast, offered):
    dee = by_code(app, cast.dee)
    token = dict(dee.get("/visits").form("csrf_token").fields)["csrf_token"]

    for action in ("accept", "decline"):
        answer = dee.raw_post(
            f"/waiting-list/offers/{offered.public_id}/{action}", {"csrf_token": token}
        )
        assert answer.status_code == 404


# The link in the mail.


def test_M6_looking_at_the_link_changes_nothing_however_often(anyone, offered):
    path = f"/offers/{token_of(offered)}"
    before = everything_stored()

    for method in ("GET", "HEAD", "GET"):
        assert anyone.send(method, path).status_code == 200

    assert everything_stored() == before


def test_S41_one_press_behind_the_link_books_and_the_link_works_no_second_time(anyone, offered):
    page = anyone.get(f"/offers/{token_of(offered)}")

    booked = page.form("Book").press("Book this time")

    assert booked.heading == "Your visit is booked"
    assert booked.forms() == [] or all(f.action != page.path for f in booked.forms())
    assert made()[0].appointment.status == S.BOOKED
    assert made()[0].appointment.status_by == f"patient:{offered.entry.patient.public_id}"


def test_S41_a_declined_link_books_nothing_afterwards(anyone, offered):
    page = anyone.get(f"/offers/{token_of(offered)}")
    over = page.form("Book").press("No, thank you")
    assert over.heading == "This offer is over"

    late = page.form("Book").put("idempotency_key", "b" * 32).press("Book this time", status=409)

    assert late.heading == "This time can’t be booked any more"
    assert made()[0].state == OfferState.DECLINED


def test_a_link_that_is_nobodys_opens_nothing(anyone, cast):
    page = anyone.get("/offers/no-such-token", status=410)

    assert page.heading == "This link opens nothing"


def test_S74_the_link_of_an_offer_past_its_end_still_books_while_nobody_has_it(
    anyone, offered, travel
):
    token = token_of(offered)
    travel(offered.until + timedelta(minutes=1))
    waitlist.roll_on()

    page = anyone.get(f"/offers/{token}")
    assert page.heading == "This time was kept for you"

    assert page.form("Book").press("Book this time").heading == "Your visit is booked"


def test_L2_the_link_says_no_clinical_word_when_the_gate_is_closed(cast, anyone):
    make_approval(cast)
    wait(cast, cast.cal, "toxin")
    free(make_visit(cast.dee, cast.ana, cast.service("consultation"), at(30, 10)))
    token = token_of(made()[0])
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "x", actor=staff_actor(cast.ana_user, cast.ana))

    page = anyone.get(f"/offers/{token}")
    refused = page.form("Book").press("Book this time", status=409)

    assert refused.heading == "This can’t be booked here"
    assert not {"Botox", "approval", "toxin"} & {*page.text.split(), *refused.text.split()}


def test_S82_the_letter_names_time_place_and_person_and_no_treatment(cast):
    make_approval(cast)
    wait(cast, cast.cal, "toxin")
    free(make_visit(cast.dee, cast.ana, cast.service("consultation"), at(30, 10)))
    letter = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.OFFER)).one()

    mail = letters.write(letter)

    text = f"{mail['Subject']} {mail.get_content()}"
    assert "Mon 30 November, 10:00 am" in text and "Dr Ana Silva" in text
    assert f"/offers/{token_of(made()[0])}" in text
    assert not any(word in text.lower() for word in ("botox", "toxin", "treatment", "injectable"))


# The desk.


def test_the_desk_reads_who_waits_what_was_offered_and_what_became_of_it(cast, desk, offered):
    wait(cast, somebody("Lee Fox"), practitioner_id=cast.eli.id)
    waitlist.decline(offered, actor=line.ITSELF)

    page = desk.get("/desk/").follow("Waiting list")

    assert "Cal Ortega" in page.text and "Lee Fox" in page.text
    assert "Declined Fri 27 November, 10:20 am, Dr Ana Silva" in page.text
    assert "Dr Eli Stone, any day, any time" in page.text


def test_the_desk_puts_a_patient_on_the_list_and_takes_them_off(cast, desk):
    page = desk.get(f"/desk/patients/{cast.cal.public_id}").follow("Put on the waiting list")
    listed = page.form("Put on").set(who=cast.ana.public_id).press("Put on the list")

    assert "Cal Ortega is on the waiting list." in listed.text
    assert entries()[0].practitioner_id == cast.ana.id
    off = listed.form("/off").press("Take off the list")
    assert "Cal Ortega is off the waiting list." in off.text
    assert "Taken off" in off.text


def test_the_desk_cannot_put_somebody_on_the_list_twice(cast, desk):
    wait(cast, cast.cal)

    form = desk.get(f"/desk/patients/{cast.cal.public_id}/wait").form("Put on")

    assert "Cal Ortega waits for this already." in form.press("Put on", status=409).text


def test_the_desk_offers_a_free_time_by_hand(cast, desk):
    wait(cast, cast.cal, parts=0b001)
    page = desk.get("/desk/waiting-list").follow("Offer a time")
    assert not any("pm" in words for words, name, _value in page.form("Dr ").buttons if name)

    after = page.form("Dr ").press("11:00 am")

    assert "Offered to Cal Ortega." in after.text
    assert made()[0].state == OfferState.OPEN


def test_L2_the_desk_reads_only_its_own_words_when_the_gate_is_closed(cast, desk):
    wait(cast, cast.cal, "toxin")
    page = desk.get("/desk/waiting-list").follow("Offer a time")

    refused = page.form("Dr ").press(status=409)

    assert "This can’t be offered" in refused.text
    assert "Needs consultation" in refused.text and "Needs physician" in refused.text


def test_a_time_that_went_meanwhile_is_not_offered(cast, desk):
    entry = wait(cast, cast.cal)
    form = desk.get(f"/desk/waiting-list/{entry.public_id}/offer?day=2026-11-27").form("Dr ")
    form.buttons = [b for b in form.buttons if "20261127T1020" in b[2] and "Silva" in b[0]]
    fully_booked(cast)

    assert "That time is not free any more" in form.press(status=409).text
    assert made() == []


def test_the_desk_books_for_whoever_says_yes_at_the_phone(cast, desk, offered):
    page = desk.get("/desk/waiting-list")

    booked = page.form("/answer").press("said yes")

    assert "Booked." in booked.text and "Fri 27 November, 10:20 am" in booked.text
    assert page.form("/answer").put("idempotency_key", "b" * 32).press("said yes", status=409)


def test_whoever_says_no_at_the_phone_stays_on_the_list(cast, desk, offered):
    after = desk.get("/desk/waiting-list").form("/answer").press("Said no")

    assert "Declined. The patient stays on the list." in after.text
    assert entries()[0].state == EntryState.WAITING
