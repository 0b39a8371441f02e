"""What every form shares: its token and key, errors with their place, what the page had shown.

A form turns text into domain values and checks shape; whether something is allowed is a rule's
business. Everything typed stays in the form when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from babel import Locale, support
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField
from wtforms.csrf.core import CSRFTokenField
from wtforms.form import BaseForm
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError

from clinic import idempotency
from clinic.columns import new_public_id
from clinic.idempotency import FIELD


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
