"""Statements of comparability: anyone has one issued, reads it, takes it away, and verifies it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import segno
from babel import Locale
from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale, format_date, gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from rqf import lookup, statements
from rqf.errors import N_, Invalid, message
from rqf.models import Statement
from rqf.rules.terms import Purpose
from rqf.statements import Examination, Issuer, Question, Speech
from rqf.web import guard, problems
from rqf.web.database import database, db, refuse
from rqf.web.forms.statements import FileCheckForm, StatementForm
from rqf.web.languages import country_name, language, say, unit_word, word
from rqf.web.marks import marked
from rqf.web.printing import archival

bp = guard.public("statements", __name__)

_FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/statements/new")
def new():
    """Ask what a statement about two records is for."""
    form = StatementForm(request.args, meta={"csrf": True}).offer(_languages(), language())
    return _question_page(form)


@bp.post("/statements")
def issue():
    """Issue a statement, and show it."""
    form = StatementForm().offer(_languages(), language())
    if not form.validate_on_submit():
        return _question_page(form), 422
    try:
        statement = _issue(form)
    except Invalid as error:
        problems.show(form, error.fields, str)
        refuse()
        return _question_page(form), 422
    # Issued, whatever happens to its print; and nobody waits for the drawing.
    db().commit()
    _paper(statement)
    return redirect(url_for(".statement", number=statement.number), 303)


@bp.get("/statements/<number>")
def statement(number: str):
    """Show a statement as it was issued, with how it stands today."""
    found = statements.find(db(), number)
    if number != found.number:
        return redirect(url_for(".statement", number=found.number), 301)
    said = _said(found)
    with force_locale(found.language):
        body = Markup(render_template("public/_statement.html", **said))
    return render_template(
        "public/statement.html",
        statement=found,
        body=body,
        qr=said["qr"],
        address=said["s"]["verify"],
        records=[said["s"]["records"][side]["id"] for side in ("a", "b")],
        standing=statements.standing(db(), found),
        day=format_date,
    )


@bp.get("/statements/<number>.pdf")
def pdf(number: str):
    """Give the document as it was issued."""
    found = statements.find(db(), number)
    return _file(_paper(found), "application/pdf", f"{found.number}.pdf")


@bp.get("/statements/<number>.json")
def json_(number: str):
    """Give what the statement says and its signature, for programs."""
    found = statements.find(db(), number)
    return _file(statements.as_json(found).encode(), "application/json", f"{found.number}.json")


@bp.get("/verify")
def verify_any():
    """Take a number, or a file, to be verified."""
    number = request.args.get("number", "").strip()
    if number:
        return redirect(url_for(".verify", code=number[:60]), 303)
    return _verify_page(db(), FileCheckForm())


@bp.get("/verify/<code>")
def verify(code: str):
    """Say whether a statement is valid, superseded or withdrawn, and why."""
    return _verify_page(db(), FileCheckForm(), statements.find(db(), code))


@bp.post("/verify")
@bp.post("/verify/<code>")
def verify_file(code: str | None = None):
    """Compare a file with what was issued. Nothing is kept of it."""
    form = FileCheckForm()
    # Sent by POST because it is a file, but only a reading: it takes no writer's place.
    with database().read() as session:
        expected = statements.find(session, code) if code else None
        if not form.validate_on_submit():
            return _verify_page(session, form, expected), 422
        data = form.file.data.read(statements.LARGEST + 1)
        examined = statements.examine(session, data, expected.number if expected else None)
        return _verify_page(session, form, examined.statement or expected, expected, examined)


@bp.get("/.well-known/jwks.json")
def keys():
    """Give the public keys, older ones included, that verify statements without asking the register."""
    answer = Response(json.dumps(statements.key_set(db())), content_type="application/jwk-set+json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _paper(statement: Statement) -> bytes:
    """Return the PDF as it is kept; it is drawn once, right after the statement was issued.

    Drawing takes a second or two and holds no lock. Whoever comes first keeps it, also when the process that
    issued the statement died in between.
    """
    with database().read() as reading:
        kept = statements.as_pdf(reading, statement)
    if kept is None:
        drawn = draw(statement)
        with database().transaction() as writing:
            kept = statements.keep_print(writing, statement, drawn)
    return kept


def draw(statement: Statement) -> bytes:
    """Return a statement as PDF with its signed text inside; the same statement gives the same bytes."""

    with force_locale(statement.language):
        html = render_template("print/statement.html", **_said(statement))
        about = gettext("The statement for programs, with its signature")
        files = {f"{statement.number}.json": (statements.as_json(statement), about)}
        return archival(html, statement.number, statement.issued_at, files)


def _issue(form: StatementForm) -> Statement:
    question = Question(form.a.data or "", form.b.data or "", Purpose(form.purpose.data), form.award_date())
    statements.admit(
        db(), request.remote_addr or "", current_app.config["SECRET_KEY"],
        current_app.config["STATEMENTS_PER_HOUR"],
    )  # fmt: skip
    with force_locale(form.language.data):
        speech = Speech(form.language.data, say, word, country_name, unit_word)
        return statements.issue(db(), _issuer(), question, speech)


def _issuer() -> Issuer:
    own = current_app.config["PUBLIC_URL"]
    return Issuer(
        name=gettext("Regional qualifications register"),
        url=f"{own.rstrip('/')}/" if own else url_for("public.search", _external=True),
        key_file=statements.key_file(current_app.config["SIGNING_KEY_FILE"], database().url),
        demonstration=current_app.config["DEMO"],
    )


def _question_page(form: StatementForm) -> str:
    missing = [name for name in ("a", "b") if not (form[name].data or "").strip()]
    if missing:
        wrong = message(N_("Name a record by its identifier or national code."))
        raise Invalid({name: [wrong] for name in missing})
    a, b = (lookup.find(db(), form[name].data) for name in ("a", "b"))
    return render_template("public/new_statement.html", form=form, a=a, b=b)


def _verify_page(
    session: Session,
    form: FileCheckForm,
    found: Statement | None = None,
    expected: Statement | None = None,
    examined: Examination | None = None,
) -> str:
    return render_template(
        "public/verify.html",
        form=form,
        statement=found,
        expected=expected or found,
        examined=examined,
        standing=statements.standing(session, found) if found else None,
        signed=statements.is_signed(found) if found else None,
        said=statements.document(found) if found else None,
        day=format_date,
    )


def _said(statement: Statement) -> Mapping[str, Any]:
    """Return what the templates of a statement need: the frozen document, and nothing of the register."""
    said = statements.document(statement)
    return {
        "s": said,
        "statement": statement,
        "outcomes": {
            one["key"]: one
            for record in said["records"].values()
            for unit in record["units"]
            for one in unit["outcomes"]
        },
        "qr": segno.make(said["verify"], error="m").svg_data_uri(dark="#14212b", border=0, scale=4),
        "marked": marked,
        "long_day": lambda text: format_date(date.fromisoformat(text[:10]), "long") if text else "",
    }


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


def _languages() -> list[tuple[str, str]]:
    return [
        (code, Locale(code).get_display_name(code).capitalize()) for code in current_app.config["LANGUAGES"]
    ]
