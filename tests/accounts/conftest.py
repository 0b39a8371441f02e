"""People whose doors are tried."""

from __future__ import annotations

import pytest

from clinic.accounts.signin.second_step import seed
from clinic.database import transaction
from clinic.notices import letters
from tests.accounts.doors import BEA, set_by_link
from tests.factories import PASSWORD
from tests.visitor import Person


@pytest.fixture
def bea(app, cast) -> str:
    """Bea's password and her app are set; her address is given."""
    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)
    with transaction():
        cast.bea.tf_totp_secret = seed()
    return BEA
