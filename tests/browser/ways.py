"""How to get to the pages that an address alone does not reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from clinic import clock
from clinic.accounts import claims
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, User
from clinic.audit.events import Event
from clinic.audit.services import record
from clinic.database import db, transaction
from clinic.intake import queries as forms
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import book, move
from clinic.journey import tablet as tablets
from clinic.journey.cancel import BY_PATIENT
from clinic.notices import letters
from clinic.permissions import Actor, Role
from clinic.scheduling import availability, queries
from clinic.scheduling import services as scheduling
from clinic.scheduling.forms import slot_of
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus, free_slots
from tests.browser.demo import LONG_NAME, STAFF, TESTER, Arrival, Demo, newest_mail
from tests.browser.tab import Tab
from tests.factories import ANSWERS, PASSWORD, put_profile, staff_actor

COMPLETE = ("answers", "distress", "concerns", "words")

Way = Callable[[Demo], Arrival | str]
Step = Callable[[Tab, Demo], object]
During = Callable[[Demo], AbstractContextManager[None]]


# Ways: where a browser stands before it opens the page.


def newcomer(path: str, *parts: str) -> Way:
    """Somebody unknown whose form holds these parts; {draft} in *path* is the form."""

    def way(demo: Demo) -> Arrival:
        draft, session = demo.draft(*parts)
        return Arrival(path.replace("{draft}", draft.public_id), session)

    return way


def code(name: str, path: str = "/visits", kind: str = "consultation") -> Way:
    """A patient of the demo who typed a mailed code; {visit} is their visit of *kind*."""

    def way(demo: Demo) -> Arrival:
        visit = demo.visit(name, kind).public_id if "{visit}" in path else ""
        return Arrival(path.replace("{visit}", visit), demo.by_code(name))

    return way


def account(name: str, path: str = "/visits", kind: str = "toxin") -> Way:
    """A patient of the demo who signed in; {service} is of *kind*."""

    def way(demo: Demo) -> Arrival:
        session = demo.signed_in(demo.patient(name).email or "")
        return Arrival(path.replace("{service}", demo.service(kind).public_id), session)

    return way


def staff(path: str, name: str, kind: str = "consultation") -> Way:
    """An address of staff; {visit}, {patient} and {note} are *name*'s, {service} is of *kind*."""
    return lambda demo: _filled(demo, path, name, kind)


def physician(path: str, name: str, kind: str = "consultation") -> Way:
    """The same, opened by the physician whose consultation *name* has."""
    return lambda demo: Arrival(_filled(demo, path, name, kind), demo.physician_of(name))


def just_cancelled(name: str, path: str = "/visits") -> Way:
    """A patient who has just cancelled their consultation, and may take that back."""

    def way(demo: Demo) -> Arrival:
        visit = demo.visit(name)
        patient = Actor(label=f"patient:{demo.patient(name).public_id}")
        _cancelled(visit, BY_PATIENT, patient)
        return Arrival(path.replace("{visit}", visit.public_id), demo.by_code(name))

    return way


def just_cancelled_at_the_desk(name: str) -> Way:
    def way(demo: Demo) -> str:
        visit = demo.visit(name)
        desk = people.user_by_email(STAFF["front-desk"])
        _cancelled(visit, "ill", staff_actor(desk))
        return f"/desk/visits/{visit.public_id}"

    return way


def just_cancelled_by_physician(name: str) -> Way:
    """The page on which the physician of *name* has just cancelled the visit with them."""

    def way(demo: Demo) -> Arrival:
        visit = demo.visit(name)
        physician = queries.practitioner_of(visit)
        assert physician is not None
        _cancelled(visit, "clinic", staff_actor(db.session.get(User, physician.user_id)))
        return Arrival(f"/moves/{visit.public_id}/cancel", demo.physician_of(name))

    return way


def _cancelled(visit: Appointment, reason: str, actor: Actor) -> None:
    """Cancelled at this moment: each time a page is shown it is the same noon."""
    if visit.status == AppointmentStatus.BOOKED:
        scheduling.cancel(visit, reason, actor=actor)


def moved(name: str) -> Way:
    """A patient whose visit the clinic has moved."""

    def way(demo: Demo) -> Arrival:
        visit = _moved(demo, name)
        return Arrival(f"/visits/{visit.public_id}", demo.by_code(name))

    return way


def moved_at_the_desk(name: str) -> Way:
    return lambda demo: f"/desk/visits/{_moved(demo, name).public_id}"


def _moved(demo: Demo, name: str) -> Appointment:
    """Moved to the last free time of a week of any physician but its own, once."""
    visit = demo.visit(name)
    if visit.version == 1:
        day = clock.local(visit.starts_at, visit.location.zone).date()
        facts = availability.times(visit.service, day, 7, besides=visit).facts
        own = {one.actor_id for one in visit.participants}
        free = [slot for slot in free_slots(facts, day, 7) if slot.practitioner_id not in own]
        desk = staff_actor(people.user_by_email(STAFF["front-desk"]))
        to = free[-1].practitioner_id, free[-1].starts_at
        move.by_staff(visit, *to, shown=1, reason="clinic", actor=desk)
    return visit


def _filled(demo: Demo, path: str, name: str, kind: str) -> str:
    find = {
        "visit": lambda: demo.visit(name, kind),
        "patient": lambda: demo.patient(name),
        "note": lambda: demo.note(name),
        "service": lambda: demo.service(kind),
    }
    return re.sub(r"{(\w+)}", lambda key: str(find[key[1]]().public_id), path)


def asked(demo: Demo) -> Arrival:
    note = demo.note("Rosa Marín")
    return Arrival(f"/questions/{note.public_id}", demo.by_code("Rosa Marín"))


def changed_form(name: str, key: str) -> Way:
    def way(demo: Demo) -> Arrival:
        draft = demo.changed_form(name)
        return Arrival(f"/intake/{draft.public_id}/{key}", demo.by_code(name))

    return way


def resume_link(demo: Demo) -> str:
    draft, _session = demo.draft("answers")
    with patch("secrets.token_urlsafe", return_value=f"link-of-{draft.public_id}"):
        intakes.mail_resume_link(draft, "kim@example.org", actor=TESTER)
    return f"/intake/resume/link-of-{draft.public_id}"


def meaning(demo: Demo) -> Arrival:
    """What several answers of the first page mean for treatment."""
    draft, session = demo.draft("answers")
    told = ("pregnancy", "toxin-allergy", "infection-at-site")
    answers = {topic: {"value": "yes"} for topic in told}
    intakes.save(draft, "health", {"answers": answers}, actor=TESTER)
    return Arrival(f"/intake/{draft.public_id}/health/meaning", session)


def reset_link(demo: Demo) -> str:
    user = people.user_by_email("maya.lindqvist@example.org")
    return letters.reset_link(user).removeprefix(demo.app.config["BASE_URL"])


def log_of_long_name(demo: Demo) -> str:
    """The log of an hour in which only somebody with a long name was looked at."""
    desk = people.user_by_email(STAFF["front-desk"])
    _look(Event.DESK_VIEWED, desk, demo.patient(LONG_NAME))
    return f"/manage/audit?since={demo.day(0)}&person={desk.public_id}"


def looked_at(demo: Demo) -> Arrival:
    """Two of the staff opened the record of *Ruth Cole*, one of them in an emergency."""
    ruth = demo.patient("Ruth Cole")
    physician, desk = (people.user_by_email(STAFF[role]) for role in ("physician", "front-desk"))
    for event, user in (
        (Event.EMERGENCY_OPENED, physician),
        (Event.RECORD_VIEWED, physician),
        (Event.RECORD_VIEWED, physician),
        (Event.DESK_VIEWED, desk),
        (Event.APPOINTMENT_BOOKED, desk),
    ):
        _look(event, user, ruth)
    return Arrival("/account/readers", demo.signed_in(ruth.email or ""))


def _look(event: Event, user: User, patient: Patient) -> None:
    record(event, actor=staff_actor(user), patient_id=patient.id)


def invitation(name: str) -> Way:
    """The link of an invitation to *name*."""

    def way(demo: Demo) -> str:
        claims.send(demo.patient(name), actor=TESTER)
        return f"/claim/{newest_mail('claim').params['token']}"

    return way


def _at_the_desk() -> User:
    return db.session.scalars(db.select(User).where(User.email == STAFF["front-desk"])).one()


def tablet(name: str, path: str = "/tablet", *parts: str) -> Way:
    """The desk's tablet in the hands of *name*; with {draft} in *path*, after the date of birth
    and with these *parts* of a complete form filled in."""

    def way(demo: Demo) -> Arrival:
        token = tablets.hand_over(demo.patient(name), actor=staff_actor(_at_the_desk()))
        visitor = people.visitor_of(people.browser_by_token(token))
        assert visitor is not None
        draft = forms.draft_for_tablet(visitor.id)
        assert draft is not None
        if parts:
            filled = {part: ANSWERS[part] for part in parts}
            intakes.save(draft, "all", filled, actor=TESTER)
        if "{draft}" in path:
            tablets.open_form(visitor, draft, actor=TESTER)
        return Arrival(path.replace("{draft}", draft.public_id), {"visitor": token})

    return way


def left_alone(demo: Demo) -> Arrival:
    """A browser that comes back to its half-filled form after more than half an hour."""
    clock.shift(clock.now() - timedelta(hours=1) - datetime.now(UTC))
    _draft, session = demo.draft("answers")
    clock.shift(clock.now() + timedelta(hours=1) - datetime.now(UTC))
    return Arrival("/intake/unlock", session)


# Steps: what is done on the page once it is open.


def steps(*several: Step) -> Step:
    def step(tab: Tab, demo: Demo) -> None:
        for one in several:
            one(tab, demo)

    return step


def press(*buttons: str) -> Step:
    return steps(*(lambda tab, _demo, words=words: tab.press(words) for words in buttons))


def typed(labels: Mapping[str, str], button: str) -> Step:
    return lambda tab, _demo: tab.fill(labels).press(button)


def born(day: int, month: int, year: int, button: str = "Continue") -> Step:
    return lambda tab, _demo: tab.birth(day, month, year).press(button)


def open_every_follow_up(tab: Tab, _demo: Demo) -> None:
    for box in tab.page.locator("input[type=radio][value=yes]").all():
        box.check()


def saved_in_another_window(tab: Tab, _demo: Demo) -> None:
    """The page is saved elsewhere, and then in this window with something else.

    A second page of this browser is not opened for it: one that closes while it loads can leave
    Chromium waiting for ever.
    """
    _, _, draft, page = tab.path.split("/")
    db.session.rollback()
    opened = db.session.scalars(db.select(Intake).where(Intake.public_id == draft)).one()
    intakes.save(opened, page, {}, actor=TESTER)
    for other_answer in (
        "[name=blood_thinners][value=yes]",
        "[name=matters][value='5']",
        "#a-palms",
    ):
        if tab.page.locator(other_answer).count():
            tab.page.locator(other_answer).check(force=True)
    if tab.page.locator("[name=palms-how]").count():
        tab.page.locator("[name=palms-how][value='3']").check(force=True)
    tab.press("Continue")


def yes_without_date(tab: Tab, _demo: Demo) -> None:
    tab.choose("Have you had botulinum toxin", "Yes").press("Continue")


def treatments_told(tab: Tab) -> None:
    """Two treatments elsewhere, the second without its day; the third is open and empty."""
    tab.choose("Have you had botulinum toxin", "Yes")
    for part, text in (("day", "1"), ("month", "11"), ("year", "2026")):
        tab.page.locator(f"#recent_toxin_date-{part}").fill(text)
    for number in ("Second", "Third"):
        tab.page.locator("summary", has_text=f"{number} treatment").click()
    tab.page.locator("#recent_toxin_2_units").fill("200")


def a_treatment_without_date(tab: Tab, _demo: Demo) -> None:
    treatments_told(tab)
    tab.press("Continue")


def ticked_and_nothing_more(tab: Tab, _demo: Demo) -> None:
    tab.page.locator("#a-forehead").check(force=True)
    tab.page.locator("#a-axillae").check(force=True)
    tab.press("Continue")


def every_area_ticked(tab: Tab, _demo: Demo) -> None:
    """Each area of the face map is open, and asks what it asks."""
    for box in tab.page.locator("[name=area]").all():
        box.check(force=True)


def picture(view: str) -> Step:
    """Another picture of the face map, with its face in expression."""

    def step(tab: Tab, _demo: Demo) -> None:
        tab.page.locator("#f-move").check(force=True)
        tab.page.locator(f"#w-{view}").check(force=True)

    return step


def hold_first_time(tab: Tab, _demo: Demo) -> None:
    tab.press_first_time()


def twenty_minutes_later(tab: Tab, _demo: Demo) -> None:
    clock.shift(clock.now() + timedelta(minutes=20) - datetime.now(UTC))
    tab.page.reload()


def two_days_before(tab: Tab, _demo: Demo) -> None:
    """The same page on the day of the decision, when there is still a day to think it over."""
    clock.shift(clock.now() - timedelta(days=2) - datetime.now(UTC))
    tab.page.reload()


def somebody_is_faster(tab: Tab, demo: Demo) -> None:
    """The first time on the page is taken by somebody else just before it is pressed."""
    chosen = slot_of(tab.page.locator("button.slot").first.get_attribute("value") or "")
    assert chosen is not None
    actor_id, starts_at = chosen
    visitor, _token = accounts.greet_visitor()
    book.hold(demo.service("consultation"), actor_id, starts_at, visitor=visitor, actor=TESTER)
    tab.press_first_time()


def to_check(tab: Tab, _demo: Demo) -> None:
    tab.press_first_time().follow("Continue with this time")


def to_code(tab: Tab, demo: Demo) -> None:
    to_check(tab, demo)
    contact_and_code(tab, demo)


def contact_and_code(tab: Tab, _demo: Demo) -> None:
    tab.fill({"Full name": "Kim Example", "E-mail": "kim@example.org"})
    tab.page.get_by_label("The clinic may store").check()
    tab.press("Send me the code")


def open_visits(tab: Tab, _demo: Demo) -> None:
    tab.fill({"E-mail": "nobody@example.org"}).birth(1, 2, 1990).press("Send me the code")


def somebody_has_the_address(tab: Tab, demo: Demo) -> None:
    """A relative of Samuel Osei signs in with the address that he would like to sign in with."""
    email = demo.patient("Samuel Osei").email or ""
    if people.user_by_email(email) is None:
        accounts.add_user(name="Relative", email=email, roles={Role.PATIENT}, actor=TESTER)
    tab.fill({"Password": PASSWORD}).press("Set my password")


def another_address(tab: Tab, _demo: Demo) -> None:
    tab.fill({"E-mail": "another@example.org"}).press("Send me the code")


def a_new_contact_address(tab: Tab, _demo: Demo) -> None:
    tab.fill({"E-mail": "another@example.org"}).press("Save")


def changed_meanwhile(tab: Tab, demo: Demo) -> None:
    """A colleague changes the phone number of whoever is being edited."""
    found = re.search(r"/desk/patients/(\w+)/edit", tab.path)
    assert found is not None
    patient = people.patient_for_desk(TESTER, found[1])
    assert patient is not None
    with transaction():
        patient.phone = "020 7946 0222" if patient.phone != "020 7946 0222" else "020 7946 0333"
    tab.fill({"Phone": "020 7946 0111"}).press("Save")


def type_the_code(tab: Tab, demo: Demo) -> None:
    tab.fill({"Six-digit code": newest_mail("code").params["code"]}).press("Open my visits")


def examined(tab: Tab, _demo: Demo) -> None:
    """A routine case, filled in: what the physician sees before signing."""
    page = tab.page
    for name in ("mrd1_right", "mrd1_left"):
        page.locator(f"[name={name}]").fill("2.8" if name.endswith("right") else "3.6")
    for name in ("levator_right", "levator_left"):
        page.locator(f"[name={name}]").fill("14")
    for name, value in {
        "brow_right": "at",
        "brow_left": "at",
        "frontalis_compensation": "no",
        "dermatochalasis": "mild",
        "fatigable": "no",
        "droop_after_toxin": "none",
        "eyelid_or_brow_surgery": "no",
        "neuromuscular_disease": "no",
    }.items():
        page.locator(f"[name={name}]").select_option(value)
    page.locator("[name=lowest_line_cm]").fill("2.4")
    page.locator("[name=text]").fill("Frown lines faint at rest. Discussed droop, doing nothing.")
    page.locator("#d-approve").check(force=True)
    page.locator("#mod-toxin").check(force=True)
    for area in page.locator("[name=toxin_areas]:visible").all():
        area.check()
    page.locator("[name=toxin_ceiling]").fill("40")
    page.locator("[name=mitigations]").first.check()
    page.locator("[name=why]").fill("Levator good, no compensation. Aspirin continues.")
    page.get_by_text("Droop risk: moderate").wait_for()


def saved(tab: Tab, demo: Demo) -> None:
    tab.fill({"Findings and what was discussed": "Forehead deep at rest."})
    tab.press("Save draft")


def signed_too_early(tab: Tab, _demo: Demo) -> None:
    tab.page.locator("[name=mrd1_right]").fill("wide")
    tab.page.locator("#d-decline").check(force=True)
    tab.press("Sign and decline")


def approved_too_early(tab: Tab, _demo: Demo) -> None:
    tab.fill({"Findings and what was discussed": "Examined."})
    tab.page.locator("#d-approve").check(force=True)
    tab.page.locator("#mod-toxin").check(force=True)
    tab.page.locator("[name=toxin_areas]").first.check()
    tab.press("Sign and approve")


def feels_unsafe(tab: Tab, _demo: Demo) -> None:
    tab.choose("Do you feel unsafe", "Yes")


def in_motion(tab: Tab, _demo: Demo) -> None:
    tab.page.locator("#which-move").check(force=True)


# While the page is open: what breaks in the building, or is set otherwise.

FAILING = "public.help_page"


def failing(error: BaseException) -> During:
    """The help page raises *error*, so that the page of an error can be looked at."""

    @contextmanager
    def during(demo: Demo) -> Iterator[None]:
        view = demo.app.view_functions[FAILING]

        def broken() -> str:
            raise error

        broken.guard = view.guard  # type: ignore[attr-defined]
        with patch.dict(demo.app.view_functions, {FAILING: broken}):
            yield

    return during


@contextmanager
def unnamed(_demo: Demo) -> Iterator[None]:
    """The clinic may not name the medicine in public."""
    _name_the_brand(False)
    yield
    _name_the_brand(True)


def _name_the_brand(is_named: bool) -> None:
    put_profile(names_brand=is_named)


def retired(kind: str) -> During:
    """A service that is not offered any more."""

    @contextmanager
    def during(demo: Demo) -> Iterator[None]:
        _offer(demo, kind, False)
        yield
        _offer(demo, kind, True)

    return during


def _offer(demo: Demo, kind: str, active: bool) -> None:
    with transaction():
        demo.service(kind).active = active


@contextmanager
def nothing_renders(_demo: Demo) -> Iterator[None]:
    """Not even the clinic's own name can be read: the page that needs no database answers."""
    with patch("clinic.pages.every_site", side_effect=RuntimeError("broken on purpose")):
        yield
