"""The officer's desk: their country's records, and one record with what it lacks and what can be done now."""

from __future__ import annotations

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from rqf import consistency, registry
from rqf.registry import classifications
from rqf.rules.quality import Criterion
from rqf.rules.terms import MappingStatus, QualificationType, Role, StrEnum, VersionStatus
from rqf.web import exports, guard
from rqf.web.database import db
from rqf.web.languages import word
from rqf.web.marks import marked
from rqf.web.quality_words import CRITERIA

bp = guard.desk("officer", __name__, Role.OFFICER, url_prefix="/officer")
Member = TypeVar("Member", bound=StrEnum)

#: Why the advice is as it is -> the sentence for the page.
REASONS = {
    "referencing": _l("The national level is referenced to the regional framework."),
    "no_referencing": _l("The national level has not been referenced, or none is stated."),
    "standard_complexity": _l(
        "An occupational standard's level tells how complex one function is: it counts half, and not alone."
    ),
    "few_outcomes": _l("There are too few learning outcomes to read a level from them."),
    "precedents_agree": _l("Endorsed records of other countries stand at the same level."),
    "precedents_differ": _l("Endorsed records of other countries stand at different levels."),
    "no_precedents": _l("No similar record of another country has been endorsed yet."),
    "text_reads_higher": _l("The learning outcomes read higher than the referencing says."),
    "text_reads_lower": _l("The learning outcomes read lower than the referencing says."),
    "thin_evidence": _l("The evidence is thin: read the levels as facts, not as advice."),
}


#: The state that a record has by its days, not by a decision.
EXPIRING = "expiring"


@bp.context_processor
def _words():
    return {"marked": marked, "day": format_date}


def own_country() -> str:
    """Return the country that the officer works for."""
    country = guard.actor().country(Role.OFFICER)
    assert country is not None
    return country


def member(kind: type[Member], value: str | None) -> Member | None:
    """Return the member of an enumeration that an address names, or None."""
    return kind(value) if value in {one.value for one in kind} else None


@bp.get("/")
def index():
    """List the records of the officer's country."""
    page = registry.own_records(db(), guard.actor(), asked(), page=request.args.get("page", 1, type=int))
    filters = {name: value for name, value in request.args.items() if name not in ("page", "lang") and value}
    return render_template(
        "officer/index.html",
        page=page,
        country=own_country(),
        filters=filters,
        missing=CRITERIA.get(asked().missing),
        file_url=lambda format: url_for("officer.export", format=format, **filters),
        most=exports.MOST_AT_A_DESK,
        page_url=lambda number: url_for("officer.index", **filters, page=number),
        states=_options(VersionStatus, (EXPIRING, gettext("Expiring"))),
        types=_options(QualificationType),
        mappings=_options(MappingStatus, ("none", gettext("No proposal yet"))),
    )


def asked() -> registry.OwnFilter:
    """Return which of the officer's records the address asks for."""
    values = request.args
    return registry.OwnFilter(
        text=values.get("q", "")[:300],
        status=member(VersionStatus, values.get("status")),
        expiring=values.get("status") == EXPIRING,
        type=member(QualificationType, values.get("type")),
        mapping=_mapping_filter(values.get("mapping")),
        missing=member(Criterion, values.get("missing")),
        batch=values.get("batch"),
    )


def _mapping_filter(value: str | None) -> MappingStatus | str | None:
    return "none" if value == "none" else member(MappingStatus, value)


def _options(kind: type[StrEnum], *special: tuple[str, str]) -> list[tuple[str, str]]:
    return [("", gettext("Any")), *special, *((one.value, word(one).capitalize()) for one in kind)]


@bp.get("/qualifications/<uuid>")
def record(uuid: str):
    """Show a record: what is missing, what is close, which levels are suggested, where its mapping stands."""
    version = registry.find_own(db(), guard.actor(), uuid)
    qualification = version.qualification
    return render_template(
        "officer/record.html",
        version=version,
        quality=registry.kept_quality(db(), version),
        criteria=CRITERIA,
        reasons=REASONS,
        advice=registry.advise(db(), version),
        linked=registry.neighbours(db(), version),
        left_behind=consistency.before_publication(db(), qualification.id),
        mappings=registry.own_mappings(db(), version),
        close=registry.close_records(
            db(), qualification.country_code, version.title, version.original_language,
            code=qualification.code, type=qualification.type, exclude=qualification.id,
        ),
        isced=classifications.find("isced_f", version.isced_f),
        isco=classifications.find("isco_08", version.isco_08),
    )  # fmt: skip


@bp.post("/qualifications/<uuid>/publish")
def publish(uuid: str):
    """Make the draft the text in force."""
    version = registry.publish(db(), guard.actor(), uuid)
    flash(gettext("Version %(number)s is published.", number=version.number), "success")
    return redirect(url_for("officer.record", uuid=uuid), 303)


@bp.post("/mappings/<uuid>/withdraw")
def withdraw(uuid: str):
    """Take a proposal back."""
    expected = request.form.get("expected", type=int)
    mapping = registry.withdraw(db(), guard.actor(), uuid, expected)
    flash(gettext("The proposal is withdrawn."), "success")
    return redirect(url_for("officer.record", uuid=mapping.version.qualification.uuid), 303)


# The other pages of the desk put their routes on the same blueprint.
from rqf.web import (  # noqa: E402, F401
    officer_editor,
    officer_equivalences,
    officer_import,
    officer_level,
    officer_quality,
    officer_replacements,
    officer_retirement,
)
