"""Pages of the front desk: `day` for the list of the day and a visit, `patients` for people."""

from clinic.frontdesk.views import day, patients  # noqa: F401  (they add the routes)
from clinic.frontdesk.views.blueprint import bp

__all__ = ["bp"]
