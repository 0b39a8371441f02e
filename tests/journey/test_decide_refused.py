"""What cannot be signed, and that nothing stays of it."""

import pytest

from clinic.database import db
from clinic.journey.decide import FormChanged, NotLicensed, OwnPatient, Typed
from clinic.journey.decide import sign as sign_typed
from clinic.journey.may_sign import CannotSign
from clinic.notices.models import Message
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import queries, services
from clinic.screening.models import Decision, Flag
from clinic.screening.services import SomebodyElseSaved
from clinic.treatment import queries as treatment
from tests.factories import (
    TESTER,
    USUAL,
    at,
    decided,
    make_intake,
    make_visit,
    sign,
    staff_actor,
)

NOTHING = {"grades": {}}
HIGH = {**USUAL, "mrd1_right": "2.0", "mrd1_left": "2.0"}
MODERATE = {**USUAL, "dermatochalasis": "moderate"}
NOT_ASSESSED = {k: v for k, v in USUAL.items() if k != "levator_left"}
MILK = "cows-milk-protein-allergy.absolute.toxin.abobotulinumtoxinA"
ALLERGY = "toxin-allergy.absolute.toxin.any"


@pytest.fixture
def consultation(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def approve(cast, consultation):
    """Sign an approval after a form with these *answers*."""

    def make(findings=None, answers=None, **over):
        make_intake(cast.cal, answers=answers or {})
        return sign(consultation, cast.ana_user, cast.ana, findings=findings, **over)

    return make


def answered(topic, value="yes", **more):
    return {topic: {"value": value, **more}}


def nothing_was_signed(cast, visit):
    db.session.refresh(visit)
    assert visit.status == S.BOOKED
    assert queries.signed_notes(cast.cal.id) == []
    assert treatment.approvals_of(cast.cal.id) == []
    assert db.session.scalars(db.select(Flag).where(Flag.note_id.is_not(None))).all() == []
    kinds = db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()
    assert "decided" not in kinds


@pytest.mark.parametrize(
    ("findings", "over", "because"),
    [
        (NOT_ASSESSED, {}, "not-assessed"),
        (NOT_ASSESSED, {"rating_overruled": "low", "rating_because": "Seen it."}, "not-assessed"),
        (NOTHING, {}, "not-assessed"),
        (MODERATE, {"mitigations": []}, "needs-mitigation"),
        (HIGH, {"why": ""}, "needs-reason"),
        (HIGH, {"mitigations": []}, "needs-mitigation"),
        (MODERATE, {"rating_overruled": "low"}, "rating-without-reason"),
        (USUAL, {"rating_overruled": "high", "rating_because": " "}, "rating-without-reason"),
        (USUAL, {"toxin_ceiling": "400", "why": ""}, "needs-reason"),
        (USUAL, {"toxin_areas": []}, "no-areas"),
        (USUAL, {"toxin_ceiling": ""}, "no-ceiling"),
        (USUAL, {"valid_until": "2027-11-25"}, "too-long"),
        (USUAL, {"valid_until": "2026-11-23"}, "ends-before-it-starts"),
        (USUAL, {"modality": "combined", "filler_ceiling": "1"}, "no-areas"),
    ],
)
def test_an_approval_that_does_not_hold_is_not_signed(
    cast, consultation, approve, findings, over, because
):
    with pytest.raises(CannotSign, match=because):
        approve(findings, **over)

    nothing_was_signed(cast, consultation)


@pytest.mark.parametrize(
    ("findings", "over"),
    [
        (MODERATE, {}),
        (HIGH, {}),
        (MODERATE, {"mitigations": [], "rating_overruled": "low", "rating_because": "Lids good."}),
        (NOT_ASSESSED, {"toxin_areas": ["masseter"]}),
        (USUAL, {"valid_until": "2027-11-24"}),
        (USUAL, {"valid_until": "2026-11-24"}),
    ],
)
def test_the_near_miss_of_each_is_signed(approve, findings, over):
    assert approve(findings, **over).decision == Decision.APPROVE


def test_an_upper_face_area_that_the_physician_adds_needs_the_examination(cast, consultation):
    make_intake(cast.cal, concerns=[{"area": "masseter", "bulk": True, "how": "clear"}])

    with pytest.raises(CannotSign, match="not-assessed"):
        sign(consultation, cast.ana_user, cast.ana, findings=NOT_ASSESSED, toxin_areas=["glabella"])


@pytest.mark.parametrize(
    ("answers", "over", "because"),
    [
        (answered("toxin-allergy"), {}, "absolute-flag"),
        (answered("toxin-allergy"), {"overruled": {ALLERGY: "  "}}, "absolute-flag"),
        (answered("toxin-allergy"), {"overruled": {MILK: "The wrong one."}}, "absolute-flag"),
        (
            answered("cows-milk-protein-allergy"),
            {"toxin_product": "abobotulinumtoxinA"},
            "absolute-flag",
        ),
        (answered("blood-thinners"), {"why": ""}, "needs-reason"),
        (answered("pregnancy"), {}, "never-overruled"),
        (answered("pregnancy", "not-sure"), {}, "never-overruled"),
        (
            answered("pregnancy"),
            {"overruled": {"pregnancy.absolute.both.any": "She insists."}},
            "never-overruled",
        ),
        (answered("infection-at-site", areas=["glabella"]), {}, "absolute-flag"),
    ],
)
def test_a_flag_that_nobody_resolved_stands_in_the_way(
    cast, consultation, approve, answers, over, because
):
    with pytest.raises(CannotSign, match=because):
        approve(answers=answers, **over)

    nothing_was_signed(cast, consultation)


@pytest.mark.parametrize(
    ("answers", "over"),
    [
        (answered("toxin-allergy"), {"overruled": {ALLERGY: "It was a bruise."}}),
        (
            answered("cows-milk-protein-allergy"),
            {
                "toxin_product": "abobotulinumtoxinA",
                "overruled": {MILK: "Tested negative in 2025."},
            },
        ),
        (answered("cows-milk-protein-allergy"), {"toxin_product": "onabotulinumtoxinA"}),
        (answered("infection-at-site", areas=["lips"]), {}),
        (answered("toxin-allergy", "not-sure"), {}),
    ],
)
def test_G7_a_flag_with_a_written_reason_or_about_something_else_is_no_obstacle(
    approve, answers, over
):
    assert approve(answers=answers, **over).decision == Decision.APPROVE


@pytest.mark.parametrize(
    "decision", [Decision.ASK, Decision.DEFER, Decision.DECLINE, Decision.REFER]
)
def test_every_other_decision_needs_no_examination_and_heeds_no_flag(cast, consultation, decision):
    make_intake(cast.cal, answers=answered("pregnancy"))

    note = sign(consultation, cast.ana_user, cast.ana, decision, findings=NOTHING)

    assert note.decision == decision
    assert note.droop["rating"] == "not-assessed"


# Who, and on which visit.


def test_nobody_decides_about_themself(cast):
    from clinic.database import transaction

    with transaction():
        cast.dee.user_id = cast.ana_user.id
    visit = make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 12))

    with pytest.raises(OwnPatient):
        sign(visit, cast.ana_user, cast.ana)

    assert visit.status == S.BOOKED


def test_G3_a_licence_that_lapsed_yesterday_signs_nothing(cast, consultation):
    make_intake(cast.cal)
    db.session.execute(
        db.text("UPDATE credential SET valid_until = '2026-11-23' WHERE kind = 'licence'")
    )
    db.session.commit()

    with pytest.raises(NotLicensed):
        sign(consultation, cast.ana_user, cast.ana)

    nothing_was_signed(cast, consultation)


@pytest.mark.parametrize("ended", [S.CANCELLED, S.NOSHOW])
def test_a_cancelled_or_missed_visit_is_not_signed(cast, consultation, approve, ended):
    end = {
        S.CANCELLED: lambda: scheduling.cancel(consultation, "ill", actor=TESTER),
        S.NOSHOW: lambda: scheduling.change_status(consultation, S.BOOKED, S.NOSHOW, actor=TESTER),
    }
    end[ended]()

    with pytest.raises(scheduling.Changed):
        approve()

    assert queries.signed_notes(cast.cal.id) == []
    assert queries.draft_note(consultation) is None


# Two physicians, two windows.


def test_the_page_of_a_colleague_who_saved_first_is_not_overwritten(cast, consultation, approve):
    services.save_draft(
        consultation,
        cast.cal,
        None,
        0,
        text="Eli was here.",
        findings={},
        decided={},
        actor=staff_actor(cast.eli_user, cast.eli),
    )

    with pytest.raises(SomebodyElseSaved):
        approve()

    assert queries.draft_note(consultation).text == "Eli was here."


def test_a_page_opened_before_a_colleague_signed_signs_nothing(cast, consultation, approve):
    sign(consultation, cast.eli_user, cast.eli, Decision.DECLINE, decline_words="No.")

    with pytest.raises(SomebodyElseSaved):
        sign(consultation, cast.ana_user, cast.ana)

    assert [note.decision for note in queries.signed_notes(cast.cal.id)] == [Decision.DECLINE]


def test_a_draft_is_saved_again_and_again_under_growing_versions(cast, consultation):
    def save(version):
        return services.save_draft(
            consultation,
            cast.cal,
            None,
            version,
            text=f"after {version}",
            findings={},
            decided={},
            actor=staff_actor(cast.ana_user, cast.ana),
        )

    versions = [save(version).version for version in (0, 1, 2)]

    assert versions == [1, 2, 3]
    assert queries.draft_note(consultation).text == "after 2"
    with pytest.raises(SomebodyElseSaved):
        save(2)


def test_a_form_that_the_patient_sent_meanwhile_is_read_before_signing(cast, consultation):
    read = make_intake(cast.cal)
    make_intake(cast.cal, answers=answered("pregnancy"))

    with pytest.raises(FormChanged):
        sign_typed(
            consultation,
            cast.cal,
            read,
            Typed(0, "Examined.", USUAL, decided()),
            Decision.APPROVE,
            actor=staff_actor(cast.ana_user, cast.ana),
        )

    nothing_was_signed(cast, consultation)
