"""The versions of the form: which pages, in which order, which questions and places.

A version that was ever answered is never edited: a change is a new version beside it. Topics are
those of the screening rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.intake import questions_2026_1, questions_2026_2, wishes_2026_2
from clinic.intake.areas import AREAS_2026_1, AREAS_2026_2, AreaChoice, AreaGroup
from clinic.intake.questions import Page, Question, Words
from clinic.screening.rules import Area

BIRTH, WHERE, PHOTOS, WORDS = "birth", "where", "photos", "words"


@dataclass(frozen=True)
class Questionnaire:
    """*order* names every page of the form, those without questions of the list too. One that
    *is_short* asks only some of the questions."""

    version: str
    order: tuple[str, ...]
    pages: tuple[Page, ...]
    area_groups: tuple[AreaGroup, ...]
    is_short: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    @property
    def by_topic(self) -> Mapping[str, Question]:
        return {question.topic.value: question for question in self.questions}

    @property
    def felt(self) -> Mapping[str, Mapping[str, Words]]:
        """The words of each answer of section g, by the question's key."""
        return {each.key: dict(each.choices) for page in self.pages for each in page.feelings}

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages that count as steps: photos are a second, optional half of the places. Nobody
        is asked the date of birth once more for a few questions."""
        besides = {PHOTOS, BIRTH} if self.is_short else {PHOTOS}
        return tuple(key for key in self.order if key not in besides)

    def step_of(self, key: str) -> int:
        """Which step a page stands on, counted from 1."""
        return self.steps.index(WHERE if key == PHOTOS else key) + 1

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)

    def area_names(self) -> Mapping[Area, Words]:
        return {area: choice.name for area, choice in self.area_choices().items()}

    def area_choices(self) -> Mapping[Area, AreaChoice]:
        """What each area is asked, in the order of the list."""
        return {choice.area: choice for g in self.area_groups for choice in g.areas}


V2026_1 = Questionnaire(
    "2026.1",
    (BIRTH, "health", "medicines", WHERE, WORDS),
    (questions_2026_1.HEALTH, questions_2026_1.MEDICINES),
    AREAS_2026_1,
)
V2026_2 = Questionnaire(
    "2026.2",
    (BIRTH, "health", "conditions", "medicines", WHERE, PHOTOS, WORDS, "wishes"),
    (
        questions_2026_2.HEALTH,
        questions_2026_2.CONDITIONS,
        questions_2026_2.MEDICINES,
        wishes_2026_2.WISHES,
    ),
    AREAS_2026_2,
)

QUESTIONNAIRES: Mapping[str, Questionnaire] = {each.version: each for each in (V2026_1, V2026_2)}
CURRENT = V2026_2
