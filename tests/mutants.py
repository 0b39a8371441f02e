"""Mutants of the screening rules: every way in which we know how to make one mistake in them.

`tests.mutate` runs them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from clinic.config import ROOT
from clinic.screening.rules import codes, distress, droop_rules

PACKAGE = "clinic.screening.rules"
ENUMS = {
    name: list(found.__members__)
    for module in (codes, distress, droop_rules)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Enum)
}
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
LINES = (ast.Expr, ast.If, ast.For, ast.Return, ast.Raise, ast.Assign)
Change = Callable[[ast.AST], None]  # makes the mistake in a node like the one it was made for


@dataclass(frozen=True)
class Mutant:
    """*path* with *change* made in the node that stands at *place* of a walk through its tree."""

    path: Path
    place: int
    line: int
    kind: str
    words: str
    change: Change

    @property
    def module(self) -> str:
        return f"{PACKAGE}.{self.path.stem}"

    def code(self) -> ast.Module:
        tree = ast.parse(self.path.read_text())
        self.change(list(ast.walk(tree))[self.place])
        return ast.fix_missing_locations(tree)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.kind}: {self.words}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text())
    silent = set(_silent(tree))
    for place, node in enumerate(ast.walk(tree)):
        if node not in silent:
            for kind, words, change in _mistakes(node):
                line = getattr(node, "lineno", 0)
                yield Mutant(path, place, line, kind, words, change)


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    """What no test can see: docstrings, annotations, decorators, imports."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Import | ast.ImportFrom):
            parts = [node]
        elif isinstance(node, ast.FunctionDef):
            parts = [*node.decorator_list, node.returns]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts = [node.annotation]
        elif _is_docstring(node):
            parts = [node]
        for part in parts:
            if part is not None:
                yield from ast.walk(part)


def _mistakes(node: ast.AST) -> Iterator[tuple[str, str, Change]]:
    if isinstance(node, ast.Compare):
        for at, sign in enumerate(node.ops):
            yield "compare", f"{type(sign).__name__} turned", _other_comparison(at)
    if isinstance(node, ast.BoolOp):
        yield "and-or", type(node.op).__name__, _and_or
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        yield "arithmetic", type(node.op).__name__, _arithmetic
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", ast.unparse(node), _negated("operand")
    if isinstance(node, ast.If | ast.IfExp) and not isinstance(
        node.test, ast.Compare | ast.UnaryOp
    ):
        yield "not", f"if {ast.unparse(node.test)}", _negated("test")
    if isinstance(node, ast.Constant):
        yield from _other_constants(node)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        members = ENUMS.get(node.value.id, [])
        if node.attr in members:
            other = members[(members.index(node.attr) + 1) % len(members)]
            yield "code", f"{ast.unparse(node)} is {other}", _set("attr", other)
    yield from _losses(node)


def _other_comparison(at: int) -> Change:
    def change(node: ast.AST) -> None:
        node.ops[at] = COMPARED[type(node.ops[at])]()

    return change


def _and_or(node: ast.AST) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _arithmetic(node: ast.AST) -> None:
    node.op = SWAPPED[type(node.op)]()


def _negated(field: str) -> Change:
    def change(node: ast.AST) -> None:
        setattr(node, field, ast.UnaryOp(ast.Not(), getattr(node, field)))

    return change


def _set(field: str, value: object) -> Change:
    return lambda node: setattr(node, field, value)


def _other_constants(node: ast.Constant) -> Iterator[tuple[str, str, Change]]:
    value = node.value
    others: list[object] = []
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1]
    elif isinstance(value, str) and re.fullmatch(r"\d+\.\d", value):  # a Decimal's text
        tenths = int(value.replace(".", ""))
        others = [f"{each // 10}.{each % 10}" for each in (tenths - 1, tenths + 1)]
    elif isinstance(value, str):
        others = [f"{value}?"]
    for other in others:
        yield "constant", f"{value!r} is {other!r}", _set("value", other)


def _losses(node: ast.AST) -> Iterator[tuple[str, str, Change]]:
    for field in ("body", "orelse"):
        for at, lost in enumerate(getattr(node, field, None) or ()) if _has_lines(node) else ():
            if isinstance(lost, LINES) and not _is_docstring(lost):
                yield "line", f"lost: {_short(lost)}", _without_line(field, at)
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        for at, entry in enumerate(node.elts):
            yield "entry", f"lost: {_short(entry)}", _without("elts", at)
    if isinstance(node, ast.Dict):
        for at, value in enumerate(node.values):
            yield "entry", f"lost: {_short(node.keys[at] or value)}", _without_pair(at)
    if isinstance(node, ast.Call):
        for at, keyword in enumerate(node.keywords):
            yield "argument", f"lost: {_short(keyword)}", _without("keywords", at)


def _has_lines(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.ClassDef)


def _is_docstring(line: ast.AST) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def _without_line(field: str, at: int) -> Change:
    def change(node: ast.AST) -> None:
        getattr(node, field)[at] = ast.Pass()

    return change


def _without(field: str, at: int) -> Change:
    def change(node: ast.AST) -> None:
        del getattr(node, field)[at]

    return change


def _without_pair(at: int) -> Change:
    def change(node: ast.AST) -> None:
        del node.keys[at], node.values[at]

    return change


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]
