"""Static files: an address that changes with the content, so that a browser may keep a file for ever."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import Flask, url_for

from rqf import paths

_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Let templates name static files with ``asset('app.css')``."""
    app.config.setdefault("SEND_FILE_MAX_AGE_DEFAULT", _YEAR)
    app.context_processor(lambda: {"asset": asset})


def asset(name: str) -> str:
    """Return the address of a static file with a mark of its content."""
    return url_for("static", filename=name, v=_mark(name))


@cache
def _mark(name: str) -> str:
    return hashlib.sha256((paths.STATIC / name).read_bytes()).hexdigest()[:12]
