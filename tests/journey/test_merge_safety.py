"""Two records of one person: safety follows the link both ways, an approval does not (truth 7)."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from clinic.catalogue.rules import MODALITIES
from clinic.database import db
from clinic.journey import check_in, merge
from clinic.journey.book import GateClosed
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState, Reason, Wish
from tests.factories import (
    TESTER,
    at,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    sign,
)

MOMENT = at(26, 10)


def own_approval_state(patient):
    db.session.rollback()
    (own,) = [a for a in treatment.approvals_of(patient.id) if a.patient_id == patient.id]
    return treatment.state_of(own)


PREGNANT = {"pregnancy": {"value": "yes"}}


def test_an_answer_on_the_kept_record_pauses_what_was_approved_on_the_other(cast, twin, merged):
    make_approval(cast)
    merged(cast.cal, twin)
    assert own_approval_state(cast.cal) == ApprovalState.IN_FORCE

    make_intake(twin, answers=PREGNANT)

    assert own_approval_state(cast.cal) == ApprovalState.SUSPENDED


def test_without_the_link_the_same_answer_pauses_nothing(cast, twin):
    """The control: two records are two people until somebody says otherwise."""
    make_approval(cast)

    make_intake(twin, answers=PREGNANT)

    assert own_approval_state(cast.cal) == ApprovalState.IN_FORCE


def test_after_undoing_the_same_answer_pauses_nothing(cast, twin, merged, manager):
    make_approval(cast)
    merge.undo(merged(cast.cal, twin), actor=manager)

    make_intake(twin, answers=PREGNANT)

    assert own_approval_state(cast.cal) == ApprovalState.IN_FORCE


def test_a_form_sent_on_the_replaced_record_pauses_what_was_approved_on_the_kept(
    cast, twin, merged
):
    """One that was begun on the tablet before the merge, and is sent after it."""
    from clinic.intake import services as drafts
    from clinic.journey import submit
    from tests.factories import ANSWERS

    make_approval(cast)
    draft = drafts.start_for(twin, actor=TESTER)
    document = {**ANSWERS, "answers": {**ANSWERS["answers"], **PREGNANT}}
    drafts.save(draft, "all", document, actor=TESTER)
    merged(twin, cast.cal)

    submit.intake(draft, twin, actor=TESTER)

    assert own_approval_state(cast.cal) == ApprovalState.SUSPENDED


def test_answers_that_were_sent_before_are_weighed_when_the_records_meet(cast, twin, merged):
    make_approval(cast)
    make_intake(twin, answers=PREGNANT)

    merged(cast.cal, twin)

    assert own_approval_state(cast.cal) == ApprovalState.SUSPENDED


def test_the_door_stays_shut_for_a_visit_on_the_replaced_record_after_an_answer_on_the_kept(
    cast, twin, merged, travel
):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)
    merged(cast.cal, twin)
    make_intake(twin, answers=PREGNANT)
    travel(MOMENT)

    with pytest.raises(GateClosed) as refused:
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert Reason.SUSPENDED in refused.value.reasons


def test_what_was_injected_on_one_record_counts_for_the_interval_on_the_other(
    cast, twin, merged, travel
):
    make_approval(cast, twin)
    make_intake(
        cast.cal, answers={"recent-toxin": {"value": "yes", "session": {"date": "2026-11-01"}}}
    )
    before = treatment.gate(twin).base.last_toxin_on
    merged(cast.cal, twin)
    db.session.rollback()

    assert before is None
    assert treatment.gate(twin).base.last_toxin_on == date(2026, 11, 1)


# An approval stays with its record.


def test_a_visit_booked_before_stays_valid_on_its_own_record(cast, twin, merged, travel):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)
    merged(cast.cal, twin)
    make_patient(name="Nobody", email=None)
    travel(MOMENT)

    wish = Wish(MODALITIES[visit.service.kind], visit.starts_at, visit.starts_on)
    assert treatment.gate(cast.cal).about(visit.approval_id, wish) == []


def test_an_approval_of_the_replaced_record_carries_nothing_on_the_kept(cast, twin, merged):
    make_approval(cast)
    merged(cast.cal, twin)

    with pytest.raises(GateClosed) as refused:
        make_visit(twin, cast.ana, cast.service("toxin"), MOMENT)

    assert Reason.NO_APPROVAL in refused.value.reasons


@pytest.mark.parametrize("kind", ["consultation", "toxin"])
def test_nothing_new_is_booked_on_a_record_that_is_replaced(cast, twin, merged, kind):
    make_approval(cast)
    merged(cast.cal, twin)

    with pytest.raises(DBAPIError, match="truth 7: nothing starts"):
        make_visit(cast.cal, cast.ana, cast.service(kind), MOMENT)


def test_a_refusal_on_the_kept_record_ends_what_was_approved_on_the_other(cast, twin, merged):
    make_approval(cast)
    visit = make_visit(twin, cast.ana, cast.service("consultation"), at(24, 12))
    merged(cast.cal, twin)

    words = {"decline_words": "Not now.", "standing": "ends"}
    sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, **words)

    assert own_approval_state(cast.cal) == ApprovalState.SUPERSEDED
