"""Servers of the benchmark: the product and the floor, with the settings that the product ships."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from clinic.config import ROOT
from clinic.serve import server_command
from tests.bench import clinic
from tests.bench.databases import FOLDER, Database, shift
from tests.engines import SETTINGS

PATIENCE = 30.0
OURS, FLOOR = "wsgi:front", "tests.bench.floor:front"


@dataclass(frozen=True)
class Server:
    port: int


def environment(database: Database) -> Mapping[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CLINIC_INSTANCE": str(FOLDER),
        "CLINIC_DEMO": "1",
        "CLINIC_BASE_URL": "http://localhost",
        "CLINIC_PROXIES": "1",  # each sign-in of the benchmark comes from an address of its own
        "CLINIC_SECRET": str(SETTINGS["SECRET_KEY"]),
        "CLINIC_PASSWORD_SALT": str(SETTINGS["SECURITY_PASSWORD_SALT"]),
        "CLINIC_KEYS": str(SETTINGS["KEYS"]),
        "CLINIC_CLOCK_SHIFT": str(shift()),
        "DATABASE_URL": database.url,
        "BENCH_DATABASE": database.url,
        "BENCH_NOW": clinic.NOW.isoformat(),
    }


@contextmanager
def serving(database: Database, app: str = OURS) -> Iterator[Server]:
    """A server over *database*, until the end of the block."""
    port = _free_port()
    log = (FOLDER / "server.log").open("ab")
    process = subprocess.Popen(
        server_command(port, app),
        cwd=ROOT,
        env=environment(database),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield Server(port)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("a server of the benchmark did not start")
