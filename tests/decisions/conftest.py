"""The patient whose decisions are read."""

import pytest

from tests.factories import make_account


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))
