"""The JSON API under /api/v1, its description and its browsable page."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from rqf.api import browse
from rqf.api.access import OWNERS
from rqf.api.contract import Contract, bp, settings
from rqf.api.resources import comparison, frameworks, imports, mappings, qualifications, statements, versions

__all__ = ["OWNERS", "init_app"]

#: Importing them puts their addresses on the blueprint.
RESOURCES = (qualifications, comparison, frameworks, mappings, imports, statements, versions)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Give ``app`` the API."""
    app.config.update(settings())
    Contract(app).register_blueprint(bp)
    app.register_blueprint(browse.bp)
    # A forged form has no key, and cookies open nothing here.
    csrf.exempt(bp)
