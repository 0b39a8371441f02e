"""Cal's consultation with Ana at eleven, and both physicians' browsers."""

import pytest

from tests.factories import at, make_intake, make_visit
from tests.screening.page import address


@pytest.fixture
def consultation(cast, told):
    return told(lambda: make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11)))


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana_user)


@pytest.fixture
def eli(cast, signed_in):
    return signed_in(cast.eli_user)


@pytest.fixture
def page(cast, consultation, ana):
    """Opens the review after a form with these *answers*."""

    def open_it(**answers):
        make_intake(cast.cal, answers=answers)
        return ana.get(address(consultation))

    return open_it
