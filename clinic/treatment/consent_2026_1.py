"""The consent texts of version 2026.1, in words for a reading age of eleven.

Source: clinical reference h for every point; K16 and C03 (its section d.3) for eyelid and brow.
Beyond it, seen as public abstracts or a copy of the directions: A21 (occlusions by 370
dermatologists, 1.7 million syringes), D24 (with its two earlier reviews 98 + 48 + 365 cases),
H15 (23 of 4,702), JV (diaries of 265 people). A clinic's medical director confirms each number.
Public pages show these texts, so none names the medicine.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.treatment.consent import Chance, ConsentText, Part, Point, TextName

RELAXING = (
    Point(
        "relaxes-muscle",
        Part.EFFECT,
        _l(
            "It relaxes the muscle that makes the line. It works within days, fully after about "
            "2 weeks, and wears off in about 3 to 4 months. Against sweating it is placed into the "
            "skin and lasts longer: armpits about 6 to 7 months, hands about 3 to 9 months."
        ),
    ),
    Point(
        "fills-nothing",
        Part.EFFECT,
        _l("It will not fill a line that you see while your face is still."),
    ),
    Point(
        "bruise-headache-bumps",
        Part.COMMON,
        _l("A bruise, a headache, small bumps where the needle was. They pass in days."),
    ),
    Point(
        "drooping-lid",
        Part.POSSIBLE,
        _l(
            "A drooping eyelid. It usually starts after 3 to 7 days and settles in 3 to 4 weeks; "
            "now and then it lasts as long as the treatment does."
        ),
        (
            Chance(_l("about 5 in 100 in the first large study of frown lines"), "K16"),
            Chance(_l("fewer than 1 in 100 in experienced hands"), "K16"),
        ),
    ),
    Point(
        "drooping-brow",
        Part.POSSIBLE,
        _l("A brow that sinks, for about 6 weeks."),
        (Chance(_l("about 1 to 5 in 100 in studies"), "C03"),),
    ),
    Point(
        "smile-dry-eye",
        Part.POSSIBLE,
        _l("An uneven smile, a dry eye; for weeks, until it wears off."),
    ),
    Point(
        "weak-grip",
        Part.POSSIBLE,
        _l("After treatment of the hands: a weak grip for a while, mostly when you pinch."),
    ),
    Point(
        "swallowing-breathing-allergy",
        Part.RARE,
        _l(
            "Trouble swallowing, speaking or breathing, or weakness of the body, hours to weeks "
            "later; a severe allergic reaction. Call an ambulance at once."
        ),
    ),
    Point(
        "off-label",
        Part.BEFORE,
        _l(
            "Some places are “off-label”: the medicine was not approved for them. By the label of "
            "the United States it is approved for frown lines, for the forehead together with "
            "frown lines, for lines beside the eyes, for bands of the neck, and for severe "
            "sweating of the armpits. Every other place is off-label, the hands too; products and "
            "countries differ. The physician says which of your places are, and why."
        ),
    ),
    Point(
        "units",
        Part.BEFORE,
        _l(
            "It is measured in units, and the units of one product are not those of another. The "
            "name of the product and its batch are kept for you."
        ),
    ),
    Point(
        "pregnancy-medicines",
        Part.BEFORE,
        _l("Not in pregnancy. Tell us about every new medicine before the needle, and after."),
    ),
    Point(
        "alternatives",
        Part.BEFORE,
        _l("There are other ways, and to do nothing is one of them."),
    ),
)

FILLER = (
    Point(
        "adds-volume",
        Part.EFFECT,
        _l(
            "It adds volume under the line or in the hollow. You see it almost at once. It lasts "
            "months, about 6 to 18 by product and place, and the body takes it up again."
        ),
    ),
    Point("moves-on", Part.EFFECT, _l("It will not stop a muscle from moving.")),
    Point(
        "swelling-bruise-lumps",
        Part.COMMON,
        _l("Swelling, a bruise, tenderness, lumps that you feel for up to 1 to 2 weeks."),
        (Chance(_l("98 in 100 noted at least one of them in a study of cheeks"), "JV"),),
    ),
    Point(
        "infection-cold-sores",
        Part.POSSIBLE,
        _l("An infection; lumps that stay; cold sores, if you have had them before."),
    ),
    Point(
        "late-swelling",
        Part.POSSIBLE,
        _l("Swelling or a lump that comes months later, often after a cold or another illness."),
        (Chance(_l("about 1 in 200 treatments with one product for cheeks"), "H15"),),
    ),
    Point(
        "blocked-vessel",
        Part.RARE,
        _l(
            "A blocked blood vessel. Signs: strong or growing pain, skin that turns white, patchy "
            "or dusky. It can cost skin and leave a scar. It may show as late as two days after. "
            "Call us at once, at any hour."
        ),
        (
            Chance(_l("about 1 in 6,400 syringes with a needle"), "A21"),
            Chance(_l("about 1 in 40,900 with a blunt tube"), "A21"),
        ),
    ),
    Point(
        "blindness-stroke",
        Part.RARE,
        _l(
            "Blindness or a stroke, when filler gets into a vessel that leads to the eye or the "
            "brain. Signs: sight that goes or blurs, pain in the eye, weakness of face or arm, "
            "trouble speaking. Call an ambulance at once and say “filler”."
        ),
        (
            Chance(
                _l(
                    "511 people with lost sight in all that was published by 2023; it came back "
                    "whole in 6 of 100"
                ),
                "D24",
            ),
        ),
    ),
    Point(
        "off-label-and-enzyme",
        Part.BEFORE,
        _l(
            "Some places are “off-label” for a product: it was not approved for them. The "
            "physician says which of your places are, and why. Most fillers can be dissolved with "
            "an enzyme if they must be; the enzyme can itself cause an allergy."
        ),
    ),
    Point(
        "product-and-lot",
        Part.BEFORE,
        _l("The name of the product and its batch are kept for you."),
    ),
    Point("dental-vaccines", Part.BEFORE, _l("Tell us before dental work and vaccines.")),
    Point(
        "alternatives",
        Part.BEFORE,
        _l("There are other ways, and to do nothing is one of them."),
    ),
)

BOTH = (
    Point(
        "two-medicines",
        Part.EFFECT,
        _l("These are two medicines with two sets of risks. They may be given on different days."),
    ),
    Point(
        "first-changes-second",
        Part.EFFECT,
        _l("What the first does may change what the second needs."),
    ),
    Point(
        "bruises-same-day",
        Part.COMMON,
        _l("A bruise is more likely when both are given on one day."),
    ),
    Point(
        "stop-one",
        Part.BEFORE,
        _l("You can stop either of them without losing the other."),
    ),
)

OF_EVERY = (
    Point("who", Part.BEFORE, _l("We tell you by name who will inject.")),
    Point(
        "physician-seen",
        Part.BEFORE,
        _l("A physician has examined you in person before, and has approved it."),
    ),
    Point(
        "cost",
        Part.BEFORE,
        _l("We tell you the price before, and what a correction would cost."),
    ),
    Point(
        "stop-time-ask",
        Part.BEFORE,
        _l("You may stop at any time, take time to think, and ask whatever you like."),
    ),
    Point(
        "photographs",
        Part.BEFORE,
        _l("Photographs of you are used only for what you have said yes to."),
    ),
    Point(
        "out-of-hours",
        Part.BEFORE,
        _l("We tell you how to reach us when the clinic is closed."),
    ),
    Point(
        "each-approval",
        Part.BEFORE,
        _l("Your yes is asked for once more with each new approval."),
    ),
)

TEXT_2026_1 = ConsentText(
    version="2026.1",
    points={TextName.RELAXING: RELAXING, TextName.FILLER: FILLER, TextName.BOTH: BOTH},
    of_every=OF_EVERY,
    sources={
        "K16": _l("King, Journal of Clinical and Aesthetic Dermatology 2016, 9(12), E1 to E4"),
        "C03": _l("Journal of Cosmetic and Laser Therapy 2003, 5, 220 to 222"),
        "JV": _l("Directions for use of a filler for cheeks (Juvéderm Voluma XC), diaries"),
        "H15": _l("Humphrey and others, Dermatologic Surgery 2015, 41(9), 1060 to 1067"),
        "A21": _l("Alam and others, JAMA Dermatology 2021, 157(2), 174 to 180"),
        "D24": _l("Doyon and others, Aesthetic Surgery Journal 2024, no. 10, 1091 to 1104"),
    },
)

CURRENT = TEXT_2026_1
