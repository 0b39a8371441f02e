"""Leaving and coming back: saved halves, the link by mail, half an hour away, other browsers."""

import re
from datetime import timedelta

import pytest

from clinic import clock
from clinic.database import db
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.notices import letters
from clinic.notices.models import Message
from tests.factories import ANSWERS, TESTER, make_patient
from tests.intake.form import MEDICINES, WORDS, draft, no_to_all, stored, typed
from tests.newcomer import KIM, born, finish, hold_a_time
from tests.visitor import Person

WRONG = {"born_on-day": 3, "born_on-month": 3, "born_on-year": 1990}


def leave(page, **given):
    return page.form("Continue").set(**given).press("Save and leave")


def link_by_mail(page, email="kim@example.org"):
    """Leave, ask for the link; the path that the mail leads to."""
    leave(page).form("email").set(email=email).press("Send me the link")
    db.session.rollback()
    message = db.session.scalars(
        db.select(Message).where(Message.kind == "resume").order_by(Message.id.desc())
    ).first()
    body = letters.write(message).get_content()
    return next(word for word in body.split() if "/resume/" in word).removeprefix(
        "http://localhost"
    )


def away(travel, minutes):
    travel(clock.now() + timedelta(minutes=minutes))


def press(form, times, *, status):
    for _time in range(times):
        form.press(status=status)


# Save and leave.


def test_half_a_page_of_questions_is_kept(on_page):
    left = leave(on_page("medicines"), blood_thinners="yes", blood_thinners_note="Aspirin")

    assert left.heading == "Your answers are saved"
    assert stored()["answers"] == {"blood-thinners": {"value": "yes", "note": "Aspirin"}}
    again = typed(on_page("medicines"))
    assert again["blood_thinners_note"] == "Aspirin"


@pytest.mark.parametrize(
    ("key", "given", "part", "kept"),
    [
        ("health", {}, "answers", {}),
        (
            "where",
            {"area": "forehead"},
            "concerns",
            [
                {
                    "area": "forehead",
                    "how": None,
                    "in_motion": False,
                    "at_rest": False,
                    "fws": None,
                }
            ],
        ),
        ("where", {}, "concerns", []),
        (
            "words",
            {"change": "I look"},
            "words",
            {"change": "I look", "how_long": None, "matters": None, "fears": ""},
        ),
    ],
)
def test_any_page_can_be_left_half_done(on_page, key, given, part, kept):
    leave(on_page(key), **given)

    assert stored()[part] == kept


def test_a_form_that_was_left_half_done_goes_on_where_it_lacks_something(on_page):
    leave(on_page("where"), area="forehead")
    intakes.save(draft(), "all", {"answers": ANSWERS["answers"]}, actor=TESTER)

    page = on_page("where").person.get("/intake/unlock").form("born_on-day").set(**born()).press()

    assert page.heading == "Where do you notice lines or changes?"


def test_R5_a_yes_to_recent_toxin_left_without_a_date_is_asked_for_before_sending(on_page):
    document = {**ANSWERS, "answers": {**ANSWERS["answers"]}}
    intakes.save(draft(), "all", document, actor=TESTER)
    leave(on_page("medicines"), **{**no_to_all(MEDICINES), "recent_toxin": "yes"})

    page = on_page("medicines").person.get("/intake/unlock").form("born_on-day")

    assert page.set(**born()).press().heading == "Medicines and past treatments"


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("medicines", {"recent_toxin": "yes", "recent_toxin_units": "abc"}, "as a number"),
        (
            "medicines",
            {
                "recent_toxin": "not-sure",
                "recent_toxin_date-day": "1",
                "recent_toxin_date-month": "1",
                "recent_toxin_date-year": "2030",
            },
            "not in the future",
        ),
        ("medicines", {"blood_thinners_note": "x" * 301}, "at most 300 characters"),
        ("words", {"change": "x" * 601}, "at most 600 characters"),
    ],
)
def test_what_cannot_be_stored_is_said_when_leaving_and_stays_in_the_page(
    on_page, key, given, message
):
    page = on_page(key).form("Continue").set(**given).press("Save and leave", status=422)

    assert message in page.text
    assert typed(page).items() >= given.items()
    assert stored() == {}


# The link.


def test_the_link_opens_the_form_on_another_device_after_the_date_of_birth(app, begun, on_page):
    path = link_by_mail(on_page("health"))
    elsewhere = Person(app)

    asked = elsewhere.get(path)
    opened = asked.form("born_on-day").set(**born()).press()

    assert asked.heading == "Go on with your form"
    assert opened.heading == "Your health"
    begun.person.get(opened.path, status=404)  # it has moved to the new browser


def test_the_link_shows_nothing_without_the_date_of_birth(app, on_page):
    path = link_by_mail(on_page("words"), "kim@example.org")
    leave(on_page("words"), **WORDS)

    page = Person(app).get(path)

    assert "look cross" not in page.html
    assert not re.search(r"\b1990\b", page.html)  # as a word: a random id may hold the digits


def test_a_wrong_date_of_birth_opens_nothing_and_stays(app, on_page):
    path = link_by_mail(on_page("health"))

    page = Person(app).get(path).form("born_on-day").set(**WRONG).press(status=422)

    assert "No form fits this link and date of birth" in page.text
    assert typed(page, "Open my form")["born_on-day"] == "3"


def test_guessing_the_date_of_birth_is_slowed_down(app, on_page):
    path = link_by_mail(on_page("health"))
    form = Person(app).get(path).form("born_on-day").set(**WRONG)
    press(form, 5, status=422)

    page = form.press(status=429)

    assert int(page.response.headers["Retry-After"]) > 0
    assert form.set(**born()).press(status=429).heading == "Too many tries"


def test_a_link_that_was_never_sent_looks_like_a_wrong_date(cast, anyone):
    page = anyone.get("/intake/resume/guessed").form("born_on-day").set(**born()).press(status=422)

    assert "No form fits this link and date of birth" in page.text


def test_the_link_never_opens_a_form_that_was_sent(app, on_page):
    path = link_by_mail(on_page("health"))
    intakes.save(draft(), "all", ANSWERS, actor=TESTER)
    times = on_page("health").person.get("/book/consultation")
    hold_a_time(times)
    finish(times.person, **KIM)

    page = Person(app).get(path).form("born_on-day").set(**born()).press(status=422)

    assert "No form fits this link and date of birth" in page.text


def test_the_link_is_not_sent_without_an_address_and_only_so_often(on_page):
    page = leave(on_page("health"))

    again = page.form("email").set(email="kim@").press(status=422)
    assert "Enter an e-mail address like" in again.text
    assert typed(again, "Send me the link")["email"] == "kim@"

    form = again.form("email").set(email="kim@example.org")
    press(form, 5, status=200)
    form.press(status=429)


# Half an hour away; other browsers; two windows.


@pytest.mark.parametrize("key", ["health", "where", "words", "leave"])
def test_after_half_an_hour_the_date_of_birth_is_asked_for_first(on_page, travel, key):
    leave(on_page("words"), **WORDS)
    away(travel, 31)

    page = on_page(key)

    assert page.path == "/intake/unlock"
    assert "look cross" not in page.html
    opened = page.form("born_on-day").set(**born()).press()
    assert opened.heading == "Your health"


def test_within_half_an_hour_it_is_not_asked_for(on_page, travel):
    leave(on_page("words"), **WORDS)
    away(travel, 29)

    assert typed(on_page("words"))["change"] == "I look cross."


def test_a_page_that_lay_open_for_an_hour_is_still_saved_but_shows_no_other_answer(on_page, travel):
    leave(on_page("words"), **WORDS)
    page = on_page("words")
    away(travel, 60)

    saved = page.form("Continue").set(change="I look tired.").press("Continue")
    wrong = page.form("Continue").set(change=None, fears=None).press("Continue", status=422)

    assert saved.path == "/intake/unlock"
    assert stored()["words"]["change"] == "I look tired."
    assert "Heavy eyes" not in wrong.html


def test_a_wrong_date_does_not_unlock_and_is_slowed_down(on_page, travel):
    away(travel, 31)
    form = on_page("health").form("born_on-day").set(**WRONG)

    page = form.press(status=422)
    assert "That is not the date of birth in this form" in page.text
    press(form, 4, status=422)
    form.press(status=429)


def test_another_browser_finds_nothing(app, begun):
    stranger = Person(app)

    page = stranger.get(begun.path, status=404)

    assert not re.search(r"\b1990\b", page.html)  # as a word: a random id may hold the digits
    assert stranger.get("/intake/unlock").heading == "Book a consultation"


def test_two_windows_write_on_one_form_and_each_page_keeps_its_own(on_page):
    here, there = on_page("words"), on_page("where")

    here.form("Continue").set(**WORDS).press("Continue")
    there.form("Continue").set(area="cheeks", **{"cheeks-how": "deep"}).press("Continue")

    assert (stored()["words"], len(stored()["concerns"])) == (WORDS, 1)


def test_a_window_left_open_after_the_form_was_sent_changes_nothing(on_page):
    page = on_page("words")
    intakes.save(draft(), "all", ANSWERS, actor=TESTER)
    hold_a_time(page.person.get("/book/consultation"))
    finish(page.person, **KIM)

    stale = page.form("Continue").set(**WORDS).press("Continue", status=410)

    assert stale.heading == "This form has been sent"
    assert stale.follow("My visits").heading == "My visits"
    assert stored()["words"]["change"] == "I look cross in photos."


def test_a_draft_of_a_known_patient_is_nobody_elses(app, begun):
    other = make_patient(email="other@example.org")
    theirs = intakes.start_for(other, actor=TESTER)

    begun.person.get(f"/intake/{theirs.public_id}/health", status=404)
    assert len(db.session.scalars(db.select(Intake)).all()) == 2
