"""A post office that the app sends through, and messages to send."""

from collections.abc import Iterator

import pytest

from clinic.database import db
from clinic.notices import services
from clinic.notices.models import Message, MessageKind
from tests.notices.post_office import PostOffice


@pytest.fixture
def office(app, monkeypatch) -> Iterator[PostOffice]:
    opened = PostOffice().open()
    monkeypatch.setitem(app.config, "SMTP_URL", opened.url)
    yield opened
    opened.close()


@pytest.fixture
def queue_codes(cast):
    """Queue a code for each of *addresses*."""

    def queue(*addresses):
        return [
            services.queue(MessageKind.CODE, to=address, params={"code": "204816"})
            for address in addresses
        ]

    return queue


@pytest.fixture
def states():
    """The state of each message, by address, as stored now."""

    def read():
        db.session.rollback()
        rows = db.session.execute(db.select(Message.to, Message.state).order_by(Message.id))
        return {to: state.value for to, state in rows}

    return read
