"""Approvals given, superseded, withdrawn; the gate asked with what the database holds."""

from datetime import date

import pytest

from clinic.catalogue.rules import MODALITIES
from clinic.database import db
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.rules import Area, Modality
from clinic.treatment import queries, services, standing
from clinic.treatment.rules import ApprovalState, Reason, Wish
from tests.factories import TESTER, at, make_intake, make_visit, sign, walk

FILLER = {
    "modality": "filler",
    "toxin_areas": [],
    "filler_areas": ["lips"],
    "filler_ceiling": "1.0",
}
COMBINED = {"modality": "combined", "filler_areas": ["lips"], "filler_ceiling": "1.5"}


@pytest.fixture
def approve(cast):
    """Approve something for Cal at a consultation of its own; the approval."""
    make_intake(cast.cal)
    hours = iter(range(11, 17))

    def give(who=None, **over):
        physician, user = who or (cast.ana, cast.ana_user)
        visit = make_visit(
            cast.cal, physician, cast.service("consultation"), at(24, next(hours), 0)
        )
        note = sign(visit, user, physician, **over)
        return next(a for a in queries.approvals_of(cast.cal.id) if a.note_id == note.id)

    return give


def states(cast):
    return [queries.state_of(approval) for approval in queries.approvals_of(cast.cal.id)]


def wish(cast, kind="toxin", moment=None):
    moment = moment or at(26, 10)
    return Wish(MODALITIES[cast.service(kind).kind], moment, moment.date())


def ask(cast, kind="toxin", moment=None):
    return queries.gate(cast.cal).ask(wish(cast, kind, moment))


def test_an_approval_keeps_areas_product_ceiling_and_dates(approve):
    given = approve()

    assert {(s.modality, s.area, s.product) for s in given.scopes} == {
        (Modality.TOXIN, Area.FOREHEAD, "onabotulinumtoxinA"),
        (Modality.TOXIN, Area.GLABELLA, "onabotulinumtoxinA"),
    }
    assert (given.toxin_ceiling_units, given.filler_ceiling_tenths_ml) == (40, None)
    assert (given.valid_from, given.valid_until) == (date(2026, 11, 24), date(2027, 5, 24))


def test_G2_a_combined_approval_keeps_each_part_with_its_own_areas_and_product(approve):
    given = approve(**COMBINED)

    assert {(s.modality, s.area) for s in given.scopes} == {
        (Modality.TOXIN, Area.FOREHEAD),
        (Modality.TOXIN, Area.GLABELLA),
        (Modality.FILLER, Area.LIPS),
    }
    assert (given.toxin_ceiling_units, given.filler_ceiling_tenths_ml) == (40, 15)


def test_G9_a_new_approval_supersedes_the_one_of_the_same_modality(approve, cast):
    approve()
    approve()

    assert states(cast) == [ApprovalState.IN_FORCE, ApprovalState.SUPERSEDED]


def test_an_approval_of_another_modality_stands_beside_the_first(approve, cast):
    approve()
    approve(**FILLER)

    assert states(cast) == [ApprovalState.IN_FORCE, ApprovalState.IN_FORCE]


def test_a_combined_approval_supersedes_both_parts(approve, cast):
    approve()
    approve(**FILLER)
    approve(**COMBINED)

    ended = ApprovalState.SUPERSEDED
    assert states(cast) == [ApprovalState.IN_FORCE, ended, ended]


def test_what_was_withdrawn_is_not_superseded_as_well(approve, cast):
    services.withdraw(approve(), "New medicine.", actor=TESTER)
    approve()

    assert states(cast) == [ApprovalState.IN_FORCE, ApprovalState.WITHDRAWN]


def test_a_withdrawal_ends_the_approval_from_this_moment_and_keeps_the_reason(approve, cast):
    given = approve()

    services.withdraw(given, "New medicine.", actor=TESTER)

    assert queries.state_of(given) == ApprovalState.WITHDRAWN
    assert given.events[0].reason == "New medicine."
    assert ask(cast) == (given, [Reason.WITHDRAWN])


def test_an_approval_is_withdrawn_once(approve):
    given = approve()
    services.withdraw(given, "New medicine.", actor=TESTER)

    with pytest.raises(services.AlreadyEnded):
        services.withdraw(given, "Once more.", actor=TESTER)

    db.session.refresh(given)
    assert [event.kind for event in given.events] == ["withdrawn"]


def test_a_superseded_approval_is_not_withdrawn(approve):
    old = approve()
    approve()
    db.session.refresh(old)

    with pytest.raises(services.AlreadyEnded):
        services.withdraw(old, "Late.", actor=TESTER)


# The gate, asked.


def test_the_gate_is_open_for_what_was_approved_and_names_the_approval(approve, cast):
    given = approve()

    assert ask(cast) == (given, [])


def test_without_anything_the_gate_says_consultation_and_approval_are_missing(cast):
    assert ask(cast) == (None, [Reason.NO_CONSULTATION, Reason.NO_APPROVAL])


def test_the_gate_picks_the_approval_that_carries_the_wish(approve, cast):
    toxin, filler = approve(), approve(**FILLER)

    assert ask(cast, "toxin") == (toxin, [])
    assert ask(cast, "filler") == (filler, [])


def test_G2_two_approvals_do_not_add_up_to_a_combined_one(approve, cast):
    approve()
    approve(**FILLER)

    _nearest, reasons = ask(cast, "combined")

    assert reasons == [Reason.NOT_COVERED]


def test_the_gate_says_the_reasons_of_the_approval_that_comes_nearest(approve, cast):
    approve()
    second = approve(valid_until="2026-12-24")

    assert ask(cast, moment=at(25, 10, month=12)) == (second, [Reason.NOT_IN_FORCE])


@pytest.mark.parametrize(
    ("moment", "reasons"),
    [
        (at(24, 10, month=12), []),
        (at(25, 10, month=12), [Reason.NOT_IN_FORCE]),
        (at(23, 23), [Reason.NOT_IN_FORCE, Reason.COOLING_OFF]),
    ],
)
def test_G5_the_date_of_the_visit_counts_and_not_today(approve, cast, moment, reasons):
    approve(valid_until="2026-12-24")

    assert ask(cast, moment=moment)[1] == reasons


def test_time_to_reflect_is_counted_from_the_signature(approve, cast):
    approve()

    assert ask(cast, moment=at(25, 8, 59))[1] == [Reason.COOLING_OFF]
    assert ask(cast, moment=at(25, 9, 1))[1] == []


def test_another_answer_sent_after_the_approval_closes_the_gate(approve, cast):
    approve()

    make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})

    assert ask(cast)[1] == [Reason.SUSPENDED, Reason.INTAKE_CHANGED]


def test_the_same_answers_sent_once_more_leave_the_gate_open(approve, cast):
    approve()

    make_intake(cast.cal)

    assert ask(cast)[1] == []


def test_a_form_sent_after_an_approval_without_one_closes_the_gate(cast):
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 12))
    sign(visit, cast.ana_user, cast.ana)
    gate = queries.gate(cast.dee)
    assert gate.ask(wish(cast))[1] == []

    make_intake(cast.dee)

    reasons = queries.gate(cast.dee).ask(wish(cast))[1]
    assert reasons == [Reason.SUSPENDED, Reason.INTAKE_CHANGED]


def reported(day):
    return {"recent-toxin": {"value": "yes", "session": {"date": day}}}


def test_a_toxin_session_that_the_patient_reports_closes_the_gate_for_84_days(cast):
    make_intake(cast.cal, answers=reported("2026-11-01"))
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana)

    day_83, day_84 = at(23, 10, month=1, year=2027), at(24, 10, month=1, year=2027)

    assert ask(cast, moment=at(26, 10))[1] == [Reason.TOXIN_INTERVAL]
    assert ask(cast, moment=day_83)[1] == [Reason.TOXIN_INTERVAL]
    assert ask(cast, moment=day_84)[1] == []


def test_a_treatment_here_closes_the_gate_for_84_days_and_spares_time_to_reflect(
    approve, cast, travel
):
    approve()
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    travel(at(26, 10))
    walk(visit, S.ARRIVED, S.IN_ROOM, S.FULFILLED)

    gate = queries.gate(cast.cal)

    assert gate.base.last_toxin_on == date(2026, 11, 26)
    assert gate.base.treated_with == {Modality.TOXIN}
    assert ask(cast, moment=at(17, 10, month=2, year=2027))[1] == [Reason.TOXIN_INTERVAL]
    assert ask(cast, moment=at(18, 10, month=2, year=2027))[1] == []


def test_the_later_of_two_sessions_counts(approve, cast, travel):
    make_intake(cast.cal, answers=reported("2026-06-01"))
    approve()
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    travel(at(26, 10))
    walk(visit, S.ARRIVED, S.IN_ROOM, S.FULFILLED)

    assert queries.gate(cast.cal).base.last_toxin_on == date(2026, 11, 26)


def test_the_desk_reads_modality_and_last_day_of_what_stands_and_nothing_else(approve, cast):
    approve(valid_until="2026-12-24")
    approve(**FILLER)

    found = standing.approved_until([cast.cal.id, cast.dee.id], date(2026, 11, 24))

    assert [(a.modalities, a.valid_until) for a in found[cast.cal.id]] == [
        ((Modality.TOXIN,), date(2026, 12, 24)),
        ((Modality.FILLER,), date(2027, 5, 24)),
    ]
    assert cast.dee.id not in found


def test_the_desk_reads_nothing_of_an_approval_that_ended(approve, cast):
    services.withdraw(approve(valid_until="2026-12-24"), "x", actor=TESTER)
    approve(**FILLER, valid_until="2026-12-24")

    found = standing.approved_until([cast.cal.id], date(2026, 12, 24))
    after = standing.approved_until([cast.cal.id], date(2026, 12, 25))

    assert [a.modalities for a in found[cast.cal.id]] == [(Modality.FILLER,)]
    assert after == {}
