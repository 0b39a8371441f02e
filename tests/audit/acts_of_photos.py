"""Photos, ready to be added, removed, withdrawn; each with the event it must leave."""

from __future__ import annotations

from clinic.audit.events import Event
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.photos import services as photos
from clinic.photos.rules import Purpose, View
from tests import factories
from tests.audit.calls import Acts, Call
from tests.factories import TESTER, Cast
from tests.pictures import add_photos, picture

ASSESSMENT = frozenset({Purpose.ASSESSMENT})


def begun(cast: Cast) -> Intake:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    photos.say(draft, ASSESSMENT, actor=TESTER)
    return draft


def sent(cast: Cast) -> Intake:
    return factories.make_intake(
        cast.cal, before_it_is_sent=lambda draft: add_photos(draft, purposes=ASSESSMENT)
    )


def say(cast: Cast) -> Call:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    return lambda: photos.say(draft, ASSESSMENT, actor=TESTER)


def add(cast: Cast) -> Call:
    draft, new = begun(cast), picture()
    return lambda: photos.add(draft, View.FROWN, new, actor=TESTER)


def remove(cast: Cast) -> Call:
    draft = begun(cast)
    photos.add(draft, View.FROWN, picture(), actor=TESTER)
    return lambda: photos.remove(draft, View.FROWN, actor=TESTER)


def take_consent_back(cast: Cast) -> Call:
    form = sent(cast)
    return lambda: photos.withdraw(form, Purpose.ASSESSMENT, actor=TESTER)


OF_PHOTOS: Acts = (
    (say, Event.PHOTO_CONSENT),
    (add, Event.PHOTO_ADDED),
    (remove, Event.PHOTO_REMOVED),
    (take_consent_back, Event.PHOTO_CONSENT),
    (take_consent_back, Event.PHOTO_ERASED),
)
