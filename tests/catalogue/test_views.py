"""The manager's page: staff, services with prices, rooms, hours; nothing clinical."""

import pytest

from tests.full_record import CLINICAL, WHO, found_in, make_full_record


@pytest.fixture
def page(cast, signed_in):
    return signed_in(cast.max).get("/manage/")


@pytest.mark.parametrize(
    "words",
    [
        "14 Orchard Row, 020 7946 0123, London time",
        "Dr Ana Silvaana@halden.example",
        "PhysicianFiller until 31 December 2030",
        "Bea Lundbea@halden.exampleFront desk",
        "Max Meyermax@halden.exampleManager",
        "Consultation301 h£60",
        "Combined treatment75 minutes: filler 45, then Botox 30751 h£520",
        "Follow-up201 h£0",
        "Room 1: combined, consultation, filler, follow-up, Botox",
        "Wednesday8 am to 8 pm",
        "Public pages sayBotox",
        "Regulatornone",
    ],
)
def test_the_manager_sees_staff_services_rooms_and_hours(page, words):
    assert words in page.text


def test_credentials_stand_with_their_last_day_and_only_where_there_are_some(page):
    text = page.text
    ana, eli = text.index("Dr Ana Silva"), text.index("Dr Eli Stone")

    assert "Filler until 31 December 2030" in text[ana:eli]
    assert "Filler until" not in text[eli : text.index("Max Meyer")]


def test_the_manager_lands_there_after_signing_in(cast, signed_in):
    assert signed_in(cast.max).get("/welcome").path == "/manage/"


def test_nothing_of_a_record_and_no_patient_stands_there(cast, signed_in):
    make_full_record(cast)

    page = signed_in(cast.max).get("/manage/")

    assert found_in(page.html, [*CLINICAL, *WHO]) == []


def test_the_page_has_no_form_but_signing_out(page):
    assert [form.action for form in page.forms()] == ["/sign-out"]


@pytest.mark.parametrize("who", ["bea", "ana_user"])
def test_other_staff_do_not_open_it(cast, signed_in, who):
    signed_in(getattr(cast, who)).get("/manage/", status=403)
