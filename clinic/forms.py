"""What every form shares: text that is fit to store, dates in three boxes, errors with their place.

A form turns text into domain values and checks shape; whether something is allowed is a rule's
business. Everything typed stays in the form when it comes back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale, support
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.i18n import messages_path
from wtforms.validators import Email, Length, Optional, Regexp, StopValidation, ValidationError

from clinic import idempotency
from clinic.database import new_public_id
from clinic.idempotency import FIELD

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of any day: beyond them the calendar itself ends somewhere

# What a stranger may write into the audit log by inventing fields: little, and never a sentence.

NAME_LENGTH = 200
NOTE_LENGTH = 10_000


class TextsOfTheLibrary:
    """What the library says itself, in the reader's language; most forms are sent without a fault,
    and then it says nothing."""

    def gettext(self, text: str) -> str:
        return str(_texts_of_the_library(get_locale()).ugettext(text))

    def ngettext(self, one: str, more: str, number: int) -> str:
        return str(_texts_of_the_library(get_locale()).ungettext(one, more, number))


@lru_cache
def _texts_of_the_library(locale: Locale | None) -> support.NullTranslations:
    """It would read the file again for each request."""
    languages = [locale] if locale is not None else []
    return support.Translations.load(messages_path(), languages, domain="wtforms")


class TokenField(CSRFTokenField):
    """Its token is signed where a page shows it; the library signs one for every form."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        HiddenField.process(self, *args, **kwargs)

    @property
    def current_token(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class ShownToken(FlaskForm.Meta.csrf_class):
    field_class = TokenField


class ClinicForm(FlaskForm):
    """Base of all forms. `status` is the page's status: 422 after a failed check."""

    class Meta(FlaskForm.Meta):
        csrf_class = ShownToken

        def get_translations(self, _form: BaseForm) -> TextsOfTheLibrary:
            return TextsOfTheLibrary()

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def problems(self) -> Iterator[tuple[str, str]]:
        """(id of the control, message) for the error summary, in the order of the fields."""
        for field in self:
            for message in _flat(field.errors):
                yield _first_id(field), message
        for message in self.form_errors:
            yield "main", str(message)


class PressedOnce(ClinicForm):
    """A form that books, cancels or signs: it carries an idempotency key (S77)."""

    # Without a label the library would make one, and look it up in its own texts.
    idempotency_key = HiddenField("", name=FIELD, id="main", default=new_public_id)

    def validate_idempotency_key(self, field: HiddenField) -> None:
        if pressed_key() is None:  # the default is a key for the page, not for a press
            raise ValidationError(_("This page is out of date. Reload it and press again."))

    def first_outcome(self, scope: str) -> str | None:
        """What this very form was answered with when it was pressed before; else None.

        Asked before the page looks at what the first press has changed. Raises `KeyReused`.
        """
        if not self.validate_on_submit():
            return None
        return idempotency.earlier(scope, self.idempotency_key.data, typed())


def pressed_key() -> str | None:
    """The key that a form was sent with; None where it has none, or one that is none.

    Enough for a press that carries nothing else.
    """
    sent = "".join(request.form.getlist(FIELD))
    return sent if 16 <= len(sent) <= 64 else None


class ShownBefore(ClinicForm):
    """A form over what is stored: *shown* stands for what the page showed of it."""

    shown = HiddenField("", id="main")

    def validate_shown(self, field: HiddenField) -> None:
        if not field.raw_data:  # what was not sent would be taken from the row itself
            raise ValidationError(_("This page is out of date. Reload it and press again."))


class ShownVersion(ShownBefore):
    """A form over a row that counts its changes: *shown* is the version that the page showed."""

    def validate_shown(self, field: HiddenField) -> None:
        super().validate_shown(field)
        if not str(field.data).isdecimal():
            raise ValidationError(_("This page is out of date. Reload it and press again."))

    @property
    def version(self) -> int:
        return int(self.shown.data[:9])


def _first_id(field: Field) -> str:
    """The id of the control that an error leads to: the first option of a group."""
    if hasattr(field, "first_id"):
        return str(field.first_id)
    return f"{field.id}-0" if isinstance(field, RadioField) else str(field.id)


def typed() -> dict[str, list[str]]:
    """The form as sent, for the idempotency key."""
    return dict(request.form.lists())


def _flat(errors: Any) -> Iterator[str]:
    for error in errors:
        if isinstance(error, list | tuple):
            yield from _flat(error)
        else:
            yield str(error)


def tidy(text: str | None, *, lines: bool = False) -> str | None:
    """Text fit to store: NFC, no spaces around it, no direction marks in names (S30)."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if lines:
        return plain
    return "".join(c for c in plain if c not in BIDI)


def choices(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Values and the words shown for them, as a field of choices wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


class Printable:
    """Any printable Unicode up to *longest* characters; newlines and tabs only where *lines*."""

    def __init__(self, longest: int = NAME_LENGTH, *, lines: bool = False) -> None:
        self.longest = longest
        self.lines = lines

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        if len(text) > self.longest:
            raise ValidationError(
                _(
                    "Use at most %(most)s characters; these are %(many)s.",
                    most=self.longest,
                    many=len(text),
                )
            )
        allowed = "\n\t" if self.lines else ""
        fit = "".join(
            c for c in text if unicodedata.category(c) not in ("Cc", "Cs") or c in allowed
        )
        if fit != text:
            field.data = fit  # no page can show such a character, so it does not come back
            raise ValidationError(
                _("This held a character that can’t be stored. It is taken out: check the text.")
            )


class Required:
    """Something was typed, or stop with words that say what is wanted."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))


def name_field(label: str, missing: str, **attributes: Any) -> StringField:
    return StringField(
        label,
        filters=[tidy],
        validators=[Required(missing), Printable()],
        render_kw=attributes,
    )


def text_area(
    label: str, missing: str | None = None, longest: int = NOTE_LENGTH, **attributes: Any
) -> TextAreaField:
    """Several lines of text; optional without *missing*."""
    first: Callable[..., Any] = Required(missing) if missing else Optional()
    return TextAreaField(
        label,
        filters=[lambda text: tidy(text, lines=True)],
        validators=[first, Printable(longest, lines=True)],
        render_kw=attributes,
    )


def email_field(
    missing: str | None, label: str | None = None, *, description: str = "", **attributes: Any
) -> EmailField:
    """An e-mail address; optional without *missing*."""
    first: Callable[..., Any] = Required(missing) if missing else Optional()
    return EmailField(
        label or _l("E-mail address"),
        filters=[tidy],
        validators=[
            first,
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        description=description,
        render_kw={
            "autocomplete": "email",
            "inputmode": "email",
            "spellcheck": "false",
            **attributes,
        },
    )


WRONG_CODE = _l(
    "That is not the code we sent, or it is over 15 minutes old. Check it or get a new one."
)


def code_field() -> StringField:
    """The six digits of a mail; pasting with spaces is fine."""
    return StringField(
        _l("Six-digit code"),
        filters=[lambda text: "".join((text or "").split())],
        validators=[
            Required(_l("Enter the six digits from the e-mail")),
            Regexp(r"^\d{6}$", message=_l("The code is six digits, for example 204816")),
        ],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "maxlength": "11",
        },
    )


class DatePartsField(Field):
    """A date in three text boxes, day, month, year. `data` is a date or None; `parts` as typed."""

    def __init__(
        self,
        label: str,
        missing: str,
        example: str,
        *,
        earliest: date = date(FIRST_YEAR, 1, 1),
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.missing, self.example, self.earliest = missing, example, earliest
        self.is_required = required
        self.parts: Sequence[str] = ("", "", "")

    @property
    def first_id(self) -> str:
        return f"{self.id}-day"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = data
        if data is None and callable(self.default):
            self.data = self.default()
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata and f"{self.name}-day" in formdata:
            self.parts = [
                (formdata.get(f"{self.name}-{part}") or "").strip()
                for part in ("day", "month", "year")
            ]
            self.data = self._read()

    def _read(self) -> date | None:
        try:
            day, month, year = (int(part) for part in self.parts)
            return date(year, month, day)
        except (ValueError, OverflowError):
            return None

    def pre_validate(self, form: Any) -> None:
        if not any(self.parts):
            if self.is_required:
                raise StopValidation(str(self.missing))
            return
        if self.data is None:
            raise StopValidation(
                _(
                    "That is not a date. Enter day, month and year, for example %(e)s",
                    e=self.example,
                )
            )
        if self.data < self.earliest:
            raise StopValidation(
                _("Enter a year of four digits, for example %(e)s", e=self.example)
            )


YES, NO, NOT_SURE = "yes", "no", "not-sure"
YES_NO_NOT_SURE = [(YES, _l("Yes")), (NO, _l("No")), (NOT_SURE, _l("Not sure"))]

PHONE = Regexp(r"^\+?[\d\s().-]{6,30}$", message=_l("Enter a phone number like 020 7946 0123"))


def day_of(text: str | None) -> date | None:
    """The day of an address like ?day=2026-11-24; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if is_usual(day) else None


def is_usual(day: date) -> bool:
    """Whether days before and after *day* exist, and are midnight somewhere, in any zone."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
