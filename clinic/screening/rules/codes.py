"""The codes of screening, the same in the database, the forms, the API and case files.

Source: `screening-case-format.md` (areas, concerns, findings, output) and clinical reference
section 0 (levels and scopes). The order of each list is the order in which things are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


def place(code: StrEnum) -> int:
    """Where *code* stands in its list: a StrEnum itself would sort by its letters."""
    return list(type(code)).index(code)


class Area(StrEnum):
    """A place on the body that a patient can want treated."""

    FOREHEAD = "forehead"
    GLABELLA = "glabella"
    CROWS_FEET = "crows-feet"
    BUNNY_LINES = "bunny-lines"
    TEAR_TROUGH = "tear-trough"
    CHEEKS = "cheeks"
    NASOLABIAL_FOLDS = "nasolabial-folds"
    PERIORAL = "perioral"
    LIPS = "lips"
    MARIONETTE = "marionette"
    CHIN = "chin"
    MASSETER = "masseter"
    JAWLINE = "jawline"
    NECK_BANDS = "neck-bands"
    NECK_LINES = "neck-lines"
    AXILLAE = "axillae"
    PALMS = "palms"


UPPER_FACE = (Area.FOREHEAD, Area.GLABELLA, Area.CROWS_FEET, Area.BUNNY_LINES)
SWEATING_AREAS = (Area.AXILLAE, Area.PALMS)
MOUTH = (Area.PERIORAL, Area.LIPS)


class Side(StrEnum):
    """Which side of the body a concern is about; it never changes a flag."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Modality(StrEnum):
    """A kind of treatment."""

    TOXIN = "toxin"
    FILLER = "filler"


class ScopeModality(StrEnum):
    """The kinds of treatment that a flag speaks about."""

    TOXIN = "toxin"
    FILLER = "filler"
    BOTH = "both"

    @property
    def modalities(self) -> frozenset[Modality]:
        return frozenset(Modality) if self is ScopeModality.BOTH else frozenset({Modality(self)})

    @classmethod
    def of(cls, modalities: Iterable[Modality]) -> ScopeModality:
        """The one code for *modalities*, of which there must be at least one."""
        several = frozenset(modalities)
        return cls.BOTH if len(several) > 1 else cls(*several)


class Pattern(StrEnum):
    """What a person's concerns point to, before a physician has examined anybody."""

    TOXIN = "toxin"
    FILLER = "filler"
    COMBINED = "combined"
    NONE = "none"

    @classmethod
    def of(cls, modalities: Iterable[Modality]) -> Pattern:
        """Only toxin, only filler, any mix, or none yet. Source: clinical reference a.1, rule 1."""
        several = frozenset(modalities)
        if not several:
            return cls.NONE
        return cls.COMBINED if len(several) > 1 else cls(*several)


class Level(StrEnum):
    """How strongly a flag speaks: a stop, a thing to consider and comment on, a thing to know."""

    ABSOLUTE = "absolute"
    CAUTION = "caution"
    INFORMATION = "information"

    @property
    def when_unconfirmed(self) -> Level:
        """The level that "not sure" gives. Source: clinical reference c, first paragraph."""
        return Level.CAUTION if self is Level.ABSOLUTE else self


class Rating(StrEnum):
    """The droop assessment's result. Source: clinical reference d.2."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    NOT_ASSESSED = "not-assessed"
    NOT_APPLICABLE = "not-applicable"


class AnswerValue(StrEnum):
    """What a patient can answer to a history question."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not-sure"


class BrowPosition(StrEnum):
    """The brow against the bony orbital rim."""

    ABOVE = "above"
    AT = "at"
    BELOW = "below"


class Dermatochalasis(StrEnum):
    """Loose skin of the upper lid; severe means that it rests on the lashes."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class DroopTimes(StrEnum):
    """How often a lid or brow has drooped after toxin."""

    NONE = "none"
    ONCE = "once"
    MORE = "more"


class ToxinProduct(StrEnum):
    """The toxins by name. Units of one are never units of another (clinical reference e.1, R1)."""

    ONABOTULINUMTOXIN_A = "onabotulinumtoxinA"
    ABOBOTULINUMTOXIN_A = "abobotulinumtoxinA"
    INCOBOTULINUMTOXIN_A = "incobotulinumtoxinA"
    DAXIBOTULINUMTOXIN_A = "daxibotulinumtoxinA"
    PRABOTULINUMTOXIN_A = "prabotulinumtoxinA"
    LETIBOTULINUMTOXIN_A = "letibotulinumtoxinA"


class ProductFamily(StrEnum):
    """Groups of products; they appear in the scope of a flag, never in a plan."""

    ALBUMIN_CONTAINING_TOXINS = "albumin-containing-toxins"
    LIDOCAINE_CONTAINING_FILLERS = "lidocaine-containing-fillers"
    RESTYLANE = "Restylane-family"


class Topic(StrEnum):
    """What a flag is about: the keys of the history questions first, then what is worked out."""

    PREGNANCY = "pregnancy"
    BREASTFEEDING = "breastfeeding"
    NEUROMUSCULAR_DISEASE = "neuromuscular-disease"
    TOXIN_ALLERGY = "toxin-allergy"
    COWS_MILK_PROTEIN_ALLERGY = "cows-milk-protein-allergy"
    HUMAN_ALBUMIN = "human-albumin"
    SEVERE_ALLERGY_HISTORY = "severe-allergy-history"
    BACTERIAL_PROTEIN_ALLERGY = "bacterial-protein-allergy"
    LIDOCAINE_ALLERGY = "lidocaine-allergy"
    VENOM_OR_HYALURONIDASE_ALLERGY = "venom-or-hyaluronidase-allergy"
    INFECTION_AT_SITE = "infection-at-site"
    SKIN_INFLAMMATION_AT_SITE = "skin-inflammation-at-site"
    COLD_SORES = "cold-sores"
    BLOOD_THINNERS = "blood-thinners"
    BLEEDING_DISORDER = "bleeding-disorder"
    AMINOGLYCOSIDE_ANTIBIOTIC = "aminoglycoside-antibiotic"
    MUSCLE_AFFECTING_MEDICINE = "muscle-affecting-medicine"
    RECENT_TOXIN = "recent-toxin"
    PREVIOUS_DROOP_AFTER_TOXIN = "previous-droop-after-toxin"
    SWALLOWING_OR_BREATHING_PROBLEM = "swallowing-or-breathing-problem"
    HEART_DISEASE = "heart-disease"
    AUTOIMMUNE_DISEASE = "autoimmune-disease"
    IMMUNE_SUPPRESSION = "immune-suppression"
    PREVIOUS_FILLER_PROBLEM = "previous-filler-problem"
    DENTAL_WORK = "dental-work"
    RECENT_VACCINE_OR_ILLNESS = "recent-vaccine-or-illness"
    SCARRING_TENDENCY = "scarring-tendency"
    RECENT_SKIN_PROCEDURE = "recent-skin-procedure"
    EYELID_OR_FACE_SURGERY = "eyelid-or-face-surgery"
    FACIAL_WEAKNESS_OR_ASYMMETRY = "facial-weakness-or-asymmetry"
    DRY_EYE = "dry-eye"
    PLANNED_SURGERY = "planned-surgery"
    POSSIBLE_SECONDARY_SWEATING = "possible-secondary-sweating"
    HAND_FUNCTION = "hand-function"
    PREVIOUS_NON_RESPONSE = "previous-non-response"
    EPILEPSY_OR_PORPHYRIA = "epilepsy-or-porphyria"
    EVENT_SOON = "event-soon"
    UNREALISTIC_EXPECTATIONS = "unrealistic-expectations"
    OUTSIDE_PRESSURE = "outside-pressure"
    UNDER_18 = "under-18"
    YOUNG_ADULT_AND_FILLER = "young-adult-and-filler"
    AGE_65_AND_OVER = "age-65-and-over"
    APPEARANCE_DISTRESS = "appearance-distress"
    SAFETY_CONCERN = "safety-concern"
    EYELID_DROOP = "eyelid-droop"
    LOWER_LID_LAXITY = "lower-lid-laxity"
    HIGH_RISK_FILLER_SITE = "high-risk-filler-site"
    OFF_LABEL_AREA = "off-label-area"
    ABOVE_LABEL_DOSE = "above-label-dose"
    BELOW_LABELLED_SEVERITY = "below-labelled-severity"
    CUMULATIVE_DOSE = "cumulative-dose"
    CREAMS_FIRST = "creams-first"


HISTORY_TOPICS = tuple(Topic)[: place(Topic.UNDER_18)]
