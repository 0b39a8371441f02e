"""What the codes of screening are called on a screen: filters for templates, nothing else.

Codes stay codes everywhere below; here is the one place where each gets its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from clinic.intake.areas import AreaKind
from clinic.intake.earlier_toxin import BRANDS
from clinic.intake.questionnaire import CURRENT
from clinic.intake.rules import sessions_told
from clinic.screening.rules import MEASURED_RANGES, Area, Topic
from clinic.treatment.rules import FillerClass

TOPICS: Mapping[str, str] = {
    Topic.PREGNANCY: _l("pregnancy"),
    Topic.BREASTFEEDING: _l("breastfeeding"),
    Topic.NEUROMUSCULAR_DISEASE: _l("neuromuscular disease"),
    Topic.TOXIN_ALLERGY: _l("toxin allergy"),
    Topic.COWS_MILK_PROTEIN_ALLERGY: _l("cow’s milk protein allergy"),
    Topic.HUMAN_ALBUMIN: _l("human albumin"),
    Topic.SEVERE_ALLERGY_HISTORY: _l("severe allergy history"),
    Topic.BACTERIAL_PROTEIN_ALLERGY: _l("bacterial protein allergy"),
    Topic.LIDOCAINE_ALLERGY: _l("lidocaine allergy"),
    Topic.VENOM_OR_HYALURONIDASE_ALLERGY: _l("venom or hyaluronidase allergy"),
    Topic.INFECTION_AT_SITE: _l("infection at site"),
    Topic.SKIN_INFLAMMATION_AT_SITE: _l("skin inflammation at site"),
    Topic.COLD_SORES: _l("cold sores"),
    Topic.BLOOD_THINNERS: _l("blood thinners"),
    Topic.BLEEDING_DISORDER: _l("bleeding disorder"),
    Topic.AMINOGLYCOSIDE_ANTIBIOTIC: _l("aminoglycoside antibiotic"),
    Topic.MUSCLE_AFFECTING_MEDICINE: _l("muscle-affecting medicine"),
    Topic.RECENT_TOXIN: _l("recent toxin"),
    Topic.PREVIOUS_DROOP_AFTER_TOXIN: _l("previous droop after toxin"),
    Topic.SWALLOWING_OR_BREATHING_PROBLEM: _l("swallowing or breathing problem"),
    Topic.HEART_DISEASE: _l("heart disease"),
    Topic.AUTOIMMUNE_DISEASE: _l("autoimmune disease"),
    Topic.IMMUNE_SUPPRESSION: _l("immune suppression"),
    Topic.PREVIOUS_FILLER_PROBLEM: _l("previous filler problem"),
    Topic.DENTAL_WORK: _l("dental work"),
    Topic.RECENT_VACCINE_OR_ILLNESS: _l("recent vaccine or illness"),
    Topic.SCARRING_TENDENCY: _l("scarring tendency"),
    Topic.RECENT_SKIN_PROCEDURE: _l("recent skin procedure"),
    Topic.EYELID_OR_FACE_SURGERY: _l("eyelid or face surgery"),
    Topic.FACIAL_WEAKNESS_OR_ASYMMETRY: _l("facial weakness or asymmetry"),
    Topic.DRY_EYE: _l("dry eye"),
    Topic.PLANNED_SURGERY: _l("planned surgery"),
    Topic.POSSIBLE_SECONDARY_SWEATING: _l("possible secondary sweating"),
    Topic.HAND_FUNCTION: _l("hand function"),
    Topic.PREVIOUS_NON_RESPONSE: _l("previous non-response"),
    Topic.EPILEPSY_OR_PORPHYRIA: _l("epilepsy or porphyria"),
    Topic.EVENT_SOON: _l("event soon"),
    Topic.UNREALISTIC_EXPECTATIONS: _l("unrealistic expectations"),
    Topic.OUTSIDE_PRESSURE: _l("outside pressure"),
    Topic.UNDER_18: _l("under 18"),
    Topic.YOUNG_ADULT_AND_FILLER: _l("young adult and filler"),
    Topic.AGE_65_AND_OVER: _l("age 65 and over"),
    Topic.APPEARANCE_DISTRESS: _l("appearance distress"),
    Topic.SAFETY_CONCERN: _l("safety concern"),
    Topic.EYELID_DROOP: _l("eyelid droop"),
    Topic.LOWER_LID_LAXITY: _l("lower-lid laxity"),
    Topic.HIGH_RISK_FILLER_SITE: _l("high-risk filler site"),
    Topic.OFF_LABEL_AREA: _l("off-label area"),
    Topic.ABOVE_LABEL_DOSE: _l("above label dose"),
    Topic.BELOW_LABELLED_SEVERITY: _l("below labelled severity"),
    Topic.CUMULATIVE_DOSE: _l("cumulative dose"),
    Topic.CREAMS_FIRST: _l("creams first"),
}

FINDINGS: Mapping[str, str] = {
    "brow_right": _l("brow position right"),
    "brow_left": _l("brow position left"),
    "frontalis_compensation": _l("frontalis compensation"),
    "dermatochalasis": _l("dermatochalasis"),
    "mrd1_right": _l("MRD1 right"),
    "mrd1_left": _l("MRD1 left"),
    "levator_right": _l("levator right"),
    "levator_left": _l("levator left"),
    "snap_back_right": _l("snap-back right"),
    "snap_back_left": _l("snap-back left"),
    "distraction_right": _l("distraction right"),
    "distraction_left": _l("distraction left"),
    "fatigable": _l("fatigable lid"),
    "droop_after_toxin": _l("previous droop"),
    "droop_of": _l("what drooped"),
    "eyelid_or_brow_surgery": _l("surgery or injury"),
    "surgery_what": _l("what surgery or injury"),
    "neuromuscular_disease": _l("neuromuscular disease"),
    "lowest_line_cm": _l("lowest line to brow, cm"),
    "short_forehead": _l("short forehead"),
}

FEELINGS: Mapping[str, str] = {
    "time_a_day": _l("time a day spent on it"),
    "upset": _l("how upset"),
    "keeps_from": _l("kept from work or people"),
    "others_hardly_see": _l("others hardly see it"),
    "unhappy_after": _l("unhappy after treatments"),
    "will_change_life": _l("hope that it changes their life"),
    "unsafe": _l("feeling unsafe"),
}

SIGNS: Mapping[str, str] = {
    "in_motion": _l("seen when moving"),
    "at_rest": _l("seen at rest"),
    "volume": _l("hollow or less full"),
    "bulk": _l("wide muscle"),
    "fws": _l("severity"),
    "hdss": _l("sweating"),
    "creams_failed": _l("creams have not helped"),
}

VALUES: Mapping[str, str] = {
    "yes": _l("yes"),
    "no": _l("no"),
    "not-sure": _l("not sure"),
    "True": _l("yes"),
    "above": _l("above rim"),
    "at": _l("at rim"),
    "below": _l("below rim"),
    "none": _l("none"),
    "mild": _l("mild"),
    "moderate": _l("moderate"),
    "severe": _l("severe"),
    "once": _l("once"),
    "more": _l("more than once"),
    "1-3-h": _l("1 to 3 hours"),
    "over-3-h": _l("over 3 hours"),
    "a-lot": _l("a lot"),
    "extremely": _l("extremely"),
    "often": _l("often"),
    "twice-or-more": _l("twice or more"),
    "prefer-not-to-say": _l("rather not say"),
}

PRODUCTS: Mapping[str, str] = {
    FillerClass.WITH_LIDOCAINE: _l("hyaluronic acid with lidocaine"),
    FillerClass.WITHOUT_LIDOCAINE: _l("hyaluronic acid without lidocaine"),
    "albumin-containing-toxins": _l("toxins that contain albumin"),
    "lidocaine-containing-fillers": _l("fillers that contain lidocaine"),
    "Restylane-family": _l("the Restylane family"),
}


# Source: clinical reference section 0, the tags of its table.
SOURCES: Mapping[str, str] = {
    "BC": _l("Botox Cosmetic label"),
    "BX": _l("Botox label"),
    "DY": _l("Dysport label"),
    "JV": _l("Juvéderm directions"),
    "RS": _l("Restylane directions"),
    "FF": _l("FDA, dermal fillers"),
    "GMC": _l("GMC guidance"),
    "ACT": _l("Botulinum Toxin and Cosmetic Fillers (Children) Act 2021"),
    "AHP": _l("Ahpra guidelines"),
    "K16": _l("King 2016"),
    "B21": _l("Borba 2021"),
    "DM17": _l("de Maio 2017"),
    "GK": _l("general clinical knowledge"),
    "PR": _l("our rule"),
}


def source_words(source: str) -> str:
    """The tags of a source cell written out; what is no tag stays as it is."""
    parts = re.split(r"([,;] )", source)
    return "".join(str(SOURCES.get(part, part)) for part in parts)


def visit_words(asked_for: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what, said) of what a patient asked for at the visit; what is empty is left out."""
    labels = {
        "preferred_name": _("To be called"),
        "interpreter": _("Interpreter"),
        "language": _("Language"),
        "access": _("What helps"),
        "chaperone": _("Chaperone"),
    }
    said = {"yes": _("yes"), "no": _("no"), "either": _("does not mind")}
    return [
        (label, said.get(asked_for[name], asked_for[name]))
        for name, label in labels.items()
        if asked_for.get(name)
    ]


def area_name(area: str) -> str:
    return str(CURRENT.area_names()[Area(area)])


def area_words(area: str) -> str:
    """A place as a patient reads it without the picture: "Frown lines (between the brows)"."""
    choice = CURRENT.area_choices()[Area(area)]
    says_where = choice.asks_depth or choice.kind == AreaKind.SWEAT
    return f"{choice.name} ({choice.more})" if says_where else str(choice.name)


def topic_name(topic: str) -> str:
    return str(TOPICS.get(topic, topic))


def finding_name(name: str) -> str:
    return str(FINDINGS.get(name, name))


def finding_unit(name: str) -> str:
    """The unit of what is measured on an eye; of anything else none."""
    _lowest, _highest, unit = MEASURED_RANGES.get(name.rpartition("_")[0], (0, 0, ""))
    return {"mm": _("mm"), "seconds": _("s")}.get(unit, "")


def finding_value(value: object) -> str:
    return str(VALUES.get(str(value), value))


def product_name(product: str) -> str:
    return str(PRODUCTS.get(product, product))


def brand_name(product: str) -> str:
    """A toxin as patient and physician both know it: "Botox (onabotulinumtoxinA)"."""
    return f"{BRANDS[product]} ({product})" if product in BRANDS else product


def paused_words(reason: str) -> str:
    """Why an approval was paused, as `journey.suspend` writes it: "answers: a, b; ..."."""
    said = []
    for part in reason.split("; "):
        what, _colon, codes = part.partition(": ")
        named = ", ".join(_code_words(code) for code in codes.split(", "))
        heads = {
            "answers": _("changed answers: %(what)s", what=named),
            "absolute flags": _("new absolute flags: %(what)s", what=named),
        }
        said.append(heads.get(what, part))
    return "; ".join(said)


def _code_words(code: str) -> str:
    kind, _colon, key = code.rpartition(":")
    if kind == "area":
        return area_name(key).lower()
    if kind == "distress":
        return _("how much it weighs on them")
    return topic_name(code)


def raised_words(raised_by: str, answers: Mapping[str, Any] | None = None) -> str:
    """The causes of a flag as a sentence part: "history.pregnancy = yes" becomes
    'answered “yes” to pregnancy'; a finding is what the physician measured.

    *answers* are those of the form that is read: what was written beside an answer is told too.
    """
    return "; ".join(_cause_words(cause, answers or {}) for cause in raised_by.split("; "))


# What a dose is called that raises a flag, by the path of its cause; all but the amount.
DOSES: Mapping[str, Any] = {
    "ceiling.units": _l("the ceiling is %(amount)s units"),
    "ceiling.ml": _l("the ceiling is %(amount)s ml"),
    "plan.units": _l("you allow %(amount)s units"),
    "history.recent-toxin.sessions.units": _l("the patient told of %(amount)s units"),
}


def _cause_words(cause: str, answers: Mapping[str, Any]) -> str:
    path, _equals, value = cause.partition(" = ")
    kind, _dot, rest = path.partition(".")
    said = finding_value(value)
    if path in DOSES:
        return str(DOSES[path]) % {"amount": value}
    if kind == "history":
        note = answers.get(rest, {}).get("note")
        said = f"{said}, {note}" if note else said
        return _(
            "the patient answered “%(answer)s” to %(topic)s", answer=said, topic=topic_name(rest)
        )
    if kind == "distress":
        return _(
            "the patient answered “%(answer)s” to %(topic)s",
            answer=said,
            topic=str(FEELINGS.get(rest, rest)),
        )
    if kind == "findings":
        return _("you recorded %(finding)s: %(value)s", finding=finding_name(rest), value=said)
    if kind == "concerns":
        area, _dot, sign = rest.partition(".")
        named = str(SIGNS.get(sign, sign))
        if value in ("yes", "True"):
            return _("%(area)s, %(sign)s", area=area_name(area).lower(), sign=named)
        return _(
            "%(area)s, %(sign)s %(value)s", area=area_name(area).lower(), sign=named, value=said
        )
    return _("age %(age)s", age=value) if kind == "age" else cause


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        area_name=area_name,
        area_words=area_words,
        paused_words=paused_words,
        topic_name=topic_name,
        finding_name=finding_name,
        finding_unit=finding_unit,
        finding_value=finding_value,
        product_name=product_name,
        brand_name=brand_name,
        sessions_told=sessions_told,
        raised_words=raised_words,
        source_words=source_words,
    )
    app.jinja_env.globals["visit_words"] = visit_words
