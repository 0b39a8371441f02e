"""What is about health is stored sealed: it opens in its own place, with its own key, or not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from clinic import tables
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.key_ring import KeyRing, SealBroken
from clinic.notices import services as notices
from clinic.notices.models import Message, MessageKind
from clinic.screening import services as screening
from clinic.screening.models import ScreeningNote
from clinic.sealing import DataKey, Sealable, SealedBytes, SealedDocument, SealedText
from tests import factories
from tests.factories import TESTER, at

assert tables.accounts

VALUES: dict[type, object] = {
    SealedText: "Heavy eyes — and a scar.",
    SealedDocument: {"why": "Heavy eyes", "n": [1]},
    SealedBytes: b"\xff\xd8 Heavy eyes",
}


def kinds_of_rows(base: type = Sealable) -> Iterable[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of_rows(kind)


# Every sealed attribute of every table: (row, attribute, what it is).
SEALED = [
    pytest.param(kind, name, VALUES[type(attribute)], id=f"{kind.__tablename__}.{name}")
    for kind in kinds_of_rows()
    for name, attribute in vars(kind).items()
    if isinstance(attribute, SealedText | SealedDocument | SealedBytes)
]
PLACES = st.text(alphabet="abc._:", max_size=8)
each_sealed_value = pytest.mark.parametrize("kind, name, value", SEALED)


def column_of(kind: type, name: str) -> str:
    return vars(kind)[name].column


def opened(row: object, name: str) -> object:
    return getattr(row, name)


@each_sealed_value
def test_what_was_sealed_opens_as_it_was(app, kind, name, value):
    row = kind(data_key=DataKey.fresh(), **{name: value})

    assert opened(row, name) == value


@each_sealed_value
def test_what_is_stored_shows_nothing_of_what_was_typed(app, kind, name, value):
    row = kind(data_key=DataKey.fresh(), **{name: value})

    assert b"Heavy" not in getattr(row, column_of(kind, name))


@each_sealed_value
def test_a_value_moved_to_another_row_of_the_same_patient_does_not_open(app, kind, name, value):
    key, column = DataKey.fresh(), column_of(kind, name)
    row, other = kind(data_key=key, **{name: value}), kind(data_key=key, **{name: value})

    setattr(other, column, getattr(row, column))

    with pytest.raises(SealBroken, match=other.public_id):
        opened(other, name)


@each_sealed_value
def test_a_value_does_not_open_with_another_patients_key(app, kind, name, value):
    row = kind(data_key=DataKey.fresh(), **{name: value})

    row.data_key = DataKey.fresh()

    with pytest.raises(SealBroken):
        opened(row, name)


def test_the_same_words_are_never_sealed_into_the_same_bytes(app):
    key = DataKey.fresh()

    assert len({key.seal(b"no", "here") for _ in range(100)}) == 100


def survivors(key: DataKey, blob: bytes) -> list[bytes]:
    """Which of all one-byte changes of *blob*, and of all its beginnings, still open."""
    changed = [blob[:i] + bytes([blob[i] ^ 1]) + blob[i + 1 :] for i in range(len(blob))]
    cut = [blob[:i] for i in range(len(blob))]
    return [forged for forged in [*changed, *cut, blob + b"\0"] if _opens(key, forged)]


def _opens(key: DataKey, forged: bytes) -> bool:
    try:
        key.open(forged, "here")
    except SealBroken:
        return False
    return True


def test_a_value_with_one_byte_changed_or_cut_off_does_not_open(app):
    key = DataKey.fresh()

    assert survivors(key, key.seal(b"Heavy eyes.", "here")) == []


@given(plain=st.binary(max_size=200), where=PLACES, other=PLACES)
def test_a_value_opens_exactly_where_it_was_sealed(plain, where, other):
    ring = KeyRing({"k1": b"k" * 32})
    blob = ring.seal(plain, where)

    assert ring.open(blob, where) == plain
    assert where == other or not _opens_at(ring, blob, other)


def _opens_at(ring: KeyRing, blob: bytes, where: str) -> bool:
    try:
        ring.open(blob, where)
    except SealBroken:
        return False
    return True


# The same with raw SQL, past the program.


def run_sql(statement: str, **values: object) -> None:
    with transaction():
        db.session.execute(text(statement), values)


def test_a_form_copied_over_a_draft_by_sql_does_not_open(cast):
    sent = factories.make_intake(cast.cal)
    draft = intakes.start_for(cast.cal, actor=TESTER)
    take = "UPDATE intake SET document_sealed = (SELECT document_sealed FROM intake WHERE id = :s)"

    run_sql(f"{take} WHERE id = :d", s=sent.id, d=draft.id)

    with pytest.raises(SealBroken, match=f"intake.document_sealed:{draft.public_id}"):
        opened(db.session.get_one(Intake, draft.id), "document")


def test_a_note_copied_into_another_column_by_sql_does_not_open(cast):
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    note = screening.save_draft(
        visit,
        cast.cal,
        None,
        0,
        text="Heavy eyes.",
        findings={},
        decided={},
        actor=factories.staff_actor(cast.ana_user, cast.ana),
    )

    run_sql("UPDATE screening_note SET findings_sealed = text_sealed")

    with pytest.raises(SealBroken, match="findings_sealed"):
        opened(db.session.get_one(ScreeningNote, note.id), "findings")


def test_the_code_of_a_mail_copied_into_another_mail_does_not_open(app):
    kind = MessageKind.RESUME
    mine = notices.queue(kind, to="cal@example.org", params={"token": "one"})
    theirs = notices.queue(kind, to="dee@example.org", params={"token": "two"})

    run_sql(
        "UPDATE message SET params_sealed ="
        " (SELECT params_sealed FROM message WHERE public_id = :mine)",
        mine=mine,
    )

    with pytest.raises(SealBroken, match=theirs):
        opened(db.session.scalars(db.select(Message).filter_by(public_id=theirs)).one(), "params")
