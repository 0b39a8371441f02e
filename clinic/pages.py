"""Every blueprint, and what all templates know."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import KeysView, MutableMapping
from typing import Any, cast

from flask import Flask, g, has_request_context, request, url_for
from flask.templating import Environment
from jinja2 import Template, nodes

from clinic import brand, clock, idempotency, texts
from clinic.accounts import identity, kept
from clinic.accounts.views import bp as accounts
from clinic.api.views import bp as api
from clinic.arriving.views import bp as arriving
from clinic.audit.views import bp as audit
from clinic.catalogue.models import Location
from clinic.catalogue.own_sites import own_sites
from clinic.catalogue.sites import every_site, profile
from clinic.catalogue.views import bp as catalogue
from clinic.changes.views import bp as changes
from clinic.claiming.views import bp as claiming
from clinic.columns import new_public_id
from clinic.contact.views import bp as contact
from clinic.decisions.views import bp as decisions
from clinic.emergency.views import bp as emergency
from clinic.frontdesk.views import bp as frontdesk
from clinic.intake.views import bp as intake
from clinic.merging.views import bp as merging
from clinic.notices.demo import bp as demo
from clinic.numbers.views import bp as numbers
from clinic.paper.views import bp as paper
from clinic.permissions import Permission, Role, may
from clinic.photos.views import bp as photos
from clinic.public.views import bp as public
from clinic.records.views import bp as records
from clinic.rosters.views import bp as rosters
from clinic.safety.views import bp as safety
from clinic.scheduling.views import bp as scheduling
from clinic.screening.views import bp as screening
from clinic.sites.views import bp as sites
from clinic.staff.views import bp as staff
from clinic.tablet.views import bp as tablet
from clinic.waitlist.views import bp as waitlist


class Globals(ChainMap[str, Any]):
    """As the template library has them, with a quicker answer to what names there are: it asks at
    each import of each page, and for that goes through all of them one by one."""

    def keys(self) -> KeysView[str]:
        return {**self.maps[1], **self.maps[0]}.keys()


class Templates(Environment):
    """Where templates are loaded and kept, for each language by themselves (`clinic.texts`)."""

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        self.cache = None  # the library's own, which is one for all languages, is not used
        ours = texts.templates_here()
        found = ours.get(name)
        if found is None or (self.auto_reload and not found.is_up_to_date):
            found = ours[name] = super()._load_template(name, globals)
        elif globals:
            found.globals.update(globals)
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return cast(
            nodes.Template, texts.Translated().visit(super()._parse(source, name, filename))
        )

    def make_globals(self, d: MutableMapping[str, Any] | None) -> Globals:
        return Globals({} if d is None else d, self.globals)


class Addresses:
    """`url_for` of templates. Addresses that name no row are the same on every page, and each has a
    dozen of them in its header, rail and footer: each is built once. Building them was 4 %."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def __call__(self, endpoint: str, **values: Any) -> str:
        if values or endpoint.startswith(".") or not has_request_context():
            return url_for(endpoint, **values)
        key = request.script_root, endpoint
        if key not in self.kept:
            self.kept[key] = url_for(endpoint)
        return self.kept[key]


def init_app(app: Flask) -> None:
    for blueprint in (
        accounts,
        api,
        arriving,
        audit,
        catalogue,
        changes,
        decisions,
        emergency,
        claiming,
        contact,
        frontdesk,
        intake,
        merging,
        numbers,
        paper,
        photos,
        public,
        records,
        rosters,
        safety,
        scheduling,
        screening,
        sites,
        staff,
        tablet,
        waitlist,
    ):
        app.register_blueprint(blueprint)
    if app.config["DEMO"]:
        app.register_blueprint(demo)
    app.context_processor(_known_to_templates)
    app.jinja_env.globals.update(
        new_key=new_public_id,
        idempotency_field=idempotency.FIELD,
        Permission=Permission,
        may=may,
        profile=profile,
        url_for=Addresses(),
    )


def _known_to_templates() -> dict[str, Any]:
    sites = every_site()
    about = _here()
    here = next((one for one in sites if about is not None and one.id == about.id), None)
    own = own_sites(g.actor) if "actor" in g else sites
    return {
        "actor": g.get("actor"),
        "site": here or (own[0] if own else None),  # None in a database without a clinic
        "sites": sites,
        "all_zones": sorted({one.zone for one in sites}),
        "reach": [here] if here else sites,
        "now": clock.now(),
        "medicine": brand.of_clinic(sites),
        "Role": Role,
        "request_id": g.get("request_id", ""),
        "kept_id": kept.waiting(actor) if (actor := g.get("actor")) else None,
        "idle_seconds": identity.idle_seconds(),
    }


def _here() -> Location | None:
    """The site that the page is about; None where it is about no one site.

    Its view has named it, or the row does that the address is of: a visit, a service, an offer of
    a time.
    """
    if "here" in g:
        return cast(Location, g.here)
    for row in (request.view_args or {}).values() if has_request_context() else ():
        for of in (row, getattr(row, "appointment", None), getattr(row, "service", None)):
            found = getattr(of, "location", None)
            if isinstance(found, Location):
                return found
    return None
