"""Pressing times on the pages of times, as shown or forged; and the addresses of those pages."""

from clinic.database import db
from clinic.scheduling.forms import slot_value
from clinic.scheduling.models import Appointment


def for_patient(patient, service):
    """Where staff book *service* for *patient*."""
    return f"/patients/{patient.public_id}/book/{service.public_id}"


def own(service):
    """Where patients book a treatment for themselves."""
    return f"/book/{service.public_id}"


def offered(page):
    """The values of the times that the page shows, in order."""
    forms = [form for form in page.forms() if form.method == "post"]
    return [value for form in forms for _words, name, value in form.buttons if name == "slot"]


def press_first(page):
    """Press the first time of the page."""
    return press(page, offered(page)[0])


def press(page, slot, *, status=200):
    form = page.form("Dr ")
    form.buttons = []
    return form.set(slot=slot).press(status=status)


def forge(page, address, practitioner, moment, *, status=409):
    """Send a time that no page offers, as somebody with a tool would; *page* gives the token."""
    token = dict(page.forms()[0].fields)["csrf_token"]
    fields = [("csrf_token", token), ("slot", slot_value(practitioner.actor_id, moment))]
    return page.person.post(address, fields, status=status)


def booked():
    """Kind, state and approval of every booked visit but consultations."""
    db.session.rollback()
    visits = db.session.scalars(db.select(Appointment).order_by(Appointment.id))
    return [
        (v.service.kind, v.status, v.approval_id is not None)
        for v in visits
        if v.service.kind != "consultation"
    ]
