"""`flask serve`: server and worker start together, answer, and end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from clinic import serve
from clinic.config import ROOT
from tests.production import REAL

PATIENCE = 60  # seconds


@dataclass
class Serving:
    """What it says goes to a file: a pipe that nobody empties is full after a while, and then the
    server waits in the middle of a line of its log."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def children(self) -> dict[str, int]:
        """The process ids of server and worker."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=2) for line in listed.splitlines()]
        ours = {args: int(pid) for pid, parent, args in rows if int(parent) == self.process.pid}
        names = {"server": "granian", "worker": "flask worker"}
        return {n: pid for n, word in names.items() for args, pid in ours.items() if word in args}

    def said(self) -> str:
        """All that it has said, once it has ended."""
        self.process.wait(PATIENCE)
        return self.output.read_text()

    def ask(self, path: str) -> int:
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, headers={"Host": "localhost"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return int(answer.status)


@pytest.fixture
def serving(app, engine, tmp_path):
    """The command, at work over the engine's database, until it has said that it is open."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "FLASK_APP": "wsgi",
        "PYTHONUNBUFFERED": "1",
        "CLINIC_INSTANCE": str(tmp_path),
        "DATABASE_URL": engine.url,
        "CLINIC_BASE_URL": REAL["BASE_URL"],
        "CLINIC_SMTP_URL": REAL["SMTP_URL"],
        "CLINIC_SECRET": REAL["SECRET_KEY"],
        "CLINIC_PASSWORD_SALT": REAL["SECURITY_PASSWORD_SALT"],
        "CLINIC_KEYS": REAL["KEYS"],
    }
    output = tmp_path / "server.out"
    with output.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environ,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    _wait_until_said(output, "Ctrl-C stops it.", process)
    yield Serving(process, port, output)
    process.terminate()
    process.wait(PATIENCE)


def _wait_until_said(output: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 2 * PATIENCE
    while words not in output.read_text():
        ended = process.poll() is not None or time.monotonic() > deadline
        assert not ended, output.read_text()
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether it still does anything; who was killed waits as a zombie until somebody looks."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def ask_it_to_end(serving):
    serving.process.send_signal(signal.SIGTERM)


def kill_the_worker(serving):
    os.kill(serving.children["worker"], signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (ask_it_to_end, "Stopped."),
        (kill_the_worker, "A part of the clinic stopped by itself; see above."),
    ],
)
def test_server_and_worker_answer_and_end_together(serving, end: Callable[[Serving], None], said):
    children = serving.children
    statuses = [serving.ask("/healthz"), serving.ask("/readyz")]

    end(serving)

    assert said in serving.said()
    assert (sorted(children), statuses) == (["server", "worker"], [200, 200])
    assert not [name for name, pid in children.items() if is_running(pid)]
    assert is_free(serving.port)


def test_what_a_child_has_started_and_left_behind_ends_too(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "GRACE_SECONDS", 0.1)
    script = f"trap '' TERM; sleep 600 & echo $! > {tmp_path}/started; wait"
    stubborn = serve._start(["sh", "-c", script])
    grandchild = int(_when_written(tmp_path / "started"))

    serve._stop([stubborn])

    assert stubborn.returncode == -signal.SIGKILL
    assert _ends(grandchild)


def _ends(pid: int) -> bool:
    """Whether it goes away soon: a signal that was sent takes a busy machine a moment to act on."""
    deadline = time.monotonic() + PATIENCE
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def _when_written(path: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if path.exists() and path.read_text().strip():
            return path.read_text()
        time.sleep(0.01)
    raise AssertionError(f"nobody wrote {path}")
