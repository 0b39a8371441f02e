"""`flask screening evaluate FILE`: a clinic's own cases, held against the rules."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from clinic.screening import case_file
from clinic.screening.rules import Case, Flag, evaluate


class FileRefused(click.ClickException):
    """Exit status 2: nothing was evaluated."""

    exit_code = 2


@click.group("screening")
def screening() -> None:
    """The screening rules."""


@screening.command("evaluate")
@click.argument("file", type=click.File("rb"))
def evaluate_file(file: IO[bytes]) -> None:
    """Say what the rules make of each case in FILE (YAML, see docs/screening-cases.md).

    Prints one JSON object for each case, one to a line. Exit status 2 when the file is refused.
    """
    try:
        cases = case_file.read(file.read())
    except case_file.Refused as refused:
        raise FileRefused("The file was refused:\n  " + "\n  ".join(refused.problems)) from refused
    for name, case in cases:
        click.echo(json.dumps(as_printed(name, case)))


def as_printed(name: str | int, case: Case) -> dict[str, Any]:
    """What is printed of one case; the shape is docs/screening-cases.md, "What is printed"."""
    result = evaluate(case)
    return {
        "id": name,
        "pattern": result.pattern,
        "after_flags": result.after_flags,
        "incomplete": list(result.incomplete),
        "flags": [_flag(flag) for flag in result.flags],
        "droop": {
            "rating": result.droop.rating,
            "fired": [each.rule for each in result.droop.fired],
        },
    }


def _flag(flag: Flag) -> dict[str, Any]:
    areas = flag.scope.areas
    return {
        "topic": flag.topic,
        "level": flag.level,
        "scope": {
            "modality": flag.scope.modality,
            "areas": None if areas is None else list(areas),
            "product": flag.scope.product,
        },
        "raised_by": flag.raised_by,
        "reason": flag.reason,
        "source": flag.source,
        "rule_version": flag.rule_version,
    }
