"""Bypasses about the profile of the jurisdiction: rewritten, gone around, put before another."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import STRICTEST
from clinic.proof.approvals import approve, second_note, sign_note
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, Facts, at


def put(facts: Facts, **over: Any) -> int:
    values = asdict(replace(STRICTEST, **over))
    called = f"profile-{len(facts.ids)}"
    return facts.add(called, ProfileVersion, at=at(DAY, 8), because="an attempt", **values)


@attempt(3, "an approval on a consultation by live video where only one in person counts")
def _by_live_video(facts: Facts) -> None:
    note = second_note(facts, by_live_video=True)
    sign_note(facts, note)
    approve(facts, note_id=note)


@attempt(3, "an approval by live video where that has stopped to count")
def _no_longer(facts: Facts) -> None:
    put(facts, live_video_counts=True)
    put(facts)
    note = second_note(facts, by_live_video=True)
    sign_note(facts, note)
    approve(facts, note_id=note)


@attempt(3, "a version of the profile edited")
def _edited(facts: Facts) -> None:
    facts.change(ProfileVersion, put(facts), live_video_counts=True)


@attempt(3, "a version of the profile deleted")
def _deleted(facts: Facts) -> None:
    put(facts)
    sql(facts, "DELETE FROM profile_version")


@attempt(3, "a version of the profile put in under a number of its own")
def _far_ahead(facts: Facts) -> None:
    put(facts)
    row = asdict(replace(STRICTEST, live_video_counts=True))
    facts.add("ahead", ProfileVersion, id=1_000_000, at=at(DAY, 8), because="an attempt", **row)
