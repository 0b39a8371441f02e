"""The switch: pressed, remembered, and back on the page that it stood on."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import site_rights
from clinic.catalogue.own_sites import ALL, own_sites
from clinic.permissions import Permission, current_actor, requires
from clinic.sites.forms import ChooseForm

bp = Blueprint("sites", __name__)

# Pages with the switch. Whatever else a form names as its page leads nowhere.
PAGES = frozenset(
    {
        "frontdesk.arrivals",
        "frontdesk.calendar",
        "frontdesk.day",
        "paper.day",
        "paper.my_day",
        "rosters.outside",
        "screening.my_day",
        "screening.queue",
        "waitlist.desk",
    }
)
# What an address goes on asking for at another site; whose column it was is of one site alone.
GOES_ALONG = frozenset({"by", "day", "show", "step", "view"})


@bp.post("/look-at")
@requires(Permission.SITE_CHOOSE)
def choose() -> ResponseReturnValue:
    """Look at one of one's sites, or at all of them, until another is chosen."""
    form, actor = ChooseForm(), current_actor()
    if not form.validate_on_submit() or form.page.data not in PAGES:
        return redirect(url_for("accounts.welcome"), 303)
    wanted = form.site.data
    site = next((one for one in own_sites(actor) if one.public_id == wanted), None)
    if site is None and wanted != ALL:
        abort(404)
    site_rights.choose(site.id if site else None, actor=actor)
    asked = {name: value for name, value in parse_qsl(form.asked.data) if name in GOES_ALONG}
    return redirect(url_for(form.page.data, **{**asked, "site": wanted}), 303)
