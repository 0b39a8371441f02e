"""The clinic's app. `create_app` wires it: configuration, extensions, pages, guards, in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from clinic import (
    cli,
    clock,
    config,
    door,
    errors,
    extensions,
    fields,
    files,
    filters,
    headers,
    logs,
    origin,
    pages,
    sealing,
    texts,
    words,
)
from clinic.accounts import signin
from clinic.database import db
from clinic.engines import prepare_engine
from clinic.journey import rewrap


class ClinicApp(Flask):
    jinja_environment = pages.Templates

    def ensure_sync(self, func: Any) -> Any:
        """No view or hook of ours is a coroutine; asked of each of fifteen with every request."""
        return func


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """An app ready to serve. *overrides* replace what the environment says (tests).

    Raises `ConfigError` when it must not start like this and `UndeclaredRoute` when a route
    declares no guard.
    """
    app = ClinicApp("clinic", root_path=str(config.ROOT), static_folder=None)
    app.config.from_mapping(config.FIXED)
    app.config.from_mapping(config.read())
    app.config.from_mapping(overrides or {})
    config.check(app.config)
    clock.shift(timedelta(seconds=app.config["CLOCK_SHIFT"]))

    sealing.init_app(app, app.config["KEYS"], app.config["KEYS_FILE"])
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        rewrap.check_ring()
    logs.init_app(app)
    origin.init_app(app)  # before the door, so that nothing of a foreign form is kept
    app.after_request(door.note_shown)
    app.before_request(fields.allow_length)  # before anybody reads the form
    app.before_request(door.stand)  # before any extension's own check can answer
    extensions.babel.init_app(app)
    texts.init_app(app)
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(
        app, db, directory=str(config.ROOT / "clinic" / "migrations"), render_as_batch=True
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    signin.init_app(app)
    filters.init_app(app)
    words.init_app(app)

    pages.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    fields.init_app(app)
    cli.init_app(app)
    app.extensions["create_app"] = create_app  # the proof of the gate makes a scratch app
    files.init_app(app)
    if app.config["PROXIES"]:
        trusted = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0
        )
    door.check_routes(app)
    return app
