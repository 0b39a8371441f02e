"""At which sites somebody of the staff works: what a manager gives and takes.

Nobody changes their own, nobody gives a site that they do not work at themself, and one active
manager works at every site: all three are asked under the lock of `accounts.staff`, of what is
stored then.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select, true

from clinic.accounts.models import SiteChosen, SiteRight, User
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Location
from clinic.database import db, transaction
from clinic.permissions import Actor

ALL = "all"  # in the log
Sites = frozenset[int] | None  # row numbers; None is every one


class BeyondOwn(RuntimeError):
    """Sites that the manager does not work at, or somebody who works at such."""


def is_within(actor: Actor) -> ColumnElement[bool]:
    """SQL of a user: whether they work at no site but the actor's."""
    if actor.sites is None:
        return true()
    elsewhere = User.site_rights.any(SiteRight.location_id.not_in(sorted(actor.sites)))
    return and_(User.site_rights.any(), ~elsewhere)


def of_user(user_id: int | None) -> Sites:
    """As stored at this moment; all for what is no account: a command, the system."""
    stored = select(SiteRight.location_id).where(SiteRight.user_id == user_id)
    return frozenset(db.session.scalars(stored)) or None


def covers(own: Sites, wanted: Sites) -> bool:
    """Whether whoever works at *own* sites may give, or take, *wanted* ones."""
    return own is None or (wanted is not None and wanted <= own)


def put(user: User, wanted: Sites, *, actor: Actor) -> None:
    """Write down that *user* works at these sites alone. Whoever calls it has asked who may."""
    was = user.sites
    if was == wanted:
        return
    with transaction():
        stay = [right for right in user.site_rights if right.location_id in (wanted or ())]
        new = sorted((wanted or frozenset()) - (was or frozenset()))
        user.site_rights = [*stay, *(SiteRight(location_id=site_id) for site_id in new)]
        db.session.flush()
        audit.record(
            Event.SITES_CHANGED, actor=actor, subject=user, was=_said(was), now=_said(wanted)
        )


def _said(sites: Sites) -> list[str]:
    if sites is None:
        return [ALL]
    named = select(Location.public_id).where(Location.id.in_(sorted(sites))).order_by(Location.id)
    return list(db.session.scalars(named))


def choose(site_id: int | None, *, actor: Actor) -> None:
    """Remember which site somebody looks at from now on, in every browser; None for all."""
    assert actor.user_id is not None  # whoever chooses has signed in
    with transaction():
        mine = select(User.id).where(User.id == actor.user_id)
        db.session.execute(mine.with_for_update())  # two tabs may choose at one moment
        before = db.session.get(SiteChosen, actor.user_id, populate_existing=True)
        if (before.location_id if before else None) == site_id:
            return
        if site_id is None:
            db.session.delete(before)
        elif before is None:
            db.session.add(SiteChosen(user_id=actor.user_id, location_id=site_id))
        else:
            before.location_id = site_id
        db.session.flush()
        (said,) = _said(None if site_id is None else frozenset({site_id}))
        audit.record(Event.SITE_CHOSEN, actor=actor, site=said)
