"""What the sign-in library says on our pages, in our words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

GOOD, BAD = "success", "error"

WORDS: Mapping[str, tuple[str, str]] = {
    "API_ERROR": (_l("That took too long or was sent twice. Start again."), BAD),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link does not work any more. Ask for a new one."),
        BAD,
    ),
    "PASSWORD_CHANGE": (_l("Your new password is set. Everywhere else you are signed out."), GOOD),
    "PASSWORD_IS_THE_SAME": (_l("That is the password you have. Choose another."), BAD),
    "PASSWORD_NOT_PROVIDED": (_l("Choose a password"), BAD),
    "PASSWORD_RESET_EXPIRED": (_l("This link has run out. Ask for a new one."), BAD),
    "PASSWORD_RESET_NO_LOGIN": (_l("Your new password is set. Sign in with it."), GOOD),
    "REAUTHENTICATION_REQUIRED": (_l("First confirm that it is you."), BAD),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you, that is confirmed."), GOOD),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords differ. Type the same twice."), BAD),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_l("Your app is set up."), GOOD),
    "TWO_FACTOR_DISABLED": (_l("The app is removed."), GOOD),
    "TWO_FACTOR_INVALID_TOKEN": (
        _l("That was not the code of that moment. Let the app read a new picture, and type again."),
        BAD,
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("You are signed in."), GOOD),
    "TWO_FACTOR_PERMISSION_DENIED": (_l("Sign in with your password first."), BAD),
    "TWO_FACTOR_SETUP_EXPIRED": (_l("That took too long. Start again."), BAD),
    "WEBAUTHN_CREDENTIAL_DELETED": (_l("The passkey “%(name)s” is removed."), GOOD),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_l("This device has a passkey here already."), BAD),
    "WEBAUTHN_EXPIRED": (_l("That took too long. Start again."), BAD),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_l("That passkey is somebody else’s. Use your own."), BAD),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (_l("Use letters, digits and spaces in the name."), BAD),
    "WEBAUTHN_NAME_INUSE": (_l("A passkey of yours has this name. Choose another name."), BAD),
    "WEBAUTHN_NAME_NOT_FOUND": (_l("There is no passkey of that name."), BAD),
    "WEBAUTHN_NAME_REQUIRED": (_l("Give the device a name, for example Work phone"), BAD),
    "WEBAUTHN_NO_VERIFY": (_l("The passkey could not be checked. Try again."), BAD),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_l("The passkey “%(name)s” is added."), GOOD),
}
