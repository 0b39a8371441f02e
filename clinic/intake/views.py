"""The patient's form: start, pages, leaving and resuming."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock
from clinic.accounts import identity, throttle
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient
from clinic.accounts.rules import ADULT
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.forms import PressedOnce
from clinic.intake import forms, queries, rules, services
from clinic.intake.models import Intake
from clinic.journey import submit
from clinic.permissions import Permission, current_actor, owner, public, requires
from clinic.scheduling import queries as visits

bp = Blueprint("intake", __name__, url_prefix="/intake")

RESUME = "resume"


def _today() -> date:
    return clock.today(catalogue.site().zone)


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """What the form is, how long it takes, who will see it."""
    visitor = identity.current_visitor()
    draft = queries.draft_of_visitor(visitor.id) if visitor else None
    return render_template("intake/start.html", draft=draft, service=catalogue.consultation())


@bp.route("/birth", methods=["GET", "POST"])
@public
def birth() -> ResponseReturnValue:
    """Date of birth first: under 18 the way ends here, and nothing is kept."""
    form = forms.BirthForm(today=_today())
    if not form.validate_on_submit():
        return render_template("intake/birth.html", form=form, draft=None), form.status
    if clock.age_on(form.born_on.data, _today()) < ADULT:
        return render_template("intake/under_18.html")
    visitor = identity.ensure_visitor()
    draft = queries.draft_of_visitor(visitor.id)
    if draft is None or draft.born_on != form.born_on.data or accounts.is_idle(visitor):
        draft = services.start(visitor, form.born_on.data, actor=current_actor())
    return redirect(_next_page(draft), 303)


def _next_page(draft: Intake) -> str:
    """The first page that lacks something; a finished form goes on to the time."""
    lacking = queries.unfinished_pages(draft)
    if lacking and lacking[0] != rules.BIRTH:
        return url_for(".page", intake=draft.public_id, key=lacking[0])
    return _after(draft)


def _after(draft: Intake) -> str:
    """Where a finished form leads: to a time, or to sending it when a visit is booked."""
    if draft.patient_id is not None:
        return url_for(".send", intake=draft.public_id)
    return url_for("scheduling.consultation_times")


@bp.route("/<intake>/<key>", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def page(intake: Intake, key: str) -> ResponseReturnValue:
    """One page of the draft; each saves by itself."""
    questions = queries.questionnaire(intake)
    keys = queries.page_keys(questions)
    if key == rules.BIRTH or key not in keys:
        abort(404)
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if _is_locked(intake) and request.method != "POST":
        return redirect(url_for(".unlock"), 303)
    if key == rules.WHERE:
        return _where(intake, keys)
    if key == rules.WORDS:
        return _words(intake, keys)
    return _questions(intake, key, keys)


def _is_locked(intake: Intake) -> bool:
    """After half an hour away the birth date opens a form again; what is typed is still taken."""
    visitor = identity.current_visitor()
    return intake.patient_id is None and visitor is not None and accounts.is_idle(visitor)


def _saved(intake: Intake) -> Mapping[str, Any]:
    """The answers that a page may show."""
    return {} if _is_locked(intake) else intake.document


def _questions(intake: Intake, key: str, keys: list[str]) -> ResponseReturnValue:
    questions = queries.questionnaire(intake)
    asked = questions.page(key) or abort(404)
    areas = [(area.value, str(name)) for area, name in questions.area_names().items()]
    form = forms.question_form(asked, areas, _saved(intake).get("answers", {}), _today())
    sound = form.validate_on_submit()
    leaves = _leaves() and forms.can_be_kept(form, asked)
    complete = form.is_submitted() and forms.has_session_dates(form, asked) and sound
    if complete or leaves:
        answers = forms.answers_of(form, asked)
        services.save(intake, key, {"answers": answers}, actor=current_actor())
        return _leave(intake) if _leaves() else redirect(_onward(intake, key, keys), 303)
    return (
        render_template("intake/questions.html", form=form, page=asked, **_frame(intake, key)),
        form.status,
    )


def _where(intake: Intake, keys: list[str]) -> ResponseReturnValue:
    questions = queries.questionnaire(intake)
    form = forms.WhereForm(questions=questions, saved=_saved(intake).get("concerns", []))
    if request.method == "POST":
        complete = form.read(request.form)
        if _leaves() or complete:
            services.save(intake, rules.WHERE, {"concerns": form.concerns}, actor=current_actor())
        if _leaves():
            return _leave(intake)
        if complete:
            return redirect(_onward(intake, rules.WHERE, keys), 303)
    return (
        render_template(
            "intake/where.html", form=form, questions=questions, **_frame(intake, rules.WHERE)
        ),
        form.status,
    )


def _words(intake: Intake, keys: list[str]) -> ResponseReturnValue:
    form = forms.WordsForm(data=_saved(intake).get("words", {}))
    if form.validate_on_submit() or (_leaves() and not form.has_unstorable_text):
        words = {
            "change": form.change.data,
            "how_long": form.how_long.data,
            "matters": form.matters.data,
            "fears": form.fears.data,
        }
        services.save(intake, rules.WORDS, {"words": words}, actor=current_actor())
        return _leave(intake) if _leaves() else redirect(_onward(intake, rules.WORDS, keys), 303)
    return render_template(
        "intake/words.html", form=form, **_frame(intake, rules.WORDS)
    ), form.status


def _frame(intake: Intake, key: str) -> dict[str, object]:
    """Where a page stands among the steps, and what Back leads to."""
    keys = queries.page_keys(queries.questionnaire(intake))
    step = keys.index(key) + 1
    return {
        "intake": intake,
        "step": step,
        "steps_all": len(keys) + 2,
        "back": _before(intake, keys[step - 2]),
        "return_to_check": request.args.get("then") == "check",
    }


def _before(intake: Intake, key: str) -> str | None:
    """What Back leads to; on the desk's tablet nothing lies before the questions."""
    if key != rules.BIRTH:
        return url_for(".page", intake=intake.public_id, key=key)
    return None if current_actor().on_tablet else url_for(".start")


def _onward(intake: Intake, key: str, keys: list[str]) -> str:
    """The next page; back to the check page when the answer was changed from there."""
    if request.args.get("then") == "check" and not queries.unfinished_pages(intake):
        return url_for("scheduling.check") if intake.patient_id is None else _after(intake)
    following = keys[keys.index(key) + 1 :]
    if following:
        return url_for(".page", intake=intake.public_id, key=following[0])
    return _next_page(intake)


def _leaves() -> bool:
    return request.method == "POST" and request.form.get("go") == "leave"


def _leave(intake: Intake) -> ResponseReturnValue:
    if current_actor().on_tablet:
        return _give_tablet_back()
    return redirect(url_for(".leave", intake=intake.public_id), 303)


def _give_tablet_back() -> ResponseReturnValue:
    identity.end_tablet()
    return redirect(url_for("tablet.over"), 303)


@bp.route("/<intake>/leave", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def leave(intake: Intake) -> ResponseReturnValue:
    """Answers are saved already; a link by mail opens them on any device."""
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if _is_locked(intake) and request.method != "POST":
        return redirect(url_for(".unlock"), 303)
    form = forms.LeaveForm()
    if form.validate_on_submit():
        throttle.check(RESUME, form.email.data.lower())
        throttle.fail(RESUME, form.email.data.lower())
        services.mail_resume_link(intake, form.email.data, actor=current_actor())
        return render_template("intake/left.html", intake=intake, email=intake.resume_email)
    return render_template("intake/leave.html", form=form, intake=intake), form.status


@bp.route("/resume/<token>", methods=["GET", "POST"])
@public
def resume(token: str) -> ResponseReturnValue:
    """A link from a mail opens its draft after the date of birth; a sent form it never opens."""
    form = forms.BirthForm(today=_today())
    if form.validate_on_submit():
        address = request.remote_addr or "-"
        throttle.check(RESUME, token, address)
        draft = queries.draft_by_resume_token(token)
        if draft is not None and draft.born_on == form.born_on.data:
            visitor = identity.ensure_visitor()
            accounts.see_visitor(visitor)
            services.resume(draft, visitor, actor=current_actor())
            return redirect(_next_page(draft), 303)
        throttle.fail(RESUME, token)
        throttle.fail(RESUME, address, per_address=True)
        form.born_on.errors = [
            _("No form fits this link and date of birth. Check the date, or start a new form.")
        ]
    return render_template("intake/unlock.html", form=form, by_link=True), form.status


@bp.route("/unlock", methods=["GET", "POST"])
@public
def unlock() -> ResponseReturnValue:
    """After half an hour away the same browser shows its date of birth again."""
    visitor = identity.current_visitor()
    draft = queries.draft_of_visitor(visitor.id) if visitor else None
    if visitor is None or draft is None:
        return redirect(url_for(".start"), 303)
    form = forms.BirthForm(today=_today())
    if form.validate_on_submit():
        throttle.check(RESUME, draft.public_id)
        if draft.born_on == form.born_on.data:
            accounts.see_visitor(visitor)
            services.resume(draft, visitor, actor=current_actor())
            return redirect(_next_page(draft), 303)
        throttle.fail(RESUME, draft.public_id)
        form.born_on.errors = [_("That is not the date of birth in this form.")]
    return render_template("intake/unlock.html", form=form), form.status


@bp.route("/<intake>/send", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def send(intake: Intake) -> ResponseReturnValue:
    """A changed form of a known patient: look it over, send it."""
    patient = intake.patient or abort(404)
    if intake.submitted_at is not None:
        return redirect(url_for("scheduling.my_visits"), 303)
    if queries.unfinished_pages(intake):
        return redirect(_next_page(intake), 303)
    form = PressedOnce()
    if form.validate_on_submit():
        submit.intake(intake, patient, actor=current_actor())
        if current_actor().on_tablet:
            return _give_tablet_back()
        if visits.open_consultation_at(patient.id) is None:
            return redirect(url_for("scheduling.consultation_times"), 303)
        flash(_("Your changed form is sent. Your physician reads it before your visit."))
        return redirect(url_for("scheduling.my_visits"), 303)
    page = render_template(
        "intake/send.html", form=form, intake=intake, questions=queries.questionnaire(intake)
    )
    return page, form.status


@bp.post("/change")
@requires(Permission.OWN_RECORD_WRITE, of=people.own_record)
def change() -> ResponseReturnValue:
    """A known patient changes a sent form: a copy becomes the new draft."""
    patient: Patient = people.own_record(current_actor()) or abort(404)
    draft = services.start_for(patient, actor=current_actor())
    first = queries.page_keys()[1]
    return redirect(url_for(".page", intake=draft.public_id, key=first), 303)
