"""Bypasses of the gate: what one is, and the list that the modules beside this one fill.

Each is tried alone and undone; a refusal names its truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from clinic.proof.facts import Facts


@dataclass(frozen=True)
class Attempt:
    """One way around the gate. *engines* names those on which it can be tried at all."""

    truth: int
    says: str
    do: Callable[[Facts], Any]
    engines: tuple[str, ...] = ("sqlite", "postgresql")


ATTEMPTS: list[Attempt] = []


def attempt(
    truth: int, says: str, engines: tuple[str, ...] = ("sqlite", "postgresql")
) -> Callable[[Callable[[Facts], Any]], Callable[[Facts], Any]]:
    def keep(do: Callable[[Facts], Any]) -> Callable[[Facts], Any]:
        ATTEMPTS.append(Attempt(truth, says, do, engines))
        return do

    return keep


def sql(facts: Facts, statement: str, **values: Any) -> None:
    facts.connection.execute(text(statement), values)
