"""When: the roster (`roster`), and visits with who and what they take up (`visits`)."""

from clinic.scheduling.models.roster import Absence, ExtraHours, Schedule
from clinic.scheduling.models.visits import Appointment, DiaryStamp, Participant

__all__ = [
    "Absence",
    "Appointment",
    "DiaryStamp",
    "ExtraHours",
    "Participant",
    "Schedule",
]
