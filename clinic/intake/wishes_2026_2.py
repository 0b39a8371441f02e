"""The questions of version 2026.2 about hands, plans, hopes, and how much it weighs on somebody.

Source: clinical reference section c, rows 37 and 40 to 42, and section g; wording ours, reading
age 11. No word of it names a disorder, and none is scored for the patient to see.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Choice, Detail, Feeling, Page, Question
from clinic.screening.rules import (
    AnswerValue,
    Area,
    KeepsFrom,
    OthersHardlySee,
    TimeADay,
    Topic,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
)

_QUESTIONS = (
    Question(
        Topic.HAND_FUNCTION,
        _l("Do you need fine strength in your fingers at work?"),
        _l("As musicians, surgeons or people who type all day do."),
        only_with=Area.PALMS,
    ),
    Question(
        Topic.EVENT_SOON,
        _l("Is there an important event in the next 2 weeks?"),
        _l("A bruise can show, and the effect may not be complete by then."),
    ),
    Question(
        Topic.UNREALISTIC_EXPECTATIONS,
        _l("What result do you expect?"),
        "",
        Detail.NOTE,
        _l("In your own words, if you like"),
        choices=(
            Choice("softer", _l("Softer lines, I still look like me"), AnswerValue.NO),
            Choice("rested", _l("I look less tired or less cross"), AnswerValue.NO),
            Choice("drier", _l("I sweat less"), AnswerValue.NO),
            Choice("no-line", _l("No line left at all"), AnswerValue.YES),
            Choice("another", _l("I look like another person"), AnswerValue.YES),
            Choice("not-sure", _l("I don’t know yet"), AnswerValue.NOT_SURE),
        ),
    ),
    Question(
        Topic.OUTSIDE_PRESSURE,
        _l("Is anybody else pushing you to have this done?"),
    ),
)

_FEELINGS = (
    Feeling(
        "time_a_day",
        _l("On a usual day, how long do you think about what you would like to change?"),
        (
            (TimeADay.UNDER_15_MIN, _l("Under 15 minutes")),
            (TimeADay.UP_TO_1_H, _l("15 to 59 minutes")),
            (TimeADay.UP_TO_3_H, _l("1 to 3 hours")),
            (TimeADay.OVER_3_H, _l("Over 3 hours")),
        ),
    ),
    Feeling(
        "upset",
        _l("How much does it upset you?"),
        (
            (Upset.NOT, _l("Not at all")),
            (Upset.A_LITTLE, _l("A little")),
            (Upset.A_LOT, _l("A lot")),
            (Upset.EXTREMELY, _l("Extremely")),
        ),
    ),
    Feeling(
        "keeps_from",
        _l("Does it keep you from work, from learning, or from seeing people?"),
        (
            (KeepsFrom.NO, _l("No")),
            (KeepsFrom.SOMETIMES, _l("Sometimes")),
            (KeepsFrom.OFTEN, _l("Often")),
        ),
    ),
    Feeling(
        "others_hardly_see",
        _l("Do people you trust say that they can hardly see it?"),
        (
            (OthersHardlySee.NO, _l("No")),
            (OthersHardlySee.YES, _l("Yes")),
            (OthersHardlySee.NOT_ASKED, _l("I haven’t asked")),
        ),
    ),
    Feeling(
        "unhappy_after",
        _l("Have you had treatments for it and stayed unhappy with it?"),
        (
            (UnhappyAfter.NONE, _l("No")),
            (UnhappyAfter.ONCE, _l("Once")),
            (UnhappyAfter.TWICE_OR_MORE, _l("Twice or more")),
        ),
    ),
    Feeling(
        "will_change_life",
        _l("Do you hope that this treatment changes your life, your job or a relationship?"),
        (
            (WillChangeLife.NO, _l("No")),
            (WillChangeLife.PARTLY, _l("Partly")),
            (WillChangeLife.YES, _l("Yes")),
        ),
    ),
    Feeling(
        "unsafe",
        _l("Do you feel unsafe at the moment, or think of harming yourself?"),
        (
            (Unsafe.NO, _l("No")),
            (Unsafe.YES, _l("Yes")),
            (Unsafe.PREFER_NOT_TO_SAY, _l("I’d rather not say")),
        ),
    ),
)

WISHES = Page(
    "wishes",
    _l("Your plans and how you feel about it"),
    _QUESTIONS,
    _l("Everybody is asked this. Only the physicians who treat you read your answers."),
    feelings=_FEELINGS,
    for_the_visit=True,
)
