"""What a filled form holds, what it still lacks, and the screening facts it gives.

A document is the sealed JSON of an intake:
{"answers": {topic: {"asked", "value", "note", "areas", "times", "session"}},
 "concerns": [{"area", "in_motion", "at_rest", "volume", "bulk", "fws", "hdss", "creams_failed",
 "how"}], "words": {"change", "how_long", "matters", "fears"}}. Codes are those of the case format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.screening.rules import (
    Answer,
    AnswerValue,
    Area,
    Case,
    Concern,
    Findings,
    Topic,
    ToxinProduct,
    ToxinSession,
)

Document = Mapping[str, Any]

BIRTH, WHERE, WORDS = "birth", "where", "words"


def pages(question_pages: Sequence[str]) -> list[str]:
    """The pages of a form in their order: date of birth, questions, areas, own words."""
    return [BIRTH, *question_pages, WHERE, WORDS]


def unanswered(document: Document, topics: Sequence[Topic]) -> list[Topic]:
    """Questions without an answer; no answer is never "no" (clinical reference c)."""
    answers = document.get("answers", {})
    return [topic for topic in topics if not _is_answered(topic, answers.get(topic, {}))]


def _is_answered(topic: Topic, given: Mapping[str, Any]) -> bool:
    """A yes to recent toxin says when: the interval is counted from that day (R5)."""
    if topic == Topic.RECENT_TOXIN and given.get("value") == AnswerValue.YES:
        return bool(given.get("session"))
    return bool(given.get("value"))


def _says_enough(row: Mapping[str, Any]) -> bool:
    """Whether an area says when it is seen and how much, or how much it sweats."""
    is_seen = any(row.get(sign) for sign in ("in_motion", "at_rest", "volume", "bulk"))
    return row.get("hdss") is not None or bool(is_seen and row.get("how"))


def unfinished_pages(
    born_on: date | None, document: Document, topics_by_page: Mapping[str, Sequence[Topic]]
) -> list[str]:
    """Pages that still lack something, in order; an empty list means the form can be sent."""
    lacking = []
    if born_on is None:
        lacking.append(BIRTH)
    lacking += [page for page, topics in topics_by_page.items() if unanswered(document, topics)]
    rows = document.get("concerns")
    if not rows or not all(_says_enough(row) for row in rows):
        lacking.append(WHERE)
    words = document.get("words", {})
    if not all(words.get(part) for part in ("change", "how_long", "matters")):
        lacking.append(WORDS)
    return lacking


def concerns(document: Document) -> tuple[Concern, ...]:
    """The areas as the screening rules read them."""
    return tuple(
        Concern(
            area=Area(row["area"]),
            in_motion=bool(row.get("in_motion")),
            at_rest=bool(row.get("at_rest")),
            volume=bool(row.get("volume")),
            bulk=bool(row.get("bulk")),
            fws=row.get("fws"),
            hdss=row.get("hdss"),
            creams_failed=bool(row.get("creams_failed")),
        )
        for row in document.get("concerns", [])
    )


def history(document: Document) -> dict[Topic, Answer]:
    """The answers as the screening rules read them."""
    return {
        Topic(topic): Answer(AnswerValue(given["value"]), _details(given))
        for topic, given in document.get("answers", {}).items()
    }


def _details(given: Mapping[str, Any]) -> dict[str, Any]:
    details = {
        key: given[key]
        for key in ("areas", "times", "kind", "now", "active")
        if given.get(key) is not None and given[key] != []
    }
    if given.get("session"):
        details["sessions"] = [_session(given["session"])]
    return details


def _session(given: Mapping[str, Any]) -> ToxinSession:
    """A session as it was typed: the comma of a decimal is allowed, unknown parts are left out."""
    units = (given.get("units") or "").replace(",", ".")
    return ToxinSession(
        date=date.fromisoformat(given["date"]),
        product=ToxinProduct(given["product"]) if given.get("product") else None,
        units=Decimal(units) if units else None,
        where=given.get("where") or "",
    )


def case(document: Document, born_on: date, today: date, findings: Findings | None = None) -> Case:
    """The facts of one person on one day, for `screening.rules.evaluate`."""
    return Case(
        born_on=born_on,
        today=today,
        concerns=concerns(document),
        history=history(document),
        findings=findings or Findings(),
    )


def toxin_sessions(document: Document) -> list[date]:
    """Dates of toxin sessions that the patient reported, any product, any purpose (R5)."""
    given = document.get("answers", {}).get(Topic.RECENT_TOXIN, {})
    session = given.get("session") or {}
    return [date.fromisoformat(session["date"])] if session.get("date") else []
