"""`flask audit`: whether the log is still what was written."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from clinic.audit import chain
from clinic.audit.chain import Broken, Fault
from clinic.sealing import SealBroken

FAULTS = {
    Fault.NO_KEY: "the key of the chain is gone from audit_chain",
    Fault.SEAL_MISSING: "a seal is missing: number {number} should come before this row's",
    Fault.ROW_MISSING: "the row is missing, its seal is there",
    Fault.ROW_CHANGED: "the row was changed after it was sealed",
    Fault.SEAL_WRONG: "the seal does not fit: it was changed, or rows were swapped or put in",
    Fault.ROW_OR_SEAL: "the row or its seal was changed or put in; it is the last of the chain",
}


@click.group("audit")
def audit() -> None:
    """The audit log and its chain of seals."""


@audit.command("verify")
@with_appcontext
def verify() -> None:
    """Walk the chain of seals; name the first broken row, and what is not sealed yet.

    Exit status 1 when something is broken.
    """
    try:
        report = chain.verify()
    except SealBroken as error:
        raise click.ClickException(
            f"The key ring does not open the key of the chain ({error})."
        ) from error
    if report.broken:
        click.echo(_told(report.broken))
    click.echo(_counted(report))
    if report.is_late:
        click.echo("WARNING: rows wait for longer than a minute. Is `flask worker` running?")
    if report.broken:
        raise SystemExit(1)


def _told(broken: Broken) -> str:
    why = FAULTS[broken.fault].format(number=broken.number)
    return f"BROKEN at audit row {broken.row} (seal {broken.number}): {why}"


def _counted(report: chain.Report) -> str:
    holding = "sealed" if not report.broken else "sealed and whole before it"
    line = f"{report.sealed} rows {holding}, {report.unsealed} not sealed yet"
    if report.oldest is None:
        return line
    return f"{line} (oldest from {report.oldest:%Y-%m-%d %H:%M:%S} UTC)"
