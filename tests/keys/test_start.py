"""S60, S61: a lost or wrong key is refused at the start, in one line with the remedy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from clinic import create_app
from clinic.config import ROOT
from clinic.database import db, transaction
from clinic.key_ring import KeyRing, KeyRingError
from clinic.sealing import DataKey
from tests.engines import SETTINGS
from tests.production import REAL, app_beside

# Always the same keys: a test's name may hold one.
ANOTHER = "U29tZSBvdGhlciBrZXkgZm9yIHRlc3RzLCAzMiBiISE="
OLD = SETTINGS["KEYS"]
REMEDY = "put the key ring (CLINIC_KEYS or the file keys) back from its backup."
LOST = f"The clinic does not start: the key t1 is missing; {REMEDY}"
WRONG = f"The clinic does not start: the key t1 is another than it was; {REMEDY}"
REFUSED = {
    "lost": (f"t2:{ANOTHER}\n", 0o600, LOST),
    "wrong": (f"t1:{ANOTHER}\n", 0o600, WRONG),
    "wrong, behind a new one": (f"t2:{ANOTHER}\nt1:{ANOTHER}\n", 0o600, WRONG),
    "empty": ("", 0o600, "give a key ring in CLINIC_KEYS or in the file keys"),
    "only a comment": ("# later\n", 0o600, "the key ring holds no key"),
    "malformed": ("t1:no\n", 0o600, "line 1 of the key ring is not base64"),
    "open to others": (OLD, 0o644, "keys can be read by others; run: chmod 600"),
}


def environ(engine, folder, **over):
    return {
        "PATH": os.environ["PATH"],
        "FLASK_APP": "wsgi",
        "CLINIC_INSTANCE": str(folder),
        "DATABASE_URL": engine.url,
        "CLINIC_BASE_URL": REAL["BASE_URL"],
        "CLINIC_SMTP_URL": REAL["SMTP_URL"],
        "CLINIC_SECRET": REAL["SECRET_KEY"],
        "CLINIC_PASSWORD_SALT": REAL["SECURITY_PASSWORD_SALT"],
        **over,
    }


def run(environ, *command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", [("-c", "import wsgi"), ("-m", "flask", "keys", "check")])
@pytest.mark.parametrize(("ring", "mode", "says"), REFUSED.values(), ids=REFUSED)
def test_neither_server_nor_command_starts_with_a_ring_that_is(
    cast, engine, tmp_path, ring, mode, says, command
):
    (tmp_path / "keys").write_text(ring)
    (tmp_path / "keys").chmod(mode)

    ended = run(environ(engine, tmp_path), *command)

    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert says in ended.stderr
    assert ANOTHER not in ended.stderr


def test_a_new_line_before_the_old_one_is_no_reason_to_refuse(cast, engine, tmp_path):
    ended = run(environ(engine, tmp_path, CLINIC_KEYS=f"t2:{ANOTHER},{OLD}"), "-c", "import wsgi")

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_key_that_only_a_destroyed_data_key_lay_under_is_not_missed(cast, engine):
    with transaction():
        db.session.execute(DataKey.__table__.update().values(wrapped=None))

    with app_beside(engine, KEYS=KeyRing.fresh_line("t2")) as app:
        assert app.name == "clinic"


def test_a_database_without_tables_is_migrated_and_one_of_an_older_release_too(tmp_path):
    file = tmp_path / "old.sqlite3"
    settings = {**SETTINGS, "INSTANCE": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}"}

    with create_app(settings).app_context():
        upgrade(revision="0001")
        db.session.remove()
    with create_app(settings).app_context():
        upgrade()
        found = db.session.execute(text("SELECT count(wrapped_by) FROM data_key")).scalar()
        db.session.remove()
        db.engine.dispose()

    assert found == 0


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:1/none"],
    ids=["no folder", "nobody listens"],
)
def test_a_database_that_is_away_does_not_stop_the_start(url):
    assert create_app({**REAL, "SQLALCHEMY_DATABASE_URI": url}).name == "clinic"


def test_a_start_makes_no_database_file(tmp_path):
    file = tmp_path / "new.sqlite3"

    create_app({**REAL, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}"})

    assert not file.exists()


def test_each_of_two_keys_in_use_is_tried(cast, engine):
    with app_beside(engine, KEYS=f"t2:{ANOTHER}\n{OLD}") as app, app.app_context(), transaction():
        db.session.add(DataKey.fresh())
    wrong = KeyRing.fresh_line("t2")

    with (
        pytest.raises(KeyRingError, match="the key t2 is another than it was"),
        app_beside(engine, KEYS=f"{wrong}\n{OLD}"),
    ):
        pass
