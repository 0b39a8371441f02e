"""What every form of a wish needs: who offers the service, and what is ticked at first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from clinic import clock
from clinic.accounts.models import CredentialKind
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.scheduling import roster
from clinic.scheduling.on_offer import Person
from clinic.waitlist import forms


def people_for(service: Service) -> Sequence[Person]:
    """Who may do the service and has hours at its site."""
    needed = {CredentialKind.LICENCE, *(CredentialKind(m.value) for m in MODALITIES[service.kind])}
    return [
        who
        for who in roster.current().people
        if needed <= who.credentials.keys()
        and (service.location_id in who.hours or service.location_id in who.extra)
    ]


def today_for(service: Service) -> date:
    return clock.today(service.location.zone)


def usual_for(service: Service) -> dict[str, Any]:
    """Any time for which visits can be booked today."""
    today = today_for(service)
    return forms.usual(today, today + timedelta(days=service.horizon_days))
