"""What staff of a clinic with two sites see: the switch, and at which of them somebody works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from clinic.accounts import site_rights
from clinic.accounts.models import User
from clinic.catalogue.models import Location
from clinic.database import db, transaction
from tests.browser.demo import STAFF, TESTER, Demo
from tests.browser.page import Page
from tests.browser.pages.why import two_sites
from tests.browser.staff_ways import account_of_staff
from tests.browser.tab import Tab

DESK, PHYSICIAN = STAFF["front-desk"], STAFF["physician"]


@contextmanager
def at_the_second(demo: Demo) -> Iterator[None]:
    """The desk works at the second site alone, while the page is looked at."""
    with two_sites(demo):
        user = db.session.scalars(select(User).where(User.email == DESK)).one()
        second = db.session.scalars(select(Location).where(Location.name == "Halden Mitte")).one()
        with transaction():
            site_rights.put(user, frozenset({second.id}), actor=TESTER)
        yield
        with transaction():
            site_rights.put(user, None, actor=TESTER)


def nowhere(tab: Tab, _demo: Demo) -> None:
    tab.page.get_by_label("Only at these").check()
    tab.press("Change the sites")


def at_the_second_alone(tab: Tab, _demo: Demo) -> None:
    tab.page.get_by_label("Only at these").check()
    tab.page.get_by_label("Halden Mitte").check()
    tab.press("Change the sites")


SITES = (
    Page("front-desk", "sites-day", "frontdesk.day", "/desk/", during=two_sites),
    Page("front-desk", "sites-calendar", "frontdesk.calendar", "/desk/calendar", during=two_sites),
    Page("front-desk", "sites-arrivals", "frontdesk.arrivals", "/desk/arrivals", during=two_sites),
    Page("front-desk", "sites-waiting", "waitlist.desk", "/desk/waiting-list", during=two_sites),
    Page("front-desk", "sites-print", "paper.day", "/desk/day/print", during=two_sites),
    Page("front-desk", "sites-outside", "rosters.outside", "/roster/outside", during=two_sites),
    Page("front-desk", "sites-numbers", "numbers.show", "/numbers", during=two_sites),
    Page("front-desk", "sites-limited", "frontdesk.day", "/desk/", during=at_the_second),
    Page("physician", "sites-my-day", "screening.my_day", "/my-day", during=two_sites),
    Page("physician", "sites-queue", "screening.queue", "/reviews", during=two_sites),
    Page("manager", "sites-person", "staff.person", account_of_staff(DESK), during=two_sites),
    Page(
        "manager",
        "sites-person-limited",
        "staff.person",
        account_of_staff(DESK),
        during=at_the_second,
    ),
    Page(
        "manager",
        "sites-person-wrong",
        "staff.change_sites",
        account_of_staff(DESK),
        nowhere,
        422,
        during=two_sites,
    ),
    Page(
        "manager",
        "sites-person-leaves-visits",
        "staff.change_sites",
        account_of_staff(PHYSICIAN),
        at_the_second_alone,
        during=two_sites,
    ),
)
