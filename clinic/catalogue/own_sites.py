"""Which sites somebody of the staff may see, and which of them a page shows.

A person may be limited to some sites. What is at another is not found by the queries that take an
actor, exactly as if it did not exist; what belongs to the whole clinic (patients, their records,
the rules of the country) knows no site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true

from clinic.catalogue import queries
from clinic.catalogue.models import Service
from clinic.catalogue.queries import NoClinic
from clinic.catalogue.sites import SiteCard, every_site
from clinic.permissions import Actor

ALL = "all"  # how an address says that no site is left out


def at_own_sites(actor: Actor, column: Any) -> ColumnElement[bool]:
    """SQL: whether the site whose row number is in *column* is one that *actor* works at."""
    return true() if actor.sites is None else column.in_(sorted(actor.sites))


def own_sites(actor: Actor) -> Sequence[SiteCard]:
    """The first one first."""
    return [site for site in every_site() if actor.works_at(site.id)]


def services_for(actor: Actor) -> Sequence[Service]:
    """What is on offer at their sites, in the order of the kinds."""
    return [one for one in queries.services() if actor.works_at(one.location_id)]


def service_for(actor: Actor, public_id: str) -> Service | None:
    """One of their sites, retired or not."""
    found = queries.service_ever(public_id)
    return found if found is not None and actor.works_at(found.location_id) else None


@dataclass(frozen=True)
class Shown:
    """What a page of a day is about: one *site*, or all of somebody's *own* where it is None."""

    own: Sequence[SiteCard]
    site: SiteCard | None
    is_limited: bool

    @property
    def ids(self) -> frozenset[int] | None:
        """Row numbers of the sites whose rows the page lists; None for every one."""
        if self.site is not None:
            return frozenset({self.site.id})
        return frozenset(site.id for site in self.own) if self.is_limited else None

    @property
    def sites(self) -> Sequence[SiteCard]:
        return [self.site] if self.site is not None else self.own

    @property
    def zone(self) -> str:
        """The clock that says what day it is, where the address names none."""
        return self.sites[0].zone

    @property
    def code(self) -> str | None:
        """How an address says it; nothing where there is nothing to choose from."""
        if len(self.own) < 2:
            return None
        return ALL if self.site is None else self.site.public_id


def shown_to(actor: Actor, asked: str | None) -> Shown:
    """What an address asks for: a site's public id, or `ALL`. Where it says nothing that *actor*
    may see, the site that they chose last. Raises `NoClinic`."""
    own = own_sites(actor)
    if not own:
        raise NoClinic
    site = next((one for one in own if one.public_id == asked), None)
    if site is None and asked != ALL:
        site = next((one for one in own if one.id == actor.site_id), None)
    return Shown(own, site if len(own) > 1 else None, actor.sites is not None)
