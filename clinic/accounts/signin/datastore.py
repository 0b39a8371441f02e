"""The sign-in library's view of our users: reads in one statement, writes through `transaction()`.

What the library changes, it changes on a read snapshot and commits later. On SQLite that cannot
become a write once anybody else has written, so each change is repeated under the lock at once.
"""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import inspect, select
from sqlalchemy.orm.attributes import set_attribute

from clinic import sealing
from clinic.accounts import factors, queries, services
from clinic.accounts.models import Passkey, User
from clinic.accounts.models.people import SEED
from clinic.database import db, in_transaction, transaction


def _row(user: Any) -> User:
    """The row behind what may be the library's stand-in for whoever is signed in."""
    found: User = getattr(user, "_get_current_object", lambda: user)()
    return found


class Datastore(SQLAlchemyUserDatastore):
    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        attribute, value = kwargs.popitem()
        if attribute == "fs_uniquifier":
            return queries.user_by_uniquifier(str(value))
        if attribute == "email":
            return queries.user_by_email(str(value))
        raise LookupError(f"users are not looked up by {attribute}")

    def put(self, model: Any) -> Any:
        """Store what was changed now: what follows, a sign-in for one, opens a transaction."""
        # habit: own-commit, because it is the method below, which opens transaction()
        self.commit()
        return model

    def commit(self) -> None:
        """Repeat what the library changed inside a transaction of ours."""
        if in_transaction():
            return
        changed = [
            (row, {a.key: a.value for a in inspect(row).attrs if a.history.has_changes()})
            for row in db.session.dirty
        ]
        if not changed:
            return
        for row, _values in changed:
            db.session.refresh(row)
        with transaction():
            for row, values in changed:
                for key, value in values.items():
                    set_attribute(row, key, value)
                if {"password", "fs_uniquifier"} <= values.keys():
                    services.note_new_password(row)

    def tf_set(
        self,
        user: Any,
        primary_method: str,
        totp_secret: str | None = None,
        phone: str | None = None,
    ) -> None:
        """Called after every right code, also when nothing is new: the seed tells."""
        if totp_secret is None:
            return
        known = user.tf_totp_secret
        if known and sealing.from_transit(known, SEED) == sealing.from_transit(totp_secret, SEED):
            return
        factors.set_app(_row(user), totp_secret)

    def tf_reset(self, user: Any) -> None:
        try:
            factors.remove_app(_row(user))
        except factors.LastSecondStep:
            abort(409)

    def mf_set_recovery_codes(self, user: Any, rcs: list[str] | None) -> None:
        factors.set_recovery_codes(_row(user), rcs or [])

    def create_webauthn(self, user: Any, **values: Any) -> None:  # type: ignore[override]
        values["extensions"] = None  # whatever the browser adds: nothing of ours reads it
        factors.add_passkey(_row(user), values)

    def delete_webauthn(self, webauthn: Any) -> None:
        try:
            factors.remove_passkey(webauthn)
        except factors.LastSecondStep:
            abort(409)

    def find_user_from_webauthn(self, webauthn: Any) -> User | None:
        return db.session.scalar(
            select(User).join(Passkey, Passkey.user_id == User.id).where(Passkey.id == webauthn.id)
        )
