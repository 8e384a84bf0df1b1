"""Importing many records: the file is checked, its rows wait on the server, then all are added or none."""

from __future__ import annotations

import csv
import io
import json

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from rqf import registry
from rqf.errors import N_, Invalid, message
from rqf.exchange import spreadsheets
from rqf.registry.columns import COLUMNS
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.upload import ConfirmForm, UploadForm
from rqf.web.officer import bp, own_country

#: The page keeps this much between the check and the confirmation; larger files go through the command.
MOST_KEPT = 2 * 1024 * 1024
#: The page lists so many problems; whoever has more repairs these first.
_MOST_SHOWN = 200


@bp.route("/import", methods=["GET", "POST"])
def import_():
    """Check a file of records; nothing is written."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422 if form.errors else 200
    country = own_country()
    try:
        rows = spreadsheets.read_csv(form.file.data.read())
        if len(json.dumps(rows.rows)) > MOST_KEPT:
            too_much = N_("This file has %(n)s rows, too many for the page. Use the command: rqf import.")
            raise Invalid({"file": [message(too_much, n=len(rows))]})
        report = registry.imports.check(db(), guard.actor(), country, rows)
    except Invalid as error:
        problems.show(form, error.fields, str)
        refuse()
        return _upload_page(form), 422
    if report.problems:
        return _report_page(report, rows), 422
    token = registry.imports.keep(db(), guard.actor(), country, rows)
    return redirect(url_for("officer.confirm_import", token=token), 303)


@bp.route("/import/<token>", methods=["GET", "POST"])
def confirm_import(token: str):
    """Show what would be added; add it when the officer says so."""
    form = ConfirmForm()
    country, rows = registry.imports.kept(db(), guard.actor(), token)
    if not form.validate_on_submit():
        return render_template(
            "officer/import_confirm.html", form=form, rows=rows[:50], total=len(rows), country=country
        )
    report = registry.imports.check(db(), guard.actor(), country, rows)
    if report.problems:
        refuse()
        return _report_page(report, None), 422
    added = registry.imports.apply(db(), guard.actor(), country, rows)
    registry.imports.forget(db(), guard.actor(), token)
    flash(gettext("%(n)s records are added as drafts.", n=len(added.created)), "success")
    return redirect(url_for("officer.index", status="draft"), 303)


@bp.get("/import/template.csv")
def import_template():
    """Download an empty sheet with the columns and one example row."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerow([column.example for column in COLUMNS])
    return Response(
        "\ufeff" + sheet.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=rqf-template.csv"},
    )


def _upload_page(form: UploadForm) -> str:
    return render_template(
        "officer/import.html",
        form=form,
        complaints=problems.listed(form),
        columns=COLUMNS,
        country=own_country(),
        lists=registry.choices(db(), own_country()),
    )


def _report_page(report: registry.imports.ImportReport, rows: spreadsheets.Rows | None) -> str:
    return render_template(
        "officer/import_problems.html", report=report, rows=rows, shown=report.problems[:_MOST_SHOWN]
    )
