"""The quality of all countries' records, for the secretariat: where help is needed, and with what."""

from __future__ import annotations

from flask import render_template, request, url_for

from rqf import registry
from rqf.errors import N_, NotFound
from rqf.exchange import record_tables
from rqf.people import countries
from rqf.rules.quality import POINTS, Criterion, gaps_of
from rqf.web import exports, guard
from rqf.web.database import db
from rqf.web.quality_words import CRITERIA
from rqf.web.secretariat import bp


@bp.get("/quality")
def quality():
    """Show how good the records of a country, or of all, are."""
    country = _country(request.args.get("country"))
    return render_template(
        "secretariat/quality.html",
        overview=registry.overview(db(), guard.actor(), country),
        country=country,
        criteria=CRITERIA,
        points=POINTS,
        records_url=lambda criterion: (
            country and url_for("secretariat.quality_records", country=country, missing=criterion.value)
        ),
    )


@bp.get("/quality/<country>")
def quality_records(country: str):
    """List the records of a country, the weakest first, or those that lose points by one criterion."""
    criterion = _criterion()
    code = _country(country)
    assert code
    found = registry.records_lacking(db(), guard.actor(), code, criterion, request.args.get("after"))
    only = {"missing": criterion.value} if criterion else {}
    address = "secretariat.quality_records"
    return render_template(
        "secretariat/quality_records.html",
        found=found,
        country=code,
        words=CRITERIA.get(criterion),
        gaps_of=gaps_of,
        criteria=CRITERIA,
        first="after" not in request.args,
        next_url=found.after and url_for(address, country=code, after=found.after, **only),
        file_url=lambda format: url_for(
            "secretariat.quality_file", country=code, format=format, **only
        ),
        most=exports.MOST_AT_A_DESK,
    )  # fmt: skip


@bp.get("/quality/<country>.<format>")
def quality_file(country: str, format: str):
    """Give the records of the list as a file with all columns."""
    code = _country(country)
    assert code
    known = registry.overview(db(), guard.actor(), code).summary
    criterion = _criterion()
    total = next((one.records for one in known.to_fix if one.criterion == criterion), known.records)
    exports.refuse_more(total, exports.MOST_AT_A_DESK)
    pages = registry.lacking_pages(db(), guard.actor(), code, criterion)
    return exports.send(format, f"rqf-{code}", record_tables.tables(db(), pages))


def _criterion() -> Criterion | None:
    value = request.args.get("missing")
    return Criterion(value) if value in set(Criterion) else None


def _country(code: str | None) -> str | None:
    if code and code not in countries(db()):
        raise NotFound(N_("There is no country “%(value)s” in this register."), value=code[:40])
    return code or None
