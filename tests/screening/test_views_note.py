"""A signed note: read, added to, its approval withdrawn; a question and its answer."""

import pytest

from clinic.database import db
from clinic.screening import services
from clinic.screening.models import Addendum, Decision, Reply
from clinic.treatment import queries as treatment
from tests.factories import TESTER, at, make_account, make_approval, make_intake, make_visit, sign
from tests.full_record import by_code
from tests.screening.page import draft_of, examined, mails

QUESTION = "Since when the pelluvanity?"


@pytest.fixture
def note(cast):
    """Cal's approval of Botox, signed by Ana."""
    return make_approval(cast, private="gravelornish", conditions="Come without make-up.")


@pytest.fixture
def note_page(ana, note):
    return ana.get(f"/notes/{note.public_id}")


@pytest.fixture
def asked(cast, consultation):
    make_intake(cast.cal)
    return sign(consultation, cast.ana_user, cast.ana, Decision.ASK, question=QUESTION)


@pytest.fixture
def cal(cast, asked, signed_in):
    return signed_in(make_account(cast.cal))


def texts(model):
    db.session.rollback()
    return [row.text for row in db.session.scalars(db.select(model).order_by(model.id))]


# Read.


def test_a_signed_note_shows_decision_terms_reason_flags_and_rating(note_page):
    text = note_page.text

    assert note_page.heading == "Approved"
    assert "up to 40 units" in text
    assert "24 November 2026 to 24 May 2027" in text
    assert "Levator good, no compensation." in text
    assert "At least 1 cm above the brow bone" in text
    assert "Come without make-up." in text
    assert "gravelornish" in text
    assert "Droop risk: low" in text
    assert "Flags at the time" in text


def test_a_draft_has_no_page(ana, consultation, page):
    examined(page()).press("Save draft")

    ana.get(f"/notes/{draft_of(consultation).public_id}", status=404)


# Later text.


def test_an_addendum_is_added_with_author_and_time_and_the_note_stays(
    note_page, ana, note, at_work
):
    before = (note.text, note.version)
    at_work(at(25, 9, 30))

    again = note_page.form("Add to the note").set(text="Called: <b>well</b>.").press()

    db.session.refresh(note)
    assert "Dr Ana Silva, Wed 25 November, 9:30 amCalled: <b>well</b>." in again.text
    assert "<b>well</b>" not in again.html
    assert (note.text, note.version) == before


def test_an_addendum_pressed_twice_is_added_once(note_page):
    form = note_page.form("Add to the note").set(text="Called.")

    form.press()
    form.press()

    assert texts(Addendum) == ["Called."]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write what you want to add"),
        ("  ", "Write what you want to add"),
        ("x" * 10_001, "Use at most 10000 characters"),
        ("a\x07b", "It is taken out"),
    ],
)
def test_an_addendum_that_does_not_fit_says_so_and_adds_nothing(note_page, typed, words):
    again = note_page.form("Add to the note").set(text=typed).press(status=422)

    assert words in again.text
    assert dict(again.form("Add to the note").fields)["text"].strip() == typed.strip().replace(
        "\x07", ""
    )
    assert texts(Addendum) == []


# Withdrawn.


def test_the_physician_who_approved_withdraws_with_a_reason_and_the_patient_is_told(
    cast, ana, note_page
):
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))

    again = note_page.form("Withdraw").set(reason="New medicine.").press()

    assert "The approval is withdrawn. Coming visits need renewal." in again.text
    assert "New medicine." in again.text
    assert "Withdrawn" in again.text
    assert [treatment.state_of(a) for a in treatment.approvals_of(cast.cal.id)] == ["withdrawn"]
    assert mails()[-1] == "decided"
    db.session.refresh(visit)
    assert visit.status == "booked"


def test_withdrawing_needs_a_reason(cast, note_page):
    again = note_page.form("Withdraw").set(reason=" ").press(status=422)

    assert "Write why you withdraw it" in again.text
    assert [treatment.state_of(a) for a in treatment.approvals_of(cast.cal.id)] == ["in-force"]


def test_withdrawing_from_a_second_window_says_that_it_has_ended_before(ana, note, note_page):
    form = ana.get(note_page.path).form("Withdraw").set(reason="The same.")
    note_page.form("Withdraw").set(reason="New medicine.").press()

    again = form.press(status=409)

    assert "This approval has ended before" in again.text
    assert "New medicine." in again.text


def test_a_colleague_reads_the_note_and_withdraws_nothing(cast, note, eli, note_page):
    make_visit(cast.cal, cast.eli, cast.service("follow-up"), at(25, 11))
    page = eli.get(note_page.path)
    form = note_page.form("Withdraw").set(reason="Mine.")
    form.person = eli
    token = dict(page.form("Add to the note").fields)["csrf_token"]

    form.set(csrf_token=token).press(status=404)

    assert "Withdraw this approval" not in page.text
    assert [treatment.state_of(a) for a in treatment.approvals_of(cast.cal.id)] == ["in-force"]


# The question.


def test_the_patient_reads_the_question_and_answers_it_once(asked, cal, ana):
    form = cal.get("/visits").follow("Read and answer").form("text")

    sent = form.set(text="Since May.").press()
    form.press()

    assert "Your answer is sent to your physician." in sent.text
    assert "asks you something" not in cal.get("/visits").text
    assert texts(Reply) == ["Since May."]
    assert "Since May." in ana.get(f"/notes/{asked.public_id}").text


def test_the_answer_comes_back_to_the_queue_and_a_new_note_decides(asked, cal, ana):
    cal.get("/visits").follow("Read and answer").form("text").set(text="Since May.").press()

    review = ana.get("/reviews").follow("Cal Ortega")
    signed = examined(review).press("Sign and approve")

    assert "Cal answered: “Since May.”" in review.text
    assert signed.heading == "Approved"
    assert "No form to review." in ana.get("/reviews").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Write your answer"), ("x" * 2001, "Use at most 2000 characters; these are 2001.")],
)
def test_an_answer_that_does_not_fit_stays_on_the_page(asked, cal, typed, words):
    page = cal.get(f"/questions/{asked.public_id}")

    again = page.form("text").set(text=typed).press(status=422)

    assert words in again.text
    assert QUESTION in again.text
    assert dict(again.form("text").fields)["text"] == typed
    assert texts(Reply) == []


def test_a_question_answered_in_another_window_says_so_and_keeps_what_was_typed(asked, cal):
    stale = cal.get(f"/questions/{asked.public_id}").form("text").set(text="Since June.")
    services.reply(asked, "Since May.", actor=TESTER)

    again = stale.press(status=410)

    assert "You have answered this question" in again.text
    assert "“Since May.”" in again.text
    assert dict(again.form("text").fields)["text"] == "Since June."
    assert "Send my answer" not in again.text
    assert texts(Reply) == ["Since May."]


def test_the_page_of_an_answered_question_shows_the_answer_and_leads_back(asked, cal):
    services.reply(asked, "Since May.", actor=TESTER)

    page = cal.get(f"/questions/{asked.public_id}", status=410)

    assert "“Since May.”" in page.text
    assert page.follow("My visits").heading == "My visits"


def test_a_code_alone_opens_no_question_of_an_account(app, cast, asked, cal):
    by_code(app, cast.cal).get(f"/questions/{asked.public_id}", status=404)


def test_a_code_opens_the_question_of_somebody_without_an_account(app, cast, asked):
    page = by_code(app, cast.cal).get(f"/questions/{asked.public_id}")

    assert page.heading == "Dr Ana Silva asks you"
    assert QUESTION in page.text
