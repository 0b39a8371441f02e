"""`python -m tests.bench`: a line for each figure. Ends with 0 whatever holds."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from tests.bench import alone, calendar, pages, search
from tests.bench.databases import Place, named, places, seeded
from tests.bench.report import HEAD, Line, show, show_line

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000

Figures = Callable[[], Iterator[Line]]


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the product is, as ratios to bare pages")
    parser.add_argument("--quick", action="store_true", help="no million visits; under 3 minutes")
    quick = parser.parse_args().quick
    sizes = [SMALL, MIDDLE] if quick else [SMALL, MIDDLE, LARGE]
    seconds = 1.0 if quick else 2.5
    with places() as both:
        names = {size: seeded(place, size) for size in sizes for place in both}
        patients = {named(place, MIDDLE) for place in both}.pop()
        began = time.monotonic()
        show(*HEAD)
        lines = [line for work in _works(both, names, patients, seconds) for line in _told(work)]
    holding = sum(line.holds is True for line in lines)
    short = sum(line.holds is False for line in lines)
    print(  # noqa: T201
        f"{holding} hold, {short} short, in {time.monotonic() - began:.0f} s"
    )


def _works(
    both: tuple[Place, Place], names: dict[int, str], patients: str, seconds: float
) -> Iterator[Figures]:
    sqlite, _postgresql = both
    middle = names[MIDDLE]
    for place in both:
        yield lambda place=place: pages.figures(place, middle, seconds)
        yield lambda place=place: calendar.figures(place, middle, seconds)
        yield lambda place=place: iter(
            [pages.by_size(place, names[SMALL], names[max(names)], seconds)]
        )
        yield lambda place=place: search.found(place, middle, patients, seconds)
        yield lambda place=place: alone.first_free(place, middle)
    yield lambda: alone.crowd(sqlite, middle)
    yield lambda: alone.statement_counts(sqlite, middle)
    yield lambda: iter([alone.sign_in(sqlite, middle)])


def _told(work: Figures) -> Iterator[Line]:
    """The lines of one part, printed as they come; a part that fails is told and left out."""
    try:
        for line in work():
            show_line(line)
            yield line
    except Exception:  # the other figures are worth having all the same
        traceback.print_exc()


if __name__ == "__main__":
    main()
    sys.exit(0)
