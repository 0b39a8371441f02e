"""Pages of the physician (`review`, `note`, `day`, `alerts`) and the patient's answer (`reply`)."""

from clinic.screening.views import alerts, day, note, overruled, reply, review  # noqa: F401  (they add the routes)
from clinic.screening.views.blueprint import bp

__all__ = ["bp"]
