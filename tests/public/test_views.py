"""What anybody reads without an account, and what a machine asks."""

import pytest
from sqlalchemy.exc import OperationalError

from clinic.database import db, transaction
from clinic.public.views import machines
from tests.factories import at, make_visit
from tests.visitor import Person


@pytest.fixture
def home(cast, anyone):
    return anyone.get("/")


# Home.


def test_home_says_what_the_clinic_does_and_that_a_physician_examines_first(home):
    assert home.heading == "Lines, hollows, sweating: examined first"
    assert "Nobody is injected here before a physician has examined them." in home.text
    assert "Why a consultation comes first" in home.text
    assert "an eyelid can droop" in home.text
    assert "Nothing is injected at this visit." in home.text


@pytest.mark.parametrize(
    "words",
    [
        "Consultation, 30 minutes£60",
        "Botox treatment, 30 minutesfrom £220",
        "Filler treatment, 45 minutesfrom £340",
        "Combined treatment, 75 minutesfrom £520",
        "Follow-up, 20 minutesincluded",
        "14 Orchard Row",
        "020 7946 0123",
        "Monday8 am to 8 pm",
        "Sunday8 am to 8 pm",
        "Dr Ana Silva",
        "Dr Eli Stone",
    ],
)
def test_home_names_prices_hours_address_and_physicians(home, words):
    assert words in home.text


def test_home_shows_the_next_free_times_of_each_physician_without_an_account(cast, home, anyone):
    day = "Tue 24 November, "
    free = f"{day}10:20 am{day}10:40 am{day}11:00 am"

    assert f"Dr Ana Silva {free}" in home.text
    assert f"Dr Eli Stone {free}" in home.text


def test_a_time_that_is_taken_is_not_shown_as_free(cast, anyone):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 10, 20))

    text = anyone.get("/").text

    ana = text[text.index("Dr Ana Silva") : text.index("Dr Eli Stone")]
    assert "10:20 am" not in ana
    assert "11:00 am" in ana


def test_a_physician_without_a_free_time_is_named_all_the_same(cast, anyone):
    with transaction():
        db.session.execute(
            db.text("UPDATE schedule SET valid_until = '2026-11-01' WHERE practitioner_id = :id"),
            {"id": cast.ana.id},
        )

    text = anyone.get("/").text

    assert "No free time in the next weeks. Call us." in text
    assert "Dr Ana Silva" in text


def test_home_has_one_action_which_is_to_book_a_consultation(home):
    actions = {href for text, href in home.links().items() if "Book" in text}

    assert len(actions) == 1
    assert home.follow("Book a consultation").path.startswith("/intake")
    assert "/book/" not in home.html


def test_home_of_a_day_off_says_closed(cast, anyone):
    with transaction():
        db.session.execute(db.text("DELETE FROM opening_hours WHERE weekday = 6"))

    assert "Sundayclosed" in anyone.get("/").text


# Help.


def test_help_says_when_to_call_an_ambulance_and_how_to_reach_the_clinic(cast, anyone):
    page = anyone.get("/").follow("Help")

    assert "Call an ambulance at once" in page.text
    assert "trouble seeing, breathing, swallowing or speaking" in page.text
    assert page.links()["020 7946 0123"] == "tel:02079460123"
    assert page.links()["desk@halden.example"] == "mailto:desk@halden.example"
    assert page.follow("Open my visits").heading == "Open my visits"


# A database without a clinic.


@pytest.mark.parametrize("path", ["/", "/book/consultation"])
def test_before_the_clinic_is_set_up_the_page_says_how(app, path):
    page = Person(app).get(path, status=503)

    assert "This clinic is not set up yet." in page.text
    assert "flask create-clinic FILE" in page.text


# Machines.


def test_healthz_answers_as_long_as_the_process_lives(app, anyone, monkeypatch):
    monkeypatch.setattr(db.session, "connection", _away)

    response = anyone.send("GET", "/healthz")

    assert (response.status_code, response.json) == (200, {"alive": True})


def test_readyz_is_ready_with_a_migrated_database(app, anyone):
    response = anyone.send("GET", "/readyz")

    assert (response.status_code, response.json) == (200, {"ready": True})


def test_readyz_is_not_ready_before_the_newest_migration(app, anyone, monkeypatch):
    monkeypatch.setattr(machines, "_head", lambda: "a-later-revision")

    response = anyone.send("GET", "/readyz")

    assert (response.status_code, response.json["ready"]) == (503, False)
    assert response.json["because"] == "the database is not migrated"


@pytest.fixture
def unmarked(app):
    """The mark of the migrations is gone; it comes back afterwards, because emptying keeps it."""
    mark = db.session.scalar(db.text("SELECT version_num FROM alembic_version"))
    write("DELETE FROM alembic_version")
    yield
    write("INSERT INTO alembic_version VALUES (:mark)", mark=mark)


def write(statement: str, **values: object) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(db.text(statement), values)


def test_readyz_is_not_ready_in_a_database_that_was_never_migrated(unmarked, anyone):
    response = anyone.send("GET", "/readyz")

    assert response.status_code == 503
    assert response.json["because"] == "the database is not migrated"


def test_readyz_is_not_ready_while_the_database_is_away(app, anyone, monkeypatch):
    monkeypatch.setattr(db.session, "connection", _away)

    response = anyone.send("GET", "/readyz")

    assert response.status_code == 503
    assert response.json == {"ready": False, "because": "the database does not answer"}


def _away(*_args: object, **_more: object) -> None:
    raise OperationalError("SELECT 1", {}, Exception("away"))


def test_what_a_machine_is_told_names_no_address_or_version(app, anyone, monkeypatch):
    monkeypatch.setattr(db.session, "connection", _away)

    assert "sql" not in anyone.send("GET", "/readyz").get_data(as_text=True).lower()
