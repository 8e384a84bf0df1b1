"""Importing many records: upload, columns, check and preview, apply, undo. Each step can be left."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from flask import Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext, ngettext
from wtforms.fields.choices import SelectChoice

from rqf import exchange, registry
from rqf.errors import Invalid
from rqf.exchange.sheets import writing
from rqf.models import ImportBatch, Job
from rqf.registry import imports
from rqf.registry.columns import COLUMNS, UNIT_COLUMNS, UNIT_SHEET
from rqf.rules.terms import BatchStatus, GoneFate, QualificationType, RowVerdict
from rqf.web import guard, import_words, problems
from rqf.web.database import db, refuse, release
from rqf.web.forms.upload import UploadForm
from rqf.web.languages import word
from rqf.web.officer import bp, member, own_country

#: Fields that may hold for all rows of a file.
_CONSTANTS = (
    "type",
    "code_system",
    "framework",
    "volume_unit",
    "awarding_body",
    "source",
    "unit_code_system",
)


@bp.context_processor
def _import_words():
    return {
        "repair_word": import_words.repair_word, "why": import_words.why,
        "field_word": import_words.field_word, "value_word": import_words.value_word,
        "problem_word": import_words.problem_word, "quote": import_words.quote,
        "note_words": import_words.note_words,
        "work_words": import_words.work_words, "why_failed": import_words.why_failed,
    }  # fmt: skip


@bp.route("/import", methods=["GET", "POST"])
def import_():
    """Take in a file of records; nothing is written into the register."""
    form = UploadForm()
    form.profile.choices = _profiles()
    if not form.validate_on_submit():
        return _upload_page(form), 422 if form.errors else 200
    try:
        batch = _take_in(form)
    except Invalid as error:
        problems.show(form, error.fields, str)
        refuse()
        return _upload_page(form), 422
    return redirect(url_for("officer.import_columns", uuid=batch.uuid), 303)


def _take_in(form: UploadForm) -> ImportBatch:
    reading = exchange.Reading(form.encoding.data or None, form.delimiter.data or None)
    person, country = guard.actor(), own_country()
    # Reading a large file takes a while, in which others may write.
    release()
    with tempfile.NamedTemporaryFile(prefix="rqf-upload-") as kept:
        form.file.data.save(kept)
        kept.flush()
        batch, _ = imports.take_in(
            db(), person, country, Path(kept.name), form.file.data.filename or "?",
            profile=form.profile.data or None, reading=reading,
        )  # fmt: skip
    return batch


def _profiles() -> list[SelectChoice]:
    known = [SelectChoice(one.name, one.name) for one in imports.profiles(db(), own_country())]
    return [SelectChoice("", gettext("Recognise it by the columns")), *known]


def _upload_page(form: UploadForm) -> str:
    return render_template(
        "officer/import.html",
        form=form,
        complaints=problems.listed(form),
        columns=COLUMNS,
        unit_columns=UNIT_COLUMNS,
        country=own_country(),
        formats=writing.MEDIA_TYPES,
        batches=imports.list_batches(db(), guard.actor()),
        lists=registry.choices(db(), own_country()),
    )


@bp.route("/imports/<uuid>/columns", methods=["GET", "POST"])
def import_columns(uuid: str):
    """Say what each column means, and check the rows by that."""
    batch = imports.find_batch(db(), guard.actor(), uuid)
    if request.method == "GET":
        return _columns_page(batch, imports.Plan.from_json(batch.plan), {})
    plan = _plan_of_form(batch)
    try:
        if name := request.form.get("save_as", "").strip():
            imports.save_profile(db(), guard.actor(), batch.country_code, name, plan)
        imports.start_check(db(), guard.actor(), uuid, plan)
    except Invalid as error:
        refuse()
        batch = imports.find_batch(db(), guard.actor(), uuid)
        return _columns_page(batch, plan, error.fields), 422
    return redirect(url_for("officer.import_batch", uuid=uuid), 303)


def _plan_of_form(batch: ImportBatch) -> imports.Plan:
    stored = dict(batch.plan)
    stored["columns"] = {
        header: request.form.get(f"column-{place}") or None
        for place, header in enumerate(batch.reading["columns"])
    }
    given = {name: request.form.get(f"all-{name}", "").strip() for name in _CONSTANTS}
    kept = {name: value for name, value in stored["constants"].items() if name not in _CONSTANTS}
    stored["constants"] = kept | {name: value for name, value in given.items() if value}
    return imports.Plan.from_json(stored)


def _columns_page(batch: ImportBatch, plan: imports.Plan, complaints) -> str:
    guesses = imports.guesses(db(), batch)
    lists = registry.choices(db(), batch.country_code)
    return render_template(
        "officer/import_columns.html",
        batch=batch,
        job=imports.work_on(db(), guard.actor(), batch.uuid),
        plan=plan,
        guesses=guesses,
        complaints=complaints,
        fields=[
            ("", gettext("Leave out")),
            *((one.name, f"{gettext(one.meaning)} ({one.name})") for one in (*COLUMNS, *UNIT_COLUMNS)),
        ],
        choices={
            "type": [("", "–"), *((one.value, word(one)) for one in QualificationType)],
            "code_system": [("", "–"), *((one.code, one.code) for one in lists.code_systems)],
            "unit_code_system": [("", "–"), *((one.code, one.code) for one in lists.code_systems)],
            "framework": [("", "–"), *((one.framework.code, one.framework.code) for one in lists.editions)],
        },
        constants=_CONSTANTS,
    )


@bp.get("/imports/<uuid>")
def import_batch(uuid: str):
    """Show what each row means for the register, under a filter, page by page."""
    batch = imports.find_batch(db(), guard.actor(), uuid)
    job = imports.work_on(db(), guard.actor(), uuid)
    if job and job.is_open:
        still = request.args.get("still") == "1"
        return render_template("officer/import_progress.html", batch=batch, job=job, still=still)
    if batch.status == BatchStatus.READ:
        return redirect(url_for("officer.import_columns", uuid=uuid))
    return _batch_page(batch, job)


def _batch_page(batch: ImportBatch, job: Job | None, complaints=(), reason: str = "") -> str:
    uuid = batch.uuid
    wanted, filters = _filter(request.values)
    return render_template(
        "officer/import_batch.html",
        batch=batch,
        job=job,
        complaints=complaints,
        reason=reason,
        fates=imports.fates(db(), batch),
        choices=imports.CHOICES,
        verdicts=list(RowVerdict),
        flags=imports.FLAGS,
        filters=filters,
        page=imports.rows_of(db(), guard.actor(), uuid, wanted, request.values.get("page", 1, type=int)),
        page_url=lambda number: url_for("officer.import_batch", uuid=uuid, **filters, page=number),
        taken=imports.taken(db(), batch),
    )


def _filter(values) -> tuple[imports.Filter, dict[str, str]]:
    verdict = member(RowVerdict, values.get("verdict"))
    flag = values.get("flag") if values.get("flag") in imports.FLAGS else None
    text = values.get("q", "")[:200]
    said = {"verdict": verdict.value if verdict else None, "flag": flag, "q": text}
    return imports.Filter(verdict, flag, text), {name: value for name, value in said.items() if value}


@bp.post("/imports/<uuid>/choose")
def import_choose(uuid: str):
    """Take or leave rows: those that are ticked, or all of the filter."""
    wanted, filters = _filter(request.form)
    take = request.form.get("take") == "1"
    lines = request.form.getlist("line", type=int)
    if lines or request.form.get("all"):
        count = imports.choose(
            db(), guard.actor(), uuid, take, wanted, [] if request.form.get("all") else lines
        )
        taken = ngettext("%(num)s row is taken now.", "%(num)s rows are taken now.", count)
        left = ngettext("%(num)s row is left out now.", "%(num)s rows are left out now.", count)
        flash(taken if take else left, "success")
    return redirect(url_for("officer.import_batch", uuid=uuid, **filters), 303)


@bp.post("/imports/<uuid>/gone")
def import_gone(uuid: str):
    """Choose what becomes of records that the file no longer has: the ticked ones, or all of the filter."""
    wanted, filters = _filter(request.form)
    ids, all_of_them = request.form.getlist("row", type=int), bool(request.form.get("all"))
    fate = member(GoneFate, request.form.get("fate"))
    reason = request.form.get("reason", "")
    if fate and (ids or all_of_them):
        try:
            count = imports.choose_fate(
                db(), guard.actor(), uuid, fate, wanted, [] if all_of_them else ids, reason
            )
        except Invalid as error:
            refuse()
            batch = imports.find_batch(db(), guard.actor(), uuid)
            job = imports.work_on(db(), guard.actor(), uuid)
            return _batch_page(
                batch, job, [one for said in error.fields.values() for one in said], reason
            ), 422
        flash(ngettext("Chosen for %(num)s record.", "Chosen for %(num)s records.", count), "success")
    return redirect(url_for("officer.import_batch", uuid=uuid, **filters), 303)


@bp.post("/imports/<uuid>/apply")
def import_apply(uuid: str):
    """Put the rows that are taken into the register, in one go."""
    person = guard.actor()
    if not imports.start_apply(db(), person, uuid, partial=bool(request.form.get("partial"))):
        count = imports.taken(db(), imports.find_batch(db(), person, uuid))
        flash(gettext("%(n)s records stand in the register as drafts.", n=count), "success")
    return redirect(url_for("officer.import_batch", uuid=uuid), 303)


@bp.post("/imports/<uuid>/undo")
def import_undo(uuid: str):
    """Take the import back."""
    if not imports.start_undo(db(), guard.actor(), uuid):
        flash(gettext("The import is undone: the register is as it was before."), "success")
    return redirect(url_for("officer.import_batch", uuid=uuid), 303)


@bp.post("/imports/<uuid>/cancel")
def import_cancel(uuid: str):
    """Take back work that is waiting for its turn."""
    imports.cancel(db(), guard.actor(), uuid)
    flash(gettext("Cancelled before it began. Nothing was changed."), "success")
    return redirect(url_for("officer.import_batch", uuid=uuid), 303)


@bp.get("/imports/<uuid>/rest")
def import_rest(uuid: str):
    """Download the rows with errors, repaired where that is safe, in the format of the file."""
    batch, columns, rows = imports.rest(db(), guard.actor(), uuid)
    return _sheet(batch.reading["format"], columns, rows, "rqf-rest", batch.reading["delimiter"] or ",")


@bp.get("/imports/<uuid>/reasons.csv")
def import_reasons(uuid: str):
    """Download what is wrong, cell by cell."""
    header = [
        gettext("Line"),
        gettext("Column"),
        gettext("Value"),
        gettext("What is wrong"),
        gettext("Allowed"),
    ]
    rows = (_reason(one) for one in imports.reasons(db(), guard.actor(), uuid))
    return _sheet("csv", header, rows, "rqf-reasons")


def _reason(one: dict) -> list[str]:
    accepted = one["allowed"]
    said = import_words.problem_word(one)
    return [str(one["line"]), one["column"], one["value"], said, gettext(accepted) if accepted else ""]


@bp.get("/import/template.<format>")
def import_template(format: str):
    """Download a sheet with the columns and one example row: of records, or of their units."""
    chosen = format if format in writing.MEDIA_TYPES else "csv"
    units = request.args.get("of") == "units"
    columns, name = (UNIT_SHEET, "rqf-template-units") if units else (COLUMNS, "rqf-template")
    return _sheet(chosen, [one.name for one in columns], [[one.example for one in columns]], name)


@bp.get("/import/schema.json")
def import_schema():
    """Download the rules of the columns as a JSON Schema: of records, or of their units."""
    return jsonify(imports.schema(db(), own_country(), units=request.args.get("of") == "units"))


def _sheet(format: str, columns, rows, name: str, delimiter: str = ",") -> Response:
    with tempfile.TemporaryDirectory(prefix="rqf-") as folder:
        path = Path(folder) / name
        exchange.write(path, format, columns, rows, delimiter)
        content = io.BytesIO(path.read_bytes())
    return send_file(
        content, mimetype=writing.MEDIA_TYPES[format], as_attachment=True, download_name=f"{name}.{format}"
    )
