"""A clinic's screening cases, written down as YAML: read, checked whole, told what is wrong.

The format is docs/screening-cases.md. Nothing is guessed: an unknown key, a missing one or a value
out of range refuses the file, with the case, the key and what is allowed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from clinic.screening import case_kinds as kinds
from clinic.screening.case_kinds import Kind
from clinic.screening.rules import (
    SWEATING_AREAS,
    Answer,
    AnswerValue,
    Case,
    Concern,
    Distress,
    Findings,
    NotAllowed,
    PlanLine,
    Topic,
    ToxinSession,
)


class Refused(ValueError):
    """The file is refused; *problems* are lines like "case a: history.x: allowed is yes, no"."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice: the second would quietly replace the first.

    A date that does not exist stays a text, so that it is refused by case and key like the rest.
    """

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Looks at the keys as they are written: one that is merged in (<<) may be replaced."""
        node = super().compose_mapping_node(anchor)
        keys = [(key.tag, str(key.value)) for key, _value in node.value]
        for tag, key in keys:
            if keys.count((tag, key)) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key} stands twice", node.start_mark
                )
        return node

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


def _loaded(text: bytes) -> Any:
    """What the YAML says, not yet held against anything."""
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except Exception as error:  # PyYAML lets pass whatever a wrong date, tag or depth breaks in it
        raise Refused([f"This is not YAML that can be read: {error}"]) from error


def read(text: bytes) -> list[tuple[str | int, Case]]:
    """(id, case) of every case of the file, in its order. Raises `Refused`."""
    raw = _loaded(text)
    if not isinstance(raw, list):
        raise Refused(["Write a list of cases, each with id, today, patient and concerns."])
    reader = _Reader()
    cases = [reader.case(each, number) for number, each in enumerate(raw, start=1)]
    if reader.problems:
        raise Refused(reader.problems)
    return [case for case in cases if case is not None]


@dataclass
class _Reader:
    """Reads one case after another, and collects what is wrong so that all is told at once."""

    problems: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    at: str = ""  # the case that is being read

    def wrong(self, key: str, allowed: str) -> None:
        self.say(key, f"allowed is {allowed}")

    def say(self, key: str, what: str) -> None:
        self.problems.append(f"case {self.at}: {key}: {what}")

    def case(self, raw: Any, number: int) -> tuple[str | int, Case] | None:
        name = raw.get("id") if isinstance(raw, dict) else None
        self.at = str(name) if kinds.NAME.takes(name) else f"number {number}"
        known = len(self.problems)
        given = self.mapping(raw, "", kinds.CASE, required=("id", "today", "patient", "concerns"))
        if self.at in self.ids:
            self.wrong("id", "an id that no other case has")
        self.ids.add(self.at)
        patient = self.mapping(given.get("patient"), "patient", kinds.PATIENT, ("born_on",))
        parts = {
            "concerns": self.concerns(given.get("concerns")),
            "history": self.history(given.get("history")),
            "findings": self.made(Findings, given.get("findings"), "findings", kinds.FINDINGS),
            "distress": self.made(Distress, given.get("distress"), "distress", kinds.DISTRESS),
            "plan": self.plan(given.get("plan")),
        }
        if len(self.problems) > known:
            return None
        try:
            return given["id"], Case(born_on=patient["born_on"], today=given["today"], **parts)
        except NotAllowed as refused:
            self.wrong(refused.field, refused.allowed)
            return None

    def mapping(
        self, raw: Any, path: str, known: Mapping[str, Kind], required: Sequence[str] = ()
    ) -> dict[str, Any]:
        """The values under the keys of *known*; what does not fit is told and left out."""
        if not isinstance(raw, dict):
            if raw is not None or required:
                self.wrong(path or "the case", f"keys with values: {', '.join(known)}")
            return {}
        read: dict[str, Any] = {}
        prefix = f"{path}." if path else ""
        for key, value in raw.items():
            kind = known.get(key) if isinstance(key, str) else None
            if kind is None:
                self.say(f"{prefix}{key}", f"unknown key; known are {', '.join(known)}")
            elif not kind.takes(value):
                self.wrong(f"{prefix}{key}", kind.allowed)
            else:
                read[key] = kind.read(value)
        for key in required:
            if key not in raw:
                self.say(f"{prefix}{key}", f"is missing; allowed is {known[key].allowed}")
        return read

    def made(
        self,
        what: Any,
        raw: Any,
        path: str,
        known: Mapping[str, Kind],
        required: Sequence[str] = (),
        **also: Any,
    ) -> Any:
        """*what* made of the values; None, with the problem told, when they do not fit."""
        given = self.mapping(raw, path, known, required)
        if not given.keys() >= {*required}:
            return None
        try:
            return what(**also, **given)
        except NotAllowed as refused:
            key = refused.field.rpartition(".")[2]
            self.wrong(f"{path}.{key}", refused.allowed)
            return None

    def concerns(self, raw: Any) -> tuple[Concern, ...]:
        made = []
        for place, each in self.listing(raw, "concerns"):
            where = self.mapping(
                {"area": each.get("area")}, place, {"area": kinds.AREA}, required=("area",)
            )
            if not where:
                continue
            rest = {key: value for key, value in each.items() if key != "area"}
            known = kinds.SWEATING if where["area"] in SWEATING_AREAS else kinds.SEEN
            path = f"concerns.{where['area']}"
            made.append(self.made(Concern, rest, path, known, area=where["area"]))
        return tuple(made)

    def history(self, raw: Any) -> dict[Any, Answer]:
        answers = {}
        for topic, value in self.mapping(raw, "history", kinds.HISTORY).items():
            path = f"history.{topic}"
            details = value if isinstance(value, dict) else {"answer": value}
            given = self.mapping(details, path, kinds.answer_of(Topic(topic)), required=("answer",))
            if "sessions" in given:
                given["sessions"] = self.sessions(given["sessions"], f"{path}.sessions")
            if "answer" in given:
                answers[Topic(topic)] = Answer(AnswerValue(given.pop("answer")), given)
        return answers

    def sessions(self, raw: Any, path: str) -> tuple[ToxinSession, ...]:
        sessions = []
        for place, each in self.listing(raw, path):
            given = self.mapping(each, place, kinds.SESSION, required=("date",))
            if "date" in given:
                sessions.append(ToxinSession(**given))
        return tuple(sessions)

    def plan(self, raw: Any) -> tuple[PlanLine, ...]:
        lines = []
        for place, each in self.listing(raw, "plan"):
            required = ("product", "area")
            lines.append(self.made(PlanLine, each, place, kinds.PLAN, required))
        return tuple(lines)

    def listing(self, raw: Any, path: str) -> list[tuple[str, dict[Any, Any]]]:
        """(path, mapping) of each entry; what is no mapping is told and left out."""
        entries = []
        for number, each in enumerate(raw or []):
            place = f"{path}[{number}]"
            if isinstance(each, dict):
                entries.append((place, each))
            else:
                self.wrong(place, "keys with values")
        return entries
