"""A site: where it is, when it is open, and the days on which it is not."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, filters
from clinic.catalogue import queries as catalogue
from clinic.catalogue import services
from clinic.catalogue.models import ClosedDay, Device, Location, Room
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters import queries
from clinic.rosters.forms import ClosedDayForm, ExtraForm, RosterForm, SiteForm, WeekForm
from clinic.rosters.forms.times import week_name
from clinic.rosters.views.blueprint import bp
from clinic.rosters.views.saving import Page, answer
from clinic.scheduling import rosters, rules
from clinic.scheduling.models import Absence, ExtraHours


@bp.route("/manage/sites/new", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.whole_clinic)
def new_site() -> ResponseReturnValue:
    """One more site; its hours, rooms and services come after."""
    form = SiteForm(shown="new")
    page = Page(_("Add a site"), url_for("catalogue.manage"), _("Clinic"))
    if not form.validate_on_submit():
        return page.draw(form), form.status
    services.add_site(form.wanted, actor=current_actor())
    flash(_("Added. Enter its hours, rooms and services next."))
    return redirect(page.back, 303)


@bp.route("/manage/sites/<site>", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def edit_site(site: Location) -> ResponseReturnValue:
    """Name, address, zone, phone, e-mail."""

    def make(**sent: None) -> SiteForm:
        return SiteForm(data={**services.values(site), "shown": services.shown(site)}, **sent)

    page = Page(site.name, url_for("catalogue.manage"), _("Clinic"))

    def change(form: SiteForm) -> list[str]:
        return services.change(
            site, form.wanted, shown_before=form.shown.data, actor=current_actor()
        )

    try:
        return answer(page, make, change)
    except services.ZoneInUse:
        form = make()
        form.validate()
        form.zone.errors = [_("The site has visits, so its time zone stays.")]
        return page.draw(form), 409


@bp.route("/manage/sites/<site>/hours", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def opening(site: Location) -> ResponseReturnValue:
    """Opening hours of a week, from a day on."""
    today = clock.today(site.zone)

    def make(**sent: None) -> WeekForm:
        rows = catalogue.opening_rows(site)
        weeks = rules.weeks(services.opening_hours(rows))
        return week_form(weeks, today, services.opening_shown(rows), **sent)

    weeks = rules.weeks(services.opening_hours(catalogue.opening_rows(site)))
    page = Page(
        _("Opening hours of %(site)s", site=site.name),
        url_for("catalogue.manage"),
        _("Clinic"),
        template="rosters/hours.html",
        more={"weeks": named(weeks, today)},
    )

    def change(form: WeekForm) -> list[str]:
        return services.put_opening(
            site, form.week, shown_before=form.shown.data, actor=current_actor()
        )

    return answer(page, make, change)


def week_form(weeks: list[rules.Week], today: date, shown: str, **sent: None) -> WeekForm:
    """The week that holds today, until the day before another one begins."""
    held = [w for w in weeks if w.valid_from <= today and not _is_over(w, today)]
    later = [w.valid_from for w in weeks if w.valid_from > today]
    until = min(later) - timedelta(days=1) if later else None
    return WeekForm.over(
        held[0].stretches if held else (), first=today, until=until, shown=shown, **sent
    )


def _is_over(week: rules.Week, today: date) -> bool:
    return week.valid_until is not None and week.valid_until < today


def named(weeks: list[rules.Week], today: date) -> list[tuple[str, rules.Week]]:
    """Weeks that are not over, each with from when until when it holds in words."""
    return [(week_name(week, today), week) for week in weeks if not _is_over(week, today)]


@bp.get("/manage/sites/<site>/days")
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def days(site: Location) -> ResponseReturnValue:
    """Closed days and extra opening hours to come."""
    return render_template(
        "rosters/days.html",
        place=site,
        closed=catalogue.closed_days(site, clock.today(site.zone)),
        extra=rosters.extra_opening(site),
    )


@bp.route("/manage/sites/<site>/close", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def add_closed_day(site: Location) -> ResponseReturnValue:
    return answer(
        Page(
            _("Close %(site)s on a day", site=site.name),
            url_for(".days", site=site.public_id),
            _("Closed days and extra hours"),
            button=_("Close on this day"),
        ),
        ClosedDayForm,
        lambda form: services.add_closed_day(
            site, form.day.data, form.name.data, actor=current_actor()
        ),
    )


@bp.route("/manage/sites/<site>/open", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def add_opening(site: Location) -> ResponseReturnValue:
    """Open on a day beside the weekly hours, a closed one too."""
    return answer(
        Page(
            _("Open %(site)s for extra hours", site=site.name),
            url_for(".days", site=site.public_id),
            _("Closed days and extra hours"),
            button=_("Open for these hours"),
        ),
        lambda **sent: ExtraForm(**sent).in_zones(site.zone),
        lambda form: [
            name
            for hours in form.stretches
            for name in rosters.add_extra(site, None, hours, actor=current_actor())
        ],
    )


@bp.route("/manage/closed/<closed>/remove", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.closed_day_to_remove)
def remove_closed_day(closed: ClosedDay) -> ResponseReturnValue:
    site = next(s for s in catalogue.sites() if s.id == closed.location_id)
    return answer(
        Page(
            _("Open again on %(day)s?", day=filters.full_date(closed.day)),
            url_for(".days", site=site.public_id),
            _("Closed days and extra hours"),
            intro=_("The weekly hours hold again on this day."),
            button=_("Open again"),
        ),
        RosterForm,
        lambda _form: services.remove_closed_day(closed, actor=current_actor()),
    )


@bp.route("/manage/extra/<extra>/remove", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.extra_to_remove)
def remove_extra(extra: ExtraHours) -> ResponseReturnValue:
    """Take extra hours of a site or of a person back."""
    if extra.practitioner is not None:
        back = url_for(".person", person=extra.practitioner.public_id)
        words = extra.practitioner.name
    else:
        back = url_for(".days", site=extra.location.public_id)
        words = _("Closed days and extra hours")
    return answer(
        Page(
            _("Take back the extra hours on %(day)s?", day=filters.full_date(extra.day)),
            back,
            words,
            button=_("Take back"),
        ),
        RosterForm,
        lambda _form: rosters.remove(extra, actor=current_actor()),
    )


@bp.route("/manage/absences/<absence>/remove", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.absence_to_remove)
def remove_absence(absence: Absence) -> ResponseReturnValue:
    """Somebody is there after all, or something works again."""
    about = queries.of_actor(absence.actor_id)
    assert about is not None  # an absence is somebody's
    if isinstance(about, Room):
        back = url_for(".edit_room", room=about.public_id)
    elif isinstance(about, Device):
        back = url_for(".edit_device", device=about.public_id)
    else:
        back = url_for(".person", person=about.public_id)
    return answer(
        Page(
            _(
                "Is %(name)s there from %(day)s after all?",
                name=about.name,
                day=filters.full_date(absence.starts_on),
            ),
            back,
            about.name,
            intro=_("Times are offered again. What was moved meanwhile stays moved."),
            button=_("Take the absence back"),
        ),
        RosterForm,
        lambda _form: rosters.remove(absence, actor=current_actor()),
    )
