"""The questions of version 2026.2 about health, conditions, medicines and earlier treatments.

Source: clinical reference section c, rows 4 to 36, 38 and 39; wording ours, reading age 11.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Detail, Page, Question
from clinic.screening.rules import Topic

HEALTH = Page(
    "health",
    _l("Your health"),
    (
        Question(Topic.PREGNANCY, _l("Are you pregnant, or might you be?")),
        Question(Topic.BREASTFEEDING, _l("Are you breastfeeding?")),
        Question(
            Topic.SEVERE_ALLERGY_HISTORY,
            _l("Have you ever had a life-threatening allergic reaction, or several severe ones?"),
            "",
            Detail.NOTE,
            _l("To what?"),
        ),
        Question(
            Topic.TOXIN_ALLERGY,
            _l("Have you ever had an allergic reaction to botulinum toxin, such as Botox?"),
            _l("A bruise or a headache afterwards is not an allergy."),
        ),
        Question(
            Topic.LIDOCAINE_ALLERGY,
            _l("Are you allergic to lidocaine or another local anaesthetic?"),
            _l("The injection with which a dentist numbs a tooth, for example."),
        ),
        Question(
            Topic.VENOM_OR_HYALURONIDASE_ALLERGY,
            _l("Have you reacted badly to a bee or wasp sting, or to hyaluronidase?"),
            _l("Hyaluronidase is an enzyme that dissolves some fillers."),
        ),
        Question(
            Topic.COWS_MILK_PROTEIN_ALLERGY,
            _l("Are you allergic to cow’s milk protein?"),
            _l("Lactose intolerance is something else: then answer no."),
        ),
        Question(
            Topic.BACTERIAL_PROTEIN_ALLERGY,
            _l("Has anybody told you that you are allergic to proteins of bacteria?"),
            _l("A test report would call them Gram-positive. Few people have this."),
        ),
        Question(
            Topic.HUMAN_ALBUMIN,
            _l("Is human albumin, which is made from blood, a problem for you?"),
            _l("Because of an allergy, or because you don’t want a product made from blood."),
            Detail.KIND,
            _l("Which of the two?"),
            (("allergy", _l("I am allergic to it")), ("objection", _l("I don’t want it"))),
        ),
        Question(
            Topic.INFECTION_AT_SITE,
            _l("Do you have an infection, a boil or an open sore where you would like treatment?"),
            "",
            Detail.AREAS,
            _l("Where?"),
        ),
        Question(
            Topic.SKIN_INFLAMMATION_AT_SITE,
            _l("Do you have spots, a rash or hives where you would like treatment?"),
            _l("Acne, for example."),
            Detail.AREAS,
            _l("Where?"),
        ),
        Question(
            Topic.COLD_SORES,
            _l("Have you ever had cold sores round the mouth?"),
            "",
            Detail.NOW,
            _l("Do you have one now?"),
        ),
    ),
    _l("“Not sure” is a fine answer: the physician asks you about it."),
)

CONDITIONS = Page(
    "conditions",
    _l("Conditions you have or had"),
    (
        Question(
            Topic.NEUROMUSCULAR_DISEASE,
            _l("Do you have a condition of the muscles or nerves?"),
            _l("For example myasthenia gravis, Lambert-Eaton, ALS or motor neurone disease."),
            Detail.NOTE,
            _l("Which one?"),
        ),
        Question(
            Topic.FACIAL_WEAKNESS_OR_ASYMMETRY,
            _l("Is part of your face weak or uneven, or does an eyelid hang?"),
            _l("Also if you have had Bell’s palsy."),
        ),
        Question(
            Topic.EYELID_OR_FACE_SURGERY,
            _l("Have you had surgery or an injury of the eyelids, brows, forehead or face?"),
            "",
            Detail.NOTE,
            _l("What, and when?"),
        ),
        Question(
            Topic.DRY_EYE,
            _l("Do you have dry or watery eyes, or have you had laser surgery of the eyes?"),
        ),
        Question(
            Topic.SWALLOWING_OR_BREATHING_PROBLEM,
            _l("Do you have trouble swallowing or breathing, or are you often hoarse?"),
            _l("Also bad asthma or emphysema."),
        ),
        Question(
            Topic.HEART_DISEASE,
            _l("Do you have a heart disease, or does your heart beat out of rhythm?"),
        ),
        Question(
            Topic.BLEEDING_DISORDER,
            _l("Do you have a disorder of bleeding or blood clotting?"),
            "",
            Detail.NOTE,
            _l("Which one?"),
        ),
        Question(
            Topic.AUTOIMMUNE_DISEASE,
            _l("Do you have a disease in which the body attacks itself?"),
            _l("For example lupus, scleroderma, Hashimoto or rheumatoid arthritis."),
            Detail.ACTIVE,
            _l("Is it active now?"),
        ),
        Question(
            Topic.EPILEPSY_OR_PORPHYRIA,
            _l("Do you have seizures that are not treated, or porphyria?"),
        ),
        Question(
            Topic.SCARRING_TENDENCY,
            _l("Does your skin form thick scars, or change its colour after an injury?"),
        ),
        Question(
            Topic.POSSIBLE_SECONDARY_SWEATING,
            _l("Do you sweat all over, at night, or much more than you used to?"),
            _l("With weight loss, a racing heart, or since a new medicine."),
        ),
    ),
)

MEDICINES = Page(
    "medicines",
    _l("Medicines and past treatments"),
    (
        Question(
            Topic.BLOOD_THINNERS,
            _l("Do you take blood thinners, aspirin, anti-inflammatories, fish oil or vitamin E?"),
            _l("Keep taking what was prescribed for you. The physician talks it over with you."),
            Detail.NOTE,
            _l("Which ones?"),
        ),
        Question(
            Topic.IMMUNE_SUPPRESSION,
            _l("Do you take medicines that weaken your defences against infection?"),
            _l("For example cortisone tablets, biologics or chemotherapy."),
            Detail.NOTE,
            _l("Which ones?"),
        ),
        Question(
            Topic.AMINOGLYCOSIDE_ANTIBIOTIC,
            _l("Are you having an antibiotic by drip or injection at the moment?"),
            _l("For example gentamicin, tobramycin, amikacin or streptomycin."),
        ),
        Question(
            Topic.MUSCLE_AFFECTING_MEDICINE,
            _l("Do you take muscle relaxants, quinidine or medicines for myasthenia?"),
            _l("Also strong medicines against bladder cramps, or magnesium by drip."),
            Detail.NOTE,
            _l("Which ones?"),
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
        Question(
            Topic.PREVIOUS_NON_RESPONSE,
            _l("Have you had botulinum toxin before without any effect?"),
        ),
        Question(
            Topic.PREVIOUS_FILLER_PROBLEM,
            _l("Have you had filler that is permanent, or that led to lumps, swelling or worse?"),
            _l("Worse: skin that went white or dark, or trouble with your eyes."),
            Detail.NOTE,
            _l("Which product, and when?"),
        ),
        Question(
            Topic.RECENT_SKIN_PROCEDURE,
            _l("Have you had a laser, a peel or microneedling in the last 4 weeks?"),
            "",
            Detail.AREAS,
            _l("Where?"),
        ),
        Question(
            Topic.DENTAL_WORK,
            _l("Have you had work on your teeth in the last 2 weeks, or will you in the next?"),
        ),
        Question(
            Topic.RECENT_VACCINE_OR_ILLNESS,
            _l("Have you had a vaccine, a fever or an infection in the last 2 weeks?"),
            "",
            Detail.KIND,
            _l("Which of the two?"),
            (("vaccine", _l("A vaccine")), ("illness", _l("A fever or an infection"))),
        ),
        Question(
            Topic.PLANNED_SURGERY,
            _l("Is an operation or an anaesthetic planned for you?"),
        ),
    ),
)
