"""A clinic with two sites: the cast's own, and Mitte in Berlin, with a visit at each today."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from clinic.accounts import site_rights
from clinic.accounts.models import User
from clinic.catalogue.models import Location, Service
from clinic.database import transaction
from clinic.scheduling.models import Appointment
from clinic.waitlist import services as waitlist
from tests.factories import TESTER, Cast, at, make_intake, make_visit
from tests.two_sites import make_mitte
from tests.waiting import wanted


@dataclass
class TwoSites:
    """*here* is Cal's visit at the cast's own site, *there* Dee's at *mitte*; both with Ana, and
    each waits for an earlier one there."""

    halden: Location
    mitte: Location
    here: Appointment
    there: Appointment
    consultation: Service
    in_mitte: Service


@pytest.fixture
def two(cast: Cast) -> TwoSites:
    consultation = cast.service("consultation")
    in_mitte = make_mitte(cast)
    make_intake(cast.cal)
    make_intake(cast.dee)
    here = make_visit(cast.cal, cast.ana, consultation, at(24, 11))
    there = make_visit(cast.dee, cast.ana, in_mitte, at(24, 12, 20))
    for patient, service in ((cast.cal, consultation), (cast.dee, in_mitte)):
        waitlist.join(patient, service, wanted(), actor=TESTER)
    return TwoSites(
        halden=cast.site,
        mitte=in_mitte.location,
        here=here,
        there=there,
        consultation=consultation,
        in_mitte=in_mitte,
    )


def limit(user: User, *sites: Location) -> None:
    """Let *user* work at these sites alone, or at all: past whatever a manager may."""
    with transaction():
        site_rights.put(user, frozenset(site.id for site in sites) or None, actor=TESTER)
