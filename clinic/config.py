"""Configuration: from the environment, and from `settings.env` in the instance folder.

`SETTINGS` is the table that docs/settings.md and the README show; a test holds them together.
`check` refuses to start with missing, short or sample secrets and whatever else would be unsafe.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from clinic import clock

ROOT = Path(__file__).resolve().parent.parent

MINIMUM_SECRET = 32
ENDS = ("", "-wal", "-shm", "-journal")  # of the files of a SQLite database
SAMPLES = ("change", "example", "secret", "sample", "password", "test")


class ConfigError(RuntimeError):
    """The app cannot start like this; the text says what to set."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("CLINIC_INSTANCE", "instance/", "folder for the database, keys and settings.env"),
    Setting("DATABASE_URL", "SQLite in the instance folder", "or postgresql://user@host/name"),
    Setting("CLINIC_BASE_URL", "http://localhost:8000", "address patients use; links in mails"),
    Setting("CLINIC_SECRET", "made by make run", "signs cookies; at least 32 characters"),
    Setting("CLINIC_PASSWORD_SALT", "made by make run", "salts passwords; never change it"),
    Setting("CLINIC_KEYS", "file keys in the instance folder, mode 0600", "key ring"),
    Setting("CLINIC_SMTP_URL", "none", "smtp://user:password@host:587 (STARTTLS) or smtps://"),
    Setting("CLINIC_MAIL_FROM", "the site's address", "sender of the mails"),
    Setting("CLINIC_CHECK_IN_MINUTES", "60", "how long before a visit its patient may check in"),
    Setting("CLINIC_HOSTS", "host of the base URL", "further host names to answer to"),
    Setting("CLINIC_PROXIES", "0", "number of reverse proxies whose headers are trusted"),
    Setting("CLINIC_DEMO", "0", "1: demo clinic, http allowed, mails shown on a page"),
    Setting("CLINIC_CLOCK_SHIFT", "0", "seconds to move the clock by; demo mode only"),
)


def read(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Flask's configuration from *environ*; `settings.env` fills what *environ* leaves out."""
    instance = Path(environ.get("CLINIC_INSTANCE", ROOT / "instance")).resolve()
    values = {**_settings_file(instance / "settings.env"), **environ}
    demo = values.get("CLINIC_DEMO", "0") == "1"
    base_url = values.get("CLINIC_BASE_URL", "http://localhost:8000").rstrip("/")
    hosts = [urlsplit(base_url).hostname or "", *values.get("CLINIC_HOSTS", "").split(",")]
    return {
        "INSTANCE": instance,
        "DEMO": demo,
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": [host.strip() for host in hosts if host.strip()],
        "PROXIES": int(_number(values, "CLINIC_PROXIES")),
        "SECRET_KEY": values.get("CLINIC_SECRET", ""),
        "SECURITY_PASSWORD_SALT": values.get("CLINIC_PASSWORD_SALT", ""),
        "KEYS": values.get("CLINIC_KEYS") or _keys_file(instance / "keys"),
        "KEYS_FILE": None if values.get("CLINIC_KEYS") else _if_there(instance / "keys"),
        "SMTP_URL": values.get("CLINIC_SMTP_URL"),
        "MAIL_FROM": values.get("CLINIC_MAIL_FROM"),
        "CHECK_IN_MINUTES": int(_number(values, "CLINIC_CHECK_IN_MINUTES", "60")),
        "CLOCK_SHIFT": _number(values, "CLINIC_CLOCK_SHIFT"),
        "SQLALCHEMY_DATABASE_URI": _database_url(values.get("DATABASE_URL"), instance),
    }


def _number(values: Mapping[str, str], name: str, default: str = "0") -> float:
    try:
        return float(values.get(name) or default)
    except ValueError:
        raise ConfigError(f"The clinic does not start: set {name} to a number.") from None


def _settings_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None


def is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _keys_file(path: Path) -> str:
    if not path.exists():
        return ""
    if is_open_to_others(path):
        raise ConfigError(f"{path.name} can be read by others; run: chmod 600 {path.name}")
    return path.read_text()


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'clinic.sqlite3'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, where the database is one and has one."""
    name = url.removeprefix("sqlite:///").partition("?")[0]
    if not url.startswith("sqlite:///") or name in ("", ":memory:") or name.startswith("file:"):
        return None
    return ROOT / "instance" / name  # where the database library looks for a relative one


def check(config: Mapping[str, object]) -> None:
    """Raise `ConfigError` when the app must not start like this (S61)."""
    problems = [
        f"set {name} to at least {MINIMUM_SECRET} random characters"
        for name, key in (
            ("CLINIC_SECRET", "SECRET_KEY"),
            ("CLINIC_PASSWORD_SALT", "SECURITY_PASSWORD_SALT"),
        )
        if _is_weak(str(config[key]))
    ]
    if not config["KEYS"]:
        problems.append("give a key ring in CLINIC_KEYS or in the file keys (see docs/keys.md)")
    if config.get("DEBUG") or _debugger_is_asked_for():
        problems.append("switch debug mode off: its console would run code beside the secrets")
    if not config["DEMO"]:
        problems += _production_problems(config)
    if problems:
        raise ConfigError("The clinic does not start: " + "; ".join(problems) + ".")


def _is_weak(secret: str) -> bool:
    is_sample = any(secret.lower().startswith(sample) for sample in SAMPLES)
    return len(secret) < MINIMUM_SECRET or is_sample or len(set(secret)) < 8


def _production_problems(config: Mapping[str, object]) -> list[str]:
    problems = []
    if not str(config["BASE_URL"]).startswith("https://"):
        problems.append("set CLINIC_BASE_URL to the https address that patients use")
    if not config["SMTP_URL"]:
        problems.append("set CLINIC_SMTP_URL, or no code ever reaches a patient")
    if config["CLOCK_SHIFT"]:
        problems.append("unset CLINIC_CLOCK_SHIFT: only a demo may move the clock")
    problems += [
        f"{path.name} can be read by others; run: chmod 600 {path}"
        for path in _private_files(config)
        if is_open_to_others(path)
    ]
    return problems


SECURITY_PAGE = "/account/security"


def _private_files(config: Mapping[str, object]) -> list[Path]:
    """What only the clinic's own user may read: the secrets, and the database with its log."""
    database = sqlite_file(str(config["SQLALCHEMY_DATABASE_URI"]))
    parts = [database.with_name(database.name + end) for end in ENDS] if database else []
    return [Path(str(config["INSTANCE"])) / "settings.env", *parts]


def _debugger_is_asked_for() -> bool:
    """`flask run --debugger` starts the console of a debugger without debug mode."""
    command = click.get_current_context(silent=True)
    return bool(command and command.params.get("debugger"))


# What does not depend on the environment.
FIXED: Mapping[str, object] = {
    "SESSION_COOKIE_NAME": "__Host-clinic",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
    "SESSION_REFRESH_EACH_REQUEST": False,
    "MAX_CONTENT_LENGTH": 64 * 1024,
    "MAX_FORM_MEMORY_SIZE": 64 * 1024,
    # By endpoint, where a form may hold more: photos in six views, and what else the form says.
    "LONGEST_BODIES": {"intake.photos": 6 * 10 * 1024 * 1024 + 64 * 1024},
    "MAX_FORM_PARTS": 500,
    "WTF_CSRF_TIME_LIMIT": None,
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    # Errors and logs never show what was stored.
    "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    "BABEL_DEFAULT_LOCALE": "en",
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(minutes=30),
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_RESET_URL": "/forgotten-password",
    "SECURITY_POST_LOGIN_VIEW": "/welcome",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_POST_RESET_VIEW": "/sign-in",
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_FLASH_MESSAGES": True,
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    # Asked again after ten minutes, and no grace: `accounts.sessions` keeps the time.
    "SECURITY_FRESHNESS": timedelta(minutes=10),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
    "SECURITY_VERIFY_URL": "/confirm",
    "SECURITY_POST_VERIFY_VIEW": SECURITY_PAGE,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_URL": "/account/new-password",
    "SECURITY_POST_CHANGE_VIEW": SECURITY_PAGE,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
        "code": "flask_security.twofactor.CodeTfPlugin",
        "webauthn": "clinic.accounts.signin.second_step.PasskeyStep",
    },
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds that a clock may be wrong by
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,  # no cookie stands in for the second step
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_SETUP_URL": "/account/app",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "SECURITY_TWO_FACTOR_ERROR_VIEW": "/sign-in",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": SECURITY_PAGE,
    # Seeds are sealed by our key ring; the library only wants to be given something here.
    "SECURITY_TOTP_SECRETS": {"1": "seeds are sealed by the key ring"},
    "SECURITY_TOTP_ISSUER": "Clinic",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    "SECURITY_WAN_RP_NAME": "Clinic",
    "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
    "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
    "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
    "SECURITY_WAN_VERIFY_URL": "/confirm/passkey",
    "SECURITY_WAN_POST_REGISTER_VIEW": SECURITY_PAGE,
    "SECURITY_DATETIME_FACTORY": clock.now,
}
