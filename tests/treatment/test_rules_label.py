"""Which places a patient is told are outside a product's label."""

import pytest

from clinic.screening.rules import Area
from clinic.treatment.rules import off_label

A = Area
ONA, ABO = "onabotulinumtoxinA", "abobotulinumtoxinA"


@pytest.mark.parametrize(
    ("product", "areas", "outside"),
    [
        (ONA, [A.FOREHEAD, A.GLABELLA], []),
        (ONA, [A.FOREHEAD], [A.FOREHEAD]),
        (ONA, [A.GLABELLA, A.CROWS_FEET, A.NECK_BANDS, A.AXILLAE], []),
        (ONA, [A.PALMS, A.AXILLAE], [A.PALMS]),
        (ONA, [A.MASSETER, A.BUNNY_LINES], [A.BUNNY_LINES, A.MASSETER]),
        (ABO, [A.FOREHEAD, A.GLABELLA], [A.FOREHEAD]),
        (None, [A.GLABELLA], [A.GLABELLA]),
        (None, [], []),
    ],
)
def test_a_place_that_the_label_does_not_name_is_said(product, areas, outside):
    assert off_label(product, areas) == outside
