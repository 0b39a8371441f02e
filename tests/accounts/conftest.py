"""People whose doors are tried."""

from __future__ import annotations

import pytest

from clinic.notices import letters
from tests.accounts.doors import BEA, set_by_link
from tests.factories import PASSWORD
from tests.visitor import Person


@pytest.fixture
def bea(app, cast) -> str:
    """Bea's password is set; her address is given."""
    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)
    return BEA
