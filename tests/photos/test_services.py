"""Photos of a draft, what may become of them once it is sent, and that nothing lies open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from clinic import clock
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.journey import adopt, submit
from clinic.key_ring import SealBroken
from clinic.photos import queries, rules, services
from clinic.photos.models import Photo, PhotoConsent
from clinic.photos.pictures import Refused
from clinic.photos.rules import Purpose, Refusal, Said, View
from clinic.screening.models import Decision
from tests import factories
from tests.factories import TESTER, at
from tests.pictures import KEPT, add_photos, jpeg, picture
from tests.test_sealed_record import as_stored

ASSESSMENT = frozenset({Purpose.ASSESSMENT})
EVERYTHING = frozenset(Purpose)


@pytest.fixture
def draft(cast):
    return intakes.start_for(cast.cal, actor=TESTER)


def sent(cast, purposes=KEPT, *views):
    """A sent form of Cal with photos."""
    photographed = views or (View.FROWN,)
    return factories.make_intake(
        cast.cal, lambda form: add_photos(form, photographed, purposes=purposes)
    )


def decide(cast, decision=Decision.APPROVE):
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    return factories.sign(visit, cast.ana_user, cast.ana, decision=decision)


def kept(form):
    return list(queries.photos_of(form.id))


def words(form):
    return [(row.purpose, row.said) for row in queries.history(form.id)]


# A draft.


def test_photos_of_a_draft_are_listed_in_the_order_of_the_views(draft):
    add_photos(draft, [View.SMILE, View.REST])

    assert kept(draft) == [View.REST, View.SMILE]


def test_a_second_photo_of_a_view_takes_the_place_of_the_first(draft):
    add_photos(draft, [View.REST], words=b"first")
    add_photos(draft, [View.REST], words=b"second")

    photo = queries.photos_of(draft.id)[View.REST]
    assert (photo.image or b"").endswith(b"second")
    assert db.session.query(Photo).count() == 1


def test_a_removed_photo_leaves_no_row(draft):
    add_photos(draft)

    services.remove(draft, View.FROWN, actor=TESTER)

    assert db.session.query(Photo).count() == 0


@pytest.mark.parametrize("purposes", [frozenset(), frozenset({Purpose.RECORD, Purpose.TEACHING})])
def test_no_photo_is_taken_without_a_yes_to_the_assessment(draft, purposes):
    services.say(draft, purposes, actor=TESTER)

    with pytest.raises(services.NotAllowed):
        services.add(draft, View.REST, picture(), actor=TESTER)

    assert kept(draft) == []


def test_each_word_is_a_row_and_what_is_said_twice_is_said_once(draft):
    services.say(draft, EVERYTHING, actor=TESTER)
    services.say(draft, EVERYTHING, actor=TESTER)
    services.say(draft, KEPT, actor=TESTER)

    given = [(purpose, Said.GIVEN) for purpose in Purpose]
    assert words(draft) == [*given, (Purpose.TEACHING, Said.WITHDRAWN)]
    assert queries.purposes_of(draft.id) == KEPT


def test_what_cannot_be_taken_is_told_and_the_others_are_kept(draft):
    services.say(draft, ASSESSMENT, actor=TESTER)

    refused = services.take(
        draft, {View.REST: jpeg(), View.FROWN: b"GIF89a", View.SMILE: b""}, actor=TESTER
    )

    assert refused == {View.FROWN: Refusal.NO_PHOTO, View.SMILE: Refusal.EMPTY}
    assert kept(draft) == [View.REST]


def test_S33_the_photos_of_a_patient_fill_fifty_megabytes_at_most(cast, monkeypatch):
    first = sent(cast)
    size = queries.photos_of(first.id)[View.FROWN].size
    monkeypatch.setattr(rules, "MOST_OF_PATIENT", 2 * size)
    newer = intakes.start_for(cast.cal, actor=TESTER)
    add_photos(newer, [View.REST])

    with pytest.raises(Refused) as refused:
        services.add(newer, View.SMILE, picture(), actor=TESTER)
    services.add(newer, View.REST, picture(), actor=TESTER)  # one for one fits

    assert refused.value.why == Refusal.NO_ROOM
    assert kept(newer) == [View.REST]


def test_S33_a_form_takes_no_photo_beyond_its_number(draft, monkeypatch):
    monkeypatch.setattr(rules, "MOST_OF_FORM", 1)
    add_photos(draft, [View.REST])

    with pytest.raises(Refused) as refused:
        services.add(draft, View.SMILE, picture(), actor=TESTER)

    assert refused.value.why == Refusal.TOO_MANY


def test_photos_of_somebody_unknown_become_the_patients_with_the_form(cast):
    visitor = factories.make_visitor()
    begun = intakes.start(visitor, cast.cal.born_on, actor=TESTER)
    (photo,) = add_photos(begun, words=b"the same")

    adopt.draft(visitor, cast.cal, actor=TESTER)

    assert photo.patient_id == cast.cal.id
    assert (photo.image or b"").endswith(b"the same")


# A sent form.


def test_photos_of_a_sent_form_are_neither_added_nor_removed_nor_said_more_about(cast):
    form = sent(cast)

    with pytest.raises(services.FormIsSent):
        services.add(form, View.REST, picture(), actor=TESTER)
    with pytest.raises(services.FormIsSent):
        services.remove(form, View.FROWN, actor=TESTER)
    with pytest.raises(services.FormIsSent):
        services.say(form, EVERYTHING, actor=TESTER)

    assert kept(form) == [View.FROWN]


def test_a_changed_form_leaves_earlier_photos_with_the_earlier_form(cast):
    first = sent(cast)
    newer = intakes.start_for(cast.cal, actor=TESTER)
    add_photos(newer, [View.REST], purposes=ASSESSMENT)
    submit.intake(newer, cast.cal, actor=TESTER)

    sets = queries.sent_sets(cast.cal.id)

    assert [found.intake for found in sets] == [newer, first]
    assert [[photo.view for photo in found.photos] for found in sets] == [
        [View.REST],
        [View.FROWN],
    ]
    assert [found.purposes for found in sets] == [ASSESSMENT, KEPT]


@pytest.mark.parametrize(
    ("purposes", "withdrawn", "is_decided", "stays"),
    [
        (KEPT, Purpose.ASSESSMENT, False, True),
        (KEPT, Purpose.RECORD, False, True),
        (KEPT, Purpose.RECORD, True, False),
        (EVERYTHING, Purpose.TEACHING, True, True),
        (ASSESSMENT, Purpose.ASSESSMENT, False, False),
        (ASSESSMENT | {Purpose.TEACHING}, Purpose.ASSESSMENT, False, False),
    ],
)
def test_a_withdrawal_erases_photos_that_no_purpose_is_left_for(
    cast, purposes, withdrawn, is_decided, stays
):
    form = sent(cast, purposes)
    if is_decided:
        decide(cast)

    is_erased = services.withdraw(form, withdrawn, actor=TESTER)

    assert is_erased is not stays
    assert kept(form) == ([View.FROWN] if stays else [])


def test_what_is_erased_is_gone_from_the_row_and_what_was_said_stays(cast):
    form = sent(cast, ASSESSMENT, View.REST, View.FROWN)

    services.withdraw(form, Purpose.ASSESSMENT, actor=TESTER)

    rows = db.session.query(Photo).all()
    assert [(p.image_sealed, p.thumbnail_sealed) for p in rows] == [(None, None)] * 2
    assert len({p.erased_at for p in rows if p.erased_at}) == 1
    assert words(form) == [
        (Purpose.ASSESSMENT, Said.GIVEN),
        (Purpose.ASSESSMENT, Said.WITHDRAWN),
    ]


def test_what_was_never_given_cannot_be_withdrawn(cast):
    form = sent(cast)

    with pytest.raises(services.NothingToWithdraw):
        services.withdraw(form, Purpose.TEACHING, actor=TESTER)

    assert len(words(form)) == 2


def test_a_decision_erases_what_was_given_for_it_alone(cast):
    form = sent(cast, ASSESSMENT)

    decide(cast)

    assert kept(form) == []


def test_a_decision_leaves_what_was_given_for_the_record(cast):
    form = sent(cast)

    decide(cast)

    assert kept(form) == [View.FROWN]


def test_a_question_to_the_patient_is_no_decision_about_photos(cast):
    form = sent(cast, ASSESSMENT)

    decide(cast, Decision.ASK)

    assert kept(form) == [View.FROWN]
    assert not queries.is_decided(form)


def test_photos_sent_after_a_decision_wait_for_the_next(cast, travel, today):
    sent(cast, ASSESSMENT)
    decide(cast)
    travel(today + timedelta(hours=3))
    newer = intakes.start_for(cast.cal, actor=TESTER)
    add_photos(newer, [View.REST], purposes=ASSESSMENT)
    submit.intake(newer, cast.cal, actor=TESTER)

    assert kept(newer) == [View.REST]
    assert not queries.is_decided(newer)


def test_the_database_itself_keeps_photos_of_a_sent_form_as_they_were(cast):
    sent(cast)

    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.delete(Photo))
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.update(Photo).values(width=1))
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.update(PhotoConsent).values(purpose=Purpose.TEACHING))


# Sealing.

MARKER = "quellenbrisk"


def test_S60_the_bytes_of_a_photo_are_not_found_in_the_database(cast):
    form = sent(cast)
    newer = intakes.start_for(cast.cal, actor=TESTER)
    add_photos(newer, list(View), words=MARKER.encode())

    stored = as_stored()

    assert all(
        MARKER in (photo.image or b"").decode(errors="replace")
        and MARKER in (photo.thumbnail or b"").decode(errors="replace")
        for photo in queries.photos_of(newer.id).values()
    )
    assert MARKER not in stored
    assert "JFIF" not in stored
    assert form.public_id in stored


def test_erasing_the_data_key_makes_photos_unreadable(cast):
    form = sent(cast)
    number = form.id
    with transaction():
        form.data_key.wrapped = None
        form.data_key.destroyed_at = clock.now()
    db.session.expunge_all()

    photo = queries.photos_of(number)[View.FROWN]

    with pytest.raises(SealBroken):
        _ = photo.image
    with pytest.raises(SealBroken):
        _ = photo.thumbnail
