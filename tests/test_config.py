"""Settings: what each does, where it is written down, and what the app refuses to start with."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from clinic import config, create_app, serve
from clinic.accounts.models import User
from clinic.config import ROOT, SETTINGS, ConfigError
from clinic.database import db, transaction
from tests.engines import SETTINGS as OF_THE_TESTS
from tests.production import REAL, app_beside
from tests.visitor import Person

NAMES = [setting.name for setting in SETTINGS]
NAME = re.compile(r"CLINIC_[A-Z_]+|DATABASE_URL")
READ_BY_NAME = re.compile(rf'"({NAME.pattern})"')
GOOD = "Zk3vTq8WmX1pRb7nLc5dHs9fGj2yUa4e"  # 32 characters, none of them a sample


def rows_of(document):
    """The cells of each row of the document's table of settings, without backticks."""
    lines = Path(ROOT, document).read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[cell.replace("`", "") for cell in row] for row in rows if NAME.match(row[0][1:])]


# Where they are written down.


def test_the_documentation_lists_exactly_the_settings_and_their_defaults():
    documented = [(name, default) for name, default, _meaning in rows_of("docs/settings.md")]

    assert documented == [(setting.name, setting.default) for setting in SETTINGS]


def test_the_readme_lists_every_setting():
    listed = [name for row in rows_of("README.md") for name in row[0].split(", ")]

    assert listed == NAMES


def test_no_code_reads_a_setting_that_is_not_listed():
    of_the_test_run = {"CLINIC_CHROMIUM"}
    read = {
        name
        for path in Path(ROOT, "clinic").rglob("*.py")
        for name in READ_BY_NAME.findall(path.read_text())
    }

    assert read - of_the_test_run == set(NAMES)


# What each does.


@pytest.fixture
def instance(tmp_path):
    return {"CLINIC_INSTANCE": str(tmp_path)}


def test_without_any_setting_the_usual_values_hold(instance, tmp_path):
    assert config.read(instance) == {
        "INSTANCE": tmp_path,
        "DEMO": False,
        "BASE_URL": "http://localhost:8000",
        "TRUSTED_HOSTS": ["localhost"],
        "PROXIES": 0,
        "SECRET_KEY": "",
        "SECURITY_PASSWORD_SALT": "",
        "KEYS": "",
        "KEYS_FILE": None,
        "SMTP_URL": None,
        "MAIL_FROM": None,
        "CHECK_IN_MINUTES": 60,
        "CLOCK_SHIFT": 0.0,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/clinic.sqlite3",
    }


@pytest.mark.parametrize(
    ("name", "value", "key", "read"),
    [
        ("CLINIC_DEMO", "1", "DEMO", True),
        (
            "CLINIC_DEMO",
            "yes",
            "DEMO",
            False,
        ),  # one spelling, so that nobody opens a demo by chance
        ("CLINIC_BASE_URL", "https://a.example/", "BASE_URL", "https://a.example"),
        ("CLINIC_BASE_URL", "https://a.example:8443", "TRUSTED_HOSTS", ["a.example"]),
        (
            "CLINIC_HOSTS",
            "b.example, c.example",
            "TRUSTED_HOSTS",
            ["localhost", "b.example", "c.example"],
        ),
        ("CLINIC_PROXIES", "2", "PROXIES", 2),
        ("CLINIC_SECRET", GOOD, "SECRET_KEY", GOOD),
        ("CLINIC_PASSWORD_SALT", GOOD, "SECURITY_PASSWORD_SALT", GOOD),
        ("CLINIC_KEYS", "k1:abc", "KEYS", "k1:abc"),
        ("CLINIC_SMTP_URL", "smtp://mail.example", "SMTP_URL", "smtp://mail.example"),
        ("CLINIC_MAIL_FROM", "a@b.example", "MAIL_FROM", "a@b.example"),
        ("CLINIC_CHECK_IN_MINUTES", "90", "CHECK_IN_MINUTES", 90),
        ("CLINIC_CLOCK_SHIFT", "-86400", "CLOCK_SHIFT", -86400.0),
        (
            "DATABASE_URL",
            "postgresql://u@h/n",
            "SQLALCHEMY_DATABASE_URI",
            "postgresql+psycopg://u@h/n",
        ),
        (
            "DATABASE_URL",
            "postgres://u@h/n",
            "SQLALCHEMY_DATABASE_URI",
            "postgresql+psycopg://u@h/n",
        ),
        ("DATABASE_URL", "sqlite:////a/b", "SQLALCHEMY_DATABASE_URI", "sqlite:////a/b"),
    ],
)
def test_a_setting_is_read_from_the_environment(instance, name, value, key, read):
    assert config.read({**instance, name: value})[key] == read


def test_settings_env_fills_what_the_environment_leaves_out(instance, tmp_path):
    lines = ["# a comment", "", "CLINIC_DEMO = 1", f"CLINIC_SECRET={GOOD}=x", "CLINIC_PROXIES=1"]
    (tmp_path / "settings.env").write_text("\n".join(lines))

    found = config.read({**instance, "CLINIC_PROXIES": "3"})

    assert (found["DEMO"], found["SECRET_KEY"], found["PROXIES"]) == (True, f"{GOOD}=x", 3)


def test_the_key_ring_is_read_from_its_file(instance, tmp_path):
    keys = tmp_path / "keys"
    keys.touch(mode=0o600)
    keys.write_text("k1:abc\n")

    found = config.read(instance)

    assert (found["KEYS"], found["KEYS_FILE"]) == ("k1:abc\n", keys)


def test_a_key_ring_of_the_environment_goes_before_the_file(instance, tmp_path):
    (tmp_path / "keys").write_text("k1:abc\n")

    found = config.read({**instance, "CLINIC_KEYS": "k2:def"})

    assert (found["KEYS"], found["KEYS_FILE"]) == ("k2:def", None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_ring_that_others_can_read_is_refused(instance, tmp_path, mode):
    keys = tmp_path / "keys"
    keys.write_text("k1:abc\n")
    keys.chmod(mode)

    with pytest.raises(ConfigError, match="run: chmod 600 keys"):
        config.read(instance)


@pytest.mark.parametrize(
    "name", ["CLINIC_PROXIES", "CLINIC_CHECK_IN_MINUTES", "CLINIC_CLOCK_SHIFT"]
)
def test_a_number_that_is_none_is_refused_by_its_name(instance, name):
    with pytest.raises(ConfigError, match=f"set {name} to a number"):
        config.read({**instance, name: "many"})


# What the app refuses to start with (S61).


@pytest.fixture
def start(tmp_path):
    """Start a real clinic's app in a folder of its own."""
    folder = {"INSTANCE": tmp_path, "SQLALCHEMY_DATABASE_URI": "sqlite://"}
    return lambda **over: create_app({**REAL, **folder, **over})


WEAK = {
    "missing": "",
    "short": GOOD[:31],
    "one letter": "a" * 64,
    "few letters": "abcdefg" * 9,
    "change me": "change-me-" + GOOD,
    "example": "Example" + GOOD,
    "sample": "SAMPLE" + GOOD,
    "secret": "secret" + GOOD,
    "password": "password" + GOOD,
    "test": "test" + GOOD,
}


@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK)
@pytest.mark.parametrize(
    ("key", "name"),
    [("SECRET_KEY", "CLINIC_SECRET"), ("SECURITY_PASSWORD_SALT", "CLINIC_PASSWORD_SALT")],
)
def test_a_weak_secret_is_refused_by_its_name_and_never_shown(start, key, name, weak):
    with pytest.raises(ConfigError) as refused:
        start(**{key: weak})

    assert str(refused.value) == (
        f"The clinic does not start: set {name} to at least 32 random characters."
    )


@pytest.mark.parametrize("key", ["SECRET_KEY", "SECURITY_PASSWORD_SALT", "KEYS"])
def test_not_even_a_demo_starts_without_secrets(start, key):
    with pytest.raises(ConfigError):
        start(**{**OF_THE_TESTS, key: ""})


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ({"KEYS": ""}, "give a key ring in CLINIC_KEYS or in the file keys"),
        ({"BASE_URL": "http://clinic.example"}, "set CLINIC_BASE_URL to the https address"),
        ({"SMTP_URL": None}, "set CLINIC_SMTP_URL, or no code ever reaches a patient"),
        ({"CLOCK_SHIFT": 60.0}, "unset CLINIC_CLOCK_SHIFT: only a demo may move the clock"),
        ({"DEBUG": True}, "switch debug mode off"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_outside_a_demo_the_app_refuses_to_start(start, over, says):
    with pytest.raises(ConfigError, match=re.escape(says)):
        start(**over)


@pytest.mark.parametrize("name", ["settings.env", "clinic.db", "clinic.db-wal", "clinic.db-shm"])
@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_S61_secrets_or_a_database_that_others_can_read_are_refused(start, tmp_path, name, mode):
    (tmp_path / name).touch(mode=0o600)
    (tmp_path / name).chmod(mode)

    with pytest.raises(ConfigError) as refused:
        start(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'clinic.db'}")

    assert str(refused.value) == (
        f"The clinic does not start: {name} can be read by others; run:"
        f" chmod 600 {tmp_path / name}."
    )


def test_S61_the_files_of_a_new_database_are_its_owners_alone(start, tmp_path):
    file = tmp_path / "clinic.db"
    app = start(SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")

    with app.app_context(), transaction():
        db.session.execute(db.text("CREATE TABLE one (id INTEGER)"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("clinic.db*")}

    assert modes == dict.fromkeys(("clinic.db", "clinic.db-wal", "clinic.db-shm"), 0o600)


@pytest.mark.parametrize("demo", ["0", "1"])
@pytest.mark.parametrize(
    ("debug", "command"),
    [("1", ["routes"]), ("0", ["--debug", "routes"]), ("0", ["run", "--debugger"])],
    ids=["FLASK_DEBUG", "--debug", "--debugger"],
)
def test_S61_no_debugger_ever_runs_beside_the_secrets(instance, demo, debug, command):
    environ = {
        **instance,
        "CLINIC_DEMO": demo,
        "CLINIC_SECRET": GOOD,
        "CLINIC_PASSWORD_SALT": GOOD,
        "CLINIC_KEYS": OF_THE_TESTS["KEYS"],
        "CLINIC_BASE_URL": "https://clinic.example",
        "CLINIC_SMTP_URL": "smtp://mail.example",
        "FLASK_APP": "wsgi",
        "FLASK_DEBUG": debug,
        "PATH": os.environ["PATH"],
    }

    ended = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        "The clinic does not start: switch debug mode off: its console would run code beside the"
        " secrets.\n"
    )


def test_everything_that_is_wrong_is_said_at_once(start):
    with pytest.raises(ConfigError) as refused:
        start(SECRET_KEY="", KEYS="", SMTP_URL=None)

    assert str(refused.value).count(";") == 2


def test_with_good_settings_the_app_starts_outside_a_demo(start):
    assert start(SECRET_KEY=GOOD).config["DEMO"] is False


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({}, "The clinic does not start: set CLINIC_SECRET to at least 32 random characters;"),
        ({"CLINIC_KEYS": "k1:no", "CLINIC_SECRET": GOOD}, "set CLINIC_PASSWORD_SALT"),
        (
            {
                "CLINIC_DEMO": "1",
                "CLINIC_SECRET": GOOD,
                "CLINIC_PASSWORD_SALT": GOOD,
                "CLINIC_KEYS": "k1:no",
            },
            "line 1 of the key ring is not base64",
        ),
    ],
    ids=["no secrets", "no salt", "no key"],
)
def test_a_server_that_must_not_start_says_so_in_one_line(instance, setting, says):
    environ = {**instance, **setting, "PATH": os.environ["PATH"]}

    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


# What a real clinic does not have.


def test_the_page_of_mails_exists_in_a_demo_alone(engine, app):
    with app_beside(engine) as real:
        answers = [Person(one).send("GET", "/demo/mail").status_code for one in (app, real)]

    assert answers == [200, 404]


def test_a_real_clinic_has_no_account_before_a_command_makes_one(engine, app):
    with app_beside(engine) as real, real.app_context():
        serve.prepare()

        assert db.session.scalars(db.select(User)).all() == []


@pytest.mark.parametrize("email, password", [sign_in[1:] for sign_in in serve.SIGN_INS])
def test_the_sign_ins_of_the_demo_open_nothing_in_a_real_clinic(engine, cast, email, password):
    with app_beside(engine) as real:
        form = Person(real).get("/sign-in").form("password").set(email=email, password=password)

        page = form.press(status=422)

    assert page.path == "/sign-in"
