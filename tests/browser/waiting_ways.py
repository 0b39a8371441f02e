"""How to get to the pages of the waiting list: those who wait, and offers made to them."""

from __future__ import annotations

from datetime import timedelta

from clinic import clock
from clinic.demo.waiting import first_free
from clinic.journey import offers, waitlist
from clinic.waitlist import queries, services
from clinic.waitlist.models import WaitlistEntry
from tests.browser.demo import TESTER, Arrival, Demo, newest_mail
from tests.browser.tab import Tab
from tests.browser.ways import Step, Way
from tests.waiting import wanted


def waits(demo: Demo, name: str, kind: str = "consultation") -> WaitlistEntry:
    """What *name* waits for; they join when they do not wait yet."""
    patient, service = demo.patient(name), demo.service(kind)
    there = queries.entry_of(patient.id, service.id)
    if there is not None:
        return there
    today = clock.today(service.location.zone)
    wish = wanted(from_on=today, until_on=today + timedelta(days=60))
    return services.join(patient, service, wish, actor=TESTER)


def offered(demo: Demo, name: str) -> WaitlistEntry:
    """The same with an open offer."""
    entry = waits(demo, name)
    if queries.open_offer(entry) is None:
        slot = first_free(entry, 1)
        assert slot is not None
        offers.by_hand(entry, slot.practitioner_id, slot.starts_at, actor=TESTER)
    return entry


def link(name: str) -> Way:
    """The link in the mail of an offer to *name*, opened by whoever has it."""

    def way(demo: Demo) -> str:
        offered(demo, name)
        return f"/offers/{newest_mail('offer').params['token']}"

    return way


def wish_of(name: str, *, ended: bool = False) -> Way:
    """The page on which *name* changes what they wait for, or waits no longer."""

    def way(demo: Demo) -> Arrival:
        entry = waits(demo, name)
        if ended:
            waitlist.leave(entry, actor=TESTER)
        return Arrival(f"/waiting-list/{entry.public_id}", demo.by_code(name))

    return way


def my_visits_offered(name: str) -> Way:
    def way(demo: Demo) -> Arrival:
        offered(demo, name)
        return Arrival("/visits", demo.by_code(name))

    return way


def at_the_desk(path: str, name: str, kind: str = "consultation", *, ended: bool = False) -> Way:
    """An address of the desk; {entry} is what *name* waits for, {patient} is theirs."""

    def way(demo: Demo) -> str:
        entry = waits(demo, name, kind) if "{entry}" in path else None
        if entry is not None and ended:
            waitlist.leave(entry, actor=TESTER)
        public_id = entry.public_id if entry is not None else ""
        return path.format(entry=public_id, patient=demo.patient(name).public_id)

    return way


def untick_days(button: str) -> Step:
    """Tick no day, and press."""

    def step(tab: Tab, _demo: Demo) -> None:
        for box in tab.page.locator("input[name=weekdays]").all():
            box.uncheck()
        tab.press(button)

    return step


def somebody_takes_it(button: str) -> Step:
    """The offer is declined elsewhere before *button* is pressed here."""

    def step(tab: Tab, _demo: Demo) -> None:
        offer = queries.by_token(newest_mail("offer").params["token"])
        assert offer is not None
        waitlist.decline(offer, actor=TESTER)
        tab.press(button)

    return step
