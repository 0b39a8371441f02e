"""The desk's search among a hundred thousand patients, against a list of as many rows.

Each request is written down for every patient that it shows, as in earnest.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from tests.bench import people
from tests.bench.databases import Place
from tests.bench.load import get, one_by_one
from tests.bench.pages import DAY, in_turns, inside, turn
from tests.bench.report import Line, at_least
from tests.bench.servers import FLOOR, OURS, serving

TYPED = (("a name with a slip", "maya lindkquist"), ("the beginning of a name", "lind"))


def found(place: Place, visits: str, names: str, seconds: float) -> Iterator[Line]:
    """Over a copy of database *names*; the floor lists visits of database *visits*."""
    place.copy(names, "found")
    database, bare = place.database("found"), place.database(visits)
    with inside(database) as app:
        cookie = people.desk(app)
    with inside(bare) as app:
        bare_cookie = people.on_the_floor(app)
    with serving(database, OURS) as ours, serving(bare, FLOOR) as floor:
        for what, words in TYPED:
            question = get(f"/desk/patients?q={quote_plus(words)}", cookie)
            rows = one_by_one(ours.port, [question])[0][1].count(b'<li class="card"')
            listed = get(f"/list?day={DAY}&rows={rows}", bare_cookie)
            best = in_turns(turn(ours.port, question, seconds), turn(floor.port, listed, seconds))
            name = f"search of 100,000, {what} ({rows} rows), {place.engine}"
            yield at_least(name, best[0].rate, best[1].rate, 0.4)
    place.drop("found")
