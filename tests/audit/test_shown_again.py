"""A POST that is refused and shows its page again is a look that is written down (S50)."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.door import guard_of
from clinic.permissions import GRANTS, STAFF
from tests import factories, keyed, walk
from tests.factories import at

# POSTs of staff about a patient that only ever lead on, or answer with a part of a page.
LEADS_ON = {
    "emergency.close",
    "frontdesk.invite",
    "screening.autosave",
    "screening.finish",
    "screening.rating",
    "screening.take",
    "screening.take_alert",
}
STAFFS = frozenset().union(*(GRANTS[role] for role in STAFF)) - {"account:secure"}


def looks(event: Event) -> list[AuditEvent]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(AuditEvent).filter_by(event=event).order_by(AuditEvent.id))
    )


def test_S50_every_post_of_staff_that_can_show_a_record_is_declared_to_be_written_down(app):
    silent = {
        rule.endpoint
        for rule in walk.rules(app)
        if "POST" in (rule.methods or ())
        and (guard := guard_of(app, rule.endpoint))
        and guard.permission in STAFFS
        and guard.find
        and not guard.audit
        and not rule.endpoint.startswith(("staff.", "rosters."))
    }

    assert silent == LEADS_ON


def test_S50_a_refused_note_shows_the_record_and_is_a_look(cast, app):
    form = keyed.sign(cast, app).set(question="")
    before = len(looks(Event.RECORD_VIEWED))

    form.press(status=422)

    [look] = looks(Event.RECORD_VIEWED)[before:]
    assert look.patient_id == cast.cal.id
    assert look.actor == f"user:{cast.ana_user.public_id}"


def test_S50_what_is_done_and_leads_on_is_no_look(cast, app):
    form = keyed.desk_cancel(cast, app)
    before = len(looks(Event.DESK_VIEWED))

    form.person.raw_post(form.action, form.fields)

    assert looks(Event.DESK_VIEWED)[before:] == []


@pytest.mark.parametrize("reason", ["", "none of ours"])
def test_S50_a_refused_form_of_the_desk_is_a_look(cast, signed_in, reason):
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(27, 10))
    page = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    before = len(looks(Event.DESK_VIEWED))

    page.form("/cancel").set(reason=reason).press(status=422)

    assert [look.patient_id for look in looks(Event.DESK_VIEWED)[before:]] == [cast.cal.id]


def test_S50_no_header_of_the_browser_s_own_hides_a_look(cast, signed_in):
    form = signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}/edit").form("name")
    before = len(looks(Event.DESK_VIEWED))

    answer = form.person.send(
        "POST",
        form.action,
        data=MultiDict(form.set(name="").fields),
        headers={"Referer": f"{form.person.base}/", "HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert [look.patient_id for look in looks(Event.DESK_VIEWED)[before:]] == [cast.cal.id]
