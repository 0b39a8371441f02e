"""A key file that the tests' app follows, with something of every kind sealed under it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from clinic.accounts.models import KeptForm, User
from clinic.columns import new_public_id
from clinic.database import db, transaction
from clinic.intake.models import Intake
from clinic.key_ring import KeyFile, KeyRing
from clinic.notices import services as notices
from clinic.notices.models import Message, MessageKind
from clinic.sealing import DataKey, ring
from tests import factories
from tests.factories import Cast, at

SEED, CODES = b"JBSWY3DPEHPK3PXP", b'["one", "two"]'


@dataclass
class Ring:
    """The file, and how to type `flask keys`."""

    app: Flask
    path: Path

    @property
    def names(self) -> list[str]:
        return list(KeyRing.parse(self.path.read_text()).keys)

    def write(self, text: str, mode: int = 0o600) -> None:
        """As an editor does: another file in the place of the old one."""
        new = self.path.with_suffix(".new")
        new.write_text(text)
        new.chmod(mode)
        new.rename(self.path)

    def follow(self) -> None:
        """As a process that starts now."""
        self.app.extensions["key_ring"] = KeyFile(self.path)

    def flask(self, *words: str) -> str:
        """What the command said, after its exit status."""
        answer = self.app.test_cli_runner().invoke(args=["keys", *words])
        db.session.rollback()
        db.session.expunge_all()
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer
        return f"{answer.exit_code} {answer.output}"


def seal_everywhere(cast: Cast) -> None:
    """A signed note, a mail, a second factor, a kept form."""
    factories.make_approval(cast)
    notices.queue(MessageKind.RESUME, to="cal@example.org", params={"token": "abc"})
    with transaction():
        user = cast.bea
        user.totp_sealed = ring().seal(SEED, f"user.totp_sealed:{user.public_id}")
        user.recovery_sealed = ring().seal(CODES, f"user.recovery_sealed:{user.public_id}")
        kept = KeptForm(public_id=new_public_id(), path="/", expires_at=at(24, 10))
        kept.fields = [("why", "heavy eyes")]
        db.session.add(kept)


def opened() -> dict[str, list[object]]:
    """Everything sealed, as it reads; raises `SealBroken` when a value does not open."""
    db.session.rollback()
    db.session.expunge_all()
    users = [user for user in _all(User) if user.totp_sealed]
    return {
        "forms": [form.document for form in _all(Intake)],
        "keys": [key.open(key.seal(b"x", "y"), "y") for key in _all(DataKey)],
        "mails": [message.params for message in _all(Message)],
        "kept": [kept.fields for kept in _all(KeptForm)],
        "factors": [
            ring().open(blob, f"user.{column}:{user.public_id}")
            for user in users
            for column, blob in (
                ("totp_sealed", user.totp_sealed or b""),
                ("recovery_sealed", user.recovery_sealed or b""),
            )
        ],
    }


def _all(kind: Any) -> list[Any]:
    return list(db.session.scalars(select(kind).order_by(kind.id)))
