"""The calendar file of a visit: one UID for its whole life, SEQUENCE counting its changes.

No health detail: the entry says "Visit" with place and phone, never what for (S82).
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from icalendar import Calendar, Event, vText

from clinic.catalogue.models import Location
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus


def of_visit(appointment: Appointment, site: Location, *, now: datetime, host: str) -> bytes:
    """iCalendar bytes; METHOD is CANCEL for a cancelled visit. *now* is aware UTC."""
    cancelled = appointment.status == AppointmentStatus.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//clinic//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"{appointment.public_id}@{host}")
    event.add("sequence", appointment.version)
    event.add("dtstamp", now)
    # UTC, so that no calendar needs our zone's definition; it shows its owner's own time.
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", _("Visit, %(clinic)s", clinic=site.clinic.name))
    event.add("location", vText(f"{site.name}, {site.address}"))
    event.add("description", _("Questions? Call %(phone)s.", phone=site.phone))
    event.add("organizer", f"mailto:{site.email}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
