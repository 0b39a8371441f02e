"""What the tests of the form's pages share: answers to type, and what is stored of them."""

import re

from clinic.database import db
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from tests.newcomer import calm_answers

HEALTH, CONDITIONS, MEDICINES, WISHES = CURRENT.pages
WORDS = {"change": "I look cross.", "how_long": "years", "matters": "3", "fears": "Heavy eyes."}


def no_to_all(page):
    """No to every question of a page, and the mildest where no is none of the answers."""
    return calm_answers(page)


def draft():
    """The one form in the database."""
    db.session.rollback()
    return db.session.scalars(db.select(Intake)).one()


def stored():
    return draft().document


def typed(page, button="Continue"):
    """What the page's form holds, by name."""
    return dict(page.form(button).fields)


TICKS = re.compile(
    r'<fieldset class="stack-s top-gap-s" aria-describedby="changed-h.*?</fieldset>', re.S
)


def ticks_of(page):
    """The list of what may have changed: every question by a short name, whoever is asked."""
    return TICKS.search(page.html)[0]


def without_ticks(page):
    return TICKS.sub("", page.html)
