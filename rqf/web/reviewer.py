"""The reviewer's desk: the queue, one case on one screen, and what one has decided."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from rqf import review
from rqf.errors import Changed, Invalid
from rqf.exchange import decision_table
from rqf.models import LevelMapping
from rqf.models.tables import said
from rqf.review import Agreement, Case, Evidence
from rqf.rules.terms import MappingStatus, MappingStep, Role
from rqf.web import exports, guard, problems
from rqf.web.agreement import show as show_agreement
from rqf.web.database import db, refuse
from rqf.web.forms.decision import DecisionForm
from rqf.web.languages import country_name, language, say
from rqf.web.marks import marked

bp = guard.desk("reviewer", __name__, Role.REVIEWER, url_prefix="/reviewer")

#: How a proposal stands to the suggestion -> its words.
AGREEMENT = {
    Agreement.SAME: _l("as suggested"),
    Agreement.OVERLAPS: _l("partly as suggested"),
    Agreement.HIGHER: _l("higher than suggested"),
    Agreement.LOWER: _l("lower than suggested"),
}


@bp.context_processor
def _words():
    return {
        "agreements": AGREEMENT,
        "day": format_date,
        "marked": marked,
        "said": lambda texts: said(texts, language()),
    }


@bp.get("/")
def queue():
    """List the proposals that wait for the reviewer, the oldest first."""
    chosen = {name: request.args[name] for name in ("country", "sector") if request.args.get(name)}
    page = review.queue(db(), guard.actor(), **chosen, page=request.args.get("page", 1, type=int))
    waiting = review.waiting(db(), guard.actor())
    return render_template(
        "reviewer/queue.html",
        page=page,
        filters=chosen,
        waiting=sum(waiting.countries.values()),
        countries=[
            (code, gettext("%(name)s (%(count)s)", name=country_name(code), count=count))
            for code, count in waiting.countries.items()
        ],
        sectors=[
            (code, gettext("%(name)s (%(count)s)", name=_sector(waiting, code), count=count))
            for code, count in waiting.sectors.items()
        ],
        page_url=lambda number: url_for("reviewer.queue", **chosen, page=number),
    )


def _sector(waiting: review.Waiting, code: str) -> str:
    return said(waiting.sector_titles.get(code, {}), language()) or code


@bp.route("/mappings/<uuid>", methods=["GET", "POST"])
def case(uuid: str):
    """Show a proposal with all that a decision rests on, and take the decision."""
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            mapping = review.decide(
                db(), guard.actor(), uuid, form.decision(), form.reason.data or "", form.revision()
            )
        except Invalid as error:
            problems.show(form, error.fields, lambda place: place)
        except Changed as error:
            return _conflict(uuid, form, say(error.message))
        else:
            flash(_outcome(mapping), "success")
            return redirect(_next() if request.form.get("then") == "next" else url_for("reviewer.queue"), 303)
        refuse()
    found = review.case(db(), guard.actor(), uuid)
    if not form.is_submitted():
        form.expected.data = str(found.mapping.revision)
    return _page(found, form), 422 if form.errors else 200


@bp.post("/mappings/<uuid>/open")
def open_review(uuid: str):
    """Say that one is at it, so that the officer does not take the proposal back meanwhile."""
    review.open_review(db(), guard.actor(), uuid)
    flash(gettext("The proposal is in review. Its officer can no longer withdraw it."), "success")
    return redirect(url_for("reviewer.case", uuid=uuid), 303)


@bp.get("/decisions")
def decisions():
    """List what the reviewer has decided so far."""
    page = review.own_decisions(db(), guard.actor(), request.args.get("page", 1, type=int))
    return render_template(
        "reviewer/decisions.html",
        page=page,
        page_url=lambda number: url_for("reviewer.decisions", page=number),
    )


@bp.get("/decisions.<format>")
def decisions_file(format: str):
    """Give all that the reviewer has decided as a file."""
    if format not in ("csv", "xlsx"):
        abort(404)
    return exports.send(format, "rqf-decisions", (decision_table.decision_table(db(), guard.actor()),))


@bp.get("/agreement")
def agreement():
    """Show how far people agree, by country, sector and round; no person is named."""
    return show_agreement(gettext("Reviewer's desk"))


def _page(found: Case, form: DecisionForm) -> str:
    best = found.advice.levels[0] if found.advice.levels else None
    evidence = {one.domain: one for one in best.evidence} if best else {}
    return render_template(
        "reviewer/case.html",
        case=found,
        mapping=found.mapping,
        version=found.version,
        form=form,
        best=best,
        evidence=evidence,
        unseen=_unseen(found, evidence.values()),
        placed={one.domain.code: one for one in found.mapping.placements},
        can_open=found.refusal is None and found.mapping.status == MappingStatus.SUBMITTED,
    )


def _unseen(found: Case, evidence: Iterable[Evidence]) -> dict[str, str | None]:
    """Return domain -> language of the descriptors that matched but are not among those the page shows.

    They stand at a level far from the proposed one, or matched in a language that is not the reader's.
    """
    shown = {said(one.texts, language()) for level in found.neighbours for one in level.descriptors}
    issued = {
        text: code
        for level in found.mapping.edition.levels
        for one in level.descriptors
        for code, text in one.texts.items()
    }
    return {one.domain: issued.get(one.text) for one in evidence if one.text and one.text not in shown}


def _conflict(uuid: str, form: DecisionForm, text: str):
    """Show who was first, and give back what the person has written."""
    refuse()
    found = review.case(db(), guard.actor(), uuid)
    page = render_template(
        "reviewer/conflict.html",
        case=found,
        mapping=found.mapping,
        text=text,
        written=form.reason.data or "",
    )
    return page, 409


def _outcome(mapping: LevelMapping) -> str:
    title, step = mapping.version.title, mapping.decisions[-1].step
    if step == MappingStep.ENDORSE:
        return gettext("“%(title)s” is endorsed as %(number)s.", title=title, number=mapping.number)
    if step == MappingStep.RETURN:
        return gettext("“%(title)s” goes back to its officer with your question.", title=title)
    return gettext("The proposal for “%(title)s” is rejected.", title=title)


def _next() -> str:
    waiting = review.next_case(db(), guard.actor())
    return url_for("reviewer.case", uuid=waiting.uuid) if waiting else url_for("reviewer.queue")


# The other pages of the desk put their routes on the same blueprint.
from rqf.web import reviewer_equivalences, reviewer_rounds  # noqa: E402, F401
