"""`flask serve`: set the database up, start server and worker, say where, stop everything.

The server is granian over ASGI, with each body read before the app is called (`front`). Beside
granian over WSGI, gunicorn (sync and threads) and waitress it answers about as many while all
clients are quick; with six that send slowly it answered twice as many as any other, and granian
over WSGI and gunicorn's sync workers next to none.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from clinic.catalogue.models import Clinic
from clinic.config import ROOT
from clinic.database import db
from clinic.demo import story
from clinic.demo.cast import PATIENT_PASSWORD, STAFF_PASSWORD

WAIT_SECONDS = 60
GRACE_SECONDS = 5.0
WORKERS = 2
HEADER_SECONDS = 10  # for the head of a request: a slow sender holds no thread until it is there

SIGN_INS = (
    ("Physician", "amara.okafor@halden.example", STAFF_PASSWORD),
    ("Front desk", "jonas.reed@halden.example", STAFF_PASSWORD),
    ("Manager", "carla.mendes@halden.example", STAFF_PASSWORD),
    ("Patient", "maya.lindqvist@example.org", PATIENT_PASSWORD),
)


def prepare() -> None:
    """Migrate, and in demo mode fill an empty database."""
    upgrade()
    if current_app.config["DEMO"] and db.session.scalar(select(Clinic.id).limit(1)) is None:
        db.session.rollback()
        click.echo("Loading the demo clinic …")
        story.load()
    db.session.remove()
    db.engine.dispose()


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Migrate the database; in demo mode load the demo clinic into an empty one."""
    prepare()


@click.command("serve")
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def serve(port: int) -> None:
    """Run the clinic: server and worker, until Ctrl-C."""
    prepare()
    base = current_app.config["BASE_URL"]
    children = [_start(server_command(port)), _start([sys.executable, "-m", "flask", "worker"])]
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell had us ignore them
        signal.signal(number, _interrupt)
    try:
        _wait_until_it_answers(port, children)
        _tell(base)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise click.ClickException("A part of the clinic stopped by itself; see above.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        _stop(children)


def server_command(port: int, app: str = "wsgi:front") -> list[str]:
    """What starts the server with the settings that we ship; the benchmark serves bare pages so."""
    options = ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
    options += ["--workers", str(WORKERS), "--backpressure", "1024"]
    options += ["--log-level", "warning", "--log-config", str(ROOT / "clinic" / "server-log.json")]
    options += ["--no-access-log", "--no-ws", "--http", "1"]  # lines of requests would hold paths
    options += ["--http1-header-read-timeout", str(HEADER_SECONDS * 1000)]
    options += ["--http1-buffer-size", "65536"]  # the longest head of a request
    options += ["--respawn-failed-workers", "--workers-lifetime", "1d"]
    options += ["--workers-kill-timeout", "2"]  # a worker may miss the signal to stop
    return [str(Path(sys.executable).parent / "granian"), *options, app]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own: Ctrl-C reaches us alone, and we stop it in order."""
    environment = {**os.environ, "FLASK_APP": "wsgi", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603  (our own)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_it_answers(port: int, children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise click.ClickException("The server did not start; see above.")
        try:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/healthz",
                headers={"Host": current_app.config["TRUSTED_HOSTS"][0]},
            )
            with urllib.request.urlopen(request, timeout=1):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException(f"The server did not answer within {WAIT_SECONDS} seconds.")


def _tell(base: str) -> None:
    click.echo(f"\n  The clinic is open: {base}\n")
    if current_app.config["DEMO"]:
        for role, email, password in SIGN_INS:
            click.echo(f"  {role:<11} {email:<30} {password}")
        click.echo("\n  Staff also type a code; the page that asks for it shows it.")
        click.echo(f"  Mails that would have been sent: {base}/demo/mail")
        click.echo(
            "  Open it as localhost: secure cookies don't work on another plain-http address."
        )
    click.echo("  Ctrl-C stops it.\n")


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=GRACE_SECONDS)
        with suppress(ProcessLookupError):  # the server's own workers may outlive it
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
