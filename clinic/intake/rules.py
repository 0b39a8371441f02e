"""What a filled form holds, what it still lacks, and the screening facts it gives.

A document is the sealed JSON of an intake:
{"answers": {topic: {"asked", "value", "chosen", and one of the details of `Detail`; beside a
 "session", the sessions before it are "earlier_sessions"}},
 "concerns": [{"area", "side", "in_motion", "at_rest", "volume", "bulk", "fws", "hdss",
 "creams_failed", "how"}], "words": {"change", "how_long", "matters", "fears"},
 "distress": {key: {"asked", "value"}}, "visit": {"preferred_name", "interpreter", "language",
 "access", "chaperone"}, "saves": {page: how often}}. Codes are those of the case format. A draft
with "only" asks these topics alone ("distress" is section g); sent, it has the rest from the form
before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic import clock
from clinic.intake.questionnaire import BIRTH, WHERE, WORDS, Questionnaire
from clinic.intake.questions import DEMANDED_OF_A_YES, Page, Question
from clinic.screening.rules import (
    DISTRESS,
    Answer,
    AnswerValue,
    Area,
    Case,
    Concern,
    Distress,
    Findings,
    Side,
    Topic,
    ToxinProduct,
    ToxinSession,
)

Document = Mapping[str, Any]

ONLY, DISTRESS_PART = "only", "distress"
TOLD_BY_KEY = ("answers", DISTRESS_PART)  # parts that are merged key by key
NEWEST, EARLIER = "session", "earlier_sessions"  # where an answer keeps sessions of toxin


def asked_of(page: Page, document: Document) -> tuple[Question, ...]:
    """The questions of *page* that somebody with this document is asked."""
    ticked = {row["area"] for row in document.get("concerns", [])}
    return tuple(q for q in page.questions if q.only_with is None or q.only_with in ticked)


def lacks_an_answer(page: Page, document: Document) -> bool:
    """Whether a question of *page* has none; no answer is never "no" (clinical reference c)."""
    answers, feelings = document.get("answers", {}), document.get("distress", {})
    return any(
        not is_answered(question, answers.get(question.topic, {}))
        for question in asked_of(page, document)
    ) or any(not feelings.get(feeling.key, {}).get("value") for feeling in page.feelings)


def narrowed(questions: Questionnaire, document: Document) -> Questionnaire:
    """What a draft asks: the whole form, or only what its patient says has changed."""
    only = document.get(ONLY)
    return questions if only is None else _with_only(questions, only)


def _with_only(questions: Questionnaire, only: Collection[str]) -> Questionnaire:
    left = []
    for page in questions.pages:
        asked = tuple(replace(q, only_with=None) for q in page.questions if q.topic in only)
        feelings = page.feelings if DISTRESS_PART in only else ()
        if asked or feelings:
            lead = page.lead if feelings else ""
            left.append(
                replace(page, questions=asked, feelings=feelings, lead=lead, for_the_visit=False)
            )
    order = (BIRTH, *(page.key for page in left))
    return replace(questions, order=order, pages=tuple(left), is_short=True)


def answered(document: Document) -> list[str]:
    """What somebody has answered, as `ONLY` names it: topics, and section g as one."""
    return [*document.get("answers", {}), *([DISTRESS_PART] if document.get(DISTRESS_PART) else [])]


def completed(document: Document, before: Document) -> dict[str, Any]:
    """What a draft that asks little says once it is sent: all else is as in the form *before*."""
    told = {part: {**before.get(part, {}), **document.get(part, {})} for part in TOLD_BY_KEY}
    return {**before, **told}


def holds_nothing(document: Document) -> bool:
    """Whether nobody has answered anything of a draft yet."""
    return not any(document.get(part) for part in (*TOLD_BY_KEY, "concerns", "words", "visit"))


def is_answered(question: Question, given: Mapping[str, Any]) -> bool:
    """Whether *given* answers it, with what a yes is read with (R5: the day of a session)."""
    if question.detail in DEMANDED_OF_A_YES and given.get("value") == AnswerValue.YES:
        return bool(given.get(question.detail)) or given.get(question.detail) is False
    return bool(given.get("value"))


def _says_enough(row: Mapping[str, Any]) -> bool:
    """Whether an area says when it is seen and how much, or how much it sweats."""
    is_seen = any(row.get(sign) for sign in ("in_motion", "at_rest", "volume", "bulk"))
    return row.get("hdss") is not None or bool(is_seen and row.get("how"))


def unfinished_pages(
    born_on: date | None, document: Document, questions: Questionnaire
) -> list[str]:
    """Pages that still lack something, in order; an empty list means the form can be sent."""
    lacking = {page.key for page in questions.pages if lacks_an_answer(page, document)}
    if born_on is None:
        lacking.add(BIRTH)
    rows = document.get("concerns")
    if not rows or not all(_says_enough(row) for row in rows):
        lacking.add(WHERE)
    words = document.get("words", {})
    if not all(words.get(part) for part in ("change", "how_long", "matters")):
        lacking.add(WORDS)
    return [key for key in questions.order if key in lacking]


def confirmation_counts(
    confirmed_at: datetime | None, starts_on: date, today: date, zone: str
) -> bool:
    """Whether answers that were confirmed for a visit need no asking: before its day any will do,
    on it only one of that day, by the site's clock."""
    if confirmed_at is None:
        return False
    return today < starts_on or clock.local(confirmed_at, zone).date() >= starts_on


def saves_of(document: Document, page: str) -> int:
    """How often a page was saved: what another window's form is held against."""
    return int(document.get("saves", {}).get(page, 0))


def concerns(document: Document) -> tuple[Concern, ...]:
    """The areas as the screening rules read them; no side chosen is both, as the page says."""
    return tuple(
        Concern(
            area=Area(row["area"]),
            side=Side(row.get("side") or Side.BOTH),
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
    if told := sessions_told(given):
        details["sessions"] = [_session(each) for each in told]
    return details


def sessions_told(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each session of toxin that an answer tells of, with its day; an older answer has one."""
    told = [given.get(NEWEST), *(given.get(EARLIER) or ())]
    return [each for each in told if each and each.get("date")]


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
        distress=distress(document),
    )


def distress(document: Document) -> Distress:
    """The answers of section g as the screening rules read them."""
    given = {key: answer.get("value") for key, answer in document.get("distress", {}).items()}
    codes: dict[str, Any] = {
        key: code(given[key]) for key, code in DISTRESS.items() if given.get(key)
    }
    return Distress(**codes)


def toxin_sessions(document: Document) -> list[date]:
    """Dates of toxin sessions that the patient reported, any product, any purpose (R5)."""
    given = document.get("answers", {}).get(Topic.RECENT_TOXIN, {})
    return [date.fromisoformat(each["date"]) for each in sessions_told(given)]
