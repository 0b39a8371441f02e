"""The form of the profile. Between which limits a value lies is the rules'."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import StopValidation

from clinic.jurisdiction.rules import LIMITS, Profile
from clinic.rosters.forms.base import Changing, NumberField, short_text


def _number(name: str, label: str, description: str = "") -> NumberField:
    limits = LIMITS[name]
    return NumberField(label, limits.lowest, limits.highest, description=description)


class ProfileForm(Changing):
    """*agreed* stands for the approvals and visits that the page showed as touched."""

    longest_validity_months = _number(
        "longest_validity_months",
        _l("An approval lasts at most, in months"),
        _l("Never more than 12."),
    )
    default_validity_months = _number(
        "default_validity_months", _l("An approval usually lasts, in months")
    )
    cooling_off_hours = _number(
        "cooling_off_hours",
        _l("Time to think before the first treatment, in hours"),
        _l("From the approval on, for each modality that is new to the patient; 0 for none."),
    )
    toxin_interval_days = _number(
        "toxin_interval_days",
        _l("Days between two Botox sessions"),
        _l("Never fewer than 84, which is 12 weeks."),
    )
    minimum_age = _number(
        "minimum_age",
        _l("Age from which treatments are allowed"),
        _l("Never under 18. A consultation is open to everybody from 18 on."),
    )
    live_video_counts = BooleanField(
        _l("A consultation by live video counts like one in person"),
        description=_l("Without it, an approval needs an examination in person."),
    )
    names_brand = BooleanField(
        _l("Public pages may call the medicine Botox"),
        description=_l("Some countries forbid to advertise a prescription medicine by its name."),
    )
    regulator = short_text(
        _l("Regulator named under complaints (optional)"),
        None,
        300,
        description=_l("As it should stand there, like “General Medical Council, gmc-uk.org”."),
    )
    because = short_text(
        _l("Where is this written?"),
        _l("Write which law or rule says so, and who checked it"),
        300,
        description=_l("Law or rule, and who checked it. It is kept with this version."),
    )

    def validate_default_validity_months(self, field: NumberField) -> None:
        longest = self.longest_validity_months.data
        if field.data is not None and longest is not None and field.data > longest:
            raise StopValidation(_("No more than the longest, %(months)s", months=longest))

    @property
    def wanted(self) -> Profile:
        return Profile(
            live_video_counts=self.live_video_counts.data,
            default_validity_months=self.default_validity_months.data or 0,
            longest_validity_months=self.longest_validity_months.data or 0,
            cooling_off_hours=self.cooling_off_hours.data or 0,
            toxin_interval_days=self.toxin_interval_days.data or 0,
            minimum_age=self.minimum_age.data or 0,
            names_brand=self.names_brand.data,
            regulator=self.regulator.data or None,
        )
