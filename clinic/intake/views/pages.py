"""The pages of a draft: questions, places, own words. Each saves by itself."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.audit.events import Event
from clinic.intake import forms, meanings, queries, rules, services
from clinic.intake.changes import says_unsafe
from clinic.intake.models import Intake
from clinic.intake.question_form import QuestionForm, question_form
from clinic.intake.questionnaire import BIRTH, WHERE, WORDS
from clinic.intake.questions import Page
from clinic.intake.views import other_window, way
from clinic.intake.views.blueprint import bp
from clinic.intake.where import WhereForm
from clinic.journey import safety
from clinic.permissions import current_actor, owner


@bp.route("/<intake>/<key>", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def page(intake: Intake, key: str) -> ResponseReturnValue:
    """One page of the draft; each saves by itself."""
    if key == BIRTH or key not in queries.page_keys(queries.questionnaire(intake)):
        abort(404)
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if way.is_locked(intake) and request.method != "POST":
        return redirect(url_for(".unlock"), 303)
    draw: dict[str, Callable[[Intake], ResponseReturnValue]] = {WHERE: _where, WORDS: _words}
    if key in draw:
        return draw[key](intake)
    asked = queries.questionnaire(intake).page(key) or abort(404)
    return _questions(intake, asked)


@bp.errorhandler(services.AlreadySent)
def _sent_meanwhile(_error: services.AlreadySent) -> ResponseReturnValue:
    """It was sent in another window between the look at it and the lock."""
    return render_template("intake/sent.html"), 410


def _questions(intake: Intake, asked: Page) -> ResponseReturnValue:
    form = _form(intake, asked)
    sound = form.validate_on_submit()
    is_new = form.says_unsafe and not says_unsafe(intake.document)
    if sound or ((way.leaves() or is_new) and form.can_be_kept):
        parts = {"answers": form.answers, "distress": form.feelings}
        if asked.for_the_visit:
            parts["visit"] = form.for_the_visit
        try:
            services.save(intake, asked.key, parts, actor=current_actor(), seen=other_window.seen())
        except services.ChangedElsewhere:
            stored = _form(intake, asked, as_stored=True)
            return _drawn(intake, asked, stored, other_window.differences(form, stored))
        if asked.feelings and safety.note_answer(intake, actor=current_actor()):
            return redirect(url_for("safety.support", intake=intake.public_id), 303)
        return way.leave(intake) if way.leaves() else redirect(_after_questions(intake, asked), 303)
    return _drawn(intake, asked, form)


def _form(intake: Intake, asked: Page, *, as_stored: bool = False) -> QuestionForm:
    questions = queries.questionnaire(intake)
    areas = [(area.value, str(name)) for area, name in questions.area_names().items()]
    return question_form(asked, areas, way.saved(intake), way.today(), as_stored=as_stored)


def _drawn(
    intake: Intake, asked: Page, form: QuestionForm, elsewhere: other_window.Rows = ()
) -> ResponseReturnValue:
    frame = _frame(intake, asked.key, elsewhere)
    return (
        render_template("intake/questions.html", form=form, page=asked, **frame),
        409 if elsewhere else form.status,
    )


def _after_questions(intake: Intake, asked: Page) -> str:
    """The next page; before it, what an answer means for treatment."""
    if meanings.of_page(asked, intake.document):
        then = request.args.get("then")
        return url_for(".meaning", intake=intake.public_id, key=asked.key, then=then)
    return way.onward(intake, asked.key)


def _where(intake: Intake) -> ResponseReturnValue:
    questions = queries.questionnaire(intake)
    form = WhereForm(questions=questions, saved=way.saved(intake).get("concerns", []))
    elsewhere: other_window.Rows = ()
    if request.method == "POST":
        complete = form.read(request.form)
        if way.leaves() or complete:
            try:
                services.save(
                    intake,
                    WHERE,
                    {"concerns": form.concerns},
                    actor=current_actor(),
                    seen=other_window.seen(),
                )
            except services.ChangedElsewhere:
                concerns = way.saved(intake).get("concerns", [])
                newer = WhereForm(questions=questions, saved=concerns)
                elsewhere = other_window.places(form, newer)
                form = newer
            else:
                if way.leaves():
                    return way.leave(intake)
                return redirect(way.onward(intake, WHERE), 303)
    page = render_template(
        "intake/where.html", form=form, questions=questions, **_frame(intake, WHERE, elsewhere)
    )
    return page, 409 if elsewhere else form.status


def _words(intake: Intake) -> ResponseReturnValue:
    form = forms.WordsForm(data=way.saved(intake).get("words", {}))
    elsewhere: other_window.Rows = ()
    if form.validate_on_submit() or (way.leaves() and not form.has_unstorable_text):
        try:
            services.save(
                intake,
                WORDS,
                {"words": form.words},
                actor=current_actor(),
                seen=other_window.seen(),
            )
        except services.ChangedElsewhere:
            stored = forms.WordsForm(formdata=None, data=way.saved(intake).get("words", {}))
            elsewhere = other_window.differences(form, stored)
            form = stored
        else:
            return way.leave(intake) if way.leaves() else redirect(way.onward(intake, WORDS), 303)
    page = render_template("intake/words.html", form=form, **_frame(intake, WORDS, elsewhere))
    return page, 409 if elsewhere else form.status


@bp.get("/<intake>/<key>/meaning")
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def meaning(intake: Intake, key: str) -> ResponseReturnValue:
    """What an answer means for treatment; a consultation can be booked all the same."""
    questions = queries.questionnaire(intake)
    if key == BIRTH or key not in questions.order:
        abort(404)
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if way.is_locked(intake):
        return redirect(url_for(".unlock"), 303)
    asked = questions.page(key)
    told = meanings.of_page(asked, intake.document) if asked else []
    if not told:
        return redirect(way.onward(intake, key), 303)
    return render_template(
        "intake/meaning.html",
        told=told,
        key=key,
        onward=way.onward(intake, key),
        **_frame(intake, key),
    )


def _frame(intake: Intake, key: str, elsewhere: other_window.Rows = ()) -> dict[str, object]:
    """Where a page stands, and what another window made of it meanwhile."""
    return {
        **way.frame(intake, key),
        "seen": rules.saves_of(intake.document, key),
        "elsewhere": elsewhere,
        "typed_here": other_window.typed_here() if elsewhere else (),
    }
