"""Pages of the physician (`review`, `draft`, `note`, `day`, `alerts`) and a patient's answer."""

from clinic.screening.views import alerts, day, draft, note, overruled, reply, review  # noqa: F401  (they add the routes)
from clinic.screening.views.blueprint import bp

__all__ = ["bp"]
