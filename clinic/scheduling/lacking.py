"""Who is on offer and cannot be booked all the same, and what they lack for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from clinic.accounts.models import CredentialKind, Practitioner
from clinic.catalogue.rules import MODALITIES
from clinic.scheduling import rules
from clinic.scheduling.on_offer import Offered, Person, Roster
from clinic.scheduling.rules import Lack, Setup


def lacks(practitioner: Practitioner, known: Roster, today: date) -> list[Lack]:
    """What is still missing; nothing for somebody whom the clinic has taken off the offer."""
    who = known.person(practitioner.public_id)
    return [] if who is None else rules.lacks(_setup(who, known, today), today)


def lacking(known: Roster, today: date) -> Mapping[str, Sequence[Lack]]:
    """By public id, for each who is on offer and lacks something."""
    found = {who.public_id: rules.lacks(_setup(who, known, today), today) for who in known.people}
    return {public_id: missing for public_id, missing in found.items() if missing}


def _setup(who: Person, known: Roster, today: date) -> Setup:
    sites = known.sites
    return Setup(
        licensed=who.credentials.get(CredentialKind.LICENCE, ()),
        hours={key: (*who.hours.get(key, ()), *who.extra.get(key, ())) for key in sites},
        opening={key: (*site.opening, *site.extra_opening) for key, site in sites.items()},
        offering=frozenset(
            service.location_id
            for service in known.services
            if known.rooms_for(service)
            and known.devices_for(service) != []
            and _able(who, service, today)
        ),
    )


def _able(who: Person, service: Offered, today: date) -> bool:
    """Qualified for it, now or later; the licence is a question of its own."""
    return all(
        any(end >= today for _start, end in who.credentials.get(CredentialKind(m.value), ()))
        for m in MODALITIES[service.facts.kind]
    )
