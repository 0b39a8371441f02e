"""One line for each figure: name, ours, floor, ratio, target, holds or short."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = ("figure", "ours", "floor", "ratio", "target", "")
WIDTHS = (54, 12, 12, 8, 18, 5)


@dataclass(frozen=True)
class Line:
    name: str
    ours: str
    floor: str
    ratio: str
    target: str
    holds: bool | None  # None where nothing is asked of it


def at_least(name: str, ours: float, floor: float, target: float, unit: str = "/s") -> Line:
    ratio = ours / floor if floor else 0.0
    values = _said(ours, unit), _said(floor, unit), f"{ratio:.2f}"
    return Line(name, *values, f"at least {target:g}", ratio >= target)


def at_most(name: str, ours: float, floor: float, target: float, unit: str = " ms") -> Line:
    ratio = ours / floor if floor else float("inf")
    values = _said(ours, unit), _said(floor, unit), f"{ratio:.2f}"
    return Line(name, *values, f"at most {target:g}", ratio <= target)


def told(name: str, ours: float, floor: float, unit: str = "/s") -> Line:
    """A ratio that says how to read the ones around it."""
    ratio = ours / floor if floor else 0.0
    return Line(name, _said(ours, unit), _said(floor, unit), f"{ratio:.2f}", "-", None)


def no_more_than(name: str, ours: float, target: float, unit: str = "") -> Line:
    """A figure that stands alone."""
    return Line(
        name, _said(ours, unit), "-", "-", f"at most {target:g}{unit}".strip(), ours <= target
    )


def _said(value: float, unit: str) -> str:
    return f"{value:.0f}{unit}" if value >= 100 or value == int(value) else f"{value:.1f}{unit}"


def show(*columns: str) -> None:
    cells = (cell.ljust(width) for cell, width in zip(columns, WIDTHS, strict=True))
    print("  ".join(cells).rstrip(), flush=True)  # noqa: T201


def show_line(line: Line) -> None:
    verdict = {True: "holds", False: "short", None: ""}[line.holds]
    show(line.name, line.ours, line.floor, line.ratio, line.target, verdict)
