"""The demo, opened while its clinic is open: somebody is late, so that the list can be seen."""

from datetime import UTC, datetime

import pytest

from clinic.demo import story
from clinic.frontdesk import arrivals


@pytest.mark.parametrize("hour", [10, 13, 16])
def test_somebody_is_late_in_the_demo_while_the_clinic_is_open(app, travel, hour):
    travel(datetime(2026, 11, 24, hour, 40, tzinfo=UTC))

    story.load()

    late = [row.line.patient_name for row in arrivals.todays().late]
    assert "Nils Aaberg" in late
