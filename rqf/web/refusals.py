"""From an error in the field's words to an answer: one table for the pages, one shape for programs."""

from __future__ import annotations

from flask import Flask, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from rqf import errors
from rqf.errors import N_
from rqf.web.database import refuse
from rqf.web.languages import say

STATUS: dict[type[errors.RqfError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.Changed: 409,
    errors.TooMany: 429,
    errors.Invalid: 422,
    errors.RqfError: 400,
}

#: HTTP status -> (heading, what to do now).
PAGES: dict[int, tuple[str, str]] = {
    400: (N_("The request could not be understood"), N_("Go back, reload the page and try again.")),
    401: (N_("A valid key is missing"), N_("Send the key of an account that may do this.")),
    403: (
        N_("You may not do this"),
        N_("If you should be able to, ask the regional secretariat for the role."),
    ),
    404: (N_("Page not found"), N_("Check the address, or search the register.")),
    405: (N_("This address does not work that way"), N_("Go back and use the buttons of the page.")),
    409: (
        N_("The record has changed in the meantime"),
        N_("Open the record again to see how it stands now."),
    ),
    413: (N_("The file is too large"), N_("Split it into smaller files and upload them one by one.")),
    422: (N_("Some values are wrong"), N_("Go back and correct them.")),
    429: (N_("Too many tries"), N_("Wait a little and try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Try again in a moment; if it happens again, tell us."),
    ),
    503: (N_("Too many people are writing at this moment"), N_("Nothing was saved. Try again in a moment.")),
}
#: How the databases say that somebody else held what was wanted for too long, or that two waited crosswise.
_WAITED = ("database is locked", "deadlock detected", "lock timeout", "QueuePool limit")


def init_app(app: Flask) -> None:
    """Answer every error in the reader's language."""
    app.register_error_handler(errors.RqfError, _refusal)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(NoConnection, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _failure)


def status_of(error: errors.RqfError) -> int:
    """Return the HTTP status for an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _refusal(error: errors.RqfError):
    fields = getattr(error, "fields", {})
    details = {name: [say(one) for one in said] for name, said in fields.items()}
    return answer(status_of(error), say(error.message), details)


def _forged(error: CSRFError):
    return answer(
        400, gettext("The form has expired or did not come from this site. Load the page again and repeat.")
    )


def _stale(error: Exception):
    return answer(
        409, gettext("Somebody else changed this record at the same moment. Nothing of yours was saved.")
    )


def _busy(error: OperationalError | NoConnection):
    """Ask for another try when the database was busy; any other fault of it is ours."""
    if not any(sign in str(error) for sign in _WAITED):
        raise error
    return answer(503, None)


def _http(error: HTTPException):
    response = answer(error.code or 500, None)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _failure(error: Exception):
    return answer(500, None)


def answer(status: int, text: str | None, fields: dict[str, list[str]] | None = None):
    """Return an error as problem+json for programs (RFC 9457) and as a page for people."""
    refuse()
    heading, advice = (gettext(part) for part in PAGES.get(status, PAGES[400 if status < 500 else 500]))
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": heading, "status": status, "detail": text or advice}
        if fields:
            body["errors"] = fields
        response = jsonify(body)
        response.content_type = "application/problem+json"
    else:
        response = _page(status, heading, text, advice, fields)
    response.status_code = status
    return response


def _page(status, heading, text, advice, fields):
    return make_response(
        render_template(
            "error.html", status=status, heading=heading, text=text, advice=advice, fields=fields or {}
        )
    )
