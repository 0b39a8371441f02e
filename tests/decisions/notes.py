"""Signed decisions about Cal, with everything in them that can be written for colleagues."""

from __future__ import annotations

from typing import Any

from clinic.screening import services as screening
from clinic.screening.models import Decision, ScreeningNote
from tests import factories
from tests.factories import USUAL, Cast, at, make_intake, make_visit, sign

COMBINED = {
    "modality": "combined",
    "filler_areas": ["cheeks", "glabella"],
    "filler_ceiling": "1.5",
}
TYPED = {
    Decision.APPROVE: {**COMBINED, "conditions": "Only when the cold sore is gone."},
    Decision.ASK: {"question": "Which cream did you use?"},
    Decision.DEFER: {"defer_until": "2027-02-01", "defer_words": "After the birth."},
    Decision.DECLINE: {"decline_words": "It would not help you."},
    Decision.REFER: {"refer_to": "Eye clinic", "refer_words": "Your lids first."},
}
DROOPING = {**USUAL, "mrd1_right": "2.8"}
ALLERGY = "toxin-allergy.absolute.toxin.any"


def decide(cast: Cast, decision: Decision) -> ScreeningNote:
    """A decision after which everything that can be written for colleagues is written."""
    blood = {"value": "yes", "note": "zolvatrine"}
    make_intake(cast.cal, answers={"blood-thinners": blood, "toxin-allergy": {"value": "yes"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    note = sign(
        visit,
        cast.ana_user,
        cast.ana,
        decision,
        findings=DROOPING,
        private="gravelornish",
        why="morklesome",
        overruled={ALLERGY: "oddrimental"},
        **TYPED[decision],
    )
    screening.add_addendum(
        note, "snorvickery", actor=factories.staff_actor(cast.ana_user, cast.ana)
    )
    return note


def address(note: ScreeningNote, part: str = "") -> str:
    return f"/decisions/{note.public_id}{part}"


def consult_again(cast: Cast, hour: int = 13, **over: Any) -> ScreeningNote:
    """Another consultation on the same day, and what came of it."""
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, hour))
    return sign(visit, cast.ana_user, cast.ana, **over)
