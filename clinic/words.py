"""What the codes of screening are called on a screen: filters for templates, nothing else.

Codes stay codes everywhere below; here is the one place where each gets its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from clinic.intake.questionnaire import CURRENT
from clinic.screening.rules import Area, Topic
from clinic.treatment.rules import FillerClass

TOPICS: Mapping[str, str] = {
    Topic.PREGNANCY: _l("pregnancy"),
    Topic.BREASTFEEDING: _l("breastfeeding"),
    Topic.NEUROMUSCULAR_DISEASE: _l("neuromuscular disease"),
    Topic.TOXIN_ALLERGY: _l("toxin allergy"),
    Topic.COWS_MILK_PROTEIN_ALLERGY: _l("cow’s milk protein allergy"),
    Topic.SEVERE_ALLERGY_HISTORY: _l("severe allergy history"),
    Topic.LIDOCAINE_ALLERGY: _l("lidocaine allergy"),
    Topic.INFECTION_AT_SITE: _l("infection at site"),
    Topic.BLOOD_THINNERS: _l("blood thinners"),
    Topic.AMINOGLYCOSIDE_ANTIBIOTIC: _l("aminoglycoside antibiotic"),
    Topic.RECENT_TOXIN: _l("recent toxin"),
    Topic.PREVIOUS_DROOP_AFTER_TOXIN: _l("previous droop after toxin"),
    Topic.EYELID_OR_FACE_SURGERY: _l("eyelid or face surgery"),
    Topic.UNDER_18: _l("under 18"),
    Topic.YOUNG_ADULT_AND_FILLER: _l("young adult and filler"),
    Topic.AGE_65_AND_OVER: _l("age 65 and over"),
    Topic.EYELID_DROOP: _l("eyelid droop"),
    Topic.HIGH_RISK_FILLER_SITE: _l("high-risk filler site"),
    Topic.OFF_LABEL_AREA: _l("off-label area"),
    Topic.BELOW_LABELLED_SEVERITY: _l("below labelled severity"),
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
    "fatigable": _l("fatigable lid"),
    "droop_after_toxin": _l("previous droop"),
    "eyelid_or_brow_surgery": _l("surgery or injury"),
    "neuromuscular_disease": _l("neuromuscular disease"),
    "lowest_line_cm": _l("lowest line to brow, cm"),
    "short_forehead": _l("short forehead"),
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


def area_name(area: str) -> str:
    return str(CURRENT.area_names()[Area(area)])


def topic_name(topic: str) -> str:
    return str(TOPICS.get(topic, topic))


def finding_name(name: str) -> str:
    return str(FINDINGS.get(name, name))


def finding_value(value: object) -> str:
    return str(VALUES.get(str(value), value))


def product_name(product: str) -> str:
    return str(PRODUCTS.get(product, product))


def raised_words(raised_by: str) -> str:
    """The causes of a flag as a sentence part: "history.pregnancy = yes" becomes
    'answered “yes” to pregnancy'; a finding is what the physician measured."""
    return "; ".join(_cause_words(cause) for cause in raised_by.split("; "))


def _cause_words(cause: str) -> str:
    path, _equals, value = cause.partition(" = ")
    kind, _dot, rest = path.partition(".")
    said = finding_value(value)
    if kind == "history":
        return _(
            "the patient answered “%(answer)s” to %(topic)s", answer=said, topic=topic_name(rest)
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
        topic_name=topic_name,
        finding_name=finding_name,
        finding_value=finding_value,
        product_name=product_name,
        raised_words=raised_words,
        source_words=source_words,
    )
