"""Commands of `flask`: setting a clinic up, the worker, keys, audit, the proof of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from clinic import worker
from clinic.accounts import queries as people
from clinic.audit.commands import audit
from clinic.journey import clinic_file, found
from clinic.keys import keys
from clinic.notices import letters
from clinic.permissions import words
from clinic.proof import run
from clinic.proof.rows import ROWS
from clinic.scheduling.commands import why_not
from clinic.screening.commands import screening
from clinic.serve import prepare_command, serve


def init_app(app: Flask) -> None:
    for command in (
        audit,
        create_clinic,
        create_manager,
        keys,
        permissions,
        prepare_command,
        prove_gate,
        run_worker,
        screening,
        serve,
        sign_in_link,
        why_not,
    ):
        app.cli.add_command(command)


@click.command("create-clinic")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def create_clinic(file: Path) -> None:
    """Make the clinic that FILE (YAML, see docs/settings.md) describes, in an empty database."""
    try:
        written = clinic_file.read(file.read_bytes())
        users = found.clinic(written)
    except clinic_file.BadFile as bad:
        raise click.ClickException("The file was refused:\n  " + "\n  ".join(bad.problems)) from bad
    except found.ClinicExists as exists:
        raise click.ClickException("This database has a clinic already.") from exists
    click.echo("The clinic is made. Each of the staff sets a password with a link of 30 minutes:")
    for user in users:
        click.echo(f"  {user.name}: {letters.reset_link(user)}")
    click.echo("A link that has run out is made again with: flask sign-in-link EMAIL")


@click.command("create-manager")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@with_appcontext
def create_manager(name: str, email: str) -> None:
    """Make a manager's sign-in and print its one-time link."""
    name, email = name.strip(), email.strip()
    if not 0 < len(name) <= 200 or clinic_file.CONTROL.search(name):
        raise click.ClickException("Write a name of at most 200 characters.")
    if len(email) > 254 or not clinic_file.EMAIL.fullmatch(email):
        raise click.ClickException("Write an e-mail address like name@example.org.")
    try:
        user = found.manager(name, email)
    except IntegrityError as error:
        raise click.ClickException("Somebody signs in with that address already.") from error
    click.echo(
        f"{user.name} sets a password here, within 30 minutes:\n  {letters.reset_link(user)}"
    )


@click.command("sign-in-link")
@click.argument("email")
@with_appcontext
def sign_in_link(email: str) -> None:
    """Print a one-time link that sets the password of EMAIL."""
    user = people.user_by_email(email)
    if user is None:
        raise click.ClickException("Nobody signs in with that address.")
    click.echo(letters.reset_link(user))


@click.command("permissions")
def permissions() -> None:
    """Print who may do what, one line each, to be read aloud."""
    for line in words.read_aloud():
        click.echo(line)


@click.command("prove-gate")
@with_appcontext
def prove_gate() -> None:
    """Try every bypass of the gate in a scratch copy and print each refusal.

    Exit status 1 when one got through, or when the live database's guards are not ours.
    """
    make_app = current_app.extensions["create_app"]
    outcomes, differing = run.try_all(make_app)
    for outcome in outcomes:
        mark = "refused    " if outcome.refusal else "GOT THROUGH"
        click.echo(f"{mark} truth {outcome.attempt.truth}: {outcome.attempt.says}")
        if outcome.refusal:
            click.echo(f"            {outcome.refusal}")
    _print_rows(outcomes)
    for name in differing:
        click.echo(f"DIFFERENT   the live database's guard {name} is not the one we ship")
    refused = sum(outcome.refusal is not None for outcome in outcomes)
    click.echo(f"{len(outcomes)} attempts, {refused} refused")
    if differing or refused != len(outcomes):
        raise SystemExit(1)


def _print_rows(outcomes: Sequence[run.Outcome]) -> None:
    """Each row of the known failures of the gate with the attempts that stand for it."""
    refused = {outcome.attempt.says: outcome.refusal is not None for outcome in outcomes}
    for name, row in ROWS.items():
        tried = [says for says in row.tries if says in refused]
        held = sum(refused[says] for says in tried)
        click.echo(f"{name} {row.says}: {held} of {len(tried)} refused")
        for says in tried:
            click.echo(f"   {'refused    ' if refused[says] else 'GOT THROUGH'} {says}")


@click.command("worker")
@with_appcontext
def run_worker() -> None:
    """Send mails that are due and seal the audit log, over and over, until stopped."""
    worker.run()
