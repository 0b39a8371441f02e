"""Bea at the desk."""

import pytest


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)
