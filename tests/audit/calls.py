"""What every act of the audit tests is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from clinic.audit.events import Event
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from tests import factories
from tests.factories import Cast, at

Call = Callable[[], Any]
Acts = tuple[tuple[Callable[[Cast], Call], Event], ...]
BORN = date(1990, 3, 2)


def ana(cast: Cast) -> Actor:
    return factories.staff_actor(cast.ana_user, cast.ana)


def consultation(cast: Cast) -> Appointment:
    return factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
