"""Which times are free and why others are not; how a visit moves between its states. Pure.

`free_slots` is the one function that lists times and that the write path asks again about one
time, under the lock; `why_not` gives its reasons. Facts in, slots out. Source: design 5.
"""

from clinic.scheduling.rules.choice import PartOfDay, anyone, anyone_on, nearest, part_of_day
from clinic.scheduling.rules.facts import (
    DeviceFacts,
    Facts,
    PractitionerFacts,
    RoomFacts,
    ServiceFacts,
    Slot,
    Taken,
)
from clinic.scheduling.rules.here import EARLIER, WALK_IN, earlier_slots, is_now, now_slot
from clinic.scheduling.rules.hours import AbsenceKind, Away, DayHours, Hours
from clinic.scheduling.rules.lacks import Lack, Setup, lacks
from clinic.scheduling.rules.outside import Judge, Placed, only_new
from clinic.scheduling.rules.override import (
    OVERRIDABLE,
    Place,
    Trim,
    may_override,
    overridden,
    place_against,
    place_all_the_same,
)
from clinic.scheduling.rules.reasons import Why, WhyNot, why_not
from clinic.scheduling.rules.reassign import Wish, reassign
from clinic.scheduling.rules.slots import free_on, free_slots, is_free, slots_on, working_periods
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
from clinic.scheduling.rules.weeks import Week, replaced, week_on, weeks

__all__ = [
    "ACTIVE",
    "ARROWS",
    "COMING",
    "EARLIER",
    "HOLD",
    "LONGEST_HOLD",
    "OVERRIDABLE",
    "TAKES_TIME",
    "UNDO_CANCEL",
    "WALK_IN",
    "AbsenceKind",
    "AppointmentStatus",
    "Away",
    "DayHours",
    "DeviceFacts",
    "Facts",
    "Hours",
    "Judge",
    "Lack",
    "PartOfDay",
    "Place",
    "Placed",
    "PractitionerFacts",
    "RoomFacts",
    "ServiceFacts",
    "Setup",
    "Slot",
    "Taken",
    "Told",
    "Trim",
    "Week",
    "Why",
    "WhyNot",
    "Wish",
    "anyone",
    "anyone_on",
    "earlier_slots",
    "free_on",
    "free_slots",
    "is_free",
    "is_now",
    "lacks",
    "may_move",
    "may_override",
    "nearest",
    "now_slot",
    "only_new",
    "overridden",
    "part_of_day",
    "place_against",
    "place_all_the_same",
    "reassign",
    "replaced",
    "slots_on",
    "told",
    "week_on",
    "weeks",
    "why_not",
    "working_periods",
]
