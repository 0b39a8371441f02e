"""The thinnest whole path, without a browser: answers, consultation, decision, treatment."""

from tests import factories
from tests.factories import at


def test_the_whole_path_ends_in_a_treatment_that_the_approval_carries(cast):
    note = factories.make_approval(cast)

    visit = factories.make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    assert visit.status == "booked"
    assert visit.approval.note_id == note.id
