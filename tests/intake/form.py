"""What the tests of the form's pages share: answers to type, and what is stored of them."""

from clinic.database import db
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT

HEALTH, MEDICINES = CURRENT.pages
WORDS = {"change": "I look cross.", "how_long": "years", "matters": "3", "fears": "Heavy eyes."}


def no_to_all(page):
    return {question.topic.value.replace("-", "_"): "no" for question in page.questions}


def draft():
    """The one form in the database."""
    db.session.rollback()
    return db.session.scalars(db.select(Intake)).one()


def stored():
    return draft().document


def typed(page, button="Continue"):
    """What the page's form holds, by name."""
    return dict(page.form(button).fields)
