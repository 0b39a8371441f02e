"""The questions of version 2026.1, as they were asked: answered, and so never edited.

Source: clinical reference section c; wording ours, reading age 11.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Detail, Page, Question
from clinic.screening.rules import Topic

HEALTH = Page(
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

MEDICINES = Page(
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
