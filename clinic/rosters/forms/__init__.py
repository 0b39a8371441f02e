"""The manager's forms, each of one page that saves alone."""

from clinic.rosters.forms.base import Changing, RosterForm
from clinic.rosters.forms.things import (
    CredentialsForm,
    DeviceForm,
    NewServiceForm,
    PersonForm,
    RoomForm,
    ServiceForm,
    SiteForm,
)
from clinic.rosters.forms.times import (
    AbsenceForm,
    AcceptForm,
    ClosedDayForm,
    ExtraForm,
    IllForm,
    OutOfOrderForm,
    PersonExtraForm,
    WeekForm,
)

__all__ = [
    "AbsenceForm",
    "AcceptForm",
    "Changing",
    "ClosedDayForm",
    "CredentialsForm",
    "DeviceForm",
    "ExtraForm",
    "IllForm",
    "NewServiceForm",
    "OutOfOrderForm",
    "PersonExtraForm",
    "PersonForm",
    "RoomForm",
    "RosterForm",
    "ServiceForm",
    "SiteForm",
    "WeekForm",
]
