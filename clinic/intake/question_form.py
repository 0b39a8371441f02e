"""The form of one page of questions: made of its data, filled with what was saved, read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import Optional

from clinic.controls import (
    NO,
    NOT_SURE,
    YES,
    YES_NO,
    YES_NO_NOT_SURE,
    Printable,
    Required,
    choices,
    tidy,
)
from clinic.forms import ClinicForm
from clinic.intake import earlier_toxin, rules
from clinic.intake.changes import says_unsafe
from clinic.intake.earlier_toxin import Treatment
from clinic.intake.questions import DEMANDED_OF_A_YES, Detail, Page, Question

NOTE_LENGTH = 300
ONCE_OR_MORE = [("once", _l("Once")), ("more", _l("More than once"))]
CHAPERONE = [("yes", _l("Yes")), ("no", _l("No")), ("either", _l("I don’t mind"))]


class QuestionForm(ClinicForm):
    """One page of questions. *page* is its data, *asked* the questions of it that this person is
    asked."""

    page: Page
    asked: tuple[Question, ...]
    lacking: frozenset[str] = frozenset()  # details that a yes demands and does not have

    @property
    def can_be_kept(self) -> bool:
        """Whether what was typed is fit to store, though questions may be left for later."""
        later = {name_of(question) for question in self.asked} | self.lacking
        later |= {feeling.key for feeling in self.page.feelings}
        return not any(field.errors for field in self if field.name not in later)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Every yes also needs what it is read with: a date, which kind, whether it is now."""
        super().validate(extra_validators)
        self._check_treatments()
        lacking = [field for field in self._lacking_details() if not field.errors]
        for field in lacking:
            field.errors = [DEMANDS[field.name.rpartition("_")[2]]]
        self.lacking = frozenset(field.name for field in lacking)
        return not self.errors

    def _check_treatments(self) -> None:
        """A "no" drops what stands under it, out of sight: nothing there is to be mended."""
        for question in self.asked:
            if question.detail != Detail.SESSION:
                continue
            told = self.treatments(question)
            if self[name_of(question)].data == NO:
                for field in (field for one in told for field in one.fields):
                    field.errors = []
            else:
                earlier_toxin.ask_for_days(told)

    def treatments(self, question: Question) -> list[Treatment]:
        """What a question about treatments takes: each of them, filled in or not."""
        return earlier_toxin.treatments_of(self, name_of(question))

    def _lacking_details(self) -> Iterable[Field]:
        for question in self.asked:
            if self[name_of(question)].data != YES or question.detail not in DEMANDED_OF_A_YES:
                continue
            if question.detail == Detail.SESSION:
                told = self.treatments(question)
                if not any(one.day.data for one in told):
                    yield told[0].day
            elif not self[name_of(question, question.detail.value)].data:
                yield self[name_of(question, question.detail.value)]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the document keeps them; details of a "no" are dropped."""
        answers = {}
        for question in self.asked:
            given = self._answer(question)
            if given is not None:
                answers[question.topic.value] = given
        return answers

    def _answer(self, question: Question) -> dict[str, Any] | None:
        typed = self[name_of(question)].data
        read_as = {choice.code: choice.read_as.value for choice in question.choices}
        value = read_as.get(typed) if read_as else typed
        if value not in (YES, NO, NOT_SURE):
            return None  # left for later
        chosen = {"chosen": typed} if read_as else {}
        details = self._details(question) if chosen or value != NO else {}
        return {"value": value, **chosen, **details}

    def _details(self, question: Question) -> dict[str, Any]:
        if question.detail == Detail.SESSION:
            return earlier_toxin.kept(self.treatments(question))
        if question.detail is None:
            return {}
        part = question.detail.value
        value = self[name_of(question, part)].data
        if question.detail in (Detail.NOW, Detail.ACTIVE) and value:
            return {part: value == YES}
        return {part: value} if value else {}

    @property
    def feelings(self) -> dict[str, dict[str, str]]:
        """The answers of section g that were given."""
        given = {feeling.key: self[feeling.key].data for feeling in self.page.feelings}
        return {key: {"value": value} for key, value in given.items() if value}

    @property
    def says_unsafe(self) -> bool:
        """Sent with a yes to g7: help waits for no other answer of the page."""
        return self.is_submitted() and says_unsafe({"distress": self.feelings})

    @property
    def for_the_visit(self) -> dict[str, str]:
        """Name, interpreter, access, chaperone: what was filled in of it."""
        given = {name: self[name].data for name in VISIT_FIELDS if name in self}
        return {name: value for name, value in given.items() if value}


DEMANDS = {
    "date": earlier_toxin.PLACES[0].undated,
    "kind": _l("Choose one of the two"),
    "now": _l("Choose yes or no"),
    "times": _l("Choose one of the two"),
}
VISIT_FIELDS = ("preferred_name", "interpreter", "language", "access", "chaperone")


def name_of(question: Question, part: str = "") -> str:
    """The name of a question's control, or of a *part* of what it asks further."""
    base = question.topic.value.replace("-", "_")
    return f"{base}_{part}" if part else base


def question_form(
    page: Page,
    areas: list[tuple[str, str]],
    document: Mapping[str, Any],
    today: date,
    *,
    as_stored: bool = False,
) -> QuestionForm:
    """A form for one page, filled with what *document* holds of it.

    Every question has its answers with nothing preselected; a detail follows a yes. *as_stored*
    leaves out what was typed in this request.
    """
    asked_here = rules.asked_of(page, document)

    class PageForm(QuestionForm):
        pass

    PageForm.page, PageForm.asked = page, asked_here
    for question in asked_here:
        setattr(PageForm, name_of(question), _answer_field(question))
        for part, field in _detail_fields(question, areas, today).items():
            setattr(PageForm, name_of(question, part), field)
    for feeling in page.feelings:
        field = RadioField(
            feeling.asked,
            choices=choices(*feeling.choices),
            validators=[Required(_l("Choose one of the answers"))],
        )
        setattr(PageForm, feeling.key, field)
    if page.for_the_visit:
        for name, field in _visit_fields().items():
            setattr(PageForm, name, field)
    saved = _saved(page, asked_here, document)
    return PageForm(formdata=None, data=saved) if as_stored else PageForm(data=saved)


def _answer_field(question: Question) -> RadioField:
    if question.choices:
        offered = [(choice.code, choice.words) for choice in question.choices]
        message = _l("Choose one of the answers")
    else:
        offered, message = list(YES_NO_NOT_SURE), _l("Choose yes, no or not sure")
    return RadioField(question.asked, choices=choices(*offered), validators=[Required(message)])


def _one_of(asked: Any, *offered: tuple[str, Any]) -> RadioField:
    return RadioField(asked, choices=choices(*offered), validators=[Optional()])


def _line(asked: Any) -> StringField:
    return StringField(asked, filters=[tidy], validators=[Optional(), Printable(NOTE_LENGTH)])


def _detail_fields(question: Question, areas: list[tuple[str, str]], today: date) -> dict[str, Any]:
    match question.detail:
        case None:
            return {}
        case Detail.NOTE:
            return {"note": _line(question.detail_asked)}
        case Detail.AREAS:
            return {"areas": SelectMultipleField(question.detail_asked, choices=choices(*areas))}
        case Detail.TIMES:
            return {"times": _one_of(question.detail_asked, *ONCE_OR_MORE)}
        case Detail.SESSION:
            return earlier_toxin.fields(today)
        case Detail.KIND:
            return {"kind": _one_of(question.detail_asked, *question.detail_choices)}
        case Detail.NOW | Detail.ACTIVE:
            return {question.detail.value: _one_of(question.detail_asked, *YES_NO)}


def _visit_fields() -> dict[str, Any]:
    return {
        "preferred_name": _line(_l("What would you like to be called? (optional)")),
        "interpreter": _one_of(_l("Would an interpreter help you? (optional)"), *YES_NO),
        "language": _line(_l("For which language?")),
        "access": _line(_l("What would make your visit easier? (optional)")),
        "chaperone": _one_of(
            _l("Would you like somebody else of our staff in the room? (optional)"), *CHAPERONE
        ),
    }


def _saved(page: Page, asked: Iterable[Question], document: Mapping[str, Any]) -> dict[str, Any]:
    """What *document* holds, by the names of the controls."""
    data: dict[str, Any] = {}
    for question in asked:
        given = document.get("answers", {}).get(question.topic, {})
        data[name_of(question)] = given.get("chosen") if question.choices else given.get("value")
        for part in (Detail.NOTE, Detail.AREAS, Detail.TIMES, Detail.KIND):
            data[name_of(question, part)] = given.get(part)
        for part in (Detail.NOW, Detail.ACTIVE):
            if given.get(part) is not None:
                data[name_of(question, part)] = YES if given[part] else NO
        for part_of, value in earlier_toxin.saved(given).items():
            data[name_of(question, part_of)] = value
    feelings = document.get("distress", {})
    data |= {feeling.key: feelings.get(feeling.key, {}).get("value") for feeling in page.feelings}
    return data | document.get("visit", {})
