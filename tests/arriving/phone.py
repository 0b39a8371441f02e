"""A phone that is about to check in, as the tests of this folder hold it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from clinic.database import db
from clinic.intake.questions import Page as QuestionPage
from clinic.journey import arrive
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.models import Appointment
from tests.newcomer import born, calm_answers
from tests.visitor import Page, Person

OTHER_DAY = date(1991, 4, 3)


def letters_to_check_in() -> list[Message]:
    db.session.rollback()
    wanted = db.select(Message).where(Message.kind == MessageKind.CHECK_IN).order_by(Message.id)
    return list(db.session.scalars(wanted))


def link_in(message: Message) -> str:
    body = letters.write(message).get_content()
    found = re.search(r"http://localhost(?::\d+)?(/arrive/\S+)", body)
    assert found is not None
    return found[1]


def mailed_link() -> str:
    """The link in the newest letter that the worker has written by now."""
    arrive.send_links()
    return link_in(letters_to_check_in()[-1])


def type_birth(person: Person, link: str, day: date | None = None, *, status: int = 200) -> Page:
    form = person.get(link).form("born_on-day")
    return form.set(**(born(day) if day else born())).press(status=status)


def say_at_desk(
    person: Person, place: str, said: str, day: date | None = None, *, status: int = 200
) -> Page:
    form = person.get(f"/arrive/at/{place}").form("said").set(said=said)
    return form.set(**(born(day) if day else born())).press(status=status)


AREAS = {
    "area": ["forehead", "glabella"],
    **{f"{area}-see": "move" for area in ("forehead", "glabella")},
    **{f"{area}-how": "clear" for area in ("forehead", "glabella")},
}
WORDS = {"change": "I look cross.", "how_long": "years", "matters": "3"}


def answer_on(page: Page, asked: Sequence[QuestionPage]) -> Page:
    """The pages of questions in *asked*, the last of them after the areas, photos and words, with
    what the factories' form says; the page on which it is sent."""
    *before, last = asked
    for one in before:
        page = page.form("Continue").set(**calm_answers(one)).press("Continue")
    page = page.form("Continue").set(**AREAS).press("Continue")
    page = page.form("Go on without photos").press("Go on without photos")
    page = page.form("Continue").set(**WORDS).press("Continue")
    return page.form("Continue").set(**calm_answers(last)).press("Continue")


def now_of(visit: Appointment) -> Appointment:
    """The visit as the database has it now."""
    db.session.rollback()
    db.session.refresh(visit)
    return visit


TOKENS = re.compile(r'value="[^"]*"')


def without_tokens(page: Page) -> str:
    """What a page says, but for what differs at every look."""
    return TOKENS.sub("", re.sub(r"Number of this request: \w+", "", page.html))
