"""One session per request; the request is the transaction."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from rqf.models.database import Database

#: Methods that may change something; only they take the writer's place on SQLite.
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def init_app(app: Flask, database: Database) -> None:
    """Give ``app`` its database."""
    app.extensions["rqf_database"] = database
    app.after_request(_finish)
    app.teardown_request(_close)


def database() -> Database:
    """Return the database of the running application."""
    found: Database = current_app.extensions["rqf_database"]
    return found


def db() -> Session:
    """Return the session of this request."""
    if "db" not in g:
        g.db = database().write() if request.method in _WRITING else database().read()
    session: Session = g.db
    return session


def _finish(response: Response) -> Response:
    # An answer below 400 means that the use case did what it was asked: keep it. Anything else undoes all.
    if "db" in g:
        if response.status_code < 400 and request.method in _WRITING:
            g.db.commit()
        else:
            g.db.rollback()
    return response


def refuse() -> None:
    """Undo what this request changed, although its answer is a page (a form shown again)."""
    if "db" in g:
        g.db.rollback()


def release() -> None:
    """Let others write while this request only reads. What it has changed so far is kept."""
    if "db" in g:
        g.db.commit()


def _close(error: BaseException | None) -> None:
    if "db" in g:
        g.pop("db").close()
