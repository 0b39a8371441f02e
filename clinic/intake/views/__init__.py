"""The patient's form: `start`, its `pages`, `leaving` and resuming, and `sending`."""

from clinic.intake.views import leaving, pages, photos, sending, start  # noqa: F401  (they add the routes)
from clinic.intake.views.blueprint import bp

__all__ = ["bp"]
