"""Two records of one person, and whoever puts them together."""

import pytest

from clinic.journey import merge
from tests.factories import make_patient, staff_actor


@pytest.fixture
def twin(cast):
    """Another record of Cal's, made at the phone."""
    return make_patient(name="Cal Ortega", email="c.ortega@example.org")


@pytest.fixture
def manager(cast):
    return staff_actor(cast.max)


@pytest.fixture
def merged(manager):
    def put(replaced, kept):
        return merge.records(replaced, kept, "Came to the desk with a passport.", actor=manager)

    return put
