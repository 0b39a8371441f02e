"""At check-in the tablet asks whether anything has changed, and shows no answer."""

from clinic.database import db
from clinic.intake.models import Intake, IntakeConfirmation
from tests.factories import at
from tests.full_record import CLINICAL, found_in, on_tablet
from tests.intake.form import HEALTH, no_to_all, ticks_of, without_ticks
from tests.newcomer import born


def begin(tablet):
    """What the tablet shows once the date of birth was typed."""
    return tablet.get("/tablet")


def stored():
    db.session.rollback()
    return db.session.scalars(db.select(IntakeConfirmation).order_by(IntakeConfirmation.id)).all()


def test_nothing_has_changed_is_one_press_and_the_tablet_is_over(tablet, visit):
    page = begin(tablet)
    thanks = page.form("Nothing has changed").press("Nothing has changed")

    assert page.heading == "Has anything changed?"
    assert thanks.heading == "Thank you"
    assert [one.appointment_id for one in stored()] == [visit.id]
    assert stored()[0].by.startswith("tablet:")


def test_something_has_changed_opens_the_empty_form(tablet):
    page = begin(tablet).form("Something has changed").press("Something has changed")

    assert page.heading == "Your health"
    assert stored() == []


def test_no_answer_of_the_form_is_shown(tablet):
    page = begin(tablet)

    assert found_in(without_ticks(page), (*CLINICAL, "I look cross", "Ortega")) == []
    assert " checked" not in ticks_of(page)
    links = {link for link in page.links().values() if not link.startswith("#")}
    assert links == {"/sign-in"}


def test_the_date_of_birth_comes_before_the_question(cast, visit, signed_in, travel):
    travel(at(10, 9, month=12))
    page = signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}/tablet")
    tablet = page.form("Sign out and").press("Sign out and hand over").person
    assert tablet.send("GET", "/tablet/changed").location == "/tablet"

    begun = tablet.get("/tablet").form("born_on").set(**born()).press("Begin")

    assert begun.heading == "Has anything changed?"


def test_a_form_that_was_begun_goes_on(tablet):
    page = begin(tablet).form("Something has changed").press("Something has changed")
    page.form("Continue").set(pregnancy="no").press("Stop and give the tablet back")
    db.session.rollback()
    drafts = db.session.scalars(db.select(Intake).where(Intake.submitted_at.is_(None))).all()

    assert [bool(draft.document) for draft in drafts] == [True]


def test_on_another_day_the_tablet_opens_its_form_at_once(app, cast, visit, travel):
    travel(at(9, 9, month=12))

    assert begin(on_tablet(app, cast.cal, cast.bea)).heading == "Your health"


def test_what_an_answer_means_is_shown_on_the_tablet_too(app, cast):
    page = begin(on_tablet(app, cast.cal, cast.bea))
    answers = {**no_to_all(HEALTH), "pregnancy": "yes"}
    told = page.form("Continue").set(**answers).press("Continue")

    assert told.heading == "What this means for treatment"
    assert told.follow("Go on with the form").heading == "Conditions you have or had"


def test_the_desk_offers_the_tablet_where_answers_are_not_confirmed(cast, visit, signed_in, travel):
    travel(at(10, 9, month=12))

    page = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")

    assert "Answers not confirmed" in page.text
    assert page.follow("Hand over the tablet").heading == "Hand over the tablet"
