"""The gate with several approvals and patients, and what the desk reads of many at once."""

from datetime import date, timedelta

import pytest

from clinic.catalogue.rules import MODALITIES
from clinic.clock import local
from clinic.database import db, transaction
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.rules import Modality
from clinic.treatment import queries, standing
from clinic.treatment.models import ApprovalEvent, ApprovalEventKind
from clinic.treatment.rules import ApprovalState, Reason, Wish
from clinic.treatment.standing import DeskApproval
from tests.factories import at, make_approval, make_intake, make_visit, sign, walk
from tests.test_statements import statements

TODAY = date(2026, 11, 24)
FILLER = {
    "modality": "filler",
    "toxin_areas": [],
    "filler_areas": ["lips"],
    "filler_ceiling": "1.0",
}


@pytest.fixture
def toxin(cast):
    """Cal's approval of Botox."""
    make_approval(cast)
    return queries.approvals_of(cast.cal.id)[0]


@pytest.fixture
def filler(cast, toxin):
    """Cal's approval of filler, beside the one of Botox."""
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 13))
    sign(visit, cast.ana_user, cast.ana, **FILLER)
    return queries.approvals_of(cast.cal.id)[0]


def wish(cast, kind="toxin", moment=None):
    moment = moment or at(26, 10)
    return Wish(MODALITIES[cast.service(kind).kind], moment, local(moment, "Europe/London").date())


def event(approval, kind):
    signed = {}
    if kind == ApprovalEventKind.RESUMED:
        signed = {
            "intake_id": approval.note.intake_id,
            "practitioner_id": approval.practitioner_id,
            "resumed_on": TODAY,
        }
    with transaction():
        row = ApprovalEvent(data_key=approval.data_key, kind=kind, by="test", reason=None, **signed)
        approval.events.append(row)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], ApprovalState.IN_FORCE),
        ([ApprovalEventKind.SUSPENDED], ApprovalState.SUSPENDED),
        ([ApprovalEventKind.SUSPENDED, ApprovalEventKind.RESUMED], ApprovalState.IN_FORCE),
        ([ApprovalEventKind.SUSPENDED, ApprovalEventKind.WITHDRAWN], ApprovalState.WITHDRAWN),
        ([ApprovalEventKind.WITHDRAWN], ApprovalState.WITHDRAWN),
        ([ApprovalEventKind.SUPERSEDED], ApprovalState.SUPERSEDED),
    ],
)
def test_its_events_make_the_state_and_the_database_agrees(cast, toxin, kinds, state):
    written = [event(toxin, kind) for kind in kinds]

    stands = standing.approved_until([cast.cal.id], TODAY)

    assert len(written) == len(kinds)
    assert queries.state_of(toxin) == state
    assert (cast.cal.id in stands) is (state == ApprovalState.IN_FORCE)


def test_the_gate_answers_about_the_approval_it_is_asked_about(cast, toxin, filler):
    gate = queries.gate(cast.cal)

    assert gate.about(toxin.id, wish(cast)) == []
    assert gate.about(filler.id, wish(cast)) == [Reason.NOT_COVERED]
    assert gate.about(filler.id, wish(cast, "filler")) == []


@pytest.mark.parametrize("approval_id", [None, 10_000])
def test_about_an_approval_that_is_not_the_patients_there_is_none(cast, toxin, approval_id):
    assert queries.gate(cast.cal).about(approval_id, wish(cast)) == [Reason.NO_APPROVAL]


def test_an_approval_of_another_patient_is_not_in_the_gate(cast, toxin):
    assert queries.gate(cast.dee).about(toxin.id, wish(cast)) == [
        Reason.NO_CONSULTATION,
        Reason.NO_APPROVAL,
    ]


@pytest.mark.parametrize("status", [S.BOOKED, S.ARRIVED, S.IN_ROOM])
def test_a_consultation_counts_once_it_is_done(cast, status):
    path = (S.ARRIVED, S.IN_ROOM)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    walk(visit, *path[: [S.BOOKED, *path].index(status)])

    assert not queries.gate(cast.cal).base.consulted


def test_a_finished_follow_up_is_no_consultation_and_no_treatment(cast, travel):
    visit = make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(24, 11))
    travel(at(24, 11))
    walk(visit, S.ARRIVED, S.IN_ROOM, S.FULFILLED)

    base = queries.gate(cast.cal).base

    assert (base.consulted, base.last_toxin_on, base.treated_with) == (False, None, frozenset())


def test_a_finished_consultation_counts_and_is_no_treatment(cast, toxin):
    base = queries.gate(cast.cal).base

    assert (base.consulted, base.last_toxin_on, base.treated_with) == (True, None, frozenset())


def test_the_desk_reads_of_many_patients_each_their_own(cast, filler):
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 15))
    sign(visit, cast.ana_user, cast.ana, valid_until="2026-12-24")

    found = standing.approved_until([cast.cal.id, cast.dee.id, 10_000], TODAY)

    assert found == {
        cast.cal.id: [
            DeskApproval((Modality.TOXIN,), date(2027, 5, 24)),
            DeskApproval((Modality.FILLER,), date(2027, 5, 24)),
        ],
        cast.dee.id: [DeskApproval((Modality.TOXIN,), date(2026, 12, 24))],
    }


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
        (date(2027, 5, 24), True),
        (date(2027, 5, 25), False),
    ],
)
def test_first_and_last_day_belong_to_an_approval(cast, toxin, day, stands):
    assert (cast.cal.id in standing.approved_until([cast.cal.id], day)) is stands


def test_the_gates_of_several_patients_are_those_of_each_read_in_as_many_statements(cast):
    make_approval(cast)
    make_intake(cast.dee, answers={"blood-thinners": {"value": "yes"}})
    other = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 13))
    sign(other, cast.ana_user, cast.ana)
    db.session.rollback()

    with statements() as for_one:
        alone = queries.gate(cast.cal)
    db.session.rollback()
    with statements() as for_both:
        both = queries.gates([cast.cal, cast.dee])

    assert len(for_both) - len(for_one) <= 1  # who the second patient is
    assert both[cast.cal.id].base == alone.base
    assert [facts for _row, facts in both[cast.cal.id].approvals] == [
        facts for _row, facts in alone.approvals
    ]
    assert both[cast.dee.id].form.patient_id == cast.dee.id
    assert len(both[cast.dee.id].approvals) == 1


@pytest.mark.parametrize(
    ("event", "on_the_last_day", "on_the_day_after"),
    [
        (None, ApprovalState.IN_FORCE, ApprovalState.OVER),
        (ApprovalEventKind.SUSPENDED, ApprovalState.SUSPENDED, ApprovalState.OVER),
        (ApprovalEventKind.WITHDRAWN, ApprovalState.WITHDRAWN, ApprovalState.WITHDRAWN),
        (ApprovalEventKind.SUPERSEDED, ApprovalState.SUPERSEDED, ApprovalState.SUPERSEDED),
    ],
)
def test_an_approval_holds_to_the_end_of_its_last_day(
    toxin, event, on_the_last_day, on_the_day_after
):
    if event is not None:
        with transaction():
            row = ApprovalEvent(
                data_key=toxin.data_key, kind=event, by="test", approval_id=toxin.id
            )
            db.session.add(row)
    (approval,) = queries.approvals_of(toxin.patient_id)
    last = approval.valid_until

    states = [queries.state_on(approval, day) for day in (last, last + timedelta(days=1))]
    assert states == [on_the_last_day, on_the_day_after]
