"""S35: photos as files, who may open them, the patient's own page, and taking a yes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import headers
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.photos import queries, services
from clinic.photos.rules import Purpose, View
from clinic.screening import services as screening
from tests import factories
from tests.factories import TESTER, at
from tests.full_record import KINDS, by_code
from tests.pictures import add_photos
from tests.visitor import NS, Person

ALL = frozenset(Purpose)
BOTH = ("/photos/{id}", "/photos/{id}/small")


@pytest.fixture
def sent(cast):
    """Cal's form with two photos, for all purposes; Ana has a visit with Cal on Tuesday."""
    form = factories.make_intake(
        cast.cal, lambda draft: add_photos(draft, (View.REST, View.FROWN), ALL)
    )
    factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return form


def photo(form, view=View.FROWN):
    db.session.rollback()
    return queries.photos_of(form.id)[view]


def status(person: Person, form, path=BOTH[0]):
    return person.send("GET", path.format(id=photo(form).public_id)).status_code


@pytest.mark.parametrize("path", BOTH)
def test_S35_a_photo_is_served_as_a_file_that_can_do_nothing(app, cast, sent, path):
    number = photo(sent).public_id

    response = by_code(app, cast.cal).send("GET", path.format(id=number))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"] == f'attachment; filename="photo-{number}.jpg"'
    assert response.headers["Content-Security-Policy"] == f"{headers.POLICY}; sandbox"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.data.startswith(b"\xff\xd8\xff")


READERS = {
    "Cal by code, no account",
    "Cal signed in",
    "physician in care",
    "physician in an emergency",
}


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_S35_nobody_but_the_patient_and_physicians_in_care_opens_a_photo(app, record, kind, path):
    person = kind.enter(app, record)

    response = person.send("GET", path.format(id=record.ids["photo"]))

    assert (response.mimetype == "image/jpeg") == (kind.name in READERS)


def test_a_draft_of_nobody_known_is_shown_to_its_own_browser_alone(app, cast):
    visitor, token = factories.accounts.greet_visitor()
    form = factories.intakes.start(visitor, cast.cal.born_on, actor=TESTER)
    add_photos(form)
    own, other = Person(app), Person(app)
    with own.client.session_transaction(base_url=own.base) as session:
        session["visitor"] = token

    assert [status(own, form), status(other, form)] == [200, 404]
    assert status(Person(app).sign_in(cast.ana_user), form) == 404


def test_a_photo_of_a_draft_is_not_the_physicians_yet(app, cast, sent):
    draft = factories.intakes.start_for(cast.cal, actor=TESTER)
    add_photos(draft)

    assert status(Person(app).sign_in(cast.ana_user), draft) == 404


@pytest.mark.parametrize(
    ("withdrawn", "seen"),
    [
        ({Purpose.ASSESSMENT}, 200),
        ({Purpose.RECORD}, 200),
        ({Purpose.TEACHING}, 200),
        ({Purpose.ASSESSMENT, Purpose.TEACHING}, 200),
    ],
)
def test_a_photo_stays_open_to_physicians_for_the_purpose_that_is_left(
    app, cast, sent, withdrawn, seen
):
    for purpose in withdrawn:
        services.withdraw(sent, purpose, actor=TESTER)

    assert status(Person(app).sign_in(cast.ana_user), sent) == seen


def test_an_erased_photo_is_nobodys(app, cast, sent):
    number = photo(sent).public_id
    for purpose in (Purpose.ASSESSMENT, Purpose.RECORD):
        services.withdraw(sent, purpose, actor=TESTER)

    people = [by_code(app, cast.cal), Person(app).sign_in(cast.ana_user)]

    assert [p.send("GET", f"/photos/{number}").status_code for p in people] == [404, 404]


def test_care_that_is_over_closes_photos(app, cast, sent, travel, today):
    ana = Person(app).sign_in(cast.ana_user)
    assert status(ana, sent) == 200

    travel(today + timedelta(days=400))

    assert status(Person(app).sign_in(cast.ana_user), sent) == 404


def test_each_look_of_a_physician_is_written_down_with_whose_photo_it_was(app, cast, sent):
    ana = Person(app).sign_in(cast.ana_user)

    status(ana, sent)

    look = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert look is not None
    assert (look.event, look.patient_id) == (Event.PHOTO_VIEWED, cast.cal.id)
    assert look.actor == f"user:{cast.ana_user.public_id}"
    assert look.subject == f"photo:{photo(sent).public_id}"


# What a physician sees.


def review(app, cast):
    visit = db.session.scalars(db.select(factories.Appointment)).first()
    return Person(app).sign_in(cast.ana_user).get(f"/reviews/{visit.public_id}")


def record_page(app, cast):
    return Person(app).sign_in(cast.ana_user).get(f"/records/{cast.cal.public_id}")


def alts(page):
    """What each photo of the page shows, once: the review has a large one behind each pair."""
    return list(dict.fromkeys(image.get("alt") for image in page.root.iter(f"{NS}img")))


SEEN = ["Cal Ortega, rest, 24 November 2026", "Cal Ortega, frown, 24 November 2026"]


def test_the_review_shows_small_photos_beside_each_other_and_each_opens_large(app, cast, sent):
    page = review(app, cast)

    shown = {image.get("src") for image in page.root.iter(f"{NS}img")}
    large = f"/photos/{photo(sent).public_id}"
    assert alts(page) == SEEN
    assert {large, f"{large}/small"} <= shown


def test_without_the_assessment_the_review_shows_none_and_the_record_still_does(app, cast, sent):
    services.withdraw(sent, Purpose.ASSESSMENT, actor=TESTER)

    assert alts(review(app, cast)) == []
    assert alts(record_page(app, cast)) == SEEN


def test_without_the_record_the_record_shows_none_and_the_review_still_does(app, cast, sent):
    services.withdraw(sent, Purpose.RECORD, actor=TESTER)

    assert alts(record_page(app, cast)) == []
    assert alts(review(app, cast)) == SEEN


def test_in_an_emergency_the_photos_of_the_record_are_there(app, cast, sent):
    eli = factories.staff_actor(cast.eli_user, cast.eli)
    screening.open_in_emergency(cast.cal, "It can't wait.", actor=eli)

    page = Person(app).sign_in(cast.eli_user).get(f"/records/{cast.cal.public_id}")

    assert alts(page) == SEEN


# The patient's own page.


def own(app, cast):
    return by_code(app, cast.cal).get("/photos/")


def test_who_has_sent_no_photos_reads_so(app, cast):
    assert "There are no photos of you here" in own(app, cast).text


def test_ones_own_page_shows_photos_and_each_yes_with_a_way_back(app, cast, sent):
    page = own(app, cast)

    assert alts(page) == [
        "Your photo: Face at rest, 24 November 2026",
        "Your photo: Frown, 24 November 2026",
    ]
    for purpose in Purpose:
        assert f"/photos/forms/{sent.public_id}/{purpose}" in page.links().values()


def test_my_visits_leads_to_ones_own_photos(app, cast, sent):
    page = by_code(app, cast.cal).get("/visits").follow("Your photos")

    assert page.heading == "Your photos"


@pytest.mark.parametrize(
    ("before", "purpose", "promise"),
    [
        ((), Purpose.ASSESSMENT, "They stay in your medical record"),
        ((), Purpose.RECORD, "As soon as the decision is signed, they are erased"),
        ((), Purpose.TEACHING, "Nobody at the clinic may use the photos for teaching"),
        ((Purpose.RECORD,), Purpose.ASSESSMENT, "erased for good"),
    ],
)
def test_what_taking_a_yes_back_does_is_said_before_it_is_done(
    app, cast, sent, before, purpose, promise
):
    for earlier in before:
        services.withdraw(sent, earlier, actor=TESTER)
    cal = by_code(app, cast.cal)

    asked = cal.get(f"/photos/forms/{sent.public_id}/{purpose}")
    assert promise in asked.text
    assert purpose in queries.purposes_of(sent.id)
    asked.form("Take it back").press("Take it back")

    db.session.rollback()
    assert purpose not in queries.purposes_of(sent.id)


def test_after_the_decision_taking_the_record_back_erases_and_says_so(app, cast, sent):
    visit = db.session.scalars(db.select(factories.Appointment)).first()
    factories.sign(visit, cast.ana_user, cast.ana)
    cal = by_code(app, cast.cal)

    asked = cal.get(f"/photos/forms/{sent.public_id}/record")
    done = asked.form("erase the photos").press("Take it back and erase the photos")

    assert "The photos are erased." in done.text
    assert "Erased on 24 November 2026" in done.text
    assert queries.photos_of(sent.id) == {}


def test_an_unknown_purpose_or_one_taken_back_leads_to_ones_own_page(app, cast, sent):
    services.withdraw(sent, Purpose.TEACHING, actor=TESTER)
    cal = by_code(app, cast.cal)

    for purpose in ("teaching", "advertising"):
        assert cal.get(f"/photos/forms/{sent.public_id}/{purpose}").heading == "Your photos"


def test_nobody_takes_a_yes_of_somebody_else_back(app, cast, sent):
    path = f"/photos/forms/{sent.public_id}/record"

    by_code(app, cast.dee).get(path, status=404)
    Person(app).sign_in(cast.ana_user).get(path, status=403)
    factories.make_account(cast.cal)
    by_code(app, cast.cal).get(path, status=404)  # a code does not open an account's record


def test_a_broken_photo_is_an_error_and_audited_never_an_empty_picture(app, cast, sent):
    with transaction():
        sent.data_key.wrapped = cast.dee.data_key.wrapped

    assert status(by_code(app, cast.cal), sent) == 500

    events = [row.event for row in db.session.query(AuditEvent)]
    assert Event.SEAL_BROKEN in events
