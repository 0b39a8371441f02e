"""Pages of times and visits: `patient` for those who come, `staff` for those who book for them."""

from clinic.scheduling.views import (  # noqa: F401  (they add the routes)
    booking,
    consultation,
    earlier,
    first_times,
    moving,
    moving_all_the_same,
    patient,
    staff,
    undoing,
    why,
)
from clinic.scheduling.views.blueprint import bp

__all__ = ["bp"]
