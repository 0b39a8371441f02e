"""The flags that a person's answers and age raise, read from the rows of `history`.

Source: clinical reference section c, first paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from clinic.screening.rules.answer import Answer
from clinic.screening.rules.codes import AnswerValue, Area
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import Flag, Scope, cause, unconfirmed
from clinic.screening.rules.history import AGE_BANDS, QUESTIONS
from clinic.screening.rules.rows import AgeBand, Question, Raises


def flags_from_history(case: Case) -> Iterator[Flag]:
    """Every flag of section c, row by row, whatever areas are wanted."""
    for question in QUESTIONS:
        yield from _from_answer(question, case)
        yield from _from_finding(question, case)
    for band in AGE_BANDS:
        yield from _from_age(band, case)


def _from_answer(question: Question, case: Case) -> Iterator[Flag]:
    answer = case.answer(question.topic)
    if answer.value == AnswerValue.NO:
        return
    not_sure = answer.value == AnswerValue.NOT_SURE
    lowered = not_sure and not question.not_sure_counts_as_yes
    reason = " ".join(_reasons(question, answer, case))
    for raised in _raised_by(question, answer):
        yield Flag(
            topic=question.topic,
            level=raised.level.when_unconfirmed if lowered else raised.level,
            scope=_scope(raised, answer, case),
            causes=(cause(f"history.{question.topic}", answer.value),),
            reason=unconfirmed(reason) if not_sure else reason,
            source=question.source,
        )


def _raised_by(question: Question, answer: Answer) -> tuple[Raises, ...]:
    """What the row lists; what it lists instead for the detail that was given."""
    instead = question.instead
    if instead is not None and answer.details.get(instead.detail) == instead.value:
        return instead.raises
    return question.raises


def _reasons(question: Question, answer: Answer, case: Case) -> Iterator[str]:
    yield question.reason
    if answer.value == AnswerValue.YES:
        for detail, sentence in question.if_left_out.items():
            if not answer.details.get(detail):
                yield sentence
    places = [session.where for session in answer.sessions if session.where]
    if places:
        yield f"Given, as the patient says: {', '.join(places)}."
    for detail, sentence in question.if_said.items():
        if answer.details.get(detail):
            yield sentence
    wanted = {concern.area for concern in case.concerns} | {line.area for line in case.plan}
    yield from dict.fromkeys(
        sentence for area, sentence in question.if_wanted.items() if area in wanted
    )


def _from_finding(question: Question, case: Case) -> Iterator[Flag]:
    """The same flag when the physician's finding says yes, whatever the patient answered."""
    if question.finding is None or not case.findings.says_yes(question.finding):
        return
    recorded = getattr(case.findings, question.finding)
    for raised in question.raises:
        yield Flag(
            topic=question.topic,
            level=raised.level,
            # mutant: code, because only the areas that an answer names are read here
            scope=_scope(raised, Answer(AnswerValue.YES), case),
            causes=(cause(f"findings.{question.finding}", recorded),),
            reason=question.reason,
            source=question.source,
        )


def _from_age(band: AgeBand, case: Case) -> Iterator[Flag]:
    if case.age < band.youngest or (band.oldest is not None and case.age > band.oldest):
        return
    for raised in band.raises:
        yield Flag(
            topic=band.topic,
            level=raised.level,
            scope=Scope(raised.modality, raised.areas, raised.product),
            causes=(cause("age", case.age),),
            reason=band.reason,
            source=band.source,
        )


def _scope(raised: Raises, answer: Answer, case: Case) -> Scope:
    areas = _named_areas(answer, case) if raised.in_named_areas else raised.areas
    return Scope(raised.modality, areas, raised.product)


def _named_areas(answer: Answer, case: Case) -> tuple[Area, ...] | None:
    """The areas named; none named: every area the patient wants; none wanted: everywhere.

    Source: `screening-case-format.md`, "A detail left out".
    """
    return answer.areas or tuple(concern.area for concern in case.concerns) or None
