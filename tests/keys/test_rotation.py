"""S60: `flask keys` rotates and retires while the app runs, and no signed row is touched."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import LargeBinary, select, update

from clinic import key_ring, tables
from clinic.accounts.models import User
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake.models import Intake
from clinic.journey import rewrap
from clinic.notices import services as notices
from clinic.notices.models import Message, MessageKind
from clinic.sealing import DataKey, Sealable, SealedBytes, SealedDocument, SealedText, ring
from tests import factories, rush
from tests.engines import SETTINGS
from tests.keys.ring import opened, seal_everywhere
from tests.rows import everything_stored

assert tables.accounts

# Bytes that are sealed under nothing: hashes, and what is public.
NOT_SEALED = {
    "audit_seal.seal",
    "passkey.credential_id",
    "passkey.public_key",
}
REWRAPPED = ("data_key", "user", "message", "kept_form")


def under_a_data_key(base: type = Sealable) -> set[str]:
    found = {
        f"{kind.__tablename__}.{attribute.column}"
        for kind in base.__subclasses__()
        for attribute in vars(kind).values()
        if isinstance(attribute, SealedText | SealedDocument | SealedBytes)
    }
    return found.union(*map(under_a_data_key, base.__subclasses__()))


def test_every_column_of_bytes_is_under_the_ring_or_a_data_key_or_known_to_be_neither():
    of_bytes = {
        str(column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not column.name.endswith("_hash")
    }
    under_the_ring = {str(under.sealed) for under in rewrap.UNDER_THE_RING}

    assert of_bytes == under_the_ring | under_a_data_key() | NOT_SEALED


def test_S60_a_rotation_puts_everything_under_a_new_key_and_touches_nothing_else(cast, key_file):
    seal_everywhere(cast)
    before, stored = opened(), everything_stored({"audit_event", *REWRAPPED})

    said = key_file.flask("rotate")

    new, old = key_file.names
    assert (ring().current, old) == (new, "t1")
    assert said.startswith(f"0 {rewrap.left_under(new)} values put under the key {new}")
    assert rewrap.left_under("t1") == 0
    assert opened() == before
    assert everything_stored({"audit_event", *REWRAPPED}) == stored  # signed notes among them


def test_S60_a_rotation_is_audited_with_its_key_and_count(cast, key_file):
    key_file.flask("rotate")

    row = db.session.scalars(select(AuditEvent).filter_by(event=Event.KEYS_ROTATED)).one()
    new = key_file.names[0]
    assert (row.actor, row.facts) == (
        "system:keys",
        {"key": new, "rewrapped": rewrap.left_under(new)},
    )


def test_the_columns_of_a_data_key_name_the_key_that_wraps_it(cast, key_file):
    key_file.flask("rotate")

    assert set(db.session.scalars(select(DataKey.wrapped_by))) == {key_file.names[0]}


def test_more_values_than_one_transaction_takes_are_all_put_elsewhere(cast, key_file, monkeypatch):
    monkeypatch.setattr(rewrap, "AT_ONCE", 1)
    seal_everywhere(cast)
    before = opened()

    key_file.flask("rotate")

    assert (rewrap.left_under("t1"), opened()) == (0, before)


def test_a_key_destroyed_stays_destroyed(cast, key_file):
    number = cast.dee.data_key_id
    with transaction():
        cast.dee.data_key.wrapped = None

    key_file.flask("rotate")

    assert db.session.get_one(DataKey, number).wrapped is None


def test_a_value_changed_while_it_was_rewrapped_is_not_written_over(cast, key_file, monkeypatch):
    seal_everywhere(cast)
    mail = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    blob = ring().seal(b'{"token": "newer"}', f"message.params:{mail.public_id}")
    open_first = key_ring.KeyRing.open

    def change_meanwhile(self, sealed, where):
        if where.startswith("message") and open_first(self, sealed, where) == b'{"token": "abc"}':
            change = update(Message).where(Message.id == mail.id).values(params_sealed=blob)
            db.session.execute(change)
        return open_first(self, sealed, where)

    monkeypatch.setattr(key_ring.KeyRing, "open", change_meanwhile)
    key_file.flask("rotate")

    assert opened()["mails"][-1] == {"token": "newer"}
    assert rewrap.left_under("t1") == 0


def test_a_value_that_does_not_open_stops_a_rotation_with_one_line(cast, key_file):
    with transaction():
        db.session.execute(update(User).values(totp_sealed=b"\x02t1" + b"0" * 40))

    said = key_file.flask("rotate")

    assert said.startswith("1 Error: sealed value did not open: user.totp_sealed:")
    assert said.count("\n") == 1


def test_two_rotations_at_once_make_one_key(cast, key_file):
    seal_everywhere(cast)

    rush.together(lambda: key_file.flask("rotate"), lambda: key_file.flask("rotate"))

    assert len(set(key_file.names)) == len(key_file.names)
    assert rewrap.left_under_older() == 0
    assert opened()["factors"]


# Killed on the way.

LATEST_STEP = 51  # from this one on all is under the new key, and the next run is another rotation


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "step" in metafunc.fixturenames:
        soak = metafunc.config.getoption("--soak")
        metafunc.parametrize("step", range(1, LATEST_STEP) if soak else [4, 9, 21])


def test_S60_a_kill_in_the_middle_loses_nothing_and_the_next_run_finishes(cast, key_file, step):
    seal_everywhere(cast)
    before = opened()

    def die_on_the_way():
        rush.die_at(step)
        return key_file.flask("rotate")

    answer = rush.alone(die_on_the_way)
    rush.wait_until_alone()
    in_between = opened()
    key_file.flask("rotate")

    assert answer == rush.KILLED
    assert in_between == opened() == before
    assert (rewrap.left_under_older(), len(key_file.names)) == (0, 2)


# While others work.


def work_until(done, app):
    """Make patients, mails and forms, and read what is sealed, over and over."""
    rounds = 0
    while not done.is_set() or not rounds:
        with app.app_context():  # a request of its own
            patient = factories.make_patient(name=f"Pat {rounds}")
            notices.queue(MessageKind.RESUME, to="pat@example.org", params={"token": "abc"})
            intake = factories.make_intake(patient)
            number, document = intake.id, intake.document
        with app.app_context():
            assert db.session.get_one(Intake, number).document == document
            opened()
        rounds += 1
    return "worked"


def test_S60_nothing_fails_while_keys_rotate_and_everything_opens_afterwards(cast, app, key_file):
    seal_everywhere(cast)
    done = rush.SYSTEM.Event()

    def rotate_often():
        said = {key_file.flask("rotate")[0] for _ in range(5)}
        done.set()
        return said

    def work():
        return work_until(done, app)

    answers = rush.together(work, work, rotate_often)

    assert answers == ["worked", "worked", "{'0'}"]
    assert opened()["keys"]
    key_file.flask("rotate")
    assert rewrap.left_under_older() == 0


# With a ring of the environment.


def test_a_ring_of_the_environment_is_rewrapped_to_its_first_key_and_says_how(cast, app):
    said = app.test_cli_runner().invoke(args=["keys", "rotate"]).output.splitlines()

    assert said == [
        "0 values put under the key t1, none left under others.",
        "The key ring is in CLINIC_KEYS: put a new line (flask keys new NAME) first there, restart"
        " every process of the clinic, and run this command again.",
    ]


def test_after_a_restart_with_a_new_line_first_everything_is_put_under_it(cast, app, monkeypatch):
    seal_everywhere(cast)
    before = opened()
    line = "t2:" + base64.b64encode(b"another key for tests, 32 bytes!").decode()
    both = key_ring.KeyRing.parse(f"{line}\n{SETTINGS['KEYS']}")
    monkeypatch.setitem(app.extensions, "key_ring", both)

    app.test_cli_runner().invoke(args=["keys", "rotate"])
    monkeypatch.setitem(app.extensions, "key_ring", key_ring.KeyRing.parse(line))

    assert opened() == before


# Retiring and checking.


def test_a_key_that_something_lies_under_is_not_retired(cast, key_file):
    new = key_ring.KeyRing.fresh_line("t2")
    key_file.write(f"{new}\n{SETTINGS['KEYS']}")
    left = rewrap.left_under("t1")

    said = key_file.flask("retire", "t1")

    assert said == f"1 Error: {left} values lie under t1; run: flask keys rotate\n"
    assert key_file.names == ["t2", "t1"]


def test_an_old_key_is_retired_after_a_rotation_and_audited(cast, key_file):
    seal_everywhere(cast)
    before = opened()
    key_file.flask("rotate")

    said = key_file.flask("retire", "t1")

    assert said.startswith("0 t1 is retired.")
    assert "t1" not in key_file.names
    assert opened() == before
    row = db.session.scalars(select(AuditEvent).filter_by(event=Event.KEY_RETIRED)).one()
    assert row.facts == {"key": "t1"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("t1", "t1 is the first key; rotate before you retire it."),
        ("t9", "The key ring has no key t9."),
    ],
)
def test_the_first_key_or_one_that_is_not_there_is_not_retired(cast, key_file, name, says):
    assert key_file.flask("retire", name) == f"1 Error: {says}\n"


def test_comments_in_the_file_stay(cast, key_file):
    key_file.write(f"# of the clinic\n{SETTINGS['KEYS']}\n")
    key_file.flask("rotate")

    key_file.flask("retire", "t1")

    assert key_file.path.read_text().splitlines()[1:] == ["# of the clinic"]


def test_a_check_opens_one_of_each_kind_and_counts(cast, key_file):
    seal_everywhere(cast)

    said = key_file.flask("check")

    assert said == f"0 t1: {rewrap.left_under('t1')} values\n5 values opened, one of each kind" + (
        " under each key.\n"
    )


def test_a_check_says_when_a_key_is_lost_or_wrong(cast, key_file):
    seal_everywhere(cast)
    key_file.write(key_ring.KeyRing.fresh_line("t2"))
    lost = key_file.flask("check")
    key_file.write(key_ring.KeyRing.fresh_line("t1"))

    wrong = key_file.flask("check")

    assert "values lie under keys that the ring does not hold" in lost
    assert wrong.startswith("1 Error: sealed value did not open: data_key.wrapped:")
