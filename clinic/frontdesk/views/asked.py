"""What the address of a calendar asks for; where it makes no sense, today by physician."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import request, url_for

from clinic import clock
from clinic.catalogue.own_sites import Shown, shown_to
from clinic.controls import day_of
from clinic.frontdesk.rules import STEPS, USUAL_STEP, By, View
from clinic.permissions import current_actor
from clinic.scheduling.on_offer import Roster, Site

SOMEBODY, SOME_STEP = "somebody", "some-step"
CALENDAR = "calendar"  # where a press leads back to, as the address of its form says


@dataclass(frozen=True)
class Asked:
    """*who* is the public id of a physician or room; None for all of them."""

    view: View
    by: By
    day: date
    step: int
    site: Site
    who: str | None
    looked: Shown

    def args(self, **over: Any) -> dict[str, Any]:
        """What an address says of it: nothing of what is usual."""
        wanted: dict[str, Any] = {
            "view": None if self.view == View.DAY else self.view.value,
            "by": None if self.by == By.PHYSICIAN else self.by.value,
            "day": self.day.isoformat(),
            "step": None if self.step == USUAL_STEP else self.step,
            "site": self.looked.code,
            "who": self.who,
        }
        return {name: value for name, value in {**wanted, **over}.items() if value is not None}

    def url(self, endpoint: str = "calendar", **over: Any) -> str:
        return url_for(f"frontdesk.{endpoint}", **self.args(**over))

    def to(self, who: str) -> str:
        """The address about *who*, a public id: built once for all that a page leads to."""
        return self._somebody.replace(SOMEBODY, who)

    def by_step(self, step: int) -> str:
        """The address with another zoom: built once, too."""
        return self._step.replace(SOME_STEP, str(step))

    @cached_property
    def _step(self) -> str:
        return self.url(step=SOME_STEP)

    @cached_property
    def _somebody(self) -> str:
        return self.url(who=SOMEBODY)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from any other, for what is kept of a page."""
        where = self.site.id, self.looked.code, request.script_root
        return self.view, self.by, self.day, self.step, self.who, *where

    @property
    def before(self) -> date:
        if self.view == View.MONTH:
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.day - timedelta(days=7 if self.view == View.WEEK else 1)

    @property
    def after(self) -> date:
        if self.view == View.MONTH:
            return clock.months_later(self.day.replace(day=1), 1)
        return self.day + timedelta(days=7 if self.view == View.WEEK else 1)


def asked_of(known: Roster, sent: Mapping[str, str] | None = None) -> Asked:
    """What *sent* asks for, at a site that who asks may see; the address of this request unless
    given. Raises `NoClinic`."""
    sent = request.args if sent is None else sent
    looked = shown_to(current_actor(), sent.get("site"))
    if looked.site is None:
        looked = replace(looked, site=looked.own[0])
    assert looked.site is not None
    site = known.sites[looked.site.id]
    step = sent.get("step", "")
    return Asked(
        view=View(sent["view"]) if sent.get("view") in set(View) else View.DAY,
        by=By(sent["by"]) if sent.get("by") in set(By) else By.PHYSICIAN,
        day=day_of(sent.get("day")) or clock.today(site.zone),
        step=int(step) if step in set(map(str, STEPS)) else USUAL_STEP,
        site=site,
        who=(sent.get("who") or "")[:40] or None,
        looked=looked,
    )
