"""Retiring records with their consequences before one's eyes, and putting one back into force."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from rqf import registry
from rqf.errors import Changed, Invalid
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.retirement import ReinstateForm, RetireForm
from rqf.web.languages import say
from rqf.web.officer import asked, bp


@bp.route("/retire", methods=["GET", "POST"])
def retire():
    """Show what a filter, or one record, would take out of force and what rests on it; then do it."""
    form, status, uuid = RetireForm(), 200, request.args.get("record")
    if form.validate_on_submit():
        try:
            count = registry.retire(
                db(), guard.actor(), asked(), form.reason.data or "", form.seen.data or "", uuid
            )
        except Invalid as error:
            problems.show(form, error.fields, lambda place: place)
            status = 422
        except Changed as error:
            form.form_errors.append(say(error.message))
            status = 409
        else:
            flash(ngettext("%(num)s record is retired.", "%(num)s records are retired.", count), "success")
            home = (
                url_for("officer.record", uuid=uuid) if uuid else url_for("officer.index", status="retired")
            )
            return redirect(home, 303)
        refuse()
    try:
        plan = registry.plan_retirement(db(), guard.actor(), asked(), uuid)
    except Invalid as error:
        for one in error.fields["filter"]:
            flash(say(one), "error")
        return redirect(url_for("officer.index", **request.args), 303)
    form.seen.data = plan.seen
    chosen = {name: value for name, value in request.args.items() if name != "lang" and value}
    return render_template("officer/retire.html", plan=plan, form=form, record=uuid, chosen=chosen), status


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
