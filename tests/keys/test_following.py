"""A ring of a file follows it while the app runs; what is broken never replaces what works."""

from __future__ import annotations

import base64
import logging

import pytest

from clinic import key_ring
from clinic.key_ring import KeyFile, KeyRing, KeyRingError, SealBroken
from clinic.sealing import ring
from tests.engines import SETTINGS

NEW = "t2:" + base64.b64encode(b"another key for tests, 32 bytes!").decode()
BOTH = f"{NEW}\n{SETTINGS['KEYS']}\n"


def test_a_line_put_first_is_used_at_once_and_the_old_one_still_opens(key_file):
    blob = ring().seal(b"plain", "here")

    key_file.write(BOTH)

    assert (ring().current, ring().open(blob, "here")) == ("t2", b"plain")


def test_a_file_that_did_not_change_is_not_read_again(key_file, monkeypatch):
    monkeypatch.setattr(key_ring, "_read", lambda _path: 1 / 0)

    assert ring().current == "t1"


BROKEN = {
    "empty": ("", 0o600, "the key ring holds no key"),
    "malformed": ("t1:no", 0o600, "line 1 of the key ring is not base64"),
    "the same name twice": (f"{NEW}\n{NEW}", 0o600, "line 2 of the key ring has the name of an"),
    "open to the group": (BOTH, 0o640, "keys can be read by others; run: chmod 600"),
    "open to all": (BOTH, 0o604, "keys can be read by others; run: chmod 600"),
    "no text": ("\x00", 0o600, "line 1 of the key ring is not a name and 32 bytes"),
}


@pytest.mark.parametrize(("text", "mode", "says"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_broken_is_told_once_and_the_ring_before_stays(
    key_file, caplog, text, mode, says
):
    key_file.write(text, mode)

    names = [ring().current for _ in range(3)]

    assert names == ["t1"] * 3
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert says in told.getMessage()


def test_a_file_that_is_gone_is_told_once_and_the_ring_before_stays(key_file, caplog):
    key_file.path.unlink()

    names = [ring().current for _ in range(3)]

    assert names == ["t1"] * 3
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


def test_a_file_that_was_mended_is_read_again(key_file):
    key_file.write(BOTH, 0o644)
    before = ring().current

    key_file.path.chmod(0o600)

    assert (before, ring().current) == ("t1", "t2")


@pytest.mark.parametrize(("text", "mode", "says"), BROKEN.values(), ids=BROKEN)
def test_a_process_does_not_start_with_a_file_that_is_broken(key_file, text, mode, says):
    key_file.write(text, mode)

    with pytest.raises(KeyRingError, match=says):
        KeyFile(key_file.path)


def test_a_ring_of_the_environment_stays_as_it_is(app):
    assert ring() is ring()


@pytest.mark.parametrize(
    "name", ["", "x" * 61, "é" * 31, "a b", "a\tb", "a\x00b", "a\x7fb", "a,b"], ids=repr
)
def test_a_name_that_is_too_long_or_unprintable_is_refused(name):
    encoded = base64.b64encode(b"k" * 32).decode()

    with pytest.raises(KeyRingError):
        assert KeyRing.parse(f"{name}:{encoded}").keys == {name: b"k" * 32}


def test_neither_ring_nor_refusal_shows_a_key(key_file):
    encoded = SETTINGS["KEYS"].partition(":")[2]
    shown = [repr(ring()), str(ring()), repr(KeyFile(key_file.path))]

    with pytest.raises(SealBroken) as broken:
        ring().open(b"\x02t1" + b"0" * 40, "here")

    text = "".join([*shown, repr(broken.value)])
    assert not [s for s in (encoded, repr(base64.b64decode(encoded))[2:-1]) if s in text]


def test_what_is_no_ring_is_never_written_over_one(key_file):
    before = key_file.path.read_text()

    with pytest.raises(KeyRingError):
        key_ring.write(key_file.path, "t2:no")

    assert key_file.path.read_text() == before
    assert [path.name for path in key_file.path.parent.iterdir()] == ["keys"]


def test_a_file_written_is_its_owners_alone(key_file):
    key_ring.write(key_file.path, BOTH)

    assert key_file.path.stat().st_mode & 0o777 == 0o600
