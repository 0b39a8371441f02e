"""A form that was just begun, and any page of it."""

import pytest

from tests.newcomer import born


@pytest.fixture
def begun(cast, anyone):
    """The first page of questions, after the date of birth."""
    return anyone.get("/intake/birth").form("born_on-day").set(**born()).press()


@pytest.fixture
def on_page(begun):
    """Any page of the form that was just begun."""
    return lambda key: begun.person.get(f"{begun.path.rpartition('/')[0]}/{key}")
