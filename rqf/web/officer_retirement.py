"""Records leave force, at once or announced, with their consequences before one's eyes; and come back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm

from rqf import registry
from rqf.errors import Changed, Invalid
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.retirement import LATER, ReinstateForm, RetireForm
from rqf.web.languages import say
from rqf.web.officer import asked, bp


@bp.route("/retire", methods=["GET", "POST"])
def retire():
    """Show what a filter, or one record, would take out of force and what rests on it; then do it."""
    form, status, uuid = RetireForm(), 200, request.args.get("record")
    if form.validate_on_submit():
        status, count = _attempt(form, lambda: _retire(form, uuid))
        if count:
            back = {"status": "expiring"} if form.how.data == LATER else {"status": "retired"}
            home = url_for("officer.record", uuid=uuid) if uuid else url_for("officer.index", **back)
            return redirect(home, 303)
    try:
        plan = registry.plan_retirement(db(), guard.actor(), asked(), uuid)
    except Invalid as error:
        return _too_many(error)
    form.seen.data = plan.seen
    return render_template("officer/retire.html", plan=plan, form=form, record=uuid, chosen=_chosen()), status


@bp.route("/reinstate", methods=["GET", "POST"])
def reinstate_all():
    """Show which retired records of a filter would come back into force; then put them back."""
    form, status = ReinstateForm(), 200
    if form.validate_on_submit():
        status, count = _attempt(form, lambda: _put_back(form))
        if count:
            return redirect(url_for("officer.index", **{**_chosen(), "status": "published"}), 303)
    try:
        plan = registry.plan_reinstatement(db(), guard.actor(), asked())
    except Invalid as error:
        return _too_many(error)
    form.seen.data = plan.seen
    return render_template("officer/reinstate_all.html", plan=plan, form=form, chosen=_chosen()), status


@bp.route("/qualifications/<uuid>/reinstate", methods=["GET", "POST"])
def reinstate(uuid: str):
    """Put a retired record back into force, with a reason."""
    form = ReinstateForm()
    if form.validate_on_submit():
        try:
            registry.reinstate(db(), guard.actor(), uuid, form.reason.data or "")
        except Invalid as error:
            problems.show(form, error.fields, lambda place: place)
            refuse()
        else:
            flash(gettext("The record is in force again."), "success")
            return redirect(url_for("officer.record", uuid=uuid), 303)
    version = registry.find_own(db(), guard.actor(), uuid)
    return render_template("officer/reinstate.html", version=version, form=form), 422 if form.errors else 200


def _retire(form: RetireForm, uuid: str | None) -> int:
    reason, seen = form.reason.data or "", form.seen.data or ""
    if form.how.data == LATER:
        count = registry.announce(db(), guard.actor(), asked(), form.ends(), reason, seen, uuid)
        said = ngettext(
            "The end of %(num)s record is announced.", "The end of %(num)s records is announced.", count
        )
    else:
        count = registry.retire(db(), guard.actor(), asked(), reason, seen, uuid)
        said = ngettext("%(num)s record is retired.", "%(num)s records are retired.", count)
    flash(said, "success")
    return count


def _put_back(form: ReinstateForm) -> int:
    count = registry.reinstate_all(db(), guard.actor(), asked(), form.reason.data or "", form.seen.data or "")
    said = ngettext("%(num)s record is in force again.", "%(num)s records are in force again.", count)
    flash(said, "success")
    return count


def _attempt(form: FlaskForm, do: Callable[[], int]) -> tuple[int, int]:
    """Do it; return the status of the page that is shown otherwise, and how many records it was done to."""
    try:
        return 200, do()
    except Invalid as error:
        problems.show(form, error.fields, lambda place: place)
        status = 422
    except Changed as error:
        form.form_errors.append(say(error.message))
        status = 409
    refuse()
    return status, 0


def _too_many(error: Invalid):
    for one in error.fields["filter"]:
        flash(say(one), "error")
    return redirect(url_for("officer.index", **request.args), 303)


def _chosen() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "lang" and value}
