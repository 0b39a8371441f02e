"""A treatment outside the approval is refused, to each in words meant for them.

Patient and physician read the reasons of the clinical reference, e.4; the desk reads one of its
five words and nothing else.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.treatment.models import ApprovalEvent, ApprovalEventKind
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    sign,
)
from tests.full_record import CLINICAL, found_in
from tests.scheduling.times_page import booked, for_patient, forge, offered, own, press_first

THURSDAY = at(26, 10)
KINDS = ("toxin", "filler", "combined")


def nothing(_cast, _travel):
    """A consultation to come, and nothing decided."""
    make_intake(_cast.cal)
    make_visit(_cast.cal, _cast.ana, _cast.service("consultation"), at(24, 11))


def declined(cast, travel):
    nothing(cast, travel)
    visit = db.session.scalars(db.select(Appointment)).one()
    sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised.")


def approved(cast, _travel):
    make_approval(cast)


def withdrawn(cast, _travel):
    make_approval(cast)
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)


def suspended(cast, _travel):
    make_approval(cast)
    approval = treatment.approvals_of(cast.cal.id)[0]
    with transaction():
        event = ApprovalEvent(
            data_key=approval.data_key, kind=ApprovalEventKind.SUSPENDED, by="test", reason=None
        )
        approval.events.append(event)


def expired(cast, travel):
    make_approval(cast, valid_until="2026-11-25")
    travel(at(26, 8))


def changed(cast, _travel):
    make_approval(cast)
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes", "note": "zolvatrine"}})


def allergic(cast, _travel):
    make_intake(cast.cal, answers={"toxin-allergy": {"value": "yes"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    filler = {"filler_areas": ["lips"], "filler_ceiling": "1.0"}
    sign(visit, cast.ana_user, cast.ana, modality="filler", toxin_areas=[], **filler)


def treated(cast, _travel):
    session = {"recent-toxin": {"value": "yes", "session": {"date": "2026-11-01"}}}
    make_intake(cast.cal, answers=session)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana)


@dataclass(frozen=True)
class Case:
    """A way to stand outside an approval, and how patient, physician and desk are told."""

    before: object
    patient: str
    physician: str
    word: str
    kind: str = "toxin"
    moment: object = THURSDAY

    def __str__(self):
        return f"{self.before.__name__} {self.kind}"


NOT_COVERED = "The approval does not cover this treatment."
NOT_IN_FORCE = "The approval is not in force on that day."
INTERVAL = "Botox needs at least 12 weeks between two sessions."
TIME_TO_THINK = "There is time to think it over"
CASES = (
    Case(
        nothing,
        "A physician has to examine you first.",
        "No physician has examined this patient here yet.",
        "Needs consultation",
    ),
    Case(
        declined,
        "A physician has not approved this treatment.",
        "No approval covers this treatment.",
        "Needs physician",
    ),
    Case(
        withdrawn,
        "Your physician has withdrawn the approval.",
        "The approval was withdrawn.",
        "Needs physician",
    ),
    Case(
        suspended,
        "The approval is paused until your physician has looked",
        "The approval is paused until a physician has looked",
        "Needs physician",
    ),
    Case(expired, NOT_IN_FORCE, NOT_IN_FORCE, "Outside dates", moment=at(27, 10)),
    Case(approved, NOT_COVERED, NOT_COVERED, "Needs physician", "filler"),
    Case(approved, NOT_COVERED, NOT_COVERED, "Needs physician", "combined"),
    Case(
        allergic,
        "Something in your answers stands against",
        "An absolute flag stands against this treatment",
        "Needs physician",
    ),
    Case(treated, INTERVAL, INTERVAL, "Too soon"),
    Case(
        changed,
        "Your answers have changed since the approval.",
        "The answers have changed since the approval.",
        "Needs physician",
    ),
    Case(approved, TIME_TO_THINK, TIME_TO_THINK, "Too soon", moment=at(24, 14)),
)
REASONS = [words for case in CASES for words in (case.patient, case.physician)]
cases = pytest.mark.parametrize("case", CASES, ids=str)


@cases
def test_the_patient_reads_why_a_treatment_cannot_be_booked(cast, signed_in, travel, case):
    case.before(cast, travel)
    cal = signed_in(make_account(cast.cal))

    page = forge(cal.get("/visits"), own(cast.service(case.kind)), cast.ana, case.moment)

    assert "This can’t be booked" in page.text
    assert case.patient in page.text
    assert booked() == []


@cases
def test_the_physician_reads_it_in_words_for_physicians(cast, signed_in, travel, case):
    case.before(cast, travel)
    address = for_patient(cast.cal, cast.service(case.kind))
    ana = signed_in(cast.ana_user)

    page = forge(ana.get(address), address, cast.ana, case.moment)

    assert case.physician in page.text
    assert booked() == []


@cases
def test_the_desk_reads_one_of_its_five_words_and_no_reason(cast, signed_in, travel, case):
    case.before(cast, travel)
    address = for_patient(cast.cal, cast.service(case.kind))
    bea = signed_in(cast.bea)

    page = forge(bea.get(address), address, cast.ana, case.moment)

    assert case.word in page.text
    assert found_in(page.html, [*REASONS, *CLINICAL, "llerg", "flag"]) == []
    assert booked() == []


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_approval_the_page_offers_no_time_and_a_consultation_instead(
    cast, signed_in, kind
):
    page = signed_in(make_account(cast.cal)).get(own(cast.service(kind)))

    assert offered(page) == []
    assert "A physician has to examine you first." in page.text
    assert page.follow("Book a consultation").path.startswith("/book/consultation")


def test_several_reasons_are_all_read(cast, signed_in, travel):
    allergic(cast, travel)

    page = signed_in(make_account(cast.cal)).get(own(cast.service("toxin")))

    assert "The approval does not cover this treatment." in page.text
    assert "Something in your answers stands against this treatment" in page.text


@pytest.mark.parametrize("kind", ["consultation", *KINDS])
def test_nobody_under_18_on_the_day_is_booked_whatever_the_service(cast, signed_in, kind):
    young = make_patient(name="Yan Young", born_on=date(2008, 11, 27))
    address = for_patient(young, cast.service(kind))
    bea = signed_in(cast.bea)

    page = forge(bea.get(address), address, cast.ana, THURSDAY)

    assert "Under 18" in page.text
    assert db.session.scalars(db.select(Appointment)).all() == []


def test_the_day_of_the_visit_decides_about_18_and_not_today(cast, signed_in):
    young = make_patient(name="Yan Young", born_on=date(2008, 11, 26))
    address = for_patient(young, cast.service("consultation"))
    bea = signed_in(cast.bea)

    held = forge(bea.get(address), address, cast.ana, THURSDAY, status=200)

    assert held.form("Book this time").press().heading == "Yan Young"


def test_a_refusal_that_the_patient_reads_is_not_about_somebody_elses_approval(cast, signed_in):
    make_approval(cast)
    dee = signed_in(make_account(cast.dee))

    page = forge(dee.get("/visits"), own(cast.service("toxin")), cast.ana, THURSDAY)

    assert "A physician has to examine you first." in page.text
    assert booked() == []


# Closed between holding and booking.


@pytest.mark.parametrize("who", ["patient", "physician", "desk"])
def test_an_approval_withdrawn_while_the_time_is_held_refuses_the_booking_and_says_why(
    cast, signed_in, travel, who
):
    approved(cast, travel)
    toxin = cast.service("toxin")
    enter = {
        "patient": lambda: signed_in(make_account(cast.cal)).get(own(toxin)),
        "physician": lambda: signed_in(cast.ana_user).get(for_patient(cast.cal, toxin)),
        "desk": lambda: signed_in(cast.bea).get(for_patient(cast.cal, toxin)),
    }
    words = {
        "patient": "Your physician has withdrawn the approval.",
        "physician": "The approval was withdrawn.",
        "desk": "Needs physician",
    }
    form = press_first(enter[who]()).form("Book this time")
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    page = form.press(status=409)

    assert words[who] in page.text
    assert "New medicine." not in page.text
    assert [state for _kind, state, _approved in booked()] == [S.PROPOSED]
