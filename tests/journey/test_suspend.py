"""A changed form pauses what was approved on other answers, and nothing else (e.4, G4, G5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic.audit.models import AuditEvent
from clinic.catalogue.rules import MODALITIES
from clinic.database import db, transaction
from clinic.frontdesk import queries as desk
from clinic.journey import check_in, submit, withdraw
from clinic.journey.book import GateClosed
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.rules import Level, ScopeModality, Topic
from clinic.screening.rules.flags import Flag, Scope
from clinic.treatment import queries as treatment
from clinic.treatment.models import ApprovalEventKind
from clinic.treatment.rules import ApprovalState, Reason, Wish
from tests.factories import ANSWERS, TESTER, at, make_approval, make_intake, make_visit, sign
from tests.full_record import CLINICAL, found_in

MOMENT = at(26, 10)
NEW = (MessageKind.PAUSED, MessageKind.FORM_CHANGED)
FILLER = {"modality": "filler", "toxin_areas": [], "filler_areas": ["lips"], "filler_ceiling": "1"}


@pytest.fixture
def treated(cast):
    """Cal's treatment on Thursday at ten, booked on Ana's approval of forehead and frown lines."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)


def approval_of(patient):
    db.session.rollback()
    return treatment.approvals_of(patient.id)[0]


def state(patient):
    return treatment.state_of(approval_of(patient))


def letters_about_it():
    db.session.rollback()
    found = db.select(Message).where(Message.kind.in_(NEW)).order_by(Message.id)
    return [(m.kind, m.to) for m in db.session.scalars(found)]


def assert_paused_with_everything_kept(cast, visit, travel):
    """What G4 asks for: paused, the visit flagged and kept, both told, no way past the door."""
    approval = approval_of(cast.cal)
    assert treatment.state_of(approval) == ApprovalState.SUSPENDED
    db.session.refresh(visit)
    assert (visit.status, visit.approval_id) == (S.BOOKED, approval.id)
    (line,) = desk.day_sheet(visit.starts_on).lines
    assert line.needs_renewal
    assert letters_about_it() == [
        (MessageKind.PAUSED, "cal@example.org"),
        (MessageKind.FORM_CHANGED, "ana@halden.example"),
    ]
    travel(MOMENT)
    with pytest.raises(GateClosed) as refused:
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert Reason.SUSPENDED in refused.value.reasons


def test_G4_pregnancy_reported_pauses_the_approval(cast, treated, travel):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    assert approval_of(cast.cal).events[-1].reason == (
        "answers: pregnancy; absolute flags: pregnancy"
    )
    assert_paused_with_everything_kept(cast, treated, travel)


def test_G4_a_new_anticoagulant_pauses_the_approval(cast, treated, travel):
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "warfarin"}})

    assert approval_of(cast.cal).events[-1].reason == "answers: blood-thinners"
    assert_paused_with_everything_kept(cast, treated, travel)


def test_G4_a_new_neuromuscular_disease_pauses_the_approval(cast, treated, travel):
    make_intake(cast.cal, answers={"neuromuscular-disease": {"value": "yes"}})

    assert approval_of(cast.cal).events[-1].reason == (
        "answers: neuromuscular-disease; absolute flags: neuromuscular-disease"
    )
    assert_paused_with_everything_kept(cast, treated, travel)


@pytest.mark.parametrize(
    "answers",
    [
        {"pregnancy": {"value": "not-sure"}},
        {"breastfeeding": {"value": "yes"}},
        {"infection-at-site": {"value": "yes", "areas": ["forehead"]}},
        {"recent-toxin": {"value": "yes", "session": {"date": "2026-11-01"}}},
    ],
)
def test_any_other_answer_pauses_it_too(cast, treated, answers):
    make_intake(cast.cal, answers=answers)

    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_another_blood_thinner_is_another_answer(cast):
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "aspirin"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana)

    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": " Aspirin"}})
    assert state(cast.cal) == ApprovalState.IN_FORCE

    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "warfarin"}})
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_what_is_said_of_an_approved_area_pauses_it(cast, treated):
    row = {"area": "forehead", "in_motion": True, "at_rest": True, "fws": 3, "how": "deep"}
    make_intake(cast.cal, concerns=[row, ANSWERS["concerns"][1]])

    assert approval_of(cast.cal).events[-1].reason == "answers: area:forehead"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"words": {**ANSWERS["words"], "change": "I look tired.", "matters": "5"}},
        {"concerns": [*ANSWERS["concerns"], {"area": "lips", "volume": True, "how": "little"}]},
    ],
    ids=["the same", "own words", "a wish for one more area"],
)
def test_what_an_approval_does_not_rest_on_leaves_it_in_force(cast, treated, parts):
    make_intake(cast.cal, **parts)

    assert state(cast.cal) == ApprovalState.IN_FORCE
    assert treatment.gate(cast.cal).about(treated.approval_id, wish()) == []
    assert letters_about_it() == []


def wish():
    return Wish(MODALITIES["toxin"], MOMENT, MOMENT.date())


def test_every_approval_that_rests_on_the_answer_is_paused_and_one_letter_is_written(cast):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 12))
    sign(visit, cast.ana_user, cast.ana, **FILLER)

    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})

    states = [treatment.state_of(a) for a in treatment.approvals_of(cast.cal.id)]
    assert states == [ApprovalState.SUSPENDED, ApprovalState.SUSPENDED]
    assert len(letters_about_it()) == 2


def test_each_physician_who_approved_is_told(cast):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.eli, cast.service("consultation"), at(24, 12))
    sign(visit, cast.eli_user, cast.eli, **FILLER)

    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})

    told = [to for kind, to in letters_about_it() if kind == MessageKind.FORM_CHANGED]
    assert sorted(told) == ["ana@halden.example", "eli@halden.example"]


def test_where_the_physician_has_left_every_colleague_is_told(cast, treated):
    with transaction():
        cast.ana_user.active = False

    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    told = [to for kind, to in letters_about_it() if kind == MessageKind.FORM_CHANGED]
    assert told == ["eli@halden.example"]


def stricter(monkeypatch, level_of):
    """From now on the rules stop a modality for whoever answers no to the question of thinners."""
    told = submit.rules.evaluate

    def evaluate(case):
        found = told(case)
        flag = Flag(
            Topic.BLOOD_THINNERS, Level.ABSOLUTE, Scope(level_of), ("x = y",), "New rule.", "test"
        )
        return replace(found, flags=(*found.flags, flag))

    monkeypatch.setattr(submit.rules, "evaluate", evaluate)


@pytest.mark.parametrize(
    ("modality", "expected"),
    [
        ("toxin", ApprovalState.SUSPENDED),
        ("both", ApprovalState.SUSPENDED),
        ("filler", ApprovalState.IN_FORCE),
    ],
)
def test_a_new_absolute_flag_without_a_changed_answer_pauses_its_modality(
    cast, treated, monkeypatch, modality, expected
):
    stricter(monkeypatch, ScopeModality(modality))

    make_intake(cast.cal)

    assert state(cast.cal) == expected


def test_an_absolute_flag_that_the_physician_had_overruled_is_not_new(cast):
    answers = {"neuromuscular-disease": {"value": "yes"}}
    make_intake(cast.cal, answers=answers)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    overruled = {"neuromuscular-disease.absolute.toxin.any": "Old, harmless."}
    sign(visit, cast.ana_user, cast.ana, overruled=overruled)

    make_intake(cast.cal, answers=answers, words={**ANSWERS["words"], "fears": "None."})

    assert state(cast.cal) == ApprovalState.IN_FORCE


def test_an_approval_that_is_over_is_left_as_it_ended(cast, travel, treated):
    travel(at(30, 9, month=5, year=2027))

    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    assert (state(cast.cal), letters_about_it()) == (ApprovalState.IN_FORCE, [])


def test_what_was_withdrawn_or_paused_before_gets_no_second_event(cast, treated):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})
    make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})
    withdraw.approval(approval_of(cast.cal), cast.cal, "Pregnant.", actor=TESTER)
    make_intake(cast.cal)

    kinds = [event.kind for event in approval_of(cast.cal).events]
    assert kinds == [ApprovalEventKind.SUSPENDED, ApprovalEventKind.WITHDRAWN]


def test_a_new_decision_on_the_new_answers_carries_the_visit_on(cast, treated, travel):
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})
    consultation = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 9))
    travel(at(25, 9))
    sign(consultation, cast.ana_user, cast.ana)

    travel(MOMENT + timedelta(minutes=1))
    db.session.refresh(treated)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert treated.status == S.ARRIVED


def test_the_log_names_the_form_and_no_answer(cast, treated):
    sent = make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    written = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == "approval:suspended")
    ).one()
    assert (written.patient_id, written.facts) == (cast.cal.id, {"form": sent.public_id})
    assert written.actor == TESTER.label


@pytest.mark.parametrize("kind", NEW)
def test_the_letters_say_that_and_never_what(cast, treated, kind):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    message = db.session.scalars(db.select(Message).where(Message.kind == kind)).one()
    mail = letters.write(message)
    body = mail.get_body(("plain",)).get_content()
    assert found_in(f"{mail['Subject']}\n{body}", CLINICAL) == []
    assert "Cal" not in body
    assert "pregnan" not in body.lower()
    assert "http://localhost/" in body


@pytest.mark.parametrize("status", ["arrived", "in-room"])
def test_G1_the_database_itself_checks_nobody_in_on_a_paused_approval(
    cast, treated, travel, status
):
    travel(MOMENT)
    steps = {"arrived": [], "in-room": [S.ARRIVED]}[status]
    was = treated.status
    for step in steps:
        check_in.move(treated, was, step, actor=TESTER)
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    with pytest.raises(DBAPIError, match="truth 2"), transaction():
        db.session.execute(
            text("UPDATE appointment SET status = :status WHERE id = :id"),
            {"status": status, "id": treated.id},
        )


def test_G1_the_database_itself_stores_no_visit_on_a_paused_approval(cast, treated):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    kept = (
        "service_id, location_id, patient_id, approval_id, starts_at, ends_at, starts_on, status,"
        " version, status_at, status_by"
    )
    with pytest.raises(DBAPIError, match="truth 2"), transaction():
        db.session.execute(
            text(
                f"INSERT INTO appointment (public_id, {kept})"
                f" SELECT 'another', {kept} FROM appointment WHERE id = :id"
            ),
            {"id": treated.id},
        )


def test_nothing_is_paused_where_the_form_is_not_sent(cast, treated, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the post is out of order")

    monkeypatch.setattr("clinic.journey.suspend.notices.queue", broken)

    with pytest.raises(RuntimeError):
        make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    assert state(cast.cal) == ApprovalState.IN_FORCE
