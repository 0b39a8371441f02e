"""The tests' app, with its key ring in a file."""

from __future__ import annotations

import pytest

from tests.engines import SETTINGS
from tests.keys.ring import Ring


@pytest.fixture
def key_file(app, tmp_path, monkeypatch) -> Ring:
    """The ring of the tests in a file that the app follows."""
    made = Ring(app, tmp_path / "keys")
    made.write(SETTINGS["KEYS"])
    monkeypatch.setitem(app.config, "KEYS_FILE", made.path)
    monkeypatch.setitem(app.extensions, "key_ring", None)  # put back at the end
    made.follow()
    return made
