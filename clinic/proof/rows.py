"""Which bypasses stand for which row of our own known failures (G1 to G9), by their names.

A row that only pages can keep (work typed before an expiry stays on the page, G8) has what the
database adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic.proof.attempts import ATTEMPTS, Attempt


@dataclass(frozen=True)
class Row:
    """What must not happen, in one line, and the names of the attempts that try it."""

    says: str
    tries: tuple[str, ...]

    @property
    def attempts(self) -> Sequence[Attempt]:
        return [one for one in ATTEMPTS if one.says in self.tries]


ROWS: Mapping[str, Row] = {
    "G1": Row(
        "A treatment visit that no approval carries",
        (
            "a treatment visit without an approval",
            "a treatment visit on another patient's approval",
            "a treatment visit the day after the last day",
            "a treatment visit the day before the first day",
            "a filler visit on an approval of Botox",
            "a treatment visit on a withdrawn approval",
            "a treatment visit on a suspended approval",
            "a treatment visit on a superseded approval",
            "a treatment hold without an approval",
            "the approval taken off a treatment visit",
            "a consultation turned into a treatment after booking",
            "the consultation service renamed into a treatment",
        ),
    ),
    "G2": Row(
        "A combined treatment on half an approval",
        (
            "a combined visit on an approval of Botox alone",
            "a filler visit on an approval of Botox",
            "an area added to a signed approval",
            "the modality of an approval changed",
        ),
    ),
    "G3": Row(
        "An approval by somebody who may not give it",
        (
            "an approval by somebody who holds no licence at all",
            "an approval by a physician whose licence ended yesterday",
            "a note signed by a physician whose licence ended yesterday",
            "an approval resumed by a physician whose licence ended yesterday",
            "a physician signing the note of their own examination",
            "a physician resuming the approval of their own treatment",
        ),
    ),
    "G4": Row(
        "A treatment in spite of new answers, or new answers that vanish",
        (
            "checking in a treatment whose approval was suspended meanwhile",
            "a treatment visit on a suspended approval",
            "a pause deleted",
            "a resumption dated before the pause",
            "an approval resumed on a form that a newer one has replaced",
            "an approval resumed on another patient's form",
            "an approval resumed on a form that was not sent",
            "the form of a resumption changed",
            "a sent form changed",
            "a sent form deleted",
            "a visit deleted",
        ),
    ),
    "G5": Row(
        "A treatment outside the days of its approval, or after it ended early",
        (
            "a treatment visit the day after the last day",
            "a treatment visit the day before the first day",
            "moving a treatment past the end of its approval",
            "checking in a treatment whose approval was withdrawn meanwhile",
            "checking in a treatment whose approval was suspended meanwhile",
        ),
    ),
    "G6": Row(
        "A decision that no longer shows the rules and answers it was made on",
        (
            "the rule version of a stored flag changed",
            "the text of a stored flag changed",
            "a flag made milder",
            "a flag deleted",
            "a flag added to a form that is already sent",
            "a signed note changed",
            "a sent form changed",
        ),
    ),
    "G7": Row(
        "A stop overruled without a reason, or after the signature",
        (
            "an absolute flag overruled after the note was signed",
            "the reason for an overruling taken away",
        ),
    ),
    "G8": Row(
        "Work that was typed before an approval was over, saved after it",
        ("an approval resumed after its last day",),
    ),
    "G9": Row(
        "An approval edited or back-dated",
        (
            "a back-dated approval",
            "the last day of an approval moved",
            "an area added to a signed approval",
            "the modality of an approval changed",
            "the scope of an approval deleted",
            "an approval deleted",
            "an approval that lasts longer than twelve months",
            "an approval stored a second time with a later end",
            "the withdrawal of an approval deleted",
            "a withdrawn approval resumed",
            "a superseded approval resumed",
            "an approval resumed that was not paused",
            "an approval resumed under the date of another week",
        ),
    ),
}
