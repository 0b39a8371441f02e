"""Second steps: codes of an authenticator app that work once, and passkeys.

A passkey verifies its owner by itself, so it is a whole sign-in: possession and fingerprint or
PIN in one. It also serves as the second step after a password, where no app is set up.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_security import Totp, WebauthnUtil
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.webauthn import WebAuthnTfPlugin
from passlib.totp import TOTP, TotpMatch, UsedTokenError
from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from clinic import clock, sealing
from clinic.accounts import factors
from clinic.accounts.models import UsedChallenge, User
from clinic.accounts.models.people import SEED
from clinic.catalogue import queries as catalogue
from clinic.database import db, rows_changed, transaction

A_DAY = timedelta(days=1)  # a ceremony itself runs out after minutes


class OneTimeCodes(Totp):
    """Six digits that change each 30 seconds and work once (S12). Seeds are sealed by our ring."""

    def generate_totp_secret(self) -> str:
        return seed()

    def _opened(self, sealed: str) -> TOTP:
        return self._totp(key=sealing.from_transit(sealed, SEED).decode())

    def generate_totp_password(self, totp_secret: str) -> str:
        return str(self._opened(totp_secret).generate(time=_seconds()).token)

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether *token* is a code of now, or of up to *window* seconds before or after, that was
        not used before. A right one is used up by this."""
        try:
            match = self._opened(totp_secret).match(
                token.replace(" ", ""), time=_seconds(), window=window
            )
            use_up(user, match)
        except (ValueError, UsedTokenError):  # what is no code at all is a ValueError there
            return False
        return True

    def next_code(self, user: User) -> str:
        """The code of now, or the next one where that was used; empty without an app."""
        sealed = user.tf_totp_secret
        if sealed is None:
            return ""
        app, now = self._opened(sealed), _seconds()
        was_used = (user.totp_last_counter or 0) >= now // app.period
        return str(app.generate(time=now + was_used * app.period).token)

    def get_totp_uri(self, username: str, totp_secret: str) -> str:
        """The address that an app reads from the picture; it names the clinic."""
        try:
            issuer = catalogue.site().clinic.name.replace(":", " ")
        except catalogue.NoClinic:  # the first manager may come before the clinic
            issuer = "Clinic"
        return str(self._opened(totp_secret).to_uri(username, issuer=issuer))

    def get_totp_pretty_key(self, totp_secret: str) -> str:
        return str(self._opened(totp_secret).pretty_key(sep=" "))

    def get_totp_b32_key(self, totp_secret: str) -> str:
        return str(self._opened(totp_secret).base32_key)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Our page draws the picture itself: the policy takes no data as an image's address."""
        return self.get_totp_uri(username, totp)


def seed() -> str:
    """A new seed, sealed for its way to the user's row."""
    return sealing.in_transit(TOTP.new().base32_key.encode(), SEED)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Checked and used up in one step, so that of two presses with one code one counts (S12)."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        return factors.use_recovery_code(user, code)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        return True  # `check_recovery_code` did it


def _seconds() -> int:
    return int(clock.now().timestamp())


def use_up(user: User, match: TotpMatch) -> None:
    """Keep the counter of a right code, in one statement: of two at once only one comes in.

    Raises `UsedTokenError` when this code or a later one was used before.
    """
    with transaction():
        is_first = rows_changed(
            update(User)
            .where(
                User.id == user.id,
                or_(User.totp_last_counter.is_(None), User.totp_last_counter < match.counter),
            )
            .values(totp_last_counter=match.counter)
        )
    if not is_first:
        raise UsedTokenError


def answer_once(challenge: str) -> bool:
    """Whether *challenge* of a passkey ceremony is answered for the first time."""
    digest = hashlib.sha256(challenge.encode()).digest()
    try:
        with transaction():
            db.session.execute(delete(UsedChallenge).where(UsedChallenge.at < clock.now() - A_DAY))
            db.session.add(UsedChallenge(challenge_hash=digest))
    except IntegrityError:
        return False
    return True


class Passkeys(WebauthnUtil):
    """What we ask of a passkey: found by the device itself, and opened by its owner."""

    def origin(self) -> str:
        """The address that the browser must have shown: ours, whatever the request says."""
        return str(current_app.config["BASE_URL"])

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED,
            resident_key=ResidentKeyRequirement.REQUIRED,
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED


class PasskeyStep(WebAuthnTfPlugin):
    """The passkey as second step where no app is set up; beside an app its page links to it."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        wanted = user.totp_sealed is None and bool(user.webauthn)
        return [("webauthn", "passkey")] if wanted else []
