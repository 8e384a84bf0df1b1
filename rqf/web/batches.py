"""Many look-ups at once, without an account: send a table, read and correct what was found, take it away."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from flask import current_app, redirect, render_template, request, send_file, url_for
from flask_babel import format_date, gettext

from rqf import batches, lookup, statements
from rqf.errors import N_, Invalid, message
from rqf.exchange.sheets import writing
from rqf.models import BatchLookup, work
from rqf.rules.terms import JobState
from rqf.web import guard, problems
from rqf.web.database import database, db, refuse
from rqf.web.forms.batch import BatchForm
from rqf.web.languages import country_name, say

bp = guard.public("batches", __name__)
bp.context_processor(lambda: {"day": format_date})

_REFUSAL = N_("Your network sent %(limit)s tables within an hour. Wait a little and try again.")


@bp.route("/batch", methods=["GET", "POST"])
def new():
    """Take in a table, look its rows up, and show what was found."""
    form = BatchForm().offer(_countries())
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.errors else 200
    try:
        batch = _take_in(form)
    except Invalid as error:
        problems.show(form, error.fields, str)
        refuse()
        return _form_page(form), 422
    return redirect(url_for(".batch", token=batch.token), 303)


@bp.get("/batch/<token>")
def batch(token: str):
    """Show what was found, page by page, or how far the work is."""
    found = batches.find_batch(db(), token)
    job = batches.work_on(db(), found)
    if job and job.is_open:
        still = request.args.get("still") == "1"
        return render_template("public/batch_progress.html", batch=found, job=job, still=still)
    return _batch_page(found, job)


@bp.post("/batch/<token>/rows/<int:number>")
def choose(token: str, number: int):
    """Take another record for a row, or none."""
    value = request.form.get("choice", "")
    if value and not (value.isascii() and value.isdecimal() and len(value) < 10):
        wrong = message(N_("Choose one of the records that are offered for the row."))
        raise Invalid({"choice": [wrong]})
    batches.choose(db(), token, number, int(value) if value else None)
    page = (number - 1) // batches.ROWS_ON_A_PAGE + 1
    return redirect(url_for(".batch", token=token, page=page, _anchor=f"row-{number}"), 303)


@bp.post("/batch/<token>/delete")
def delete(token: str):
    """Delete a batch before its seven days are over."""
    batches.forget_batch(db(), token)
    return redirect(url_for(".new"), 303)


@bp.get("/batch/<token>/download")
def download(token: str):
    """Give the table as it came, with columns added."""
    found = batches.find_batch(db(), token)
    format = found.reading["format"]
    with tempfile.TemporaryDirectory(prefix="rqf-batch-") as folder:
        path = Path(folder) / f"batch.{format}"
        batches.write_batch(db(), found, path)
        content = io.BytesIO(path.read_bytes())
    name = f"{Path(found.file_name).stem}-rqf.{format}"
    return send_file(content, writing.MEDIA_TYPES[format], as_attachment=True, download_name=name)


def _take_in(form: BatchForm) -> BatchLookup:
    country, target = form.country.data or None, form.target.data
    table, name = _table(form)
    # Looked up before anything is written: nobody waits for that.
    with database().read() as session:
        found = batches.look_up(session, table, country, target)
    statements.admit(
        db(), request.remote_addr or "", current_app.config["SECRET_KEY"],
        current_app.config["BATCHES_PER_HOUR"], what="batch", refusal=_REFUSAL,
    )  # fmt: skip
    return batches.keep(db(), table, name, country, target, found)


def _table(form: BatchForm):
    if not form.file.data:
        return batches.read_titles(form.titles.data or ""), gettext("pasted titles.csv")
    with tempfile.NamedTemporaryFile(prefix="rqf-batch-") as kept:
        form.file.data.save(kept)
        kept.flush()
        return batches.read_file(Path(kept.name)), form.file.data.filename or "rqf"


def _form_page(form: BatchForm) -> str:
    return render_template(
        "public/batch_new.html", form=form, most=batches.MOST_ROWS, headers=batches.HEADERS
    )


def _batch_page(found: BatchLookup, job) -> str:
    number = request.args.get("page", 1, type=int)
    failed = [say(one) for one in work.errors_of(job)] if job and job.state == JobState.FAILED else []
    return render_template(
        "public/batch.html",
        batch=found,
        page=batches.batch_page(db(), found, number),
        failed=failed,
        page_url=lambda page: url_for(".batch", token=found.token, page=page),
    )


def _countries() -> list[tuple[str, str]]:
    return [(code, country_name(code)) for code in lookup.countries(db())]
