"""A manager puts two records of one person together: found, compared, merged, taken back."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import finding, links, lookup
from clinic.accounts.lookup import Known
from clinic.accounts.models import Patient, PatientLink
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.journey import merge
from clinic.merging import queries
from clinic.merging.forms import MergeForm, PartForm
from clinic.merging.rules import TURNED_ROUND
from clinic.permissions import Permission, current_actor, requires
from clinic.permissions.fields import only_readable

bp = Blueprint("merging", __name__)

SHOWN = 20


@bp.get("/manage/records")
@requires(Permission.PATIENT_MERGE, audit=Event.PATIENT_FOUND, by_view=True)
def records() -> ResponseReturnValue:
    """Whose records may be one person's: found by a search, or marked by the desk."""
    words = _words()
    hits = lookup.found(finding.wanted(words))
    pairs = queries.marked_pairs()
    _note([*hits.shown, *(one for pair in pairs for one in pair)])
    return render_template(
        "merging/records.html",
        words=words,
        hits=hits,
        pairs=pairs,
        done=[(link, links.may_be_undone(link)) for link in links.newest(SHOWN)],
    )


def _words() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:100]


def _note(shown: Iterable[Known | Patient]) -> None:
    """Whoever is shown was looked at; and that somebody looked, where nobody is."""
    looks = {
        one.id: audit.name_of(one) if isinstance(one, Patient) else one.subject for one in shown
    }
    if looks:
        rows = [(number, subject or "") for number, subject in looks.items()]
        audit.record_each(Event.PATIENT_FOUND, rows, actor=current_actor())
    else:
        audit.record(Event.PATIENT_FOUND, actor=current_actor())


@bp.get("/manage/records/<patient>")
@requires(Permission.PATIENT_MERGE, of=queries.record_for_manager, audit=Event.DESK_VIEWED)
def record(patient: Patient) -> ResponseReturnValue:
    """Is this the same person as …? Those who are alike come first."""
    words = _words()
    hits = lookup.found(finding.wanted(words)).shown if words else ()
    found = [one for one in hits if one.id != patient.id and one.goes_on is None]
    alike = queries.alike(patient)
    if alike or found:
        _note([*alike, *found])
    return render_template(
        "merging/record.html",
        patient=patient,
        words=words,
        alike=alike,
        found=found,
        links=links.of_patient(patient),
    )


@bp.get("/manage/records/<patient>/compare")
@requires(Permission.PATIENT_MERGE, of=queries.record_for_manager, audit=Event.DESK_VIEWED)
def compare(patient: Patient) -> ResponseReturnValue:
    """The two beside each other, and what happens if the other one leads to *patient*."""
    other = queries.record_for_manager(current_actor(), request.args.get("other", "")[:64])
    if other is None:
        return redirect(url_for(".record", patient=patient.public_id), 303)
    return _compare_page(patient, other, MergeForm(other=other.public_id))


def _compare_page(
    kept: Patient, replaced: Patient, form: MergeForm, status: int | None = None
) -> ResponseReturnValue:
    actor, against = current_actor(), merge.against(replaced, kept)
    audit.record(Event.DESK_VIEWED, actor=actor, patient_id=replaced.id, subject=replaced)
    page = render_template(
        "merging/compare.html",
        form=form,
        kept=kept,
        replaced=replaced,
        sides=[queries.side(kept, actor), queries.side(replaced, actor)],
        against=against,
        turning_helps=TURNED_ROUND.issuperset(against) and not merge.against(kept, replaced),
        meetings=queries.meetings(kept, replaced),
    )
    return page, status or form.status


@bp.post("/manage/records/<patient>/compare")
@requires(
    Permission.PATIENT_MERGE, of=queries.record_for_manager, fresh=True, audit=Event.DESK_VIEWED
)
def put_together(patient: Patient) -> ResponseReturnValue:
    """The other one leads to *patient* from now on; what stands against it is said instead."""
    form = MergeForm()
    other = queries.record_for_manager(current_actor(), (form.other.data or "")[:64])
    if other is None:
        abort(404)
    if not form.validate_on_submit():
        return _compare_page(patient, other, form)

    def work() -> str:
        link = merge.records(other, patient, form.reason.data, actor=current_actor())
        return url_for(".merged", link=link.public_id)

    scope = f"{current_actor().label} merging.put_together {patient.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except merge.NotMerged:
        return _compare_page(patient, other, form, 409)
    flash(_("The two records are together."))
    return redirect(onward, 303)


@bp.get("/manage/merges/<link>")
@requires(Permission.PATIENT_MERGE, of=links.link_for_manager, audit=Event.DESK_VIEWED)
def merged(link: PatientLink) -> ResponseReturnValue:
    """Who put which records together, when and why; and until when it can be taken back."""
    return _merged_page(link)


def _merged_page(link: PatientLink, status: int = 200) -> ResponseReturnValue:
    roles = current_actor().roles
    page = render_template(
        "merging/merged.html",
        link=link,
        form=PartForm(),
        sides=[
            only_readable("record to merge", roles, {"name": one.name, "born_on": one.born_on})
            for one in (link.kept, link.replaced)
        ],
        until=links.undo_until(link),
        may_undo=links.may_be_undone(link),
        by=links.name_of(link.linked_by),
        undone_by=links.name_of(link.undone_by),
    )
    return page, status


@bp.post("/manage/merges/<link>")
@requires(Permission.PATIENT_MERGE, of=links.link_for_manager, audit=Event.DESK_VIEWED)
def part(link: PatientLink) -> ResponseReturnValue:
    """Two people again; nothing that was written since moves back."""
    form = PartForm()
    if not form.validate_on_submit():
        return _merged_page(link, 422)

    def work() -> str:
        merge.undo(link, actor=current_actor())
        return url_for(".merged", link=link.public_id)

    scope = f"{current_actor().label} merging.part {link.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except (links.AlreadyUndone, links.TooLate):
        return _merged_page(link, 409)
    flash(_("They are two records of two people again."))
    return redirect(onward, 303)
