"""Pages of the front desk: `day` for the list of the day, a visit and the patients; `calendar` for
the grid, `moving` for what is pulled about in it."""

from clinic.frontdesk.views import calendar, day, moving  # noqa: F401  (they add the routes)
from clinic.frontdesk.views.blueprint import bp

__all__ = ["bp"]
