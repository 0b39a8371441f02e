"""What becomes of the visits of an approval that ends early, and who is told (G5, G9)."""

import pytest

from clinic.database import db
from clinic.frontdesk import queries as desk
from clinic.journey import check_in, withdraw
from clinic.journey.book import GateClosed
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason
from tests.factories import TESTER, at, make_account, make_approval, make_intake, make_visit, sign

EIGHTH = at(8, 10, month=12)


@pytest.fixture
def treated(cast):
    """Cal's treatment on 8 December, on an approval of today."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), EIGHTH)


def replace(cast, **over):
    """Another decision of today about the same modality."""
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 13))
    sign(visit, cast.ana_user, cast.ana, **over)


def end(cast):
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)


def pause(cast):
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})


def needs_renewal(visit):
    db.session.rollback()
    [line] = desk.day_sheet(visit.starts_on).lines
    return line.needs_renewal


def told(cast):
    db.session.rollback()
    found = db.select(Message.kind).where(Message.patient_id == cast.cal.id).order_by(Message.id)
    return db.session.scalars(found).all()


@pytest.mark.parametrize(
    ("ends", "letter", "reason"),
    [
        (end, MessageKind.DECIDED, Reason.WITHDRAWN),
        (pause, MessageKind.PAUSED, Reason.SUSPENDED),
        (
            lambda cast: replace(cast, valid_until="2026-12-07"),
            MessageKind.DECIDED,
            Reason.SUPERSEDED,
        ),
    ],
    ids=["withdrawn", "paused", "replaced by one that ends the day before"],
)
def test_G5_the_visit_stays_is_marked_for_desk_and_patient_and_the_patient_is_told(
    cast, treated, signed_in, travel, ends, letter, reason
):
    cal = signed_in(make_account(cast.cal))
    assert "Needs renewal" not in cal.get("/visits").text
    assert not needs_renewal(treated)

    ends(cast)

    assert "Needs renewal" in cal.get("/visits").text
    assert needs_renewal(treated)
    assert told(cast)[-1] == letter
    travel(EIGHTH)
    db.session.refresh(treated)
    assert treated.status == S.BOOKED
    with pytest.raises(GateClosed) as refused:
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert reason in refused.value.reasons


def test_G9_replaced_by_one_that_reaches_the_day_it_goes_on_unmarked(
    cast, treated, signed_in, travel
):
    replace(cast, valid_until="2026-12-08")

    assert not needs_renewal(treated)
    assert "Needs renewal" not in signed_in(make_account(cast.cal)).get("/visits").text
    travel(EIGHTH)
    db.session.refresh(treated)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert treated.status == S.ARRIVED


@pytest.mark.parametrize(("day", "stands"), [(24, True), (25, False)])
def test_the_desk_reads_nothing_in_force_the_day_after_the_last(
    cast, treated, signed_in, at_work, day, stands
):
    bea = signed_in(cast.bea)
    at_work(at(day, 9, month=5, year=2027))

    page = bea.get(f"/desk/patients/{cast.cal.public_id}").text

    assert ("Botox, until 24 May 2027" in page) is stands
    assert ("Nothing in force." in page) is not stands
