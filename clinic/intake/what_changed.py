"""What a patient says has changed, at the check-in: ticked by short names, then asked again.

The device may be the desk's, so nothing that was answered before is shown, and the whole form would
be empty. Names are a patient's words; which answer a tick leads to is the question's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from clinic.forms import ClinicForm
from clinic.intake.questionnaire import CURRENT
from clinic.intake.questions import Page, Words
from clinic.intake.rules import DISTRESS_PART
from clinic.screening.rules import Topic

CONTRADICTION = _l("You ticked something. Press “Something has changed”, or take the tick away.")
NAMES: Mapping[str, Words] = {
    Topic.PREGNANCY: _l("Pregnant, or perhaps"),
    Topic.BREASTFEEDING: _l("Breastfeeding"),
    Topic.SEVERE_ALLERGY_HISTORY: _l("A severe allergic reaction"),
    Topic.TOXIN_ALLERGY: _l("Allergy to botulinum toxin"),
    Topic.LIDOCAINE_ALLERGY: _l("Allergy to a local anaesthetic"),
    Topic.VENOM_OR_HYALURONIDASE_ALLERGY: _l("Reaction to a sting or to hyaluronidase"),
    Topic.COWS_MILK_PROTEIN_ALLERGY: _l("Allergy to cow’s milk"),
    Topic.BACTERIAL_PROTEIN_ALLERGY: _l("Allergy to proteins of bacteria"),
    Topic.HUMAN_ALBUMIN: _l("Human albumin"),
    Topic.INFECTION_AT_SITE: _l("An infection or a sore"),
    Topic.SKIN_INFLAMMATION_AT_SITE: _l("Spots, a rash or hives"),
    Topic.COLD_SORES: _l("Cold sores"),
    Topic.NEUROMUSCULAR_DISEASE: _l("Muscles or nerves"),
    Topic.FACIAL_WEAKNESS_OR_ASYMMETRY: _l("A weak or uneven face"),
    Topic.EYELID_OR_FACE_SURGERY: _l("Surgery or injury of the face"),
    Topic.DRY_EYE: _l("Dry or watery eyes"),
    Topic.SWALLOWING_OR_BREATHING_PROBLEM: _l("Swallowing or breathing"),
    Topic.HEART_DISEASE: _l("Heart"),
    Topic.BLEEDING_DISORDER: _l("Bleeding or clotting"),
    Topic.AUTOIMMUNE_DISEASE: _l("Autoimmune disease"),
    Topic.EPILEPSY_OR_PORPHYRIA: _l("Seizures or porphyria"),
    Topic.SCARRING_TENDENCY: _l("Thick scars or dark marks"),
    Topic.POSSIBLE_SECONDARY_SWEATING: _l("Sweating all over"),
    Topic.BLOOD_THINNERS: _l("Blood thinners or aspirin"),
    Topic.IMMUNE_SUPPRESSION: _l("Cortisone and the like"),
    Topic.AMINOGLYCOSIDE_ANTIBIOTIC: _l("Antibiotic by drip"),
    Topic.MUSCLE_AFFECTING_MEDICINE: _l("Muscle relaxants"),
    Topic.RECENT_TOXIN: _l("Botulinum toxin elsewhere"),
    Topic.PREVIOUS_DROOP_AFTER_TOXIN: _l("A lid or brow that drooped"),
    Topic.PREVIOUS_NON_RESPONSE: _l("Botulinum toxin without effect"),
    Topic.PREVIOUS_FILLER_PROBLEM: _l("Trouble with a filler"),
    Topic.RECENT_SKIN_PROCEDURE: _l("Laser, peel, microneedling"),
    Topic.DENTAL_WORK: _l("Work on my teeth"),
    Topic.RECENT_VACCINE_OR_ILLNESS: _l("Vaccine, fever, infection"),
    Topic.PLANNED_SURGERY: _l("A planned operation"),
    Topic.HAND_FUNCTION: _l("Fine work with my fingers"),
    Topic.EVENT_SOON: _l("An important event"),
    Topic.UNREALISTIC_EXPECTATIONS: _l("The result I expect"),
    Topic.OUTSIDE_PRESSURE: _l("Somebody who pushes me"),
    DISTRESS_PART: _l("How I feel about it, my safety"),
}


def keys_of(page: Page) -> list[str]:
    """What can be ticked of a page of the form: its topics, and section g as one."""
    topics = [str(question.topic) for question in page.questions]
    return [*topics, DISTRESS_PART] if page.feelings else topics


class WhatChanged(ClinicForm):
    """*changed* names what is asked again; nothing of it: the whole form."""

    changed = SelectMultipleField(
        "", choices=[(key, NAMES[key]) for page in CURRENT.pages for key in keys_of(page)]
    )

    def validate_changed(self, field: SelectMultipleField) -> None:
        """Whoever ticks something and presses any other button means one of the two."""
        if field.data and request.form.get("go") != "else":
            raise ValidationError(str(CONTRADICTION))

    @property
    def groups(self) -> Iterator[tuple[Words, list[tuple[str, Words]]]]:
        """What can be ticked, page by page of the form."""
        for page in CURRENT.pages:
            yield page.title, [(key, NAMES[key]) for key in keys_of(page)]

    @property
    def topics(self) -> list[str] | None:
        """What was ticked; None for the whole form."""
        return self.changed.data or None
