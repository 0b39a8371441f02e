"""Signing: what each decision stores, closes, tells; what a later one does."""

from datetime import date

import pytest

from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import queries
from clinic.screening.models import Decision
from clinic.screening.rules import RULE_VERSION
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import USUAL, at, make_approval, make_intake, make_visit, sign, walk

SAID = {
    Decision.APPROVE: {},
    Decision.ASK: {"question": "Which antibiotic was it?"},
    Decision.DEFER: {"defer_until": "2027-02-01", "defer_words": "After your pregnancy."},
    Decision.DECLINE: {"decline_words": "Filler would not help here."},
    Decision.REFER: {"refer_to": "Oculoplastic clinic", "refer_words": "Your eyelids first."},
}
HEALTH = ("antibiotic", "pregnancy", "filler", "botox", "toxin", "eyelid", "forehead", "approv")


@pytest.fixture
def consultation(cast):
    make_intake(cast.cal)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def decide(cast, consultation):
    def make(decision=Decision.APPROVE, **over):
        return sign(consultation, cast.ana_user, cast.ana, decision, **{**SAID[decision], **over})

    return make


def mails(patient):
    return db.session.scalars(
        db.select(Message).where(Message.patient_id == patient.id).order_by(Message.id)
    ).all()


@pytest.mark.parametrize("decision", Decision)
def test_each_decision_closes_the_note_and_the_visit(cast, consultation, decide, decision):
    note = decide(decision)

    assert (note.decision, note.is_signed, note.practitioner_id) == (decision, True, cast.ana.id)
    assert (note.signed_on, note.rule_version) == (date(2026, 11, 24), RULE_VERSION)
    assert note.text == "Examined and discussed."
    assert consultation.status == S.FULFILLED
    assert queries.draft_note(consultation) is None


@pytest.mark.parametrize("decision", Decision)
def test_only_an_approval_opens_the_gate(cast, decide, decision):
    decide(decision)

    given = treatment.approvals_of(cast.cal.id)

    assert len(given) == (decision == Decision.APPROVE)


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        (Decision.APPROVE, "decided"),
        (Decision.ASK, "question"),
        (Decision.DEFER, "decided"),
        (Decision.DECLINE, "decided"),
        (Decision.REFER, "decided"),
    ],
)
def test_the_patient_is_told_that_there_is_news_and_never_what(cast, decide, decision, kind):
    decide(decision)

    told = mails(cast.cal)[-1]
    written = letters.write(told)

    text = f"{written['Subject']} {written.get_content()}".lower()
    assert (told.kind, told.to) == (kind, "cal@example.org")
    assert [word for word in HEALTH if word in text] == []


def test_a_patient_without_an_address_is_decided_about_all_the_same(cast):
    from tests.factories import make_patient

    nobody = make_patient(email=None)
    visit = make_visit(nobody, cast.ana, cast.service("consultation"), at(24, 11))

    note = sign(visit, cast.ana_user, cast.ana)

    assert note.is_signed
    assert mails(nobody) == []


@pytest.mark.parametrize(
    ("decision", "kept"),
    [
        (Decision.ASK, {"question"}),
        (Decision.DEFER, {"defer_until", "defer_words"}),
        (Decision.DECLINE, {"decline_words"}),
        (Decision.REFER, {"refer_to", "refer_words"}),
    ],
)
def test_what_was_typed_for_another_decision_is_not_kept(decide, decision, kept):
    everything = {name: value for said in SAID.values() for name, value in said.items()}

    note = decide(decision, **everything, private="Only for colleagues.")

    assert set(note.decided) == kept | {"private"}


def test_an_approval_keeps_its_terms_and_nothing_of_the_other_decisions(decide):
    note = decide(question="Half a thought", decline_words="Half another")

    assert "question" not in note.decided
    assert "decline_words" not in note.decided
    assert note.decided["mitigations"] == ["away-from-levator"]
    assert note.decided["why"] == "Levator good, no compensation."


def test_the_findings_and_what_fired_are_kept_with_the_note(cast, consultation):
    findings = {**USUAL, "dermatochalasis": "moderate"}

    note = sign(consultation, cast.ana_user, cast.ana, findings=findings)

    assert note.findings["dermatochalasis"] == "moderate"
    assert (note.droop["rating"], note.droop["overruled_to"]) == ("moderate", None)
    assert [fired["rule"] for fired in note.droop["fired"]] == ["N5"]
    assert (note.droop["pattern"], note.droop["after_flags"]) == ("toxin", "toxin")


def test_an_overruled_rating_is_kept_beside_the_rules_own(cast, consultation):
    note = sign(
        consultation,
        cast.ana_user,
        cast.ana,
        findings={**USUAL, "dermatochalasis": "moderate"},
        rating_overruled="low",
        rating_because="Skin is lax, lids are not.",
        mitigations=[],
    )

    assert (note.droop["rating"], note.droop["overruled_to"]) == ("moderate", "low")
    assert note.droop["overruled_because"] == "Skin is lax, lids are not."


def test_G6_flags_are_kept_with_text_version_and_overruling(cast):
    make_intake(cast.cal, answers={"cows-milk-protein-allergy": {"value": "yes"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    key = "cows-milk-protein-allergy.absolute.toxin.abobotulinumtoxinA"

    note = sign(
        visit,
        cast.ana_user,
        cast.ana,
        toxin_product="abobotulinumtoxinA",
        overruled={key: "Tested negative in 2025."},
    )

    flag = next(f for f in note.flags if f.body["topic"] == "cows-milk-protein-allergy")
    assert (flag.level, flag.rule_version) == ("absolute", RULE_VERSION)
    assert flag.body["product"] == "abobotulinumtoxinA"
    assert flag.body["reason"] and flag.body["source"] and flag.body["raised_by"]
    assert flag.overruled_because == "Tested negative in 2025."


# The visit.


@pytest.mark.parametrize(
    "path", [[], [S.ARRIVED], [S.ARRIVED, S.IN_ROOM]], ids=["booked", "arrived", "in room"]
)
def test_signing_walks_the_visit_through_what_the_desk_forgot(consultation, decide, path):
    walk(consultation, *path)

    decide()

    steps = db.session.scalars(
        db.select(AuditEvent)
        .where(
            AuditEvent.event == "appointment:status",
            AuditEvent.subject == f"appointment:{consultation.public_id}",
        )
        .order_by(AuditEvent.id)
    ).all()
    assert consultation.status == S.FULFILLED
    assert [step.facts["now"] for step in steps] == ["arrived", "in-room", "fulfilled"]


# Later decisions.


def test_a_later_decision_is_a_new_note_on_the_same_consultation(cast, consultation, decide):
    first = decide(Decision.ASK)

    second = decide(version=queries.note_version(consultation))

    assert second.id != first.id
    assert second.appointment_id == first.appointment_id
    assert (first.decision, second.decision) == (Decision.ASK, Decision.APPROVE)
    assert first.decided["question"] == "Which antibiotic was it?"
    assert consultation.status == S.FULFILLED


def test_G9_a_later_approval_supersedes_and_leaves_the_first_as_it_was(cast, consultation, decide):
    decide()
    decide(version=queries.note_version(consultation), toxin_ceiling="20")

    newest, oldest = treatment.approvals_of(cast.cal.id)

    assert (newest.toxin_ceiling_units, oldest.toxin_ceiling_units) == (20, 40)
    assert treatment.state_of(newest) == ApprovalState.IN_FORCE
    assert treatment.state_of(oldest) == ApprovalState.SUPERSEDED


def test_a_colleague_may_decide_later_and_signs_with_their_own_name(cast, consultation, decide):
    decide(Decision.DEFER)

    note = sign(consultation, cast.eli_user, cast.eli, version=queries.note_version(consultation))

    assert note.practitioner_id == cast.eli.id
    assert treatment.approvals_of(cast.cal.id)[0].practitioner_id == cast.eli.id


def test_coming_visits_go_on_under_the_new_approval(cast, travel):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))
    again = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    travel(at(25, 11))

    note = sign(again, cast.ana_user, cast.ana, toxin_ceiling="20")

    assert visit.approval.note_id == note.id


@pytest.mark.parametrize(
    "over",
    [
        {"valid_until": "2026-11-26"},
        {
            "modality": "combined",
            "filler_areas": ["lips"],
            "filler_ceiling": "1",
            "valid_until": "2026-11-26",
        },
    ],
    ids=["too short", "too short, combined"],
)
def test_G5_a_visit_that_the_new_approval_does_not_cover_stays_on_the_old_one(cast, travel, over):
    first = make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))
    again = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    travel(at(25, 11))

    sign(again, cast.ana_user, cast.ana, **over)

    assert (visit.status, visit.approval.note_id) == (S.BOOKED, first.id)


def test_everything_that_signing_did_is_written_down_once(cast, consultation, decide):
    decide()

    found = db.session.scalars(
        db.select(AuditEvent.event)
        .where(AuditEvent.patient_id == cast.cal.id)
        .order_by(AuditEvent.id)
    ).all()
    assert found[-6:] == [
        "note:saved",
        *["appointment:status"] * 2,
        "note:signed",
        "appointment:status",
        "approval:given",
    ]
