"""Pages of the waiting list: `patient` for those who wait, `link` and `newcomer` for those who are
not signed in, `staff` for the desk."""

from clinic.waitlist.views import link, newcomer, patient, staff  # noqa: F401  (they add the routes)
from clinic.waitlist.views.blueprint import bp

__all__ = ["bp"]
