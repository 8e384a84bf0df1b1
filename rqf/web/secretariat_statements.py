"""The secretariat's statements: the newest ones, and taking one back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext

from rqf import statements
from rqf.errors import Invalid
from rqf.rules.numbers import read_number
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.statements import WithdrawForm
from rqf.web.secretariat import bp

_PAGE = 50


@bp.get("/statements", endpoint="statements")
def listed():
    """List the statements, the newest first; a number leads to its own."""
    number = request.args.get("number", "").strip()
    if number:
        return redirect(url_for("secretariat.withdraw", number=read_number(number) or number[:60]), 303)
    found = statements.list_statements(
        db(), guard.actor(), request.args.get("before", type=int), limit=_PAGE + 1
    )
    return render_template(
        "secretariat/statements.html",
        rows=[(one, statements.document(one)) for one in found[:_PAGE]],
        older=found[_PAGE - 1].id if len(found) > _PAGE else None,
        day=format_date,
    )


@bp.route("/statements/<number>/withdraw", methods=["GET", "POST"])
def withdraw(number: str):
    """Take a statement back, with a reason that everybody who verifies it reads."""
    found = statements.find(db(), number)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            statements.withdraw(db(), guard.actor(), found.number, form.reason.data or "")
        except Invalid as error:
            problems.show(form, error.fields, str)
            refuse()
        else:
            flash(gettext("%(number)s is withdrawn.", number=found.number), "success")
            return redirect(url_for("secretariat.statements"), 303)
    page = render_template(
        "secretariat/withdraw_statement.html",
        form=form,
        statement=found,
        said=statements.document(found),
        standing=statements.standing(db(), found),
        day=format_date,
    )
    return page, 422 if form.errors else 200
