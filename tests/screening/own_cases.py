"""Our own screening cases: tests/screening/cases/NAME.yaml, and beside each what it should come to.

The expectations were worked out from the clinical reference, not from the rules. A flag is written
"level topic modality areas product", and the droop assessment "rating" with the rules that hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from clinic.screening.case_file import read
from clinic.screening.commands import as_printed, screening
from clinic.screening.rules import Case

FOLDER = Path(__file__).parent / "cases"
NAMES = ("a1", "history", "distress", "droop", "plan", "lower_lid")
# A case that says nothing, and the same before its concerns.
HEAD = """\
- id: one
  today: 2026-06-15
  patient: {born_on: 1990-03-02}
"""
MINIMAL = HEAD + "  concerns: []\n"
KEYS = {"pattern", "after_flags", "incomplete", "flags", "droop"}


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.yaml"


@cache
def cases(name: str) -> dict[str, Case]:
    """The cases of a file by their ids."""
    return {str(id_): case for id_, case in read(path_of(name).read_bytes())}


def every_case() -> Iterator[Case]:
    for name in NAMES:
        yield from cases(name).values()


@cache
def expected(name: str) -> dict[str, dict[str, Any]]:
    """What each case of a file should come to, by its id, with what was left out filled in."""
    text = (FOLDER / f"{name}.expected.yaml").read_bytes()
    written = yaml.load(text, yaml.CSafeLoader)
    return {id_: _whole(outcome) for id_, outcome in written.items()}


def _whole(outcome: dict[str, Any]) -> dict[str, Any]:
    assert outcome.keys() <= KEYS, outcome
    return {
        "pattern": outcome["pattern"],
        "after_flags": outcome.get("after_flags", outcome["pattern"]),
        "incomplete": outcome.get("incomplete", []),
        "flags": outcome.get("flags", []),
        "droop": outcome.get("droop", "not-applicable"),
    }


def evaluated(name: str) -> list[dict[str, Any]]:
    """What `flask screening evaluate` prints of a file, one object for each line."""
    answer = CliRunner().invoke(screening, ["evaluate", str(path_of(name))])
    assert (answer.exit_code, answer.stderr) == (0, ""), answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def in_words(printed: dict[str, Any]) -> dict[str, Any]:
    """A printed case in the words of the expectations."""
    return {
        "pattern": printed["pattern"],
        "after_flags": printed["after_flags"],
        "incomplete": printed["incomplete"],
        "flags": [_flag_in_words(flag) for flag in printed["flags"]],
        "droop": " ".join([printed["droop"]["rating"], *printed["droop"]["fired"]]),
    }


def _flag_in_words(flag: dict[str, Any]) -> str:
    scope = flag["scope"]
    where = [*(scope["areas"] or ()), *filter(None, [scope["product"]])]
    return " ".join([flag["level"], flag["topic"], scope["modality"], *where])


@cache
def words() -> dict[str, dict[str, Any]]:
    """topic -> its source, and the reasons that it may give."""
    return yaml.load((FOLDER / "words.yaml").read_bytes(), yaml.CSafeLoader)


def speaks_in_our_words(flag: dict[str, Any]) -> bool:
    """Whether a printed flag gives a reason and the source of its topic, where these are fixed."""
    if flag["topic"] not in words():
        return True
    fixed = words()[flag["topic"]]
    said = {each for reason in fixed["reasons"] for each in (reason, _marked(reason))}
    return flag["reason"] in said and flag["source"] == fixed["source"]


def _marked(reason: str) -> str:
    return f"{reason.removesuffix('.')}; unconfirmed, clarify at consultation"


def come_to_what_is_expected(name: str) -> bool:
    """Whether all cases of a file do, without the command around them; stops at the first not."""
    return all(
        in_words(printed) == expected(name)[str(printed["id"])]
        and all(speaks_in_our_words(flag) for flag in printed["flags"])
        for printed in (as_printed(id_, case) for id_, case in cases(name).items())
    )
