"""A first booking in a browser without scripts, page by page, as somebody new makes it."""

from __future__ import annotations

from datetime import date

from flask import Flask

from clinic.accounts import services as accounts
from clinic.database import db
from clinic.intake import services as intakes
from clinic.intake.questionnaire import CURRENT, PHOTOS
from clinic.intake.questions import Page as QuestionPage
from clinic.journey import book
from clinic.notices.models import Message, MessageKind
from tests import factories
from tests.factories import Cast
from tests.full_record import with_cookie
from tests.visitor import Form, Page, Person

BORN = date(1990, 3, 2)
KIM = {"name": "Kim Larsen", "email": "kim@example.org", "phone": "020 7946 0777", "consent": "y"}


def born(day: date = BORN) -> dict[str, int]:
    """The three boxes of a date of birth."""
    return {"born_on-day": day.day, "born_on-month": day.month, "born_on-year": day.year}


def calm_answers(asked: QuestionPage) -> dict[str, str]:
    """No to everything on a page of questions, and nothing that weighs on anybody."""
    answers = {
        q.topic.value.replace("-", "_"): q.choices[0].code if q.choices else "no"
        for q in asked.questions
        if q.only_with is None
    }
    return answers | {feeling.key: str(feeling.choices[0][0]) for feeling in asked.feelings}


def answer_the_form(person: Person, born_on: date = BORN, change: str = "I look cross.") -> Page:
    """From the date of birth to the page of times."""
    begun = person.get("/intake/birth").form("born_on-day").set(**born(born_on)).press()
    return answer_pages(begun, change)[-1]


def answer_pages(page: Page, change: str = "I look cross.") -> list[Page]:
    """Every page of the form from the first one of questions, and the page after the last."""
    given = {
        "where": {"area": "forehead", "forehead-see": "move", "forehead-how": "clear"},
        "words": {"change": change, "how_long": "years", "matters": "3"},
    }
    pages = [page]
    for key in CURRENT.order[1:]:
        if key == PHOTOS:
            skipping = pages[-1].form("Go on without photos")
            pages.append(skipping.press("Go on without photos"))
            continue
        asked = CURRENT.page(key)
        answers = calm_answers(asked) if asked else given[key]
        pages.append(pages[-1].form("Continue").set(**answers).press("Continue"))
    return pages


def hold_a_time(page: Page) -> Page:
    """Press the first time of the page of times, and go on to the last page."""
    return _press_a_slot(page.form("Dr ")).follow("Continue")


def _press_a_slot(form: Form) -> Page:
    slot = next(value for _words, name, value in form.buttons if name == "slot")
    form.buttons = []
    return form.set(slot=slot).press()


def ask_for_a_code(person: Person, **typed: object) -> Page:
    """The page that takes the code, for *typed* in place of what Kim types."""
    return person.get("/book/check").form("email").set(**{**KIM, **typed}).press("Send me the code")


def newest_code() -> str:
    """The six digits of the newest mail that has some."""
    db.session.rollback()
    newest = db.select(Message).filter_by(kind=MessageKind.CODE).order_by(Message.id.desc())
    return str(db.session.scalars(newest.limit(1)).one().params["code"])


def book_first(person: Person, born_on: date = BORN, **typed: object) -> Page:
    """The whole way of somebody new, to the page that says what is booked."""
    hold_a_time(answer_the_form(person, born_on))
    return finish(person, **typed)


def open_visits(person: Person, email: str, born_on: date = BORN, *, status: int = 200) -> Page:
    """Somebody known opens their visits with a code."""
    asked = person.get("/visits/open").form("email").set(email=email, **born(born_on)).press()
    return asked.form("code").set(code=newest_code()).press(status=status)


def at_the_last_page(cast: Cast, app: Flask, born_on: date = BORN, *, hour: int = 13) -> Person:
    """A browser with a finished form and a held time: what the pages before the last one do."""
    visitor, token = accounts.greet_visitor()
    draft = intakes.start(visitor, born_on, actor=factories.TESTER)
    intakes.save(draft, "all", factories.ANSWERS, actor=factories.TESTER)
    book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        factories.at(25, hour),
        visitor=visitor,
        actor=factories.TESTER,
    )
    return with_cookie(app, token)


def finish(person: Person, **typed: object) -> Page:
    """The last page and the code, to the page that says what is booked."""
    return ask_for_a_code(person, **typed).form("code").set(code=newest_code()).press()
