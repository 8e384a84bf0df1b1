"""The application factory: it wires the floors together and does nothing else."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from rqf import config, paths
from rqf.models.database import Database, default_url
from rqf.web import assets, database, guard, headers, languages, refusals, watch
from rqf.web.sessions import TableSessions

#: The desks, each a module of ``rqf.web`` with a blueprint ``bp``.
DESKS = ("public", "statements", "batches", "officer", "reviewer", "secretariat", "auth", "decisions")


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the application. ``settings`` win over ``RQF_*`` variables, those over the defaults.

    :raises RqfError: a setting would make the site unsafe.
    """
    app = Flask("rqf", static_folder=str(paths.STATIC), template_folder=str(paths.TEMPLATES))
    app.config.update(config.defaults())
    app.config.from_prefixed_env("RQF")
    app.config.update(settings or {})
    config.check(app.config)
    _harden(app)
    _templates(app)
    store = Database(app.config["DATABASE_URL"] or default_url(), encoder=app.config["ENCODER"])
    app.session_interface = TableSessions(
        store,
        timedelta(minutes=app.config["SESSION_IDLE_MINUTES"]),
        timedelta(hours=app.config["SESSION_HOURS"]),
    )
    database.init_app(app, store)
    # Order matters on the way out: the last one registered sees the answer first.
    for part in (languages, headers, guard, assets, refusals, watch):
        part.init_app(app)
    csrf = CSRFProtect(app)
    for name in DESKS:
        app.register_blueprint(import_module(f"rqf.web.{name}").bp)
    import_module("rqf.api").init_app(app, csrf)
    return app


def serve(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the application of a process that only serves it from now on."""
    app = create_app(settings)
    app.extensions["rqf_database"].refresh_statistics()
    # What stays for good need not be searched for waste again and again: 0.1 s in which nothing is answered.
    gc.collect()
    gc.freeze()
    return app


def _harden(app: Flask) -> None:
    limit = app.config["MAX_UPLOAD_MB"] * 1024 * 1024
    secure = app.config["SECURE_COOKIES"]
    app.config.update(
        MAX_CONTENT_LENGTH=limit,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-rqf" if secure else "rqf",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=app.config["TRUSTED_HOSTS"] or None,
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        WTF_I18N_ENABLED=True,
        JSON_SORT_KEYS=False,
    )


def _templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(paths.TEMPLATES),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
