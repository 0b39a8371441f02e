"""What `make run` says when the machine lacks something: one line, with the remedy."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clinic import config, machine
from clinic.config import ROOT
from clinic.machine import Missing


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def instance(tmp_path, monkeypatch):
    folder = tmp_path / "instance"
    monkeypatch.setenv("CLINIC_INSTANCE", str(folder))
    return folder


def test_a_taken_port_is_told_with_another_to_choose(taken_port):
    with pytest.raises(Missing) as missing:
        machine.check_port(taken_port)

    assert str(missing.value) == (
        f"clinic: port {taken_port} is taken; choose another: make run PORT={taken_port + 1}"
    )


def test_a_free_port_is_nothing_to_talk_about(taken_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]

    machine.check_port(free)


def test_a_port_is_checked_with_the_standard_library_alone(taken_port):
    command = [sys.executable, "-I", "-S", "clinic/machine.py", "port", "--port", str(taken_port)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"clinic: port {taken_port} is taken; choose another: make run PORT={taken_port + 1}"
    ]


def test_a_python_too_old_is_told_with_the_one_that_will_do(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))

    with pytest.raises(Missing) as missing:
        machine.check_python()

    assert str(missing.value) == (
        "clinic: Python 3.10 is too old; install 3.11 or newer, or name one: make PYTHON=python3.11"
    )


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)  # importing it fails

    with pytest.raises(Missing) as missing:
        machine.check_python()

    major, minor = sys.version_info[:2]
    assert str(missing.value) == (
        "clinic: Python has no venv module; on Debian or Ubuntu: "
        f"apt install python{major}.{minor}-venv"
    )


def test_this_python_will_do():
    machine.check_python()


@pytest.mark.parametrize("demo", [True, False])
def test_secrets_are_made_that_the_app_accepts_and_only_their_owner_reads(instance, demo):
    machine.make_secrets(demo)

    found = config.read({"CLINIC_INSTANCE": str(instance)})
    config.check({**found, "BASE_URL": "https://clinic.example", "SMTP_URL": "smtp://mail.example"})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in instance.iterdir()}
    assert found["DEMO"] is demo
    assert modes == {"settings.env": 0o600, "keys": 0o600}


def test_secrets_are_made_once(instance):
    machine.make_secrets(True)
    first = {path.name: path.read_text() for path in instance.iterdir()}

    machine.make_secrets(True)

    assert {path.name: path.read_text() for path in instance.iterdir()} == first


def test_no_two_machines_have_the_same_secrets(instance, monkeypatch, tmp_path):
    machine.make_secrets(True)
    monkeypatch.setenv("CLINIC_INSTANCE", str(tmp_path / "other"))

    machine.make_secrets(True)

    here, there = (
        set(Path(tmp_path, name, "settings.env").read_text().splitlines())
        for name in ("instance", "other")
    )
    assert {line.partition("=")[0] for line in here & there} == {
        "# What may be set here: docs/settings.md.",
        "CLINIC_DEMO",
    }


def test_a_browser_named_by_its_path_is_taken(monkeypatch):
    monkeypatch.setenv("CLINIC_CHROMIUM", "/opt/chromium")

    assert machine.find_browser() == "/opt/chromium"


def test_a_machine_that_can_get_no_browser_is_told_how_to_name_one(monkeypatch):
    monkeypatch.setattr(machine, "find_browser", lambda: None)
    monkeypatch.setattr(machine, "_run", lambda command: 1)

    with pytest.raises(Missing, match="install one, or set CLINIC_CHROMIUM to its path"):
        machine.get_browser()
