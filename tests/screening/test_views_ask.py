"""A question before the visit: a message that signs nothing, and its answer in the queue."""

import pytest

from clinic.database import db, transaction
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import asking, services
from clinic.screening.models import Decision
from tests.factories import (
    TESTER,
    at,
    make_intake,
    make_visit,
    sign,
    staff_actor,
    walk,
)
from tests.full_record import by_code
from tests.screening.page import (
    address,
    content,
    draft_of,
    examined,
    mails,
    nothing_signed,
    shown,
)

WORDS = "Since when the quillamide?"
SEND = "Send the question to Cal"


def asking_page(page, **over):
    """The form that the button of the message sends, with all that a page can hold."""
    whole = examined(page, question=WORDS, **over)
    form = page.form("/questions")
    form.fields = list(whole.fields)
    return form


def asked(cast, consultation, text=WORDS):
    return asking.store(consultation, text, actor=staff_actor(cast.ana_user, cast.ana))


@pytest.fixture
def cal(app, cast):
    return by_code(app, cast.cal)


def test_a_question_is_mailed_and_signs_nothing_and_the_draft_stays(cast, page, consultation):
    again = asking_page(page()).press(SEND)

    assert "Your question is sent." in again.text
    assert WORDS in again.text
    assert "No answer yet." in again.text
    assert mails()[-1] == "question"
    assert nothing_signed(cast.cal, consultation)
    assert consultation.status == S.BOOKED
    draft = draft_of(consultation)
    assert (draft.findings["levator_left"], draft.decided["toxin_ceiling"]) == ("15", "40")
    assert "question" not in draft.decided  # it has gone: the field is free for the next one


def test_the_mail_holds_no_word_of_the_question(page):
    asking_page(page()).press(SEND)

    mail = letters.write(db.session.scalars(db.select(Message).order_by(Message.id)).all()[-1])

    assert "has a question for you" in mail.get_content()
    assert "quillamide" not in mail.as_string()


def test_the_answer_comes_back_to_the_queue_and_to_the_review(cast, ana, page, consultation, cal):
    asking_page(page()).press(SEND)
    waiting = ana.get("/reviews")
    sent = cal.get("/visits").follow("Read and answer").form("text").set(text="Since May.").press()
    queue = ana.get("/reviews")

    assert "No answer yet" in waiting.text
    assert "Your answer is sent to your physician." in sent.text
    assert "Read and answer" not in sent.links()
    assert "Question answered on Tue 24 November" in queue.text
    assert "No answer yet" not in queue.text
    review = queue.follow("Cal Ortega")
    assert f"“{WORDS}” Cal answered on Tue 24 November, 9:00 am: “Since May.”" in review.text
    assert nothing_signed(cast.cal, consultation)


def test_a_question_costs_its_patient_no_place_in_the_queue(cast, ana, consultation, at_work):
    make_intake(cast.cal)
    question = asked(cast, consultation)
    at_work(at(24, 9, 30))
    make_intake(cast.dee)
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 12))
    at_work(at(24, 10))
    asking.answer(question, "Since May.", actor=TESTER)

    text = ana.get("/reviews").text

    assert text.index("Cal Ortega") < text.index("Dee Novak")


def test_one_asks_again_after_an_answer_and_both_are_read(cast, ana, page, consultation):
    asking_page(page()).press(SEND)
    first = asking.of_patient(cast.cal.id)[0]
    asking.answer(first, "Since May.", actor=TESTER)

    second = ana.get(address(consultation)).form("/questions").set(question="How often?").press()

    assert "Since May." in second.text
    assert "How often?" in second.text
    assert "No answer yet" in ana.get("/reviews").text
    record = ana.get(f"/records/{cast.cal.public_id}")
    assert record.text.index("How often?") < record.text.index("Since May.")


def test_without_words_nothing_is_sent_and_the_page_stays(cast, page, consultation):
    form = asking_page(page()).set(question=" ")

    again = form.press(SEND, status=422)

    assert "Write your question to the patient" in again.text
    assert content(again.form("levator_right")) == content(form.set(question=None, decision="ask"))
    assert asking.of_patient(cast.cal.id) == []
    assert "question" not in mails()


def test_a_patient_without_an_address_is_called_instead(cast, page, consultation):
    form = asking_page(page())
    with transaction():
        cast.cal.email = None

    again = form.press(SEND, status=422)

    assert "Cal Ortega has no e-mail address on file: call instead" in again.text
    assert shown(again)["question"] == WORDS
    assert asking.of_patient(cast.cal.id) == []


def test_in_the_room_there_is_no_message_and_a_page_from_before_says_so(page, ana, consultation):
    form = asking_page(page())
    walk(consultation, S.ARRIVED, S.IN_ROOM)

    again = form.press(SEND, status=409)

    assert "Cal is in the room" in again.text
    assert shown(again)["question"] == WORDS
    assert SEND not in again.text.replace("Sign and send the question", "")
    assert "Sign and send the question to Cal" in again.text


def test_before_its_day_a_question_is_no_signature(cast, ana):
    make_intake(cast.cal)
    tomorrow = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))

    page = ana.get(address(tomorrow))

    assert SEND in page.text
    assert "Sign and send the question" not in page.text


def test_a_form_changed_meanwhile_is_read_before_the_question_goes(cast, page, consultation):
    form = asking_page(page())
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "zolvatrine"}})

    again = form.press(SEND, status=409)

    assert "The patient has sent a changed form" in again.text
    assert asking.of_patient(cast.cal.id) == []


def test_a_colleague_who_saved_meanwhile_stops_the_question(cast, page, eli, consultation):
    form = asking_page(page())
    services.take_review(cast.cal, actor=staff_actor(cast.eli_user, cast.eli))
    examined(eli.get(address(consultation)), text="Eli was here.").press("Save draft")

    again = form.press(SEND, status=409)

    assert "Somebody else saved this note meanwhile" in again.text
    assert asking.of_patient(cast.cal.id) == []
    assert draft_of(consultation).text == "Eli was here."


# The patient's page.


ENDS = {
    "decided": lambda cast, visit: sign(
        visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised."
    ),
    "cancelled": lambda cast, visit: scheduling.cancel(visit, "ill", actor=TESTER),
    "missed": lambda cast, visit: walk(visit, S.NOSHOW),
}


@pytest.mark.parametrize("end", ENDS)
def test_once_the_visit_is_over_no_answer_is_waited_for(app, cast, consultation, at_work, end):
    at_work(at(24, 11, 1))
    question, cal = asked(cast, consultation), by_code(app, cast.cal)
    opened = cal.get(f"/questions/{question.public_id}").form("text").set(text="Since May.")
    ENDS[end](cast, consultation)

    late = opened.press(status=410)

    assert "This question needs no answer any more" in late.text
    assert "Since May." in late.text
    assert "Read and answer" not in cal.get("/visits").links()
    assert asking.of_patient(cast.cal.id)[0].reply is None


def test_a_record_keeps_a_question_that_was_never_answered(cast, ana, consultation):
    asked(cast, consultation)
    ENDS["decided"](cast, consultation)

    record = ana.get(f"/records/{cast.cal.public_id}")

    assert f"{WORDS}Not answered." in record.text.replace(" Not answered", "Not answered")
    review = ana.get(address(consultation))
    assert "It was not answered before the visit was over." in review.text


def test_a_question_is_answered_once(cast, consultation, cal):
    question = asked(cast, consultation)
    page = cal.get(f"/questions/{question.public_id}")
    page.form("text").set(text="Since May.").press()

    again = page.form("text").set(text="No, June.").put("idempotency_key", "k" * 32)
    late = again.press(status=410)

    assert "You have answered this question" in late.text
    assert asking.of_patient(cast.cal.id)[0].reply.text == "Since May."


def test_somebody_else_finds_no_such_question(app, cast, consultation):
    question = asked(cast, consultation)

    by_code(app, cast.dee).get(f"/questions/{question.public_id}", status=404)


def test_a_question_is_asked_of_a_visit_to_come_only(cast, consultation):
    walk(consultation, S.ARRIVED, S.IN_ROOM)

    with pytest.raises(asking.TooLate):
        asked(cast, consultation)
