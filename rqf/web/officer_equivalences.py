"""The officer's equivalences: what is proposed for the country's records, written, submitted, taken back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from wtforms import Form

from rqf import equivalences, lookup
from rqf.errors import Changed, Invalid
from rqf.lookup import ComparisonPage
from rqf.models import EquivalenceProposal
from rqf.rules import workflow
from rqf.rules.terms import Relation, Role
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.equivalence import EquivalenceForm, EvidenceForm
from rqf.web.languages import say
from rqf.web.officer import bp


@bp.get("/equivalences")
def equivalences_():
    """List the proposals about records of the officer's country."""
    found = equivalences.own_proposals(db(), guard.actor())
    own = guard.actor().countries(Role.OFFICER)
    return render_template("officer/equivalences.html", proposals=found, own=own)


@bp.route("/equivalences/new", methods=["GET", "POST"])
def new_equivalence():
    """Propose what A is worth in place of B, starting from their comparison."""
    a, b = request.values.get("a", ""), request.values.get("b", "")
    page = equivalences.start(db(), guard.actor(), a, b)
    form = EquivalenceForm(data=_prefilled(page))
    if form.is_submitted() and form.validate():
        saved = _save(form, lambda terms: equivalences.propose(db(), guard.actor(), a, b, terms))
        if saved:
            flash(gettext("The proposal is saved as a draft. Add evidence, then submit it."), "success")
            return redirect(url_for("officer.equivalence", uuid=saved.uuid), 303)
        refuse()
        page = equivalences.start(db(), guard.actor(), a, b)
    return _page(page, form, None), 422 if form.errors else 200


@bp.route("/equivalences/<uuid>", methods=["GET", "POST"])
def equivalence(uuid: str):
    """Show a proposal of the officer's country and, while it is being written, change it."""
    proposal = equivalences.own_proposal(db(), guard.actor(), uuid)
    form = EquivalenceForm(data=_said(proposal))
    status = 200
    if form.is_submitted() and form.validate():
        expected = form.revision()
        try:
            saved = _save(form, lambda terms: equivalences.revise(db(), guard.actor(), uuid, terms, expected))
        except Changed as error:
            # What was typed stays on the page: it can be carried over to the newer proposal.
            form.form_errors.append(say(error.message))
            saved, status = None, 409
        if saved:
            flash(gettext("The proposal is saved."), "success")
            return redirect(url_for("officer.equivalence", uuid=uuid), 303)
        refuse()
        status = max(status, 422) if status != 409 else 409
        proposal = equivalences.own_proposal(db(), guard.actor(), uuid)
    return _page(_compared(proposal), form, proposal), status


@bp.route("/equivalences/<uuid>/outcomes", methods=["GET", "POST"])
def equivalence_outcomes(uuid: str):
    """Judge the outcomes of A and B pair by pair, beside what the program suggests."""
    complaints: list[tuple[str, str, str]] = []
    if request.method == "POST":
        a, b = (request.form.get(name, type=int) for name in ("a", "b"))
        said = request.form.getlist("relation")[-1:] or [""]
        relation = Relation(said[0]) if said[0] in {one.value for one in Relation} else None
        reason = request.form.get("reason", "")
        try:
            equivalences.judge_pair(db(), guard.actor(), uuid, a, b, relation, reason)
        except Invalid as error:
            refuse()
            at = request.form.get("at")
            field = (f"reason-{at}" if at else "own-reason", gettext("Reason"))
            complaints = [(*field, say(one)) for found in error.fields.values() for one in found]
        else:
            anchor = f"pair-{a or 0}-{b or 0}"
            return redirect(url_for("officer.equivalence_outcomes", uuid=uuid, _anchor=anchor), 303)
    proposal, page = equivalences.outcomes_side_by_side(db(), guard.actor(), uuid)
    return render_template(
        "officer/equivalence_outcomes.html",
        proposal=proposal,
        page=page,
        relations=[one for one in Relation if one != Relation.NONE],
        complaints=complaints,
        typed=request.form if complaints else None,
    ), 422 if complaints else 200


@bp.post("/equivalences/<uuid>/submit")
def submit_equivalence(uuid: str):
    """Put a proposal before the reviewers of both sides."""
    equivalences.submit(db(), guard.actor(), uuid)
    flash(gettext("The proposal is with the reviewers of both countries."), "success")
    return redirect(url_for("officer.equivalence", uuid=uuid), 303)


@bp.post("/equivalences/<uuid>/withdraw")
def withdraw_equivalence(uuid: str):
    """Take a proposal back."""
    equivalences.withdraw(db(), guard.actor(), uuid)
    flash(gettext("The proposal is withdrawn."), "success")
    return redirect(url_for("officer.equivalence", uuid=uuid), 303)


@bp.post("/equivalences/<uuid>/appeal")
def appeal_equivalence(uuid: str):
    """Object to a refusal with a new draft that points at it."""
    try:
        made = equivalences.appeal(db(), guard.actor(), uuid, request.form.get("reason", ""))
    except Invalid as error:
        refuse()
        for one in error.fields.get("reason", ()):
            flash(say(one), "error")
        return redirect(url_for("officer.equivalence", uuid=uuid), 303)
    flash(gettext("The appeal is a new draft. Say more if you want, then submit it."), "success")
    return redirect(url_for("officer.equivalence", uuid=made.uuid), 303)


@bp.post("/equivalences/<uuid>/evidence")
def add_evidence(uuid: str):
    """Add a link or a file to a proposal."""
    form = EvidenceForm()
    kind, title = form.chosen(), form.title.data or ""
    try:
        if form.validate() and form.file.data:
            content = form.file.data.read(equivalences.LARGEST_FILE + 1)
            equivalences.add_file(db(), guard.actor(), uuid, kind, title, content)
        elif form.validate():
            equivalences.add_link(db(), guard.actor(), uuid, kind, title, form.link.data or "")
    except Invalid as error:
        problems.show(form, error.fields, str)
    if form.errors:
        refuse()
        proposal = equivalences.own_proposal(db(), guard.actor(), uuid)
        page = _compared(proposal)
        return _page(page, EquivalenceForm(formdata=None, data=_said(proposal)), proposal, form), 422
    flash(gettext("The evidence is added."), "success")
    return redirect(url_for("officer.equivalence", uuid=uuid, _anchor="evidence"), 303)


@bp.post("/equivalences/<uuid>/evidence/<evidence>/remove")
def remove_evidence(uuid: str, evidence: str):
    """Take evidence away from a proposal."""
    equivalences.remove_evidence(db(), guard.actor(), uuid, evidence)
    flash(gettext("The evidence is removed."), "success")
    return redirect(url_for("officer.equivalence", uuid=uuid, _anchor="evidence"), 303)


def _save(form: EquivalenceForm, save: Any) -> EquivalenceProposal | None:
    """Return the saved proposal, or None with the complaints beside the fields."""
    try:
        return save(form.terms())
    except Invalid as error:
        places = {entry.form.element.data: place for place, entry in enumerate(form.differences)}
        problems.show(form, error.fields, lambda place: _field_of(place, places))
        return None


def _field_of(place: str, elements: dict[str, int]) -> str:
    first, _, element = place.partition(".")
    if first == "differences" and element in elements:
        return f"differences.{elements[element]}.note"
    return place


def _compared(proposal: EquivalenceProposal) -> ComparisonPage:
    a, b = proposal.from_version.qualification, proposal.to_version.qualification
    return lookup.compare(db(), a.uuid, b.uuid, with_judged=True)


def _prefilled(page: ComparisonPage) -> dict[str, Any]:
    """Return what the comparison says, to start from: the officer changes it or makes it theirs."""
    return {
        "differences": [
            {"element": one.element.value, "size": one.difference.value, "note": say(one.reason)}
            for one in page.result.elements
        ]
    }


def _said(proposal: EquivalenceProposal) -> dict[str, Any]:
    return {
        "expected": str(proposal.revision), "conclusion": proposal.conclusion.value,
        "purpose": proposal.purpose.value, "rationale": proposal.rationale,
        "legal_basis": proposal.legal_basis or "",
        "valid_from": proposal.valid_from.isoformat() if proposal.valid_from else "",
        "valid_to": proposal.valid_to.isoformat() if proposal.valid_to else "",
        "differences": [
            {"element": element, "size": size, "note": note}
            for element, (size, note) in proposal.differences.items()
        ],
    }  # fmt: skip


def _page(
    page: ComparisonPage,
    form: EquivalenceForm,
    proposal: EquivalenceProposal | None,
    evidence: Form | None = None,
) -> str:
    actor = guard.actor()
    complaints = problems.listed(form) + (problems.listed(evidence) if evidence else [])
    return render_template(
        "officer/equivalence.html",
        page=page,
        form=form,
        proposal=proposal,
        stands=equivalences.stands(db(), proposal) if proposal else [],
        editable=proposal is None or proposal.status in workflow.EDITABLE,
        evidence_form=evidence or EvidenceForm(formdata=None),
        complaints=complaints,
        own=[one for one in (page.a, page.b) if actor.has(Role.OFFICER, one.country_code)],
    )
