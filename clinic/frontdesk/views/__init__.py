"""Pages of the front desk: `day` for the list of the day and a visit, `calendar` for the grid and
`moving` for what is pulled about in it, `patients` for people."""

from clinic.frontdesk.views import calendar, day, moving, patients  # noqa: F401  (they add the routes)
from clinic.frontdesk.views.blueprint import bp

__all__ = ["bp"]
