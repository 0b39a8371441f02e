"""`flask keys`: new lines for the key ring, rotation while the app runs, retiring, checking."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from clinic import clock, key_ring, sealing
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import transaction
from clinic.journey import rewrap
from clinic.key_ring import KeyRing, KeyRingError, SealBroken

OF_THE_ENVIRONMENT = (
    "The key ring is in CLINIC_KEYS: put a new line (flask keys new NAME) first there, restart"
    " every process of the clinic, and run this command again."
)


@click.group("keys")
def keys() -> None:
    """The key ring, which lives outside the database."""


@keys.command("new")
@click.argument("name", default="k1")
def new_key(name: str) -> None:
    """Print a new line for the key ring (file `keys` with mode 0600, or CLINIC_KEYS)."""
    with _errors_in_one_line():
        click.echo(KeyRing.fresh_line(name))


@keys.command("rotate")
@with_appcontext
def rotate() -> None:
    """Make a new key and put everything under it, while the app runs.

    A rotation that was interrupted is finished first, under the key that it had made.
    """
    file: Path | None = current_app.config["KEYS_FILE"]
    with _errors_in_one_line():
        if file is None:
            _put_all_under_the_first()
            click.echo(OF_THE_ENVIRONMENT)
            return
        with _alone_with(file):
            if rewrap.left_under_older():
                click.echo("An earlier rotation was not finished. It is now; no new key was made.")
            else:
                _add_key(file)
            _put_all_under_the_first()
    click.echo("Back the file keys up, apart from the database; then: flask keys retire OLD-NAME")


def _put_all_under_the_first() -> None:
    done = rewrap.everything()
    click.echo(f"{done} values put under the key {sealing.ring().current}, none left under others.")


def _add_key(file: Path) -> None:
    """First the key is safe in the file, then anything lies under it. Its name is never reused."""
    name = f"k{clock.now():%Y%m%d}-{secrets.token_hex(3)}"
    key_ring.write(file, f"{KeyRing.fresh_line(name)}\n{file.read_text(encoding='utf-8')}")


@keys.command("retire")
@click.argument("name")
@with_appcontext
def retire(name: str) -> None:
    """Take the old key NAME out of the file, when nothing lies under it any more."""
    file: Path | None = current_app.config["KEYS_FILE"]
    if name not in sealing.ring().keys:
        raise click.ClickException(f"The key ring has no key {name}.")
    if name == sealing.ring().current:
        raise click.ClickException(f"{name} is the first key; rotate before you retire it.")
    with _errors_in_one_line():
        if file is None:
            _refuse_if_in_use(name)
            click.echo(f"Nothing lies under {name}: take its line out of CLINIC_KEYS and restart.")
            return
        with _alone_with(file), transaction():
            rewrap.hold_still()
            _refuse_if_in_use(name)
            audit.record(Event.KEY_RETIRED, actor=rewrap.ACTOR, key=name)
            key_ring.write(file, _without(file, name))
    click.echo(f"{name} is retired. Destroy its copies, but for those that old backups need.")


def _refuse_if_in_use(name: str) -> None:
    left = rewrap.left_under(name)
    if left:
        raise click.ClickException(f"{left} values lie under {name}; run: flask keys rotate")


def _without(file: Path, name: str) -> str:
    lines = file.read_text(encoding="utf-8").replace(",", "\n").splitlines()
    return "\n".join(line for line in lines if line.strip().partition(":")[0] != name) + "\n"


@keys.command("check")
@with_appcontext
def check() -> None:
    """Open one value of each kind under each key, and count what lies under which."""
    ring = sealing.ring()
    with _errors_in_one_line():
        opened = [ring.open(blob, where) for where, blob in rewrap.samples()]
    for name in ring.keys:
        click.echo(f"{name}: {rewrap.left_under(name)} values")
    lost = rewrap.left_under_older() - sum(map(rewrap.left_under, list(ring.keys)[1:]))
    if lost:
        raise click.ClickException(f"{lost} values lie under keys that the ring does not hold.")
    click.echo(f"{len(opened)} values opened, one of each kind under each key.")


@contextmanager
def _alone_with(file: Path) -> Iterator[None]:
    """Nobody else changes the file meanwhile: two rotations would lose the key of one."""
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise click.ClickException("Another command is changing the key file now.") from None
    finally:
        os.close(handle)


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except (KeyRingError, SealBroken) as error:
        raise click.ClickException(str(error)) from None
