"""The manager's pages about two records of one person, and what others see of a link."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.accounts import same_person
from clinic.accounts.models import PatientLink, RoleRow
from clinic.database import db, transaction
from clinic.journey import merge
from clinic.permissions import Role
from tests.factories import (
    at,
    make_account,
    make_approval,
    make_patient,
    make_visit,
    sign,
    staff_actor,
)
from tests.full_record import CLINICAL, found_in, make_full_record

BECAUSE = "Came to the desk with a passport."


@pytest.fixture
def manager(cast, signed_in):
    return signed_in(cast.max)


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def twin(cast):
    return make_patient(
        name="Cal Ortegas", email="twin@example.org", possible_duplicate_of=cast.cal
    )


@pytest.fixture
def merged(cast):
    def put(replaced, kept):
        return merge.records(replaced, kept, BECAUSE, actor=staff_actor(cast.max))

    return put


def compare(person, kept, replaced):
    path = f"/manage/records/{kept.public_id}/compare?other={replaced.public_id}"
    return person.get(path)


def test_a_pair_that_the_desk_marked_is_put_together_and_taken_back(cast, manager, twin):
    page = manager.get("/manage/records").follow("Compare Cal Ortegas")
    assert "This record goes on" in page.text
    assert "For 30 days you can take it back" in page.text

    done = page.form("reason").set(reason=BECAUSE).press("Put them together")

    assert done.heading == "Cal Ortegas leads to Cal Ortega"
    assert BECAUSE in done.text
    assert "Max Meyer" in done.text
    assert same_person.kept(twin) == cast.cal

    apart = done.form("Take it back").press("Take it back")

    assert apart.heading == "Cal Ortegas and Cal Ortega are two again"
    assert same_person.kept(twin) == twin


def test_the_search_finds_anybody_and_those_alike_come_first(cast, manager, twin):
    page = manager.get("/manage/records?q=novak").follow("Choose Dee Novak")
    page = manager.get(f"{page.path}?q=ortega")

    assert "Is this the same person as …?" in page.text
    assert "Compare Cal Ortega" in page.text
    assert "Cal Ortegas" in manager.get(f"/manage/records/{cast.cal.public_id}").text


def test_no_reason_no_merge(cast, manager, twin):
    page = compare(manager, cast.cal, twin).form("reason").press("Put them together", status=422)

    assert "Write how you know" in page.text
    assert same_person.kept(twin) == twin


def test_birth_dates_that_differ_are_said_aloud(cast, manager):
    other = make_patient(name="Cal Ortega", born_on=date(1990, 3, 20), email=None)

    assert "The birth dates differ" in compare(manager, cast.cal, other).text


def test_birth_dates_that_are_the_same_are_not(cast, manager, twin):
    assert "The birth dates differ" not in compare(manager, cast.cal, twin).text


def test_what_stands_against_it_is_said_with_the_way_out(cast, manager, twin):
    make_visit(twin, cast.ana, cast.service("consultation"), at(26, 10))

    page = compare(manager, cast.cal, twin)
    assert "A consultation on the record that would close is not decided yet" in page.text
    assert "Put them together" not in page.text

    page = page.follow("Keep the other record instead")
    assert page.form("reason").set(reason=BECAUSE).press("Put them together").heading == (
        "Cal Ortega leads to Cal Ortegas"
    )


def test_the_second_of_two_managers_is_told(cast, manager, twin, merged):
    page = compare(manager, cast.cal, twin)
    merged(twin, cast.cal)

    again = page.form("reason").set(reason=BECAUSE).press("Put them together", status=409)

    assert "A colleague may have put it together a moment ago" in again.text
    assert db.session.scalar(db.select(db.func.count()).select_from(PatientLink)) == 1


def test_who_takes_it_back_second_sees_that_it_is_done(cast, manager, twin, merged):
    link = merged(twin, cast.cal)
    page = manager.get(f"/manage/merges/{link.public_id}")
    merge.undo(link, actor=staff_actor(cast.max))

    again = page.form("Take it back").press("Take it back", status=409)

    assert again.heading == "Cal Ortegas and Cal Ortega are two again"


def test_after_thirty_days_there_is_no_way_back(cast, at_work, manager, twin, merged):
    link = merged(twin, cast.cal)
    at_work(link.linked_at + timedelta(days=31))

    page = manager.sign_in(cast.max).get(f"/manage/merges/{link.public_id}")

    assert "The 30 days are over" in page.text
    assert "Take it back" not in page.text


def test_a_closed_sign_in_is_refused_like_any_other_until_it_is_taken_back(
    app, cast, twin, merged, anyone
):
    make_account(cast.cal)
    make_account(twin)
    link = merged(twin, cast.cal)
    wrong = _sign_in(anyone, "nobody@example.org")

    assert _sign_in(anyone, "twin@example.org") == wrong

    merge.undo(link, actor=staff_actor(cast.max))
    assert _sign_in(anyone, "twin@example.org") != wrong


def _sign_in(person, email):
    """What the page says to the right password of an account."""
    from tests.factories import PASSWORD

    form = person.get("/sign-in").form("password").set(email=email, password=PASSWORD)
    answer = person.raw_post(form.action, form.fields)
    said = answer.get_data(as_text=True)
    return answer.status_code, "Wrong" in said, person.send("GET", "/visits").status_code


def test_the_desk_is_led_from_the_replaced_record_to_the_kept_and_reads_both(
    cast, bea, twin, merged
):
    visit = make_visit(twin, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana)
    merged(twin, cast.cal)

    found = bea.get("/desk/patients?q=ortegas")
    assert "Now in the record of Cal Ortega" in found.text

    page = bea.get(f"/desk/patients/{twin.public_id}")
    assert page.heading == "Cal Ortega"
    assert "Merged with the record of Cal Ortegas" in page.text
    assert "Consultation" in page.text
    assert "/manage/" not in page.html


def test_who_is_desk_and_manager_finds_the_way_from_the_patients_page(cast, signed_in, twin):
    with transaction():
        role = db.session.scalars(db.select(RoleRow).where(RoleRow.name == Role.MANAGER)).one()
        cast.bea.roles.append(role)

    page = signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}")

    assert page.follow("Is this the same person as").heading == "Is this the same person as …?"


def test_the_patient_reads_visits_and_decisions_of_both(cast, signed_in, twin, merged):
    note = make_approval(cast, twin)
    make_account(cast.cal)
    make_account(twin)
    merged(twin, cast.cal)
    cal = signed_in(cast.cal.user)

    visits = cal.get("/visits")

    assert note.public_id in visits.html
    assert cal.get(f"/decisions/{note.public_id}").heading
    assert cal.send("GET", f"/visits/{note.appointment.public_id}").status_code == 200


def test_without_the_link_the_patient_reads_nothing_of_the_other(cast, signed_in, twin):
    """The control."""
    note = make_approval(cast, twin)
    make_account(cast.cal)
    cal = signed_in(cast.cal.user)

    assert cal.send("GET", f"/decisions/{note.public_id}").status_code == 404
    assert cal.send("GET", f"/visits/{note.appointment.public_id}").status_code == 404


def test_a_new_decision_on_the_replaced_record_is_refused_with_words(cast, signed_in, twin, merged):
    visit = make_visit(twin, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana)
    ana = signed_in(cast.ana_user)
    page = ana.get(f"/reviews/{visit.public_id}")
    merged(twin, cast.cal)

    again = page.form("text").set(text="Later.").press("Save", status=409)

    assert "This record leads to another one" in again.text


def test_no_page_of_the_manager_holds_anything_clinical(cast, app, manager, told):
    record = told(lambda: make_full_record(cast))
    other = make_patient(name="Cal Ortega", email=None)
    pages = [
        compare(manager, other, cast.cal),
        compare(manager, cast.cal, other),
        manager.get(f"/manage/records/{cast.cal.public_id}"),
        manager.get("/manage/records?q=ortega"),
    ]

    assert record
    assert found_in("\n".join(page.html for page in pages), CLINICAL) == []


@pytest.mark.parametrize(
    "path", ["/manage/records", "/manage/records/{}", "/manage/records/{}/compare"]
)
def test_nobody_but_a_manager_gets_there(cast, bea, signed_in, path):
    for person in (bea, signed_in(cast.ana_user)):
        assert _status(person, path.format(cast.cal.public_id)) == 403


def _status(person, path):
    return person.send("GET", path).status_code
