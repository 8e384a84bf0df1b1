"""Contradictions between decisions: the list, the path that proves one, and settling it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from rqf import consistency
from rqf.errors import Changed, Invalid
from rqf.people import countries
from rqf.rules.terms import Conclusion, FindingKind, FindingStatus
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.settle import SettleForm
from rqf.web.languages import country_name, say, word
from rqf.web.secretariat import bp

#: What a contradiction is, in a sentence.
_EXPLAINED = {
    FindingKind.TRIANGLE: _l(
        "Two pairs were decided to be fully equivalent, so that the third pair should be, too; it was "
        "decided otherwise."
    ),
    FindingKind.LEVELS_APART: _l(
        "Two qualifications were decided to be fully equivalent, but they stand two or more regional levels "
        "apart."
    ),
    FindingKind.TITLE_DRIFT: _l("The same title stands two or more regional levels apart in two countries."),
    FindingKind.OUTSIDE_REFERENCING: _l(
        "The regional level leaves the range that the national level is referenced to. That can be right; "
        "then the reason belongs here."
    ),
    FindingKind.OLD_VERSION: _l(
        "The decision stands on a version that has been replaced or retired. Whether it still holds has to "
        "be decided."
    ),
}


@bp.context_processor
def _finding_words():
    return {
        "explain": lambda kind: str(_EXPLAINED[kind]),
        "conclusion_word": lambda value: word(Conclusion(value)),
    }


@bp.get("/findings")
def findings():
    """List the contradictions in a state, the newest first."""
    status = _chosen(FindingStatus, "status") or FindingStatus.OPEN
    kind, country = _chosen(FindingKind, "kind"), request.args.get("country", "")[:10]
    found = consistency.list_findings(
        db(), guard.actor(), status=status, kind=kind, country=country,
        before=request.args.get("before", type=int),
    )  # fmt: skip
    chosen = {"status": status.value, "kind": kind.value if kind else "", "country": country}
    return render_template(
        "secretariat/findings.html",
        findings=found.items,
        chosen=chosen,
        counts=consistency.count_open(db()),
        statuses=[(one.value, word(one)) for one in FindingStatus],
        kinds=[(one.value, word(one)) for one in FindingKind],
        countries=[(code, country_name(code)) for code in countries(db())],
        filtered=bool(kind or country or request.args.get("before")),
        older=found.older and url_for("secretariat.findings", **chosen, before=found.older),
        day=format_date,
    )


@bp.route("/findings/<uuid>", methods=["GET", "POST"])
def finding(uuid: str):
    """Show a contradiction with the decisions that prove it, and settle it."""
    form = SettleForm()
    status = 200
    if form.validate_on_submit():
        try:
            consistency.settle(db(), guard.actor(), uuid, form.reason.data or "", form.proof.data or "")
        except Invalid as error:
            problems.show(form, error.fields, str)
        except Changed as error:
            form.form_errors.append(say(error.message))
            status = 409
        else:
            flash(gettext("The contradiction is settled. Your reason stays beside it."), "success")
            return redirect(url_for("secretariat.finding", uuid=uuid), 303)
        refuse()
    found = consistency.find_finding(db(), guard.actor(), uuid)
    if not form.is_submitted() or status == 409:
        form.proof.data = found.proof
    page = render_template("secretariat/finding.html", finding=found, form=form, day=format_date)
    return page, 422 if form.errors and status == 200 else status


@bp.post("/findings/<uuid>/reopen")
def reopen_finding(uuid: str):
    """Take back that a contradiction was settled."""
    consistency.reopen(db(), guard.actor(), uuid)
    flash(gettext("The contradiction is open again."), "success")
    return redirect(url_for("secretariat.finding", uuid=uuid), 303)


def _chosen(kind, name: str):
    return next((one for one in kind if one.value == request.args.get(name)), None)
