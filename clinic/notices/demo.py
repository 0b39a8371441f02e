"""The demo's mailbox: the mails that would have been sent. It does not exist in production."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from clinic.database import db
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.permissions import public

bp = Blueprint("demo", __name__, url_prefix="/demo")

SHOWN = 25


@bp.get("/mail")
@public
def mail() -> ResponseReturnValue:
    """The newest mails with their words; only a demo has this page."""
    newest = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(SHOWN)).all()
    return render_template("notices/demo.html", mails=[_shown(message) for message in newest])


def _shown(message: Message) -> dict[str, object]:
    try:
        written = letters.write(message)
    except letters.NotWanted:
        return {"message": message, "subject": "", "body": ""}
    body = written.get_body(("plain",))
    return {
        "message": message,
        "subject": written["Subject"],
        "body": body.get_content() if body else "",
    }
