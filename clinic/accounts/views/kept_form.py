"""What was typed into a form whose sender had to sign in first, given back."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from clinic.accounts import kept
from clinic.accounts.models import KeptForm
from clinic.accounts.views.blueprint import bp
from clinic.audit.events import Event
from clinic.forms import ClinicForm
from clinic.idempotency import FIELD
from clinic.permissions import owner, public

# What the page itself put into the form: nobody typed or chose it.
OF_THE_PAGE = frozenset({FIELD, "shown", "step", "version", "intake_id", "form"})

# What each form does that may have to wait, by its route.
FORMS = {
    "accounts.new_address": _l("Change the address that you sign in with"),
    "accounts.new_address_code": _l("Code for a new address"),
    "audit.export": _l("Export the audit log"),
    "changes.confirm": _l("Answers before a visit"),
    "emergency.close": _l("Close an emergency access"),
    "emergency.open_record": _l("Open a record in an emergency"),
    "emergency.search": _l("Look for a patient in an emergency"),
    "frontdesk.cancel": _l("Cancel a visit"),
    "frontdesk.change_status": _l("Change the state of a visit"),
    "frontdesk.edit_patient": _l("Contact data of a patient"),
    "frontdesk.invite": _l("Send a patient a link"),
    "frontdesk.move_visit": _l("Move a visit in the calendar"),
    "frontdesk.new_patient": _l("New patient"),
    "intake.change": _l("Change your health form"),
    "merging.part": _l("Take two records apart again"),
    "merging.put_together": _l("Put two records of one person together"),
    "photos.withdraw": _l("Take back a yes about your photos"),
    "rosters.accept": _l("Move visits that nobody can keep"),
    "rosters.add_physician": _l("Add a physician"),
    "rosters.ill": _l("Write down that somebody is ill"),
    "rosters.make_bookable": _l("Make somebody bookable"),
    "scheduling.book_for_patient": _l("Book for a patient"),
    "scheduling.book_treatment": _l("Book a treatment"),
    "scheduling.cancel": _l("Cancel a visit"),
    "scheduling.cancel_for_patient": _l("Cancel a visit of a patient"),
    "scheduling.first_times": _l("Book one of the first times"),
    "scheduling.move_for_patient_to": _l("Move a visit of a patient"),
    "scheduling.move_visit_to": _l("Move a visit"),
    "scheduling.take_earlier": _l("Take an earlier time"),
    "scheduling.times_for_patient": _l("Choose a time for a patient"),
    "scheduling.treatment_times": _l("Choose a time"),
    "scheduling.walk_in": _l("Book somebody who walks in"),
    "scheduling.why_not_to_move": _l("Move a visit all the same"),
    "scheduling.why_not_for_patient": _l("Book all the same"),
    "scheduling.undo_cancel": _l("Take a cancellation back"),
    "scheduling.undo_for_patient": _l("Take a patient’s cancellation back"),
    "screening.add_addendum": _l("Addendum to a note"),
    "screening.ask": _l("Question to a patient"),
    "screening.finish": _l("Finish a visit"),
    "screening.reply": _l("Answer to your physician’s question"),
    "rosters.profile": _l("Rules of this country"),
    "screening.resume": _l("Resume an approval"),
    "screening.save": _l("Review of a patient’s form"),
    "screening.take": _l("Take over a review"),
    "screening.take_alert": _l("Take on a form to read today"),
    "screening.withdraw": _l("Withdraw an approval"),
    "security.mf_recovery_codes": _l("New recovery codes"),
    "security.wan_delete": _l("Remove a passkey"),
    "security.wan_register": _l("Add a passkey"),
    "staff.add_person": _l("Add a person to the staff"),
    "staff.change_sites": _l("Change at which sites somebody works"),
    "staff.change_roles": _l("Change what somebody may do"),
    "staff.end_sessions": _l("Sign somebody out everywhere"),
    "staff.let_in": _l("Let somebody in again"),
    "staff.reset_factor": _l("Take away somebody’s second step"),
    "staff.shut_out": _l("Shut somebody out"),
    "staff.start_reset": _l("Send somebody a link for a new password"),
    "tablet.hand_over": _l("Hand the tablet to a patient"),
    "waitlist.accept": _l("Book an offered time"),
    "waitlist.add": _l("Put a patient on the waiting list"),
    "waitlist.answer": _l("Answer to an offered time"),
    "waitlist.change": _l("Change what you wait for"),
    "waitlist.decline": _l("Decline an offered time"),
    "waitlist.join": _l("Join the waiting list"),
    "waitlist.leave": _l("Leave the waiting list"),
    "waitlist.offer_time": _l("Offer a free time"),
    "waitlist.take_off": _l("Take a patient off the waiting list"),
}


@bp.get("/kept/<row>")
@owner(kept.own_kept_form, audit=Event.FORM_GIVEN_BACK)
def kept_form(row: KeptForm) -> ResponseReturnValue:
    """Which form it is and all that it says, to be read and sent with one more press."""
    kept.forget()
    fields = row.fields
    return render_template(
        "accounts/kept_form.html",
        row=row,
        fields=fields,
        title=FORMS.get(_endpoint(row.path)),
        typed=[(_words(name), value) for name, value in fields if name not in OF_THE_PAGE],
        form=ClinicForm(),
    )


def _endpoint(path: str) -> str:
    """The route that a form at *path* is sent to; empty when there is none any more."""
    try:
        found = current_app.url_map.bind("").match(urlsplit(path).path, method="POST")
    except (HTTPException, RequestRedirect):
        return ""
    return str(found[0])


def _words(name: str) -> str:
    """The name of a field as near to words as it comes."""
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


@bp.get("/still-here")
@public
def still_here() -> ResponseReturnValue:
    """Asked by a press on "Stay signed in": being asked is what keeps the session awake."""
    return current_app.response_class(status=204)
