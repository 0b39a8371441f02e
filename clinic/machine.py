"""What a machine must have, said in one line with the remedy. Standard library only.

The Makefile runs it with the system's Python, before anything is installed:
`python3 -I clinic/machine.py COMMAND`.
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
# The one without windows first: the same pages for two thirds of the work.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


class Missing(SystemExit):
    """Ends the run with one line: what is missing, and the remedy."""

    def __init__(self, line: str) -> None:
        super().__init__(f"clinic: {line}")


def check_python() -> None:
    """A Python new enough, able to make a virtual environment."""
    if sys.version_info < OLDEST:
        have = ".".join(str(part) for part in sys.version_info[:2])
        raise Missing(
            f"Python {have} is too old; install 3.11 or newer, or name one: make PYTHON=python3.11"
        )
    try:
        import ensurepip  # noqa: F401  (what the module venv needs and Debian leaves out)
        import venv  # noqa: F401
    except ImportError:
        version = ".".join(str(part) for part in sys.version_info[:2])
        raise Missing(
            f"Python has no venv module; on Debian or Ubuntu: apt install python{version}-venv"
        ) from None


def check_port(port: int) -> None:
    """Nobody listens there yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Missing(
                f"port {port} is taken; choose another: make run PORT={port + 1}"
            ) from None


def make_secrets(demo: bool) -> None:
    """Secrets and a key ring, once; files that only their owner can read."""
    instance = Path(os.environ.get("CLINIC_INSTANCE", ROOT / "instance"))
    instance.mkdir(parents=True, exist_ok=True)
    settings = instance / "settings.env"
    if not settings.exists():
        lines = [
            "# What may be set here: docs/settings.md.",
            "CLINIC_DEMO=1" if demo else "# Add CLINIC_BASE_URL and CLINIC_SMTP_URL.",
            f"CLINIC_SECRET={secrets.token_urlsafe(48)}",
            f"CLINIC_PASSWORD_SALT={secrets.token_urlsafe(48)}",
        ]
        _write_privately(settings, "\n".join(lines) + "\n")
    keys = instance / "keys"
    if not keys.exists():
        encoded = base64.b64encode(secrets.token_bytes(32)).decode()
        _write_privately(keys, f"k1:{encoded}\n")


def _write_privately(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def find_browser() -> str | None:
    """The Chromium of this machine, or the one that Playwright fetched."""
    named = os.environ.get("CLINIC_CHROMIUM")
    if named:
        return named
    installed = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    return installed or _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def get_browser() -> None:
    """An installed Chromium; else the system's package manager where it may; else Playwright's."""
    if find_browser():
        return
    sys.stdout.write("clinic: no Chromium found, installing one for the tests …\n")
    sys.stdout.flush()
    for attempt in (_from_packages, _from_playwright):
        attempt()
        if find_browser():
            return
    raise Missing("no Chromium could be installed; install one, or set CLINIC_CHROMIUM to its path")


def _from_packages() -> None:
    if shutil.which("apt-get") is None:
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or _run(["sudo", "-n", "true"]) != 0:
            return
        prefix = ["sudo", "-n"]
    install = [*prefix, "apt-get", "install", "-y", "--no-install-recommends"]
    for is_fresh in (False, True):
        if is_fresh:
            _run([*prefix, "apt-get", "update"])
        # older systems have only the one with windows
        if any(_run([*install, name]) == 0 for name in ("chromium-headless-shell", "chromium")):
            return


def _from_playwright() -> None:
    _run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])


def _run(command: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.DEVNULL
    return subprocess.run(  # noqa: S603  (commands written above, none from outside)
        command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=False
    ).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description="What a machine must have.")
    parser.add_argument("command", choices=("python", "port", "secrets", "browser"))
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--real", action="store_true", help="secrets of a real clinic, no demo")
    chosen = parser.parse_args()
    commands: dict[str, Callable[[], None]] = {
        "python": check_python,
        "port": lambda: check_port(chosen.port),
        "secrets": lambda: make_secrets(demo=not chosen.real),
        "browser": get_browser,
    }
    commands[chosen.command]()


if __name__ == "__main__":
    main()
