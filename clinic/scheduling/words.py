"""What staff may say of why a visit was moved or cancelled: the words of the codes, to choose."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

# By the codes of `clinic.journey.cancel.DESK_REASONS`.
DESK_REASON_WORDS: Mapping[str, str] = {
    "patient-asked": _l("Patient asked"),
    "ill": _l("Patient ill"),
    "clinic": _l("Clinic had to"),
    "mistake": _l("Booked by mistake"),
    "other": _l("Other"),
}
