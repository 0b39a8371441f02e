"""What the patient reads of an approval's conditions: all that was written for them."""

from tests.factories import make_account, make_approval


def test_conditions_written_for_the_patient_are_read_by_them_and_private_words_are_not(
    cast, signed_in
):
    make_approval(cast, conditions="Come without make-up.", private="Wants too much.")

    page = signed_in(make_account(cast.cal)).get("/visits").follow("Read the decision")

    assert "Come without make-up." in page.text
    assert "Wants too much." not in page.text
