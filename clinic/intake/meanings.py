"""What an answer means for treatment, in plain words: said at once, and never the end of the way.

Source: clinical reference section c, "Level and scope" and "Why"; only under 18 ends the way to a
consultation. The rules stand in screening; here are the patient's words for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Page, Words
from clinic.screening.rules import AnswerValue, Topic

YES_ALONE = (AnswerValue.YES,)


@dataclass(frozen=True)
class Meaning:
    """*after* are the answers that it follows; *detail* must be true where it names one."""

    title: Words
    text: Words
    after: tuple[AnswerValue, ...] = YES_ALONE
    detail: str = ""


MEANINGS: Mapping[Topic, Meaning] = {
    Topic.PREGNANCY: Meaning(
        _l("We can’t offer injections during pregnancy"),
        _l(
            "Nobody knows well enough what they do to a child, and they can wait. For questions "
            "about your pregnancy, ask your midwife or physician."
        ),
        (AnswerValue.YES, AnswerValue.NOT_SURE),
    ),
    Topic.BREASTFEEDING: Meaning(
        _l("We usually wait until you no longer breastfeed"),
        _l("Little is known about what reaches the milk. The physician talks it over with you."),
    ),
    Topic.SEVERE_ALLERGY_HISTORY: Meaning(
        _l("Fillers may not be for you"),
        _l("After a life-threatening allergy we don’t use fillers unless a physician clears it."),
    ),
    Topic.BACTERIAL_PROTEIN_ALLERGY: Meaning(
        _l("Fillers may not be for you"),
        _l("Traces of these proteins are in most fillers."),
    ),
    Topic.TOXIN_ALLERGY: Meaning(
        _l("Injections that relax a muscle are not for you"),
        _l(
            "After an allergic reaction we don’t give the same kind of medicine again. Fillers may "
            "still be possible."
        ),
    ),
    Topic.INFECTION_AT_SITE: Meaning(
        _l("An infection has to heal first"),
        _l("We don’t inject where the skin is infected. If it gets worse, see a physician now."),
    ),
    Topic.SKIN_INFLAMMATION_AT_SITE: Meaning(
        _l("The skin has to calm down first"),
        _l("We don’t use fillers where the skin is inflamed. The physician looks at it with you."),
    ),
    Topic.COLD_SORES: Meaning(
        _l("A cold sore has to heal first"),
        _l("We don’t inject round the mouth while you have one. Other places may be possible."),
        detail="now",
    ),
    Topic.NEUROMUSCULAR_DISEASE: Meaning(
        _l("Injections that relax a muscle are not for you"),
        _l(
            "With a condition of muscles or nerves a usual dose can make swallowing or breathing "
            "hard. Fillers may still be possible."
        ),
    ),
    Topic.AMINOGLYCOSIDE_ANTIBIOTIC: Meaning(
        _l("We wait until your antibiotic is finished"),
        _l("It can make injections that relax a muscle act more strongly. Keep taking it."),
    ),
}


def of_page(page: Page, document: Mapping[str, Any]) -> list[Meaning]:
    """What the answers of *page* mean, in the order of its questions."""
    answers = document.get("answers", {})
    return [
        MEANINGS[question.topic]
        for question in page.questions
        if question.topic in MEANINGS
        and _follows(MEANINGS[question.topic], answers.get(question.topic, {}))
    ]


def _follows(meaning: Meaning, given: Mapping[str, Any]) -> bool:
    if meaning.detail and not given.get(meaning.detail):
        return False
    return given.get("value") in meaning.after
