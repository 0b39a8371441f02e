"""Cal at the check-in of a treatment, with the desk's tablet."""

import pytest

from tests.factories import at, make_approval, make_visit
from tests.full_record import on_tablet

THURSDAY = at(10, 10, month=12)


@pytest.fixture
def visit(cast):
    """Cal's treatment in December, on an approval and a form of today."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), THURSDAY)


@pytest.fixture
def tablet(app, cast, visit, travel):
    travel(at(10, 9, month=12))
    return on_tablet(app, cast.cal, cast.bea)
