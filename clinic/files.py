"""Static files: served by WhiteNoise in front of the app, under one hash of the whole tree.

`/static/<hash>/css/app.css` never changes under its address, so it is kept for a year; relative
addresses inside the stylesheets stay inside the same tree. Text travels compressed: a copy of the
tree with a `.gz` beside each text is made in the instance folder, once for each state of the tree.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

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


def compressed(folder: Path, kept: Path) -> Path:
    """*kept*, with a copy of *folder* and a `.gz` beside each text; *folder* where none can be."""
    if kept.exists():
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as making:
            copy = Path(shutil.copytree(folder, Path(making) / kept.name))
            compressor = Compressor(use_brotli=False, quiet=True)
            for path in [p for p in copy.rglob("*") if p.is_file()]:
                if compressor.should_compress(path.name):
                    compressor.compress(str(path))
            os.rename(copy, kept)  # whole or not at all, whoever else is starting
    except OSError:
        return kept if kept.exists() else folder
    return kept


class Files(WhiteNoise):
    """Puts our headers on every answer about a file: also "not modified" and "not allowed"."""

    FOREVER = 31_536_000  # the library's own are ten years
    demo = False

    def serve(self, static_file: Any, environ: Any, start_response: Any) -> Any:
        def start(status: str, given: list[tuple[str, str]]) -> None:
            ours = Headers(given)
            headers.put(ours, demo=self.demo)
            start_response(status, ours.to_wsgi_list())

        return super().serve(static_file, environ, start)


def init_app(app: Flask) -> None:
    """Wrap *app* and give templates `asset("css/app.css")`."""
    now = tree_hash()
    prefix = f"static/{now}"
    # Flask documents wrapping `wsgi_app` like this; types know it as a method only.
    app.wsgi_app = Files(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(compressed(FOLDER, app.config["INSTANCE"] / "static" / now)),
        prefix=prefix,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
    )
    app.wsgi_app.demo = bool(app.config["DEMO"])
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
