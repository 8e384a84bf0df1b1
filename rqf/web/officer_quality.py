"""The quality of a country's records, and those records as a file."""

from __future__ import annotations

from flask import render_template, request, url_for

from rqf import registry
from rqf.exchange import record_tables
from rqf.rules.quality import POINTS
from rqf.web import exports, guard
from rqf.web.database import db
from rqf.web.officer import asked, bp, own_country
from rqf.web.quality_words import CRITERIA


@bp.get("/quality")
def quality():
    """Show how good the country's records are (or those of an import), and what to fix first."""
    batch = request.args.get("batch")
    found = registry.overview(db(), guard.actor(), own_country(), batch)
    only = {"batch": batch} if batch else {}
    return render_template(
        "officer/quality.html",
        overview=found,
        country=own_country(),
        criteria=CRITERIA,
        points=POINTS,
        records_url=lambda criterion: url_for("officer.index", missing=criterion.value, **only),
    )


@bp.get("/qualifications.<format>")
def export(format: str):
    """Give the records of the list's filter as a file with all columns."""
    wanted = asked()
    total = registry.own_records(db(), guard.actor(), wanted, per_page=1).total
    exports.refuse_more(total, exports.MOST_AT_A_DESK)
    pages = registry.own_pages(db(), guard.actor(), wanted)
    return exports.send(format, f"rqf-{own_country()}", record_tables.tables(db(), pages))
