"""Changing from the check page, and the form of somebody known: copied, changed, sent."""

import pytest

from clinic.database import db
from clinic.intake.models import Intake
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import at, make_account, make_intake, make_visit, walk
from tests.intake.form import MEDICINES, no_to_all
from tests.newcomer import at_the_last_page


@pytest.fixture
def check_page(app, cast):
    return at_the_last_page(cast, app).get("/book/check")


@pytest.fixture
def cal(cast, signed_in):
    """Cal in a browser, signed in."""
    return signed_in(make_account(cast.cal))


def forms():
    db.session.rollback()
    return db.session.scalars(db.select(Intake).order_by(Intake.id)).all()


def test_every_part_can_be_changed_from_the_check_page(check_page):
    changes = [href for shown, href in check_page.links().items() if shown.startswith("Change")]

    keys = [href.partition("?")[0].rpartition("/")[2] for href in changes]
    assert keys == [
        "consultation",
        "health",
        "conditions",
        "medicines",
        "where",
        "photos",
        "words",
        "wishes",
    ]


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("medicines", {"blood_thinners": "yes", "blood_thinners_note": "Aspirin"}),
        ("words", {"change": "Aspirin and I look cross."}),
    ],
)
def test_a_change_from_the_check_page_comes_back_to_it(check_page, key, given):
    link = next(href for href in check_page.links().values() if f"/{key}?" in href)

    after = check_page.person.get(link).form("Continue").set(**given).press("Continue")

    assert after.heading == "Check and send"
    assert "Aspirin" in after.text


def test_a_wrong_change_stays_on_the_page_and_still_comes_back(check_page):
    link = next(href for href in check_page.links().values() if "/words?" in href)
    wrong = (
        check_page.person.get(link).form("Continue").set(change="").press("Continue", status=422)
    )

    after = wrong.form("Continue").set(change="Else.").press("Continue")

    assert after.heading == "Check and send"


# Somebody known.


def test_a_known_patient_changes_a_copy_and_the_sent_form_stays(cast, cal):
    sent = make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))

    page = cal.get("/visits").form("Change my form").press()
    assert page.heading == "Check and send your form"
    health = page.follow("Change Your health")
    assert "Step 2 of 7" in health.text  # no time is chosen with it
    changed = health.form("Continue").set(breastfeeding="yes")
    meaning = changed.press("Continue")
    done = meaning.follow("Go on").form("Send my form").press()

    first, second = forms()
    assert done.heading == "My visits"
    assert "Your changed form is sent" in done.text
    assert first.document == sent.document
    assert second.document["answers"]["breastfeeding"]["value"] == "yes"
    assert second.supersedes_id == first.id


def test_pressing_change_twice_goes_on_with_the_same_copy(cast, cal):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    form = cal.get("/visits").form("Change my form")

    form.press()
    form.press()

    assert len(forms()) == 2


def test_a_patient_entered_by_phone_fills_in_a_form_of_their_own(cast, cal):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))

    visits = cal.get("/visits")
    page = visits.form("Fill in the form").press()

    assert "Your form is missing" in visits.text
    assert page.heading == "Your health"


def test_a_copy_with_something_missing_leads_there_before_it_is_sent(cast, cal):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    cal.get("/visits").form("Fill in the form").press()

    page = cal.get("/visits").follow("Check and send it")

    assert page.heading == "Your health"


def test_a_form_that_lost_something_in_another_window_is_not_sent(cast, cal):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    page = cal.get("/visits").form("Change my form").press()
    sending, medicines = page.form("Send my form"), page.follow("Change Medicines")
    given = {**no_to_all(MEDICINES), "recent_toxin": "yes"}
    medicines.form("Continue").set(**given).press("Save and leave")

    page = sending.press()

    assert page.heading == "Medicines and past treatments"
    assert forms()[1].submitted_at is None


def test_a_second_press_sends_nothing_and_shows_the_same_page(cast, cal):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    cal.get("/visits").form("Change my form").press()
    form = cal.get("/visits").follow("Check and send it").form("Send my form")

    pages = [form.press(), form.press()]

    assert [page.heading for page in pages] == ["My visits", "My visits"]
    assert [f.submitted_at is not None for f in forms()] == [True, True]


def test_somebody_in_the_room_may_still_correct_the_form_before_the_signature(cast, cal):
    make_intake(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    walk(visit, S.ARRIVED, S.IN_ROOM)

    page = cal.get("/visits").form("Change my form").press()

    assert page.heading == "Check and send your form"
