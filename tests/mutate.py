"""Mutation testing of the screening rules: `make mutate`. Is there a test for every part of them?

Each mutant is the rules with one thing wrong: another comparison, number, word or code, a line or
an entry lost. A process of its own runs our cases and the rules' tests on it; a mutant that none of
them sees survives. Survivors are argued for in place, by a comment on the line or the line above,
`mutant: KIND, because ...`. One that is not, or an argument that nothing needs, fails the run.
"""

from __future__ import annotations

import copy
import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from clinic.config import ROOT
from clinic.screening import case_file, commands
from tests.mutants import PACKAGE, Mutant, mutants_of
from tests.screening import own_cases

FOLDER = ROOT / "clinic" / "screening" / "rules"
# What the mutant has to be read into anew; the rest of the app is not asked.
READERS = (PACKAGE, commands.__name__, "clinic.screening.case_", "tests.screening")
TESTS = sorted(
    f"tests.screening.{path.stem}"
    for path in (ROOT / "tests" / "screening").glob("test_rules_*.py")
    if path.stem != "test_rules_properties"  # its random cases are slow, and differ each time
)
ARGUMENT = re.compile(r"mutant: ([a-z-]+), because \S")
LONGEST_SECONDS = 120


class _Mistaken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module as the mutant has it."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.mutant.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.code(), str(self.mutant.path), "exec"), vars(module))  # noqa: S102


def _survives(mutant: Mutant, raw: dict[bytes, object]) -> bool:
    """Whether no case and no test fails; in a process of its own, which it leaves changed."""
    for name in [name for name in sys.modules if name.startswith(READERS)]:
        del sys.modules[name]
        package, _dot, module = name.rpartition(".")
        getattr(sys.modules.get(package), "__dict__", {}).pop(
            module, None
        )  # `from package import module` finds it
    sys.meta_path.insert(0, _Mistaken(mutant))
    try:
        cases = importlib.import_module(own_cases.__name__)
        reader = importlib.import_module(case_file.__name__)
        reader._loaded = lambda text: copy.deepcopy(raw[text])
        nearest = sorted(cases.NAMES, key=lambda name: not mutant.path.stem.startswith(name))
        if not all(cases.come_to_what_is_expected(name) for name in nearest):
            return False
        for call in calls_of_the_tests():
            call()
    except Exception:  # whatever a mistake breaks, it was seen
        return False
    return True


def calls_of_the_tests() -> Iterator[Callable[[], object]]:
    """Each test of the rules with each of its parameters: so it is six times as fast as pytest."""
    for module in TESTS:
        for name, test in vars(importlib.import_module(module)).items():
            if name.startswith("test_"):
                marks = getattr(test, "pytestmark", [])
                choices = [list(_parameters(*mark.args[:2])) for mark in marks]
                for chosen in itertools.product(*choices):
                    given = {key: value for each in chosen for key, value in each.items()}
                    yield functools.partial(test, **given)


def _parameters(names: str | Sequence[str], values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        yield {names: value} if isinstance(names, str) else dict(zip(names, value, strict=True))


def _in_a_process(mutant: Mutant, raw: dict[bytes, object]) -> int:
    child = os.fork()
    if child:
        return child
    gc.disable()
    signal.alarm(LONGEST_SECONDS)  # a mistake may loop for ever
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    status = 1
    try:
        status = 0 if _survives(mutant, raw) else 1
    finally:
        os._exit(status)


def survivors_of(mutants: Sequence[Mutant], jobs: int) -> Iterator[Mutant]:
    raw: dict[bytes, object] = {}
    for name in own_cases.NAMES:
        text = own_cases.path_of(name).read_bytes()
        raw[text] = case_file._loaded(text)
    gc.freeze()
    running: dict[int, Mutant] = {}
    for number, mutant in enumerate((*mutants, *[None] * jobs), start=1):
        if len(running) == jobs or (mutant is None and running):
            child, status = os.wait()
            ended = running.pop(child)
            if status == 0:
                yield ended
        if mutant is not None:
            running[_in_a_process(mutant, raw)] = mutant
        if number % 200 == 0:
            _say(f"… {number} of {len(mutants)}")


def _unharmed(mutant: Mutant) -> Mutant:
    return replace(mutant, change=lambda node: None)


def _arguments(path: Path) -> dict[int, str]:
    """line -> kind of mutant that is argued for there."""
    lines = enumerate(path.read_text().splitlines(), start=1)
    return {number: found[1] for number, line in lines if (found := ARGUMENT.search(line))}


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: Sequence[str]) -> int:
    began = time.monotonic()
    paths = [path for path in sorted(FOLDER.glob("*.py")) if path.stem != "__init__"]
    chosen = [path for path in paths if not names or path.stem in names]
    mutants = [mutant for path in chosen for mutant in mutants_of(path)]
    if not mutants or [*survivors_of([_unharmed(mutants[0])], jobs=1)] == []:
        _say("The tests fail on the rules as they are, so they say nothing about mutants.")
        return 2
    unused = {(path, line, kind) for path in chosen for line, kind in _arguments(path).items()}
    used = set()
    findings, argued = [], 0
    for mutant in survivors_of(mutants, jobs=int(os.environ.get("JOBS", "2"))):
        arguments = {(mutant.path, line, mutant.kind) for line in (mutant.line, mutant.line - 1)}
        if arguments & unused:
            used |= arguments
            argued += 1
        else:
            findings.append(mutant)
            _say(mutant)
    for path, line, kind in sorted(unused - used):
        _say(f"{path.relative_to(ROOT)}:{line}: no mutant of kind {kind} survives here")
    lived = len(findings) + argued
    _say(
        f"{len(mutants)} mutants, {len(mutants) - lived} killed, {argued} argued for, "
        f"{len(findings)} not; {time.monotonic() - began:.0f} s"
    )
    _say(", ".join(f"{kind} {n}" for kind, n in Counter(m.kind for m in mutants).most_common()))
    return 1 if findings or unused - used else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
