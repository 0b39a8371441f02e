"""Pages of a review gone stale meanwhile, and who may neither open nor sign one."""

import pytest
from sqlalchemy import text

from clinic.database import db, transaction
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import services
from clinic.screening.models import Decision
from tests.factories import TESTER, at, make_intake, make_visit, sign, staff_actor, walk
from tests.screening.page import (
    NOTE,
    address,
    content,
    draft_of,
    examined,
    newest_note,
    nothing_signed,
    shown,
    signed_count,
)

# Pages gone stale.


def test_a_colleague_who_saved_meanwhile_is_not_overwritten_and_both_texts_can_be_read(
    cast, page, eli, consultation
):
    form = examined(page())
    services.take_review(cast.cal, actor=staff_actor(cast.eli_user, cast.eli))
    examined(eli.get(address(consultation)), text="Eli was here.").press("Save draft")

    again = form.press("Save draft", status=409)

    assert "Somebody else saved this note meanwhile" in again.text
    assert shown(again) == content(form)
    assert draft_of(consultation).text == "Eli was here."
    newer = again.follow("Open the newer one in a new window")
    assert shown(newer)["text"] == "Eli was here."


@pytest.mark.parametrize("button", ["Sign and approve", "Save draft"])
def test_a_page_that_a_colleague_signed_meanwhile_leads_to_the_signed_note(
    cast, page, consultation, button
):
    form = examined(page())
    sign(consultation, cast.eli_user, cast.eli, Decision.DECLINE, decline_words="Not advised.")

    again = form.press(button, status=409)

    assert "Somebody else saved this note meanwhile" in again.text
    assert shown(again) == content(form)
    assert signed_count(cast.cal) == 1
    assert again.follow("read the signed note").heading == "Declined"


def test_a_form_changed_meanwhile_is_read_before_signing_and_one_more_press_signs(
    cast, page, consultation
):
    form = examined(page())
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "zolvatrine"}})

    again = form.press("Sign and approve", status=409)

    assert "The patient has sent a changed form" in again.text
    assert "zolvatrine" in again.text
    assert shown(again) == content(form)
    assert nothing_signed(cast.cal, consultation)
    assert again.form("levator_right").press("Sign and approve").heading == "Approved"


@pytest.mark.parametrize("ended", ["cancelled", "missed"])
def test_a_visit_that_ended_meanwhile_is_not_signed_and_the_page_says_who_helps(
    cast, page, consultation, at_work, ended
):
    form = examined(page())
    end = {
        "cancelled": lambda: scheduling.cancel(consultation, "ill", actor=TESTER),
        "missed": lambda: walk(consultation, S.NOSHOW),
    }
    at_work(at(24, 11, 5))
    end[ended]()

    again = form.press("Sign and approve", status=409)

    assert "This visit was cancelled or missed" in again.text
    assert "the front desk books a new time" in again.text
    assert shown(again) == content(form)
    assert nothing_signed(cast.cal, consultation)


def test_a_visit_that_was_cancelled_an_hour_ago_opens_no_review(page, ana, consultation, at_work):
    scheduling.cancel(consultation, "ill", actor=TESTER)
    at_work(at(24, 11))

    assert ana.get(address(consultation), status=404).heading == "There is nothing here"


def test_a_physician_whose_licence_has_ended_is_told_and_keeps_what_was_typed(
    cast, page, consultation
):
    form = examined(page())
    with transaction():
        licence = text("UPDATE credential SET valid_until = :day WHERE kind = 'licence'")
        db.session.execute(licence, {"day": "2026-11-23"})

    again = form.press("Sign and approve", status=409)

    assert "No licence of yours is on file for today" in again.text
    assert shown(again) == content(form)
    assert nothing_signed(cast.cal, consultation)


def test_a_page_sent_again_with_other_words_and_the_same_key_is_refused(cast, page):
    form = examined(page())
    form.press("Sign and approve")

    form.set(text="Other words.").press("Sign and approve", status=422)

    assert newest_note(cast.cal).text == NOTE
    assert signed_count(cast.cal) == 1


@pytest.mark.parametrize("button", ["Sign and approve", "Sign and decline"])
def test_a_consultation_of_tomorrow_is_not_signed_today_and_what_was_typed_can_be_saved(
    cast, ana, button
):
    make_intake(cast.cal)
    tomorrow = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    form = examined(ana.get(address(tomorrow)), decline_words="Not advised.")

    again = form.press(button, status=409)

    assert "The consultation is still to come" in again.text
    assert "It can be signed from Wed 25 November on" in again.text
    assert nothing_signed(cast.cal, tomorrow)
    assert "Draft saved." in again.form("levator_right").press("Save draft").text


# Who may.


def test_nobody_opens_or_signs_their_own_review(cast, page, ana, consultation):
    form = examined(page())
    with transaction():
        cast.cal.user_id = cast.ana_user.id

    ana.get(address(consultation), status=404)
    form.press("Sign and approve", status=404)

    assert nothing_signed(cast.cal, consultation)


@pytest.mark.parametrize("who", ["bea", "max"])
def test_desk_and_manager_neither_open_nor_sign(cast, page, signed_in, consultation, who):
    form = examined(page())
    person = signed_in(getattr(cast, who))

    person.get(address(consultation), status=403)
    fields = [*form.fields, ("do", "approve")]
    refused = person.raw_post(address(consultation), fields)

    assert refused.status_code in (400, 403)
    assert nothing_signed(cast.cal, consultation)


def test_a_physician_who_does_not_care_for_the_patient_signs_nothing(cast, page, eli, consultation):
    form = examined(page())
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))

    form.person = eli
    token = dict(eli.get("/my-day").form("").fields)["csrf_token"]
    form.set(csrf_token=token).press("Sign and approve", status=404)

    assert nothing_signed(cast.cal, consultation)


def test_a_lapsed_licence_signs_nothing(cast, page, consultation):
    form = examined(page())
    db.session.execute(
        db.text("UPDATE credential SET valid_until = '2026-11-23' WHERE kind = 'licence'")
    )
    db.session.commit()

    form.press("Sign and approve", status=409)

    assert nothing_signed(cast.cal, consultation)
