"""The page of photos as a browser without scripts sends it."""

from __future__ import annotations

import io
from collections.abc import Mapping

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from clinic.photos.rules import Purpose, View
from tests.visitor import Page, Person

ASSESSMENT, RECORD, TEACHING = Purpose


def send(
    person: Person,
    path: str,
    files: Mapping[View, bytes] | None = None,
    purposes: tuple[Purpose, ...] = (ASSESSMENT,),
    *,
    name: str = "IMG_0001.JPG",
    **more: str,
) -> TestResponse:
    """What is answered to the form, sent with *files*; a view without one sends an empty file."""
    token = dict(person.get(path).form("and go on").fields)
    typed: list[tuple[str, object]] = [
        ("csrf_token", token["csrf_token"]),
        *[("purposes", purpose.value) for purpose in purposes],
        *{"go": "next", **more}.items(),
    ]
    for view in View:
        raw = (files or {}).get(view)
        file = FileStorage(io.BytesIO(raw or b""), filename=name if raw is not None else "")
        typed.append((f"photo-{view}", file))
    boundary, body = encode_multipart(MultiDict(typed))
    return person.send(
        "POST",
        path,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Referer": f"{person.base}{path}"},
    )


def shown(person: Person, response: TestResponse, status: int = 422) -> Page:
    """The page that was answered."""
    return person._page(response, status)
