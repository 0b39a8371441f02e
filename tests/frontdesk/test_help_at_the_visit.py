"""What a patient asked for at the visit stands on the desk's page, and nothing else of the form."""

from tests.factories import at, make_intake, make_visit
from tests.full_record import CLINICAL, found_in

ASKED_FOR = {"preferred_name": "Kit", "interpreter": "yes", "language": "Portuguese"}


def desk_page(cast, signed_in, **parts):
    make_intake(cast.cal, **parts)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")


def test_the_desk_reads_what_it_has_to_prepare(cast, signed_in):
    page = desk_page(cast, signed_in, visit=ASKED_FOR)

    assert "To prepare" in page.text
    assert "Portuguese" in page.text
    assert "Kit" in page.text


def test_the_desk_reads_nothing_else_of_the_form(cast, signed_in):
    answers = {"pregnancy": {"value": "yes", "note": "Seven weeks"}}

    page = desk_page(cast, signed_in, visit={**ASKED_FOR, "other": "secret"}, answers=answers)

    assert found_in(page.html, ("Seven weeks", "secret", "I look cross", *CLINICAL[:5])) == []


def test_nothing_asked_for_shows_nothing(cast, signed_in):
    assert "To prepare" not in desk_page(cast, signed_in).text
