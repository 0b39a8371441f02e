"""Controls that several forms have: text that is fit to store, dates in three boxes, codes.

A control checks shape; whether something is allowed is a rule's business. Everything typed stays in
it when the form comes back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length, Optional, Regexp, StopValidation, ValidationError

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of any day: beyond them the calendar itself ends somewhere

NAME_LENGTH = 200
NOTE_LENGTH = 10_000


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
YES_NO = [(YES, _l("Yes")), (NO, _l("No"))]
YES_NO_NOT_SURE = [*YES_NO, (NOT_SURE, _l("Not sure"))]

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
