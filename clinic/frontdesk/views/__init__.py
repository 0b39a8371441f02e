"""Pages of the front desk: `day` for the list of the day, a visit and the patients."""

from clinic.frontdesk.views import day  # noqa: F401  (it adds the routes)
from clinic.frontdesk.views.blueprint import bp

__all__ = ["bp"]
