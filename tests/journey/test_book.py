"""Booking: somebody new, somebody known, a treatment; found, refused, told."""

from datetime import date

import pytest

from clinic.accounts.models import Patient
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import book
from clinic.journey.book import GateClosed, Newcomer
from clinic.notices.models import Message
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken
from clinic.treatment import queries as treatment
from clinic.treatment import services as approvals
from clinic.treatment.rules import Reason
from tests.factories import (
    ANSWERS,
    TESTER,
    at,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    make_visitor,
    sign,
)

BORN = date(1990, 3, 2)
ELEVEN = at(24, 11)


@pytest.fixture
def browser(app):
    return make_visitor()


@pytest.fixture
def book_first(cast, browser):
    """The last press of a first booking: form and time are there, the address is proved."""

    def make(name="Nia Roth", email="nia@example.org", born_on=BORN, document=ANSWERS):
        draft = intakes.start(browser, born_on, actor=TESTER)
        intakes.save(draft, "all", document, actor=TESTER)
        held = book.hold(
            cast.service("consultation"),
            cast.ana.actor_id,
            ELEVEN,
            visitor=browser,
            actor=TESTER,
        )
        newcomer = Newcomer(name, email, "020 7946 0999")
        return book.first_consultation(held, draft, newcomer, browser, actor=TESTER)

    return make


def count(model):
    return db.session.scalar(db.select(db.func.count(model.id)))


# Somebody new.


def test_a_first_booking_makes_the_record_sends_the_form_and_books(cast, browser, book_first):
    visit = book_first()

    patient = visit.patient
    form = db.session.scalars(db.select(Intake)).one()
    assert (patient.name, patient.email, patient.born_on) == ("Nia Roth", "nia@example.org", BORN)
    assert patient.email_proved_at is not None
    assert (visit.status, form.patient_id) == (S.BOOKED, patient.id)
    assert form.submitted_at is not None
    assert browser.patient_id == patient.id


def test_the_key_of_the_draft_becomes_the_patients_key(book_first):
    visit = book_first()

    form = db.session.scalars(db.select(Intake)).one()
    assert form.data_key_id == visit.patient.data_key_id
    assert form.document["words"]["change"] == "I look cross in photos."


def test_somebody_known_by_address_birth_date_and_name_is_found_again(book_first):
    known = make_patient(name="Nía  ROTH", email="nia@example.org")

    visit = book_first()

    assert visit.patient.id == known.id
    form = db.session.scalars(db.select(Intake)).one()
    assert form.document["words"]["change"] == "I look cross in photos."


def test_P2_a_relative_with_the_same_address_gets_a_record_of_their_own(book_first):
    relative = make_patient(name="Nia Roth", email="nia@example.org", born_on=date(1964, 1, 1))

    visit = book_first()

    assert visit.patient.id != relative.id
    assert visit.patient.possible_duplicate_of is None


def test_P2_the_same_name_and_birth_date_at_another_address_never_mix(book_first):
    other = make_patient(name="Nia Roth", email="other@example.org")

    visit = book_first()

    assert visit.patient.id != other.id
    assert visit.patient.possible_duplicate_of is None


def test_another_name_at_the_same_address_and_birth_date_is_shown_as_a_possible_duplicate(
    book_first,
):
    known = make_patient(name="Nia Roth-Klein", email="nia@example.org")

    visit = book_first()

    assert visit.patient.id != known.id
    assert visit.patient.possible_duplicate_of.id == known.id


def test_two_records_that_fit_make_a_third(book_first):
    twins = [make_patient(name="Nia Roth", email="nia@example.org") for _one in range(2)]

    visit = book_first()

    assert visit.patient.id not in [twin.id for twin in twins]
    assert visit.patient.possible_duplicate_of.id == twins[0].id


def test_an_unfinished_form_books_nothing_and_leaves_nothing(cast, book_first):
    before = count(Patient)

    with pytest.raises(intakes.Unfinished) as lacking:
        book_first(document={**ANSWERS, "concerns": []})

    assert lacking.value.pages == ["where"]
    assert count(Patient) == before
    assert db.session.scalars(db.select(Appointment.status)).all() == [S.PROPOSED]


def test_C1_when_the_time_is_gone_neither_record_nor_form_nor_mail_stays(cast, book_first, travel):
    before = count(Patient)
    known = make_patient(name="Nia Roth", email="nia@example.org")
    make_visit(known, cast.eli, cast.service("consultation"), at(24, 11, 20))

    with pytest.raises(SlotTaken):
        book_first()

    assert count(Patient) == before + 1
    assert db.session.scalars(db.select(Intake.submitted_at)).all() == [None]
    assert db.session.scalars(db.select(Message.to)).all() == ["nia@example.org"]  # the other visit


def test_a_booking_is_told_by_mail(book_first):
    visit = book_first()

    told = db.session.scalars(db.select(Message)).one()
    assert (told.kind, told.to, told.appointment_id) == ("booked", "nia@example.org", visit.id)


def test_without_an_address_nobody_is_told_and_the_visit_is_booked(cast):
    caller = make_patient(email=None)

    visit = make_visit(caller, cast.ana, cast.service("consultation"), ELEVEN)

    assert visit.status == S.BOOKED
    assert db.session.scalars(db.select(Message)).all() == []


def test_somebody_known_sends_a_changed_form_along(cast):
    first = make_intake(cast.cal)
    draft = intakes.start_for(cast.cal, actor=TESTER)
    held = _held(cast, patient=cast.cal)

    book.confirm(held, cast.cal, actor=TESTER, draft=draft)

    assert draft.submitted_at is not None
    assert draft.supersedes_id == first.id


def _held(cast, kind="consultation", moment=ELEVEN, patient=None, who=None):
    return book.hold(
        cast.service(kind),
        (who or cast.ana).actor_id,
        moment,
        visitor=make_visitor(),
        actor=TESTER,
        patient=patient,
    )


# Treatments.


def test_a_treatment_is_booked_on_the_approval_that_carries_it(cast):
    note = make_approval(cast)

    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    assert visit.approval.note_id == note.id


def test_a_colleague_may_inject_what_a_physician_approved(cast):
    make_approval(cast)

    visit = make_visit(cast.cal, cast.eli, cast.service("toxin"), at(26, 10))

    assert visit.status == S.BOOKED


@pytest.mark.parametrize(
    ("kind", "moment", "reasons"),
    [
        ("filler", at(26, 10), [Reason.NOT_COVERED]),
        ("combined", at(26, 10), [Reason.NOT_COVERED]),
        ("toxin", at(24, 12), [Reason.COOLING_OFF]),
        ("toxin", at(25, 10, month=5, year=2027), [Reason.NOT_IN_FORCE]),
    ],
)
def test_outside_the_approval_nothing_is_held(cast, kind, moment, reasons):
    make_approval(cast)
    before = count(Appointment)

    with pytest.raises(GateClosed) as refused:
        _held(cast, kind, moment, cast.cal)

    assert refused.value.reasons == reasons
    assert count(Appointment) == before


def test_without_an_approval_nothing_is_held(cast):
    with pytest.raises(GateClosed) as refused:
        _held(cast, "toxin", at(26, 10), cast.cal)

    assert refused.value.reasons == [Reason.NO_CONSULTATION, Reason.NO_APPROVAL]


def test_an_approval_of_somebody_else_opens_nothing(cast):
    make_approval(cast)

    with pytest.raises(GateClosed) as refused:
        _held(cast, "toxin", at(26, 10), cast.dee)

    assert refused.value.reasons == [Reason.NO_CONSULTATION, Reason.NO_APPROVAL]


def test_a_treatment_for_nobody_known_is_not_held(cast):
    with pytest.raises(GateClosed):
        _held(cast, "toxin", at(26, 10))


def test_a_follow_up_needs_no_approval(cast):
    assert make_visit(cast.cal, cast.ana, cast.service("follow-up"), ELEVEN).status == S.BOOKED


def test_an_approval_withdrawn_between_hold_and_booking_refuses_the_booking(cast):
    make_approval(cast)
    held = _held(cast, "toxin", at(26, 10), cast.cal)
    approvals.withdraw(treatment.approvals_of(cast.cal.id)[0], "New medicine.", actor=TESTER)

    with pytest.raises(GateClosed) as refused:
        book.confirm(held, cast.cal, actor=TESTER)

    assert refused.value.reasons == [Reason.WITHDRAWN]
    db.session.refresh(held)
    assert held.status == S.PROPOSED


def test_an_approval_replaced_between_hold_and_booking_carries_the_visit_on(cast):
    make_approval(cast)
    held = _held(cast, "toxin", at(26, 10), cast.cal)
    again = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 12))
    note = sign(again, cast.ana_user, cast.ana)

    done = book.confirm(held, cast.cal, actor=TESTER)

    assert (done.status, done.approval.note_id) == (S.BOOKED, note.id)


def test_a_refusal_is_written_down_with_its_codes(cast):
    book.note_refusal(cast.service("toxin"), cast.cal, [Reason.NO_APPROVAL], actor=TESTER)
    db.session.rollback()

    written = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == "booking:refused")
    ).one()
    assert (written.patient_id, written.result) == (cast.cal.id, "refused")
    assert written.facts == {"service": "toxin", "reasons": ["no-approval"]}


@pytest.mark.parametrize("kind", ["consultation", "follow-up"])
def test_nobody_under_18_on_the_day_of_the_visit_is_booked(cast, kind):
    with transaction():
        cast.dee.born_on = date(2008, 11, 25)

    with pytest.raises(GateClosed, match="under-18"):
        _held(cast, kind, at(24, 11), cast.dee)
    assert _held(cast, kind, at(25, 11), cast.dee).status == S.PROPOSED
