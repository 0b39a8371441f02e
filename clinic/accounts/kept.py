"""Nothing typed is lost: a form whose sender must sign in first is kept and given back.

It is sealed for half an hour and opens for the same person alone. It is never sent by itself: the
person reads it and presses once more, so that nothing happens which nobody saw.

Where a session ran out, whoever sits at that browser may not be the one who went from it. Of them
nothing is kept that is delicate, or that comes over a day later: a form that waits for its
owner's press must not be a way to borrow their rights.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import g, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import delete, select

from clinic import clock
from clinic.accounts import identity, rules, services, sessions
from clinic.accounts.models import KeptForm
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.columns import new_public_id
from clinic.database import db, transaction
from clinic.extensions import csrf
from clinic.permissions import Actor, Guard

GOOD_FOR = timedelta(minutes=30)
WAITING = "kept"  # where the cookie says which form waits
# What is secret, or means nothing on the next page.
LEFT_OUT = ("csrf_token", "credential", "code")
# Staff, permissions and security: of a session that ran out nothing waits for these.
DELICATE = ("/manage/", "/account/", "/confirm")
# Their address is good for the moment alone, with a code or a passkey's answer that is never kept;
# and the switch of sites, where nothing was typed.
FOR_THE_MOMENT = frozenset(
    {"security.two_factor_setup_validate", "security.wan_register_response", "sites.choose"}
)
# A part of a page that is drawn anew carries its whole form: that is what waits, to be sent where
# the form itself goes.
WHOLE = {"screening.autosave": "screening.save", "screening.rating": "screening.save"}
BUTTON = "do"  # the field that says which of several buttons of a form was pressed


def keep(actor: Actor, guard: Guard) -> str | None:
    """Keep what this POST carries, for who sent it; the id to give it back by.

    None when nobody known sent it, the token shows that it was not our own page, or the session
    of its sender ran out and it is too delicate or too late. Where only one of several buttons is
    delicate, the form is kept as if none had been pressed.
    """
    lapsed = identity.lapsed_session()
    user_id = actor.user_id or (lapsed.user_id if lapsed else None)
    patient_id = None if user_id else _patient_id()
    if not (user_id or patient_id) or request.endpoint in FOR_THE_MOMENT or not _is_ours():
        return None
    left_out: tuple[str, ...] = LEFT_OUT
    if actor.user_id is None:
        if not _may_wait(guard):
            return None
        left_out = (*LEFT_OUT, BUTTON) if guard.fresh else LEFT_OUT
    fields = [
        (name, value)
        for name in request.form
        if name not in left_out and "password" not in name
        for value in request.form.getlist(name)
    ]
    with transaction():
        db.session.execute(delete(KeptForm).where(KeptForm.expires_at < clock.now()))
        row = KeptForm(
            public_id=new_public_id(),
            user_id=user_id,
            patient_id=patient_id,
            path=_path()[:500],
            expires_at=clock.now() + GOOD_FOR,
        )
        row.fields = fields
        db.session.add(row)
        audit.record(Event.FORM_KEPT, actor=actor, endpoint=request.endpoint)
    session[WAITING] = row.public_id
    return row.public_id


def _path() -> str:
    """The address, with what it asks, that the form will be sent to."""
    whole = WHOLE.get(request.endpoint or "")
    return url_for(whole, **(request.view_args or {})) if whole else request.full_path.rstrip("?")


def _patient_id() -> int | None:
    """The patient whose code was typed in this browser, though half an hour ago."""
    visitor = identity.current_visitor()
    return visitor.patient_id if visitor else None


def _may_wait(guard: Guard) -> bool:
    """Whether a form of somebody whose session ran out is kept at all."""
    is_delicate = guard.fresh is True or request.path.startswith(DELICATE)
    ran_out_at = _ran_out_at()
    if is_delicate or ran_out_at is None:
        return False
    return rules.keeps_what_is_typed(ran_out_at, clock.now())


def _ran_out_at() -> datetime | None:
    """When the sign-in, or else the code, of this browser ran out."""
    row = identity.lapsed_session()
    if row is not None:
        return sessions.ran_out_at(row)
    visitor = identity.current_visitor()
    return visitor.seen_at + services.IDLE if visitor else None


def _is_ours() -> bool:
    try:
        csrf.protect()
    except CSRFError:
        return False
    return bool(g.get("csrf_valid"))


def own_kept_form(actor: Actor, public_id: str) -> KeptForm | None:
    """A kept form of the person who asks, while it is good."""
    row = db.session.scalar(
        select(KeptForm).where(KeptForm.public_id == public_id, KeptForm.expires_at > clock.now())
    )
    if row is None:
        return None
    if row.user_id is not None:
        return row if row.user_id == actor.user_id else None
    return row if actor.patient_id == row.patient_id and actor.roles else None


def waiting(actor: Actor) -> str | None:
    """The id of a form that waits in this browser for the person who is in it now."""
    found: str | None = session.get(WAITING)
    return found if found and actor.roles and own_kept_form(actor, found) else None


def forget() -> None:
    """It was given back, or is not wanted: no page speaks of it any more."""
    session.pop(WAITING, None)
