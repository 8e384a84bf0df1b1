"""Proposing a regional level: the suggestions with their evidence, and the form that starts from them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from rqf import registry
from rqf.errors import Changed, Invalid
from rqf.models import LevelMapping, QualificationVersion
from rqf.models.tables import said
from rqf.registry import Advice
from rqf.rules import workflow
from rqf.rules.terms import VersionStatus
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.proposal import ProposalForm
from rqf.web.languages import language, say
from rqf.web.officer import REASONS, bp


@bp.route("/qualifications/<uuid>/level", methods=["GET", "POST"])
def level(uuid: str):
    """Show the suggested levels with their evidence, and propose one."""
    version = registry.find_own(db(), guard.actor(), uuid)
    advice = registry.advise(db(), version)
    mapping = registry.open_mapping(db(), version, advice.edition)
    start = _values(mapping, advice) if mapping else _prefilled(version, advice)
    form = ProposalForm(data=start).offer(
        (str(one.number), said(one.titles, language())) for one in advice.edition.levels
    )
    if not form.validate_on_submit():
        return _page(form, version, advice, mapping)
    try:
        saved = _save(form, uuid)
    except Changed as error:
        # What was typed stays on the page: it can be carried over to the newer proposal.
        form.form_errors.append(say(error.message))
        refuse()
        return _page(form, version, advice, mapping), 409
    if saved is None:
        refuse()
        return _page(form, version, advice, mapping), 422
    if saved.status in workflow.WAITING:
        flash(gettext("The proposal is with the reviewers of the other countries."), "success")
    else:
        flash(gettext("The proposal is saved as a draft."), "success")
    return redirect(url_for("officer.record", uuid=uuid), 303)


def _save(form: ProposalForm, uuid: str) -> LevelMapping | None:
    """Return the saved (and submitted) proposal, or None with the complaints beside the fields."""
    low, high = form.range()
    expected = int(form.expected.data) if (form.expected.data or "").isdecimal() else None
    try:
        mapping = registry.propose(
            db(), guard.actor(), uuid, low, high, form.rationale.data or "", form.placed(), expected
        )
        if request.form.get("do") == "submit":
            registry.submit(db(), guard.actor(), mapping.uuid)
    except Invalid as error:
        places = {entry.form.domain.data: place for place, entry in enumerate(form.placements)}
        problems.show(form, error.fields, lambda place: _field_of(place, places))
        return None
    return mapping


def _field_of(place: str, domains: dict[str, int]) -> str:
    steps = place.split(".")
    if steps[0] == "placements" and steps[1] in domains:
        return ".".join(["placements", str(domains[steps[1]]), *steps[2:]])
    return place


def _page(form: ProposalForm, version: QualificationVersion, advice: Advice, mapping: LevelMapping | None):
    return render_template(
        "officer/level.html",
        form=form,
        version=version,
        advice=advice,
        mapping=mapping,
        editable=mapping is None or mapping.status in workflow.EDITABLE,
        draft=version.status == VersionStatus.DRAFT,
        reasons=REASONS,
        domains={domain.code: said(domain.titles, language()) for domain in advice.edition.domains},
        complaints=problems.listed(form),
    )


def _values(mapping: LevelMapping, advice: Advice) -> dict[str, Any]:
    placed = {one.domain.code: one for one in mapping.placements}
    return {
        "expected": str(mapping.revision),
        "low": str(mapping.low),
        "high": str(mapping.high),
        "rationale": mapping.rationale,
        "placements": [
            {
                "domain": domain.code,
                "level": str(placed[domain.code].level) if domain.code in placed else "",
                "evidence": (placed[domain.code].evidence or "") if domain.code in placed else "",
            }
            for domain in advice.edition.domains
        ],
    }


def _prefilled(version: QualificationVersion, advice: Advice) -> dict[str, Any]:
    """Return a proposal that says what the evidence says; the officer changes it or makes it theirs."""
    levels, best = advice.levels, advice.levels.suggestions[0] if advice.levels.suggestions else None
    low, high = levels.range or ((best.level, best.level) if best else (1, 1))
    evidence = {one.domain: one for one in best.evidence} if best else {}
    return {
        "low": str(low),
        "high": str(high),
        "rationale": "\n".join(_rationale(version, advice)),
        "placements": [
            {
                "domain": domain.code,
                "level": str(best.level) if best and domain.code in evidence else "",
                "evidence": _shared(evidence.get(domain.code)),
            }
            for domain in advice.edition.domains
        ],
    }


def _shared(evidence: Any) -> str:
    # Where no word is shared there is nothing to start from; the officer says it in their own words.
    if evidence is None or not evidence.words:
        return ""
    return gettext(
        "Closest descriptor: “%(text)s” Words in common: %(words)s.",
        text=evidence.descriptor_text,
        words=", ".join(evidence.words),
    )


def _rationale(version: QualificationVersion, advice: Advice) -> list[str]:
    lines = []
    profile = advice.profile
    if version.level and profile.national_range:
        values = {
            "level": version.level.number, "framework": version.level.edition.framework.code,
            "range": _range(*profile.national_range), "best": profile.national_best,
        }  # fmt: skip
        lines.append(
            gettext(
                "National level %(level)s of %(framework)s is referenced to the regional framework at "
                "%(range)s; the best fit is %(best)s.",
                **values,
            )
        )
    if version.outcomes() and advice.levels.suggestions:
        nearest = max(advice.levels.suggestions, key=lambda one: one.parts.get("descriptors", 0.0))
        lines.append(
            gettext(
                "The learning outcomes come closest to the descriptors of level %(level)s.",
                level=nearest.level,
            )
        )
    for one in advice.precedents[:3]:
        found = one.precedent
        lines.append(
            gettext(
                "“%(title)s” (%(country)s) was endorsed at %(range)s by %(names)s.",
                title=found.title, country=found.country, range=_range(found.low, found.high),
                names=", ".join(found.endorsed_by) or "–",
            )
        )  # fmt: skip
    return lines


def _range(low: int, high: int) -> str:
    if low == high:
        return gettext("level %(level)s", level=low)
    return gettext("levels %(low)s to %(high)s", low=low, high=high)


@bp.post("/mappings/<uuid>/appeal")
def appeal(uuid: str):
    """Object to a rejection with a new draft that points at it."""
    try:
        mapping = registry.appeal(db(), guard.actor(), uuid, request.form.get("reason", ""))
    except Invalid as error:
        old = registry.find_mapping(db(), guard.actor(), uuid)
        refuse()
        for one in error.fields.get("reason", ()):
            flash(say(one), "error")
        return redirect(url_for("officer.record", uuid=old.version.qualification.uuid), 303)
    flash(gettext("The appeal is a new draft. Say more if you want, then submit it."), "success")
    return redirect(url_for("officer.level", uuid=mapping.version.qualification.uuid), 303)
