"""`flask why-not`: what stands against a time, in the words that staff read on their page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import click
from flask.cli import with_appcontext

from clinic import clock
from clinic.controls import FIRST_YEAR, LAST_YEAR, is_usual
from clinic.local_times import minute
from clinic.scheduling import roster, why
from clinic.scheduling.on_offer import Offered, Person

UNREADABLE = 2
Named = TypeVar("Named", Offered, Person)


class Unreadable(click.ClickException):
    """What was typed names nothing, or no time."""

    exit_code = UNREADABLE


@click.command("why-not")
@click.argument("service")
@click.argument("practitioner")
@click.argument("time")
@click.option("--second", is_flag=True, help="The second of two times that clocks show alike.")
@click.option("--first", is_flag=True, help="The first of them.")
@with_appcontext
def why_not(service: str, practitioner: str, time: str, *, second: bool, first: bool) -> None:
    """Say why PRACTITIONER has no TIME for SERVICE, both by name or id.

    TIME is the site's own: "2026-11-24 14:00". Exit status 0 when it is free, 1 when it is not,
    2 when it can't be read.
    """
    known = roster.current()
    wanted = _one(known.services, service, "service")
    person = _one(known.people, practitioner, "practitioner")
    zone = known.sites[wanted.location_id].zone
    day, at = _read(time)
    which = second if second or first else None
    try:
        starts_at = why.instant(day, at, zone, second=which)
    except why.NoSuchTime as skipped:
        then = clock.local(skipped.then, zone)
        raise Unreadable(
            f"Clocks in {zone} skip this time on that day. Ask for {then:%H:%M} or later."
        ) from skipped
    except why.TwiceThatDay as twice:
        raise Unreadable(
            f"Clocks in {zone} show this time twice on that day: add --first or --second."
        ) from twice
    answer = why.ask(wanted, person, starts_at, known=known)
    for sentence in answer.sentences or ["This time is free."]:
        click.echo(sentence)
    if not answer.is_free:
        raise SystemExit(1)


def _one(found: Sequence[Named], asked: str, what: str) -> Named:
    """The one that has this id, or this name in whatever case."""
    fitting = [one for one in found if one.public_id == asked]
    fitting = fitting or [one for one in found if one.name.casefold() == asked.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        ids = "\n  ".join(f"{one.public_id}  {one.name}" for one in fitting)
        raise Unreadable(f"Several have this name. Give the id of the {what}:\n  {ids}")
    names = "\n  ".join(one.name for one in found) or "none"
    raise Unreadable(f"There is no such {what} here. There are:\n  {names}")


def _read(text: str) -> tuple[date, int]:
    """A day and the minute of it."""
    day_text, _space, time_text = text.strip().partition(" ")
    try:
        day, at = date.fromisoformat(day_text), minute(time_text)
    except ValueError as error:
        raise Unreadable('Write the time at the site as "2026-11-24 14:00".') from error
    if not is_usual(day):
        raise Unreadable(f"Ask for a day of the years {FIRST_YEAR} to {LAST_YEAR}.")
    return day, at
