"""Signing in with a second step, security settings, what was kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts import sessions
from clinic.accounts.models import KeptForm, Passkey, User
from clinic.accounts.signin import half_way
from clinic.columns import new_public_id
from clinic.database import db, transaction
from tests.browser.demo import STAFF, Arrival, Demo
from tests.browser.page import Page
from tests.browser.ways import Way, account, press, typed

PHYSICIAN = STAFF["physician"]
NOTE = "Lids and brows at rest and raised, both sides alike. Wants to look less tired in talks."


def user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def half_in(path: str, state: str = "ready") -> Way:
    """Somebody of the staff who has typed the right password and nothing more yet."""

    def way(_demo: Demo) -> Arrival:
        person = user(PHYSICIAN)
        if state == "setup_from_login":  # whose first sign-in it is has no app
            with transaction():
                person.tf_totp_secret = None
        cookie = {"tf_user_id": person.fs_uniquifier, "tf_state": state}
        half_way.begin(cookie)
        return Arrival(path, cookie)

    return way


def with_passkey_and_sessions(demo: Demo) -> Arrival:
    """A manager with a passkey, signed in on two devices."""
    manager = user(STAFF["manager"])
    if not manager.webauthn:
        with transaction():
            manager.fs_webauthn_user_handle = "handle-of-the-demo"
            db.session.add(
                Passkey(
                    user_id=manager.id,
                    name="Work phone of Carla with the longest name that fits",
                    credential_id=b"demo",
                    public_key=b"demo",
                    usage="first",
                )
            )
        agent = "Mozilla/5.0 (iPhone) CriOS/130 Safari/604"
        sessions.open_for(manager, has_second_factor=True, address="203.0.113.7", agent=agent)
    return Arrival("/account/security", {})


def kept(demo: Demo) -> Arrival:
    with transaction():
        row = KeptForm(
            public_id=new_public_id(),
            user_id=user(PHYSICIAN).id,
            path="/notes/0/addendum",
            expires_at=clock.now() + timedelta(minutes=30),
        )
        row.fields = [("text", NOTE)]
        db.session.add(row)
    return Arrival(f"/kept/{row.public_id}", {})


SECOND, SETUP = "security.two_factor_token_validation", "security.two_factor_setup"
WRONG = typed({"Code": "000000"}, "Sign in")

SECURITY = (
    Page("anyone", "second-step", SECOND, half_in("/sign-in/code")),
    Page("anyone", "second-step-wrong", SECOND, half_in("/sign-in/code"), WRONG, 422),
    Page("anyone", "second-step-first", SETUP, half_in("/account/app", "setup_from_login")),
    Page(
        "anyone",
        "second-step-picture",
        SETUP,
        half_in("/account/app", "setup_from_login"),
        press("Set up an app"),
    ),
    Page("anyone", "recovery", "security.mf_recovery", half_in("/sign-in/recovery")),
    Page(
        "anyone",
        "recovery-wrong",
        "security.mf_recovery",
        half_in("/sign-in/recovery"),
        typed({"Recovery code": "not a code"}, "Sign in"),
        422,
    ),
    Page("anyone", "passkey", "security.wan_signin", "/sign-in/passkey"),
    Page("physician", "security", "accounts.security", "/account/security"),
    Page("manager", "security-many", "accounts.security", with_passkey_and_sessions),
    Page(
        "patient", "security", "accounts.security", account("Maya Lindqvist", "/account/security")
    ),
    Page("physician", "app", SETUP, "/account/app"),
    Page("physician", "app-picture", SETUP, "/account/app", press("Set up an app")),
    Page("physician", "recovery-codes", "security.mf_recovery_codes", "/account/recovery-codes"),
    Page(
        "manager",
        "recovery-codes-made",
        "security.mf_recovery_codes",
        "/account/recovery-codes",
        press("Make ten codes"),
    ),
    Page("physician", "passkeys", "security.wan_register", "/account/passkeys"),
    Page(
        "physician",
        "passkeys-wrong",
        "security.wan_register",
        "/account/passkeys",
        press("Go on"),
        422,
    ),
    Page("physician", "confirm", "security.verify", "/confirm"),
    Page("physician", "confirm-wrong", "security.verify", "/confirm", press("Go on"), 422),
    Page("physician", "confirm-passkey", "security.wan_verify", "/confirm/passkey"),
    Page("physician", "new-password", "security.change_password", "/account/new-password"),
    Page(
        "physician",
        "new-password-wrong",
        "security.change_password",
        "/account/new-password",
        typed({"Password now": "not it", "New password": "short"}, "Set the new password"),
        422,
    ),
    Page("physician", "new-address", "accounts.new_address", "/account/new-address"),
    Page(
        "physician",
        "new-address-wrong",
        "accounts.new_address",
        "/account/new-address",
        press("Send me the code"),
        422,
    ),
    Page(
        "physician",
        "new-address-code",
        "accounts.new_address_code",
        "/account/new-address",
        typed({"New e-mail address": "amara@example.org"}, "Send me the code"),
    ),
    Page("physician", "kept", "accounts.kept_form", kept),
)
