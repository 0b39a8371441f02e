"""Static files: served by WhiteNoise in front of the app, under one hash of the whole tree.

`/static/<hash>/css/app.css` never changes under its address, so it is kept for a year; relative
addresses inside the stylesheets stay inside the same tree.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from clinic import headers
from clinic.config import ROOT

FOLDER = ROOT / "static"


def tree_hash(folder: Path = FOLDER) -> str:
    """Twelve hex digits over names and contents of every file below *folder*."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Wrap *app* and give templates `asset("css/app.css")`."""
    prefix = f"static/{tree_hash()}"
    demo = bool(app.config["DEMO"])

    def put_headers(file_headers: Any, _path: str, _url: str) -> None:
        headers.put(file_headers, demo=demo)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(FOLDER),
        prefix=prefix,
        max_age=31_536_000,
        allow_all_origins=False,
        add_headers_function=put_headers,
        immutable_file_test=lambda _path, _url: True,
    )
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
