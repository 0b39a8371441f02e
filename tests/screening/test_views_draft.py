"""The draft that a script saves: stored once for each change, never over somebody else's."""

import pytest

from clinic.accounts.models import KeptForm
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.screening import services
from tests.factories import at, make_intake, sign, staff_actor
from tests.screening.page import NOTE, address, draft_of, examined


@pytest.fixture
def save(ana, consultation):
    """Sends a form as the script does; its answer."""

    def send(form, status=200):
        answer = form.person.raw_post(f"{address(consultation)}/draft", form.fields)
        assert answer.status_code == status
        return answer.get_json()

    return send


def saves():
    db.session.rollback()
    found = db.select(AuditEvent).filter_by(event=Event.NOTE_SAVED).order_by(AuditEvent.id)
    return db.session.scalars(found).all()


def test_what_is_typed_is_stored_and_the_answer_says_when_and_as_which_version(
    page, consultation, save
):
    said = save(examined(page()))

    assert said == {"version": 1, "saved": "Saved 9:00 am"}
    draft = draft_of(consultation)
    assert (draft.text, draft.version, draft.findings["levator_left"]) == (NOTE, 1, "15")


def test_a_reload_takes_the_draft_up_again(ana, page, consultation, save):
    save(examined(page()))

    again = ana.get(address(consultation))

    assert NOTE in again.text
    assert "Saved 9:00 am" in again.text


def test_each_change_is_one_line_of_the_log_and_nothing_changed_is_none(page, save, at_work):
    form = examined(page())
    first = save(form)
    at_work(at(24, 9, 1))
    same = save(form.set(version=first["version"]))
    other = save(form.set(text="More."))

    assert (same, other) == (
        {"version": 1, "saved": "Saved 9:00 am"},
        {"version": 2, "saved": "Saved 9:01 am"},
    )
    assert [event.facts["version"] for event in saves()] == [1, 2]


def test_what_is_wrong_is_left_out_and_said(page, consultation, save):
    said = save(examined(page(), mrd1_right="abc"))

    assert said["saved"].startswith("Saved 9:00 am Not saved: ")
    draft = draft_of(consultation)
    assert "mrd1_right" not in draft.findings
    assert draft.findings["levator_left"] == "15"


@pytest.mark.parametrize("meanwhile", ["saved", "signed"])
def test_nobody_is_overwritten(cast, page, eli, consultation, save, meanwhile):
    form = examined(page())
    if meanwhile == "saved":
        services.take_review(cast.cal, actor=staff_actor(cast.eli_user, cast.eli))
        examined(eli.get(address(consultation)), text="Eli was here.").press("Save draft")
    else:
        sign(consultation, cast.eli_user, cast.eli)

    said = save(form, status=409)

    assert "saved meanwhile, by a colleague or in another window" in said["stopped"]
    draft = draft_of(consultation)
    assert (draft.text if draft else None) == ("Eli was here." if meanwhile == "saved" else None)


def test_two_windows_of_one_physician_do_not_overwrite_each_other(ana, page, consultation, save):
    left = examined(page(), text="Left.")
    right = examined(ana.get(address(consultation)), text="Right.")
    save(left)

    assert "in another window of yours" in save(right, status=409)["stopped"]
    assert draft_of(consultation).text == "Left."


def test_a_form_changed_meanwhile_loses_nothing_and_is_said(cast, page, consultation, save):
    form = examined(page())
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    assert "The patient has sent a changed form." in save(form)["saved"]
    assert draft_of(consultation).text == NOTE


def test_a_page_that_is_none_of_ours_stores_nothing(page, consultation, save):
    save(examined(page()).set(idempotency_key=None), status=409)

    assert draft_of(consultation) is None


def test_a_sign_in_that_ran_out_keeps_what_is_typed_for_the_whole_page(
    ana, page, consultation, travel
):
    form = examined(page())
    travel(at(24, 10))

    answer = ana.raw_post(f"{address(consultation)}/draft", form.fields)

    assert (answer.status_code, answer.location[:19]) == (303, "/sign-in?next=/kept")
    kept = db.session.scalars(db.select(KeptForm)).one()
    assert kept.path == address(consultation)  # the page's own address, not the script's
    assert ("text", NOTE) in kept.fields
