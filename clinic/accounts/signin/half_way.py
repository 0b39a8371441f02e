"""Between the password and the second step: what the library remembers there, and for how long.

It keeps whose password was right in the session cookie, without a time of its own. Left alone
there, it would still set up an app for whoever comes to that browser weeks later.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from flask import request, session
from flask_login import current_user
from flask_security.tf_plugin import tf_clean_session

from clinic import clock
from clinic.accounts import queries

LASTS = timedelta(minutes=15)  # a first sign-in may have to install its app
SINCE = "half_way_since"
SETTING_UP = ("setup_from_login", "validating_profile")


def begin(cookie: MutableMapping[str, Any]) -> None:
    """The password was right just now."""
    cookie[SINCE] = clock.now().timestamp()


def end() -> None:
    """Nothing of a sign-in that was begun, or of an app that was being set up, stays."""
    tf_clean_session()
    session.pop(SINCE, None)


def end_what_is_over() -> None:
    """Before each page of signing in: it begins anew where the password is long ago, the person
    has been shut out, or has set a second step up elsewhere since."""
    if not (request.endpoint or "").startswith("security.") or "tf_user_id" not in session:
        return
    if not current_user.is_authenticated and not _is_good():
        end()


def _is_good() -> bool:
    person = queries.user_by_uniquifier(session["tf_user_id"])
    if person is None or not person.active:
        return False
    if session.get("tf_state") in SETTING_UP and person.has_second_step:
        return False
    return clock.now().timestamp() - session.get(SINCE, 0) <= LASTS.total_seconds()
