"""The questions, as versioned data in plain words.

A version that was ever answered is never edited: a change is a new version beside it. Topics are
those of the screening rules. Source: clinical reference section c; wording ours, reading age 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from clinic.screening.rules import Area, Topic

Words = str  # a lazy gettext string: worded when shown, stored as shown


class Detail(StrEnum):
    """What a yes (or not sure) asks further."""

    NOTE = "note"  # which one, in own words
    AREAS = "areas"
    TIMES = "times"
    SESSION = "session"


@dataclass(frozen=True)
class Question:
    topic: Topic
    asked: Words
    hint: Words = ""
    detail: Detail | None = None
    detail_asked: Words = ""


@dataclass(frozen=True)
class Page:
    key: str
    title: Words
    questions: tuple[Question, ...]


class AreaKind(StrEnum):
    LINE = "line"  # seen in motion, at rest or both; how deep
    VOLUME = "volume"  # hollow or less full; how much
    BULK = "bulk"  # a wide muscle; how much
    SWEAT = "sweat"


@dataclass(frozen=True)
class AreaChoice:
    area: Area
    name: Words
    more: Words
    kind: AreaKind


@dataclass(frozen=True)
class AreaGroup:
    name: Words
    areas: tuple[AreaChoice, ...]


@dataclass(frozen=True)
class Questionnaire:
    version: str
    pages: tuple[Page, ...]
    area_groups: tuple[AreaGroup, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)

    def area_names(self) -> Mapping[Area, Words]:
        return {choice.area: choice.name for g in self.area_groups for choice in g.areas}


K = AreaKind

_HEALTH = Page(
    "health",
    _l("Your health"),
    (
        Question(
            Topic.PREGNANCY,
            _l("Are you pregnant, or might you be?"),
        ),
        Question(Topic.BREASTFEEDING, _l("Are you breastfeeding?")),
        Question(
            Topic.NEUROMUSCULAR_DISEASE,
            _l("Do you have a condition of the muscles or nerves?"),
            _l("For example myasthenia gravis, Lambert-Eaton, ALS or motor neurone disease."),
            Detail.NOTE,
            _l("Which one?"),
        ),
        Question(
            Topic.TOXIN_ALLERGY,
            _l("Have you ever had an allergic reaction to botulinum toxin, such as Botox?"),
            _l("A bruise or a headache afterwards is not an allergy."),
        ),
        Question(
            Topic.COWS_MILK_PROTEIN_ALLERGY,
            _l("Are you allergic to cow’s milk protein?"),
            _l("Lactose intolerance is something else: then answer no."),
        ),
        Question(
            Topic.SEVERE_ALLERGY_HISTORY,
            _l("Have you ever had a life-threatening allergic reaction, or several severe ones?"),
            "",
            Detail.NOTE,
            _l("To what?"),
        ),
        Question(
            Topic.LIDOCAINE_ALLERGY,
            _l("Are you allergic to lidocaine or another local anaesthetic?"),
            _l("The injection with which a dentist numbs a tooth, for example."),
        ),
    ),
)

_MEDICINES = Page(
    "medicines",
    _l("Medicines and past treatments"),
    (
        Question(
            Topic.INFECTION_AT_SITE,
            _l("Do you have an infection, a boil or an open sore where you would like treatment?"),
            "",
            Detail.AREAS,
            _l("Where?"),
        ),
        Question(
            Topic.BLOOD_THINNERS,
            _l("Do you take blood thinners, aspirin, anti-inflammatories, fish oil or vitamin E?"),
            _l("Keep taking what was prescribed for you. The physician talks it over with you."),
            Detail.NOTE,
            _l("Which ones?"),
        ),
        Question(
            Topic.AMINOGLYCOSIDE_ANTIBIOTIC,
            _l("Are you having an antibiotic by drip or injection at the moment?"),
            _l("For example gentamicin, tobramycin, amikacin or streptomycin."),
        ),
        Question(
            Topic.RECENT_TOXIN,
            _l("Have you had botulinum toxin anywhere, for any reason, in the last 4 months?"),
            _l("Botox and other brands, also for migraine, sweating or cramps."),
            Detail.SESSION,
            _l("The last time"),
        ),
        Question(
            Topic.PREVIOUS_DROOP_AFTER_TOXIN,
            _l("Has an eyelid or eyebrow drooped after botulinum toxin before?"),
            "",
            Detail.TIMES,
            _l("How often?"),
        ),
    ),
)

_AREAS = (
    AreaGroup(
        _l("Upper face"),
        (
            AreaChoice(Area.FOREHEAD, _l("Forehead"), _l("lines across"), K.LINE),
            AreaChoice(Area.GLABELLA, _l("Frown lines"), _l("between the brows"), K.LINE),
            AreaChoice(Area.CROWS_FEET, _l("Beside the eyes"), _l("crow’s feet"), K.LINE),
            AreaChoice(Area.BUNNY_LINES, _l("Sides of the nose"), _l("bunny lines"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Middle"),
        (
            AreaChoice(Area.TEAR_TROUGH, _l("Under the eyes"), _l("hollows"), K.VOLUME),
            AreaChoice(Area.CHEEKS, _l("Cheeks"), _l("less full"), K.VOLUME),
            AreaChoice(Area.NASOLABIAL_FOLDS, _l("Nose to mouth"), _l("folds"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Mouth, chin, neck"),
        (
            AreaChoice(Area.PERIORAL, _l("Lip lines"), _l("above the lip"), K.LINE),
            AreaChoice(Area.LIPS, _l("Lips"), _l("less full"), K.VOLUME),
            AreaChoice(Area.MARIONETTE, _l("Mouth corners"), _l("lines downwards"), K.LINE),
            AreaChoice(Area.CHIN, _l("Chin"), _l("dimples"), K.LINE),
            AreaChoice(Area.MASSETER, _l("Jaw muscle"), _l("wide"), K.BULK),
            AreaChoice(Area.JAWLINE, _l("Jawline"), _l("less clear"), K.VOLUME),
            AreaChoice(Area.NECK_BANDS, _l("Neck bands"), _l("cords that stand out"), K.LINE),
            AreaChoice(Area.NECK_LINES, _l("Neck lines"), _l("across"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Body, sweating"),
        (
            AreaChoice(Area.AXILLAE, _l("Armpits"), _l("sweating"), K.SWEAT),
            AreaChoice(Area.PALMS, _l("Hands"), _l("sweating of the palms"), K.SWEAT),
        ),
    ),
)

V2026_1 = Questionnaire("2026.1", (_HEALTH, _MEDICINES), _AREAS)

QUESTIONNAIRES: Mapping[str, Questionnaire] = {V2026_1.version: V2026_1}
CURRENT = V2026_1
