"""A physician: hours at each site, extra hours, absences, credentials, on offer or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock
from clinic.accounts import practitioners
from clinic.accounts.models import CredentialKind, Practitioner
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Location
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters import queries
from clinic.rosters.forms import (
    AbsenceForm,
    CredentialsForm,
    PersonExtraForm,
    PersonForm,
    WeekForm,
)
from clinic.rosters.views.blueprint import bp
from clinic.rosters.views.saving import Page, answer
from clinic.rosters.views.sites import named, week_form
from clinic.scheduling import lacking, roster, rosters, rules
from clinic.scheduling.models import Schedule
from clinic.scheduling.rules import AbsenceKind
from clinic.staff.queries import staff_account


@bp.get("/manage/people/<person>")
@requires(Permission.ROSTER_WRITE, of=queries.person_to_edit)
def person(person: Practitioner) -> ResponseReturnValue:
    """All that decides when somebody can be booked, each part with its own page to change it."""
    actor, sites = current_actor(), _sites()
    today = clock.today(sites[0].zone)
    rows = rosters.hours_of(person)
    weeks = {site.id: named(_weeks_at(site, rows), today) for site in sites}
    return render_template(
        "rosters/person.html",
        person=person,
        sites=sites,
        weeks=weeks,
        absences=rosters.absences_of([person.actor_id]),
        extra=[one for one in rosters.extra_of(person) if actor.works_at(one.location_id)],
        credentials=practitioners.newest(practitioners.credentials_of(person)),
        lacks=lacking.lacks(person, roster.current(), today),
        is_whole=_is_whole(person),
        account=_account(person),
        kinds=list(CredentialKind),
        soon=today + practitioners.ENDS_SOON,
        today=today,
    )


def _sites() -> list[Location]:
    """Those of the manager."""
    return [site for site in catalogue.sites() if current_actor().works_at(site.id)]


def _account(person: Practitioner) -> str | None:
    """The account behind somebody, where the manager may open its page."""
    user, actor = person.user, current_actor()
    if user is not None and actor.sites is not None:
        user = staff_account(actor, user.public_id)
    return user.public_id if user else None


def _is_whole(person: Practitioner) -> bool:
    """Whether they work at no site but the manager's."""
    actor = current_actor()
    return actor.sites is None or bool(queries.whole_person_to_edit(actor, person.public_id))


def _page(person: Practitioner, title: str) -> Page:
    return Page(title, url_for(".person", person=person.public_id), person.name)


@bp.route("/manage/people/<person>/details", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.whole_person_to_edit)
def details(person: Practitioner) -> ResponseReturnValue:
    """Name, what patients read, on offer or not."""

    def make(**sent: None) -> PersonForm:
        shown = practitioners.shown(person)
        return PersonForm(data={**practitioners.values(person), "shown": shown}, **sent)

    def change(form: PersonForm) -> list[str]:
        return practitioners.change(
            person, form.wanted, shown_before=form.shown.data, actor=current_actor()
        )

    return answer(_page(person, _("Name and booking")), make, change)


@bp.route("/manage/people/<person>/hours", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.person_to_edit)
def hours(person: Practitioner) -> ResponseReturnValue:
    """Weekly hours at one site (?site=), from a day on."""
    sites = _sites()
    chosen = request.args.get("site")
    site = next((s for s in sites if s.public_id == chosen), sites[0])
    today = clock.today(site.zone)

    def make(**sent: None) -> WeekForm:
        rows = rosters.hours_of(person)
        return week_form(_weeks_at(site, rows), today, rosters.hours_shown(rows), **sent)

    def change(form: WeekForm) -> list[str]:
        return rosters.put_hours(
            person, site, form.week, shown_before=form.shown.data, actor=current_actor()
        )

    title = _("Hours of %(name)s", name=person.name)
    page = Page(
        title if len(sites) == 1 else _("%(hours)s at %(site)s", hours=title, site=site.name),
        url_for(".person", person=person.public_id),
        person.name,
        template="rosters/hours.html",
        more={"weeks": named(_weeks_at(site, rosters.hours_of(person)), today)},
    )
    return answer(page, make, change)


def _weeks_at(site: Location, rows: Sequence[Schedule]) -> list[rules.Week]:
    return rules.weeks(rosters.as_hours(row for row in rows if row.location_id == site.id))


@bp.route("/manage/people/<person>/away", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.person_to_edit)
def add_absence(person: Practitioner) -> ResponseReturnValue:
    """Holiday, training and the like: whole days or part of one."""
    zones = {site.zone for site in catalogue.sites()}
    return answer(
        _page(person, _("Absence of %(name)s", name=person.name)),
        lambda **sent: AbsenceForm(**sent).in_zones(*sorted(zones)),
        lambda form: rosters.add_absence(
            person, form.away, AbsenceKind(form.kind.data), actor=current_actor()
        ),
    )


@bp.route("/manage/people/<person>/extra", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.person_to_edit)
def add_extra(person: Practitioner) -> ResponseReturnValue:
    """Hours on one day beside the weekly ones."""
    sites = _sites()
    by_id = {site.public_id: site for site in sites}

    def make(**sent: None) -> PersonExtraForm:
        form = PersonExtraForm(**sent).offer(sites)
        chosen = by_id.get(form.site.data or "")
        return form.in_zones(chosen.zone) if chosen else form

    def change(form: PersonExtraForm) -> list[str]:
        site = by_id[form.site.data]
        return [
            name
            for stretch in form.stretches
            for name in rosters.add_extra(site, person, stretch, actor=current_actor())
        ]

    page = _page(person, _("Extra hours of %(name)s", name=person.name))
    return answer(page, make, change)


@bp.route("/manage/people/<person>/credentials", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.whole_person_to_edit)
def credentials(person: Practitioner) -> ResponseReturnValue:
    """Licence, Botox and filler: reference, from, until."""

    def make(**sent: None) -> CredentialsForm:
        rows = practitioners.credentials_of(person)
        values: dict[str, str | date] = {"shown": practitioners.credentials_shown(rows)}
        for kind, row in practitioners.newest(rows).items():
            values |= {
                f"{kind}_reference": row.reference,
                f"{kind}_from": row.valid_from,
                f"{kind}_until": row.valid_until,
            }
        form = CredentialsForm(data=values, **sent)
        form.held = frozenset(practitioners.newest(rows))
        return form

    def change(form: CredentialsForm) -> list[str]:
        return practitioners.put_credentials(
            person, form.credentials, shown_before=form.shown.data, actor=current_actor()
        )

    page = Page(
        _("Credentials of %(name)s", name=person.name),
        url_for(".person", person=person.public_id),
        person.name,
        template="rosters/credentials.html",
        more={"kinds": list(CredentialKind)},
    )
    return answer(page, make, change)
