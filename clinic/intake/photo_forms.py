"""The page of photos: what they may be used for, and a file for each view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from clinic import fields
from clinic.controls import choices
from clinic.forms import ClinicForm
from clinic.photos import words
from clinic.photos.rules import Purpose, Refusal, View


class PhotosForm(ClinicForm):
    """*kept* are the views of which there is a photo already."""

    purposes = SelectMultipleField(
        _l("What may these photos be used for?"),
        choices=choices(*((purpose.value, name) for purpose, name in words.PURPOSES.items())),
    )

    def __init__(self, *args: Any, kept: frozenset[View], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.refused: dict[View, str] = {}
        if request.method == "POST":
            fields.also("go", "remove", *(f"photo-{view}" for view in View))

    @property
    def allowed(self) -> frozenset[Purpose]:
        return frozenset(Purpose(value) for value in self.purposes.data or [])

    @property
    def sent(self) -> Mapping[View, bytes]:
        """The files that were chosen; a view without one sends an empty file without a name."""
        files = {view: request.files.get(f"photo-{view}") for view in View}
        return {view: file.read() for view, file in files.items() if file and file.filename}

    @property
    def to_remove(self) -> View | None:
        asked = request.form.get("remove", "")
        return View(asked) if asked in set(View) else None

    def validate_purposes(self, field: SelectMultipleField) -> None:
        """Photos are taken, and stay, only while a physician may look at them."""
        if Purpose.ASSESSMENT in self.allowed or request.form.get("go") == "skip":
            return
        left = self.kept - {self.to_remove}
        if any(file.filename for file in request.files.values()):
            field.errors = [
                _("Tick that your physician may look at your photos, then choose them again")
            ]
        elif left:
            field.errors = [
                _("Tick that your physician may look at your photos, or remove them first")
            ]

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and not self.purposes.errors

    def refuse(self, refused: Mapping[View, Refusal]) -> None:
        self.refused = {view: str(words.REFUSALS[why]) for view, why in refused.items()}

    @property
    def status(self) -> int:
        return 422 if self.errors or self.refused else 200

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.purposes.errors:
            yield "purposes-0", str(self.purposes.errors[0])
        for view, message in self.refused.items():
            yield f"photo-{view}", f"{words.VIEWS[view]}: {message}"
