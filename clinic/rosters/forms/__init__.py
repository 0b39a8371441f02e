"""The manager's forms, each of one page that saves alone."""

from clinic.rosters.forms.base import Changing, RosterForm
from clinic.rosters.forms.profile import ProfileForm
from clinic.rosters.forms.things import (
    BookableForm,
    CredentialsForm,
    DeviceForm,
    NewServiceForm,
    PersonForm,
    PhysicianForm,
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
    "BookableForm",
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
    "PhysicianForm",
    "ProfileForm",
    "RoomForm",
    "RosterForm",
    "ServiceForm",
    "SiteForm",
    "WeekForm",
]
