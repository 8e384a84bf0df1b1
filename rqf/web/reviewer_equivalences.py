"""The reviewer's equivalences: what waits for the country's word, one case, the word, and the end of one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from rqf import equivalences, lookup
from rqf.equivalences import Case
from rqf.errors import Changed, Invalid
from rqf.models import EquivalenceProposal
from rqf.rules.terms import MappingStatus, MappingStep
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.decision import DecisionForm
from rqf.web.forms.equivalence import EndForm
from rqf.web.languages import say
from rqf.web.reviewer import bp


@bp.get("/equivalences")
def equivalences_():
    """List the proposals that wait for the word of the reviewer's country, those of its own records first."""
    page = equivalences.queue(db(), guard.actor(), request.args.get("page", 1, type=int))
    return render_template(
        "reviewer/equivalences.html",
        page=page,
        page_url=lambda number: url_for("reviewer.equivalences_", page=number),
    )


@bp.route("/equivalences/<uuid>", methods=["GET", "POST"])
def equivalence(uuid: str):
    """Show a proposed equivalence with all that it rests on, and take the country's word."""
    form, status = DecisionForm(), 200
    if form.validate_on_submit():
        try:
            found = equivalences.judge(
                db(), guard.actor(), uuid, form.decision(), form.reason.data or "", form.revision()
            )
        except Invalid as error:
            problems.show(form, error.fields, lambda place: place)
        except Changed as error:
            form.form_errors.append(say(error.message))
            status = 409
        else:
            flash(_told(found, form.decision()), "success")
            return redirect(url_for("reviewer.equivalences_"), 303)
        refuse()
    found = equivalences.case(db(), guard.actor(), uuid)
    # Also after a refusal: who saves again has read the text that stands here now.
    form.expected.data = str(found.proposal.revision)
    return _page(found, form), status if status == 409 else 422 if form.errors else 200


@bp.route("/decisions/<number>/end", methods=["GET", "POST"])
def end_equivalence(number: str):
    """End a standing equivalence in the name of the reviewer's country."""
    form = EndForm()
    if form.validate_on_submit():
        try:
            ended = equivalences.withdraw_equivalence(db(), guard.actor(), number, form.reason.data or "")
        except Invalid as error:
            problems.show(form, error.fields, lambda place: place)
            refuse()
        else:
            flash(gettext("The decision %(number)s no longer stands.", number=ended.number), "success")
            return redirect(url_for("decisions.decision", number=ended.number), 303)
    found = equivalences.decision(db(), number)
    return render_template("reviewer/end_equivalence.html", decision=found, form=form), (
        422 if form.errors else 200
    )


def _page(found: Case, form: DecisionForm) -> str:
    proposal = found.proposal
    decided = proposal.status == MappingStatus.ENDORSED
    if decided:
        form.step.choices = [one for one in form.step.choices if one.value != MappingStep.RETURN.value]
    a, b = proposal.from_version.qualification, proposal.to_version.qualification
    return render_template(
        "reviewer/equivalence.html",
        case=found,
        proposal=proposal,
        page=lookup.compare(db(), a.uuid, b.uuid, with_judged=True),
        form=form,
        decided=decided,
    )


def _told(proposal: EquivalenceProposal, step: MappingStep) -> str:
    if step == MappingStep.RETURN:
        return gettext("The proposal goes back to its officer with your question.")
    if proposal.status == MappingStatus.REJECTED:
        return gettext("The proposal is rejected.")
    if proposal.equivalence:
        return gettext("Your word stands beside the decision %(number)s.", number=proposal.equivalence.number)
    return gettext("Your word is kept. The other side has not spoken yet.")
