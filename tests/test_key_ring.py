"""The key ring lives outside the database: refused when it is wrong, rotated without a rewrite."""

from __future__ import annotations

import base64

import pytest
from flask import current_app

from clinic import config, create_app
from clinic.database import db, transaction
from clinic.intake.models import Intake
from clinic.key_ring import KeyRing, KeyRingError, SealBroken
from clinic.sealing import DataKey
from tests import factories
from tests.engines import SETTINGS

OLD = KeyRing.parse(SETTINGS["KEYS"])
# Always the same key: a test's name holds it, and every test process must name it alike.
NEW_LINE = "t2:" + base64.b64encode(b"another key for tests, 32 bytes!").decode()
SHORT = base64.b64encode(b"too short").decode()


@pytest.fixture
def with_ring(app, monkeypatch):
    """The app runs with another key ring, as after a restart."""

    def use(written: str) -> KeyRing:
        ring = KeyRing.parse(written)
        monkeypatch.setitem(current_app.extensions, "key_ring", ring)
        db.session.expunge_all()  # forget unwrapped keys
        return ring

    return use


@pytest.mark.parametrize(
    "written, says",
    [
        ("", "holds no key"),
        ("\n# only a comment\n", "holds no key"),
        ("k1", "line 1 of the key ring is not a name and 32 bytes"),
        (f"k1:{SHORT}", "line 1 of the key ring is not a name and 32 bytes"),
        (f":{base64.b64encode(b'k' * 32).decode()}", "line 1 of the key ring is not a name"),
        ("k1:not base64!", "line 1 of the key ring is not base64"),
        (f"{NEW_LINE}\nk1:{SHORT}", "line 2 of the key ring is not a name and 32 bytes"),
    ],
)
def test_a_malformed_ring_is_refused_and_the_line_is_named(written, says):
    with pytest.raises(KeyRingError, match=says):
        KeyRing.parse(written)


def test_a_refusal_shows_nothing_of_the_key():
    with pytest.raises(KeyRingError) as refused:
        KeyRing.parse(f"k1:{SHORT}")

    assert SHORT not in str(refused.value)


def test_lines_may_be_parted_by_commas_for_the_environment():
    ring = KeyRing.parse(f"{NEW_LINE},{SETTINGS['KEYS']}")

    assert list(ring.keys) == ["t2", "t1"]


def test_a_fresh_line_is_a_ring_of_a_key_that_nobody_had_before():
    rings = [KeyRing.parse(KeyRing.fresh_line("k1")) for _ in range(10)]

    assert len({ring.keys["k1"] for ring in rings}) == 10


def test_the_app_does_not_start_without_a_ring(tmp_path):
    without = {**SETTINGS, "KEYS": "", "INSTANCE": tmp_path}

    with pytest.raises(config.ConfigError, match="give a key ring in CLINIC_KEYS"):
        create_app({**without, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'none'}"})


@pytest.mark.parametrize("mode, refused", [(0o640, True), (0o604, True), (0o600, False)])
def test_a_key_file_that_others_can_read_is_refused(tmp_path, mode, refused):
    (tmp_path / "keys").write_text(NEW_LINE)
    (tmp_path / "keys").chmod(mode)

    assert _refuses({"CLINIC_INSTANCE": str(tmp_path)}) is refused


def _refuses(environ: dict[str, str]) -> bool:
    try:
        config.read(environ)
    except config.ConfigError:
        return True
    return False


def test_a_ring_that_lacks_the_key_says_which_one_is_missing(cast, with_ring):
    intake_id = factories.make_intake(cast.cal).id

    with_ring(NEW_LINE)

    with pytest.raises(SealBroken, match="no key named t1 in the ring"):
        assert db.session.get_one(Intake, intake_id).document


def test_another_key_under_the_same_name_opens_nothing(cast, with_ring):
    intake_id = factories.make_intake(cast.cal).id

    with_ring(KeyRing.fresh_line("t1"))

    with pytest.raises(SealBroken, match="data_key"):
        assert db.session.get_one(Intake, intake_id).document


def test_after_rotation_the_old_opens_and_the_new_is_sealed_under_the_new_key(cast, with_ring):
    intake = factories.make_intake(cast.cal)
    intake_id, document = intake.id, intake.document

    with_ring(f"{NEW_LINE}\n{SETTINGS['KEYS']}")

    assert db.session.get_one(Intake, intake_id).document == document
    assert KeyRing.parse(NEW_LINE).open(*_wrapped(DataKey.fresh()))


def test_what_is_sealed_after_rotation_does_not_open_with_the_old_ring(app, with_ring):
    with_ring(f"{NEW_LINE}\n{SETTINGS['KEYS']}")

    with pytest.raises(SealBroken, match="no key named t2"):
        OLD.open(*_wrapped(DataKey.fresh()))


def test_a_data_key_wrapped_again_opens_what_it_opened_before(cast, with_ring):
    intake = factories.make_intake(cast.cal)
    intake_id, document = intake.id, intake.document
    new = KeyRing.parse(NEW_LINE)

    with transaction():
        key = intake.data_key
        key.wrapped = new.seal(OLD.open(*_wrapped(key)), _wrapped(key)[1])
    with_ring(NEW_LINE)

    assert db.session.get_one(Intake, intake_id).document == document


def test_a_destroyed_key_opens_nothing_and_says_so(cast):
    intake_id = factories.make_intake(cast.cal).id

    with transaction():
        cast.cal.data_key.wrapped = None
    db.session.expunge_all()

    with pytest.raises(SealBroken, match="destroyed"):
        assert db.session.get_one(Intake, intake_id).document


def _wrapped(key: DataKey) -> tuple[bytes, str]:
    assert key.wrapped is not None
    return key.wrapped, f"data_key.wrapped:{key.public_id}"
