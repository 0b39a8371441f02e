"""How to get to the pages about changed answers: patients of their own, made when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Patient, Practitioner, User
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.journey import safety
from clinic.scheduling import availability
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import free_slots
from clinic.screening.models import SafetyAlert
from tests.browser import ways
from tests.browser.demo import NOON, STAFF, TESTER, Arrival, Demo
from tests.browser.tab import Tab
from tests.factories import ANSWERS, make_intake, make_patient, make_visit, sign

Answers = dict[str, dict[str, object]]

UNSAFE = {"unsafe": {"value": "yes", "asked": "Are you feeling unsafe?"}}
TOLD = {
    "blood-thinners": {"value": "yes", "note": "aspirin, 75 mg a day"},
    "severe-allergy-history": {"value": "yes", "note": "wasp stings"},
}
CHANGED = {
    **TOLD,
    "pregnancy": {"value": "not-sure"},
    "blood-thinners": {"value": "yes", "note": "warfarin since October"},
    "previous-droop-after-toxin": {"value": "yes", "times": "once"},
}


def _patient(name: str) -> Patient | None:
    return db.session.scalars(select(Patient).where(Patient.name == name)).one_or_none()


def _amara() -> tuple[Practitioner, User]:
    user = db.session.scalars(select(User).where(User.email == STAFF["physician"])).one()
    physician = db.session.scalars(
        select(Practitioner).where(Practitioner.user_id == user.id)
    ).one()
    return physician, user


# Each was seen on a day of their own of the two weeks before, when there was time.
SEEN = {"Lena Brook": 6, "Otto Brook": 5, "Nora Brook": 7, "Olga Brook": 12, "Ivo Brook": 8}


def _visit_with(patient: Patient, demo: Demo, kind: str, day: date) -> Appointment:
    """The first free time with Amara on that day or later."""
    physician, _user = _amara()
    service = demo.service(kind)
    slots = free_slots(availability.times(service, day, 7).facts, day, 7)
    first = next(slot for slot in slots if slot.practitioner_id == physician.actor_id)
    return make_visit(patient, physician, service, first.starts_at)


def treated(demo: Demo, name: str, told: Answers | None = None, **decided: object) -> Patient:
    """Somebody who was approved by Amara last week and has a treatment in two weeks."""
    patient = _patient(name)
    if patient is not None:
        return patient
    then = NOON - timedelta(days=SEEN[name], hours=4)
    clock.shift(then - datetime.now(UTC))
    patient = make_patient(name=name, email=f"{name.split()[0].lower()}@example.org")
    make_intake(patient, answers=told or TOLD)
    consultation = _visit_with(patient, demo, ServiceKind.CONSULTATION, then.date())
    physician, user = _amara()
    sign(consultation, user, physician, **decided)
    clock.shift(NOON - datetime.now(UTC))
    _visit_with(patient, demo, ServiceKind.TOXIN, NOON.date() + timedelta(days=14))
    return patient


def paused(demo: Demo) -> Patient:
    """Somebody whose approval is paused, because they have answered otherwise since."""
    known = _patient("Otto Brook")
    patient = treated(demo, "Otto Brook")
    if known is None:
        row = {"area": "glabella", "in_motion": True, "at_rest": True, "fws": 3, "how": "deep"}
        make_intake(patient, answers=CHANGED, concerns=[ANSWERS["concerns"][0], row])
    return patient


def resumable(demo: Demo) -> str:
    """The note of somebody who takes another blood thinner since: it may be resumed."""
    known = _patient("Olga Brook")
    patient = treated(demo, "Olga Brook")
    if known is None:
        now = {**TOLD, "blood-thinners": {"value": "yes", "note": "warfarin since October"}}
        make_intake(patient, answers=now)
    return f"/notes/{demo.note('Olga Brook').public_id}"


def review_resumable(demo: Demo) -> str:
    resumable(demo)
    return f"/reviews/{demo.visit('Olga Brook').public_id}"


def newer_form(tab: Tab, _demo: Demo) -> None:
    """Another form is sent while the physician writes the reason."""
    tab.page.get_by_label("Why may it go on?").fill("A low dose is no reason against it.")
    patient = _patient("Olga Brook")
    assert patient is not None
    now = {**TOLD, "blood-thinners": {"value": "yes", "note": "apixaban, 2.5 mg twice a day"}}
    make_intake(patient, answers=now)
    tab.page.get_by_role("button", name="Read, resume the approval").click()


def overruled(demo: Demo) -> str:
    """Somebody whose physician signed over a stop, with a reason."""
    weak = {"neuromuscular-disease": {"value": "yes"}}
    reason = {"neuromuscular-disease.absolute.toxin.any": "Old and without signs today."}
    treated(demo, "Ivo Brook", weak, overruled=reason)
    return "/manage/overruled"


def own(name: str, path: str, kind: str = "toxin"):
    """A page of a treated patient's own; {visit} is their visit of *kind*."""

    def way(demo: Demo) -> Arrival:
        treated(demo, name)
        visit = demo.visit(name, kind)
        return Arrival(path.replace("{visit}", visit.public_id), demo.by_code(name))

    return way


def tablet_that_asks(demo: Demo) -> Arrival:
    """The tablet at the check-in of somebody whose answers are not confirmed, on that day."""
    treated(demo, "Lena Brook")
    visit = demo.visit("Lena Brook", "toxin")
    clock.shift(visit.starts_at - timedelta(minutes=10) - datetime.now(UTC))
    begun = ways.tablet("Lena Brook", "/tablet/changed?{draft}")(demo)
    return Arrival("/tablet/changed", begun.session)


def unfold(tab: Tab, _demo: Demo) -> None:
    """Every group of what can be ticked, and one tick."""
    for summary in tab.page.locator("summary").all():
        summary.click()
    tab.page.get_by_text("Work on my teeth", exact=True).click()


def ticked(tab: Tab, demo: Demo) -> None:
    """On to the one question that was ticked."""
    unfold(tab, demo)
    tab.press("Something has changed")


def own_paused(demo: Demo) -> Arrival:
    paused(demo)
    return Arrival("/visits", demo.by_code("Otto Brook"))


def review_paused(demo: Demo) -> str:
    paused(demo)
    return f"/reviews/{demo.visit('Otto Brook').public_id}"


def record_paused(demo: Demo) -> str:
    return f"/records/{paused(demo).public_id}"


def queue_paused(demo: Demo) -> str:
    paused(demo)
    return "/reviews"


def note_paused(demo: Demo) -> str:
    paused(demo)
    return f"/notes/{demo.note('Otto Brook').public_id}"


def desk_treated(demo: Demo) -> str:
    treated(demo, "Lena Brook")
    return f"/desk/visits/{demo.visit('Lena Brook', 'toxin').public_id}"


def confirmed_from_visits(tab: Tab, _demo: Demo) -> None:
    """From the list: confirm with one press if that is still to do, and look at it again."""
    ask = tab.page.get_by_role("link", name="Has anything changed?")
    if ask.count():
        ask.first.click()
        tab.page.get_by_role("button", name="Nothing has changed").click()
    tab.page.get_by_role("link", name="Answers confirmed").first.click()


def support(demo: Demo) -> Arrival:
    """A visitor whom nobody knows."""
    draft, session = demo.draft()
    intakes.save(draft, "all", {"distress": UNSAFE}, actor=TESTER)
    return Arrival(f"/support/{draft.public_id}", session)


def support_known(demo: Demo) -> Arrival:
    """Somebody known; the alert is taken on afterwards, so that other pages show no alarm."""
    draft = _unsafe_draft()
    _take_all_on()
    return Arrival(f"/support/{draft.public_id}", demo.by_code("Ada Brook"))


def _unsafe_draft():
    patient = _patient("Ada Brook") or make_patient(name="Ada Brook", email="ada@example.org")
    draft = intakes.start_for(patient, actor=TESTER)
    intakes.save(draft, "all", {"distress": UNSAFE}, actor=TESTER)
    safety.note_answer(draft, actor=TESTER)
    return draft


@contextmanager
def alarm(_demo: Demo) -> Iterator[None]:
    """While the page is open, one form needs to be read."""
    _unsafe_draft()
    with transaction():
        for alert in db.session.scalars(select(SafetyAlert)):
            alert.seen_at = alert.seen_by_id = None
    yield
    _take_all_on()


def _take_all_on() -> None:
    physician, _user = _amara()
    db.session.rollback()
    with transaction():
        for alert in db.session.scalars(select(SafetyAlert)):
            alert.seen_at, alert.seen_by_id = clock.now(), physician.id
