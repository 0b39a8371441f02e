"""A physician reads what changed and lets the approval go on (e.4, condition 8)."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from clinic.accounts.models import Credential
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.frontdesk import queries as desk
from clinic.journey import check_in, resume, withdraw
from clinic.journey.decide import FormChanged, NotLicensed, OwnPatient
from clinic.journey.resume import Stopped
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.rules import Modality
from clinic.treatment import paused
from clinic.treatment import queries as treatment
from clinic.treatment.models import ApprovalEvent, ApprovalEventKind
from clinic.treatment.rules import ApprovalState, Reason, Wish
from clinic.treatment.services import AlreadyEnded, NotPaused
from tests.factories import (
    ANSWERS,
    TESTER,
    at,
    make_approval,
    make_intake,
    make_visit,
    sign,
    staff_actor,
)
from tests.full_record import CLINICAL, found_in

MOMENT = at(26, 10)
TODAY = date(2026, 11, 24)
THINNER = {"blood-thinners": {"value": "yes", "note": "aspirin"}}
WEAK = {"neuromuscular-disease": {"value": "yes"}}
OVERRULED = {"neuromuscular-disease.absolute.toxin.any": "Old, harmless."}


@pytest.fixture
def treated(cast):
    """Cal's treatment on Thursday at ten, booked on Ana's approval of forehead and frown lines."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)


@pytest.fixture
def ana(cast):
    return staff_actor(cast.ana_user, cast.ana)


def approval_of(patient):
    db.session.rollback()
    return treatment.approvals_of(patient.id)[0]


def go_on(cast, form, actor, reason="Low dose."):
    resume.approval(approval_of(cast.cal), cast.cal, form.public_id, reason, actor=actor)


def state(patient):
    return treatment.state_of(approval_of(patient))


def wish():
    return Wish(frozenset({Modality.TOXIN}), MOMENT, MOMENT.date())


def reasons(cast, visit):
    db.session.rollback()
    return treatment.gate(cast.cal).about(visit.approval_id, wish())


def told(kind=MessageKind.RESUMED):
    db.session.rollback()
    return db.session.scalars(
        db.select(Message).where(Message.kind == kind).order_by(Message.id)
    ).all()


def test_a_resumed_approval_carries_its_visit_through_the_door_again(cast, treated, ana, travel):
    form = make_intake(cast.cal, answers=THINNER)
    assert set(reasons(cast, treated)) == {Reason.SUSPENDED, Reason.INTAKE_CHANGED}

    go_on(cast, form, ana)

    assert reasons(cast, treated) == []
    (line,) = desk.day_sheet(treated.starts_on).lines
    assert not line.needs_renewal
    travel(MOMENT)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert treated.status == S.ARRIVED


def test_the_event_keeps_the_form_the_physician_the_day_and_the_reason(cast, treated, ana):
    form = make_intake(cast.cal, answers=THINNER)

    go_on(cast, form, ana, "Aspirin is no reason against it.")

    event = approval_of(cast.cal).events[-1]
    assert (event.kind, event.intake_id) == (ApprovalEventKind.RESUMED, form.id)
    assert (event.practitioner_id, event.resumed_on) == (cast.ana.id, TODAY)
    assert event.reason == "Aspirin is no reason against it."


def test_the_patient_is_told_once_and_not_what(cast, treated, ana):
    go_on(cast, make_intake(cast.cal, answers=THINNER), ana)

    (message,) = told()
    assert message.to == "cal@example.org"
    mail = letters.write(message)
    body = mail.get_body(("plain",)).get_content()
    assert found_in(f"{mail['Subject']}\n{body}", CLINICAL) == []
    assert "http://localhost/visits" in body


def test_the_log_names_the_form_and_no_answer(cast, treated, ana):
    form = make_intake(cast.cal, answers=THINNER)

    go_on(cast, form, ana)

    found = db.select(AuditEvent).where(AuditEvent.event == "approval:resumed")
    written = db.session.scalars(found).one()
    assert (written.patient_id, written.facts) == (cast.cal.id, {"form": form.public_id})
    assert written.actor == ana.label


# What it rests on from then on.


def test_the_form_that_was_read_is_the_one_that_later_ones_are_compared_with(cast, treated, ana):
    go_on(cast, make_intake(cast.cal, answers=THINNER), ana)

    make_intake(cast.cal, answers=THINNER)
    assert (state(cast.cal), reasons(cast, treated)) == (ApprovalState.IN_FORCE, [])

    make_intake(cast.cal)
    assert state(cast.cal) == ApprovalState.SUSPENDED
    assert approval_of(cast.cal).events[-1].reason == "answers: blood-thinners"


def test_each_resumption_moves_it_on_to_the_newest_form(cast, treated, ana):
    go_on(cast, make_intake(cast.cal, answers=THINNER), ana)
    last = make_intake(cast.cal, answers={"breastfeeding": {"value": "no"}})

    go_on(cast, last, ana)

    approval = approval_of(cast.cal)
    assert approval.rests_on.id == last.id
    assert [event.kind for event in approval.events] == ["suspended", "resumed"] * 2


def test_one_of_two_paused_approvals_goes_on_and_the_other_waits(cast, treated, ana):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 12))
    filler = {"modality": "filler", "toxin_areas": [], "filler_areas": ["lips"]}
    sign(visit, cast.ana_user, cast.ana, **filler, filler_ceiling="1")
    form = make_intake(cast.cal, answers=THINNER)

    go_on(cast, form, ana)

    approvals = treatment.approvals_of(cast.cal.id)
    states = {a.scopes[0].modality: treatment.state_of(a) for a in approvals}
    assert states == {"filler": ApprovalState.IN_FORCE, "toxin": ApprovalState.SUSPENDED}


def test_a_colleague_in_care_may_resume_it_under_their_own_name(cast, treated):
    form = make_intake(cast.cal, answers=THINNER)

    go_on(cast, form, staff_actor(cast.eli_user, cast.eli))

    assert approval_of(cast.cal).events[-1].practitioner.name == "Dr Eli Stone"


# What it may not go over.


@pytest.mark.parametrize(
    "answers", [{"pregnancy": {"value": "yes"}}, WEAK], ids=["pregnancy", "neuromuscular disease"]
)
def test_an_unresolved_absolute_flag_about_it_leaves_only_a_new_decision(
    cast, treated, ana, answers
):
    form = make_intake(cast.cal, answers=answers)
    (one,) = paused.changed([approval_of(cast.cal)], TODAY)
    assert [flag.topic for flag in one.stops] == list(answers)

    with pytest.raises(Stopped):
        go_on(cast, form, ana)

    assert state(cast.cal) == ApprovalState.SUSPENDED
    assert told() == []


@pytest.mark.parametrize(
    ("area", "stops"), [("forehead", True), ("glabella", True), ("lips", False)]
)
def test_a_flag_stops_an_approval_in_its_own_areas_and_not_one_area_beside(
    cast, treated, ana, area, stops
):
    form = make_intake(cast.cal, answers={"infection-at-site": {"value": "yes", "areas": [area]}})

    if stops:
        with pytest.raises(Stopped):
            go_on(cast, form, ana)
    else:
        go_on(cast, form, ana)

    assert state(cast.cal) == (ApprovalState.SUSPENDED if stops else ApprovalState.IN_FORCE)


@pytest.fixture
def overruled(cast):
    """Cal's approval, over an absolute flag that Ana overruled with a reason."""
    make_intake(cast.cal, answers=WEAK)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return sign(visit, cast.ana_user, cast.ana, overruled=OVERRULED)


def test_a_flag_that_was_overruled_when_it_was_approved_is_resolved(cast, overruled, ana):
    form = make_intake(cast.cal, answers={**WEAK, **THINNER})

    go_on(cast, form, ana)

    assert state(cast.cal) == ApprovalState.IN_FORCE


def test_what_was_overruled_was_overruled_for_the_answer_it_had(cast, overruled, ana):
    told_more = {"neuromuscular-disease": {"value": "yes", "note": "It has come back."}}
    form = make_intake(cast.cal, answers=told_more)

    with pytest.raises(Stopped):
        go_on(cast, form, ana)


def test_an_approval_that_was_withdrawn_stays_so(cast, treated, ana):
    form = make_intake(cast.cal, answers=THINNER)
    withdraw.approval(approval_of(cast.cal), cast.cal, "No more.", actor=TESTER)

    with pytest.raises(AlreadyEnded):
        go_on(cast, form, ana)


def test_an_approval_that_a_new_decision_replaced_stays_so(cast, treated, ana):
    form = make_intake(cast.cal, answers=THINNER)
    old = approval_of(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 12))
    sign(visit, cast.ana_user, cast.ana)

    with pytest.raises(AlreadyEnded):
        resume.approval(old, cast.cal, form.public_id, "Late.", actor=ana)


def test_what_is_not_paused_is_not_resumed(cast, treated, ana):
    form = make_intake(cast.cal, answers=THINNER)
    go_on(cast, form, ana)

    with pytest.raises(NotPaused):
        go_on(cast, form, ana)

    assert len(told()) == 1


@pytest.mark.parametrize(("day", "month", "is_over"), [(24, 5, False), (25, 5, True)])
def test_an_approval_is_resumed_on_its_last_day_and_not_the_day_after(
    cast, treated, ana, travel, day, month, is_over
):
    form = make_intake(cast.cal, answers=THINNER)
    travel(at(day, 9, month=month, year=2027))

    if is_over:
        with pytest.raises(NotPaused):
            go_on(cast, form, ana)
    else:
        go_on(cast, form, ana)

    assert state(cast.cal) == (ApprovalState.SUSPENDED if is_over else ApprovalState.IN_FORCE)


def test_a_form_sent_after_the_one_that_was_read_is_read_first(cast, treated, ana):
    read = make_intake(cast.cal, answers=THINNER)
    make_intake(cast.cal, answers={**THINNER, "breastfeeding": {"value": "yes"}})

    with pytest.raises(FormChanged):
        go_on(cast, read, ana)

    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_nobody_resumes_their_own_approval(cast, treated):
    form = make_intake(cast.cal, answers=THINNER)
    with transaction():
        cast.cal.user_id = cast.eli_user.id

    with pytest.raises(OwnPatient):
        go_on(cast, form, staff_actor(cast.eli_user, cast.eli))


@pytest.mark.parametrize(("until", "licensed"), [(TODAY, True), (TODAY - timedelta(1), False)])
def test_G3_nobody_resumes_without_a_licence_of_that_day(cast, treated, ana, until, licensed):
    form = make_intake(cast.cal, answers=THINNER)
    licence = db.select(Credential).where(
        Credential.practitioner_id == cast.ana.id, Credential.kind == "licence"
    )
    with transaction():
        db.session.scalars(licence).one().valid_until = until

    if licensed:
        go_on(cast, form, ana)
    else:
        with pytest.raises(NotLicensed):
            go_on(cast, form, ana)

    assert (state(cast.cal) == ApprovalState.IN_FORCE) is licensed


def test_G3_somebody_who_is_no_physician_resumes_nothing(cast, treated):
    form = make_intake(cast.cal, answers=THINNER)

    with pytest.raises(NotLicensed):
        go_on(cast, form, staff_actor(cast.bea))


def test_nothing_is_resumed_where_the_letter_is_not_written(cast, treated, ana, monkeypatch):
    form = make_intake(cast.cal, answers=THINNER)

    def broken(*_args, **_kwargs):
        raise RuntimeError("the post is out of order")

    monkeypatch.setattr("clinic.journey.resume.notices.queue", broken)
    with pytest.raises(RuntimeError):
        go_on(cast, form, ana)

    assert state(cast.cal) == ApprovalState.SUSPENDED


@pytest.mark.parametrize("missing", ["intake_id", "practitioner_id", "resumed_on"])
def test_the_database_itself_takes_no_resumption_that_says_less(cast, treated, missing):
    form = make_intake(cast.cal, answers=THINNER)
    approval = approval_of(cast.cal)
    signed = {"intake_id": form.id, "practitioner_id": cast.ana.id, "resumed_on": TODAY}

    with pytest.raises(DBAPIError, match="truth 3"), transaction():
        approval.events.append(
            ApprovalEvent(
                data_key=approval.data_key,
                kind=ApprovalEventKind.RESUMED,
                by="test",
                reason=None,
                **{**signed, missing: None},
            )
        )


def test_the_database_itself_takes_no_other_event_with_a_form(cast, treated):
    approval = approval_of(cast.cal)

    with pytest.raises(DBAPIError, match="resumed_on_a_form"), transaction():
        approval.events.append(
            ApprovalEvent(
                data_key=approval.data_key,
                kind=ApprovalEventKind.SUSPENDED,
                by="test",
                reason=None,
                intake_id=approval.note.intake_id,
            )
        )


def test_own_words_changed_on_top_of_a_new_answer_are_read_with_it(cast, treated, ana):
    words = {**ANSWERS["words"], "fears": "None."}
    form = make_intake(cast.cal, answers=THINNER, words=words)

    go_on(cast, form, ana)
    make_intake(cast.cal, answers=THINNER)

    assert state(cast.cal) == ApprovalState.IN_FORCE
