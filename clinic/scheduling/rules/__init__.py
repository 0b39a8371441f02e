"""Which times are free and why others are not; how a visit moves between its states. Pure.

`free_slots` is the one function that lists times and that the write path asks again about one
time, under the lock; `why_not` gives its reasons. Facts in, slots out. Source: design 5.
"""

from clinic.scheduling.rules.choice import PartOfDay, anyone, nearest, part_of_day
from clinic.scheduling.rules.facts import (
    DeviceFacts,
    Facts,
    PractitionerFacts,
    RoomFacts,
    ServiceFacts,
    Slot,
    Taken,
)
from clinic.scheduling.rules.hours import AbsenceKind, Away, DayHours, Hours
from clinic.scheduling.rules.override import (
    OVERRIDABLE,
    Place,
    Trim,
    may_override,
    overridden,
    place_all_the_same,
)
from clinic.scheduling.rules.reasons import Why, WhyNot, why_not
from clinic.scheduling.rules.slots import free_slots, is_free, working_periods
from clinic.scheduling.rules.states import (
    ACTIVE,
    ARROWS,
    COMING,
    HOLD,
    LONGEST_HOLD,
    TAKES_TIME,
    UNDO_CANCEL,
    AppointmentStatus,
    may_move,
)
from clinic.scheduling.rules.told import Told, told

__all__ = [
    "ACTIVE",
    "ARROWS",
    "COMING",
    "HOLD",
    "LONGEST_HOLD",
    "OVERRIDABLE",
    "TAKES_TIME",
    "UNDO_CANCEL",
    "AbsenceKind",
    "AppointmentStatus",
    "Away",
    "DayHours",
    "DeviceFacts",
    "Facts",
    "Hours",
    "PartOfDay",
    "Place",
    "PractitionerFacts",
    "RoomFacts",
    "ServiceFacts",
    "Slot",
    "Taken",
    "Told",
    "Trim",
    "Why",
    "WhyNot",
    "anyone",
    "free_slots",
    "is_free",
    "may_move",
    "may_override",
    "nearest",
    "overridden",
    "part_of_day",
    "place_all_the_same",
    "told",
    "why_not",
    "working_periods",
]
