"""Rooms, devices and services of a site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.catalogue import queries as catalogue
from clinic.catalogue import services
from clinic.catalogue.models import Device, Location, Room, Service
from clinic.permissions import Permission, current_actor, requires
from clinic.rosters import queries
from clinic.rosters.forms import (
    Changing,
    DeviceForm,
    NewServiceForm,
    OutOfOrderForm,
    RoomForm,
    ServiceForm,
)
from clinic.rosters.views.blueprint import bp
from clinic.rosters.views.saving import Page, answer
from clinic.scheduling import rosters
from clinic.scheduling.rules import AbsenceKind


def _added(
    title: str, form: Changing, add: Callable[[], object], *, problem: str = ""
) -> ResponseReturnValue:
    page = Page(title, url_for("catalogue.manage"), _("Clinic"))
    if not form.validate_on_submit():
        return page.draw(form), form.status
    try:
        add()
    except services.TooLong:
        return page.draw(form, problem=_too_long()), 409
    flash(_("Added."))
    return redirect(page.back, 303)


def _too_long() -> str:
    return _("Filler and Botox together would take more than ten hours. Shorten one of them.")


@bp.route("/manage/sites/<site>/rooms/new", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def new_room(site: Location) -> ResponseReturnValue:
    form = RoomForm(data={"shown": "new", "active": True})
    title = _("Add a room at %(site)s", site=site.name)
    return _added(title, form, lambda: services.add_room(site, form.wanted, actor=current_actor()))


@bp.route("/manage/sites/<site>/devices/new", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def new_device(site: Location) -> ResponseReturnValue:
    form = DeviceForm(data={"shown": "new", "active": True})
    title = _("Add a device at %(site)s", site=site.name)
    return _added(
        title, form, lambda: services.add_device(site, form.wanted, actor=current_actor())
    )


USUAL = {
    "duration_minutes": 30,
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 10,
    "notice_hours": 2,
    "horizon_days": 60,
    "step_minutes": 15,
}


@bp.route("/manage/sites/<site>/services/new", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.site_to_edit)
def new_service(site: Location) -> ResponseReturnValue:
    form = NewServiceForm(data={**USUAL, "shown": "new", "active": True})
    title = _("Add a service at %(site)s", site=site.name)
    return _added(
        title, form, lambda: services.add_service(site, form.wanted, actor=current_actor())
    )


@bp.route("/manage/rooms/<room>", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.room_to_edit)
def edit_room(room: Room) -> ResponseReturnValue:
    """Name, what it can host, in use or not; when it is out of order."""
    return _thing(room, RoomForm, url_for(".room_out", room=room.public_id))


@bp.route("/manage/devices/<device>", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.device_to_edit)
def edit_device(device: Device) -> ResponseReturnValue:
    """Name, kind, in use or not; when it is out of order."""
    return _thing(device, DeviceForm, url_for(".device_out", device=device.public_id))


def _thing(
    row: Room | Device, form_of: type[RoomForm | DeviceForm], out: str
) -> ResponseReturnValue:
    page = Page(
        row.name,
        url_for("catalogue.manage"),
        _("Clinic"),
        more={"absences": rosters.absences_of([row.actor_id]), "out": out},
    )
    return answer(page, _stored(row, form_of), _change(row))


def _stored(row: Any, form_of: type[Changing]) -> Callable[..., Changing]:
    def make(**sent: None) -> Changing:
        return form_of(data={**services.values(row), "shown": services.shown(row)}, **sent)

    return make


def _change(row: Any) -> Callable[[Any], list[str]]:
    return lambda form: services.change(
        row, form.wanted, shown_before=form.shown.data, actor=current_actor()
    )


@bp.route("/manage/rooms/<room>/out", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.room_to_edit)
def room_out(room: Room) -> ResponseReturnValue:
    return _out_of_order(room, url_for(".edit_room", room=room.public_id))


@bp.route("/manage/devices/<device>/out", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.device_to_edit)
def device_out(device: Device) -> ResponseReturnValue:
    return _out_of_order(device, url_for(".edit_device", device=device.public_id))


def _out_of_order(row: Room | Device, back: str) -> ResponseReturnValue:
    zone = next(site.zone for site in catalogue.sites() if site.id == row.location_id)
    return answer(
        Page(_("%(name)s out of order", name=row.name), back, row.name),
        lambda **sent: OutOfOrderForm(**sent).in_zones(zone),
        lambda form: rosters.add_absence(
            row, form.away, AbsenceKind.OUT_OF_ORDER, actor=current_actor()
        ),
    )


@bp.route("/manage/services/<service>", methods=["GET", "POST"])
@requires(Permission.ROSTER_WRITE, of=queries.service_to_edit)
def edit_service(service: Service) -> ResponseReturnValue:
    """Name, price, minutes, buffers, notice, horizon, step, device, on offer or not."""
    parts = services.least(service)

    def make(**sent: None) -> ServiceForm:
        values = services.values(service)
        pounds, pence = divmod(service.price_pence, 100)
        price = f"{pounds}.{pence:02d}" if pence else str(pounds)
        shown = services.shown(service)
        form = ServiceForm(data={**values, "price": price, "shown": shown}, **sent)
        if parts is not None:
            del form.duration_minutes
            form.buffer_before_minutes.lowest = parts.before
            form.buffer_after_minutes.lowest = parts.after
        return form

    intro = ""
    if parts is not None:
        intro = _(
            "%(all)s minutes: filler %(filler)s, then Botox %(toxin)s. They follow these two.",
            all=parts.duration,
            filler=parts.filler,
            toxin=parts.toxin,
        )
    page = Page(service.name, url_for("catalogue.manage"), _("Clinic"), intro=intro)
    try:
        return answer(page, make, _change(service))
    except services.TooLong:
        return page.draw(make(), problem=_too_long()), 409
    except services.NoConsultation:
        problem = _("Somebody new needs a consultation: keep one on offer.")
        return page.draw(make(), problem=problem), 409
