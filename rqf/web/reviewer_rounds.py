"""Rounds on the reviewer's desk: what is mine or free, and placing one qualification after the other."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from rqf import review
from rqf.errors import Changed, Invalid
from rqf.models.tables import said
from rqf.review import PlacingCase, Task
from rqf.rules.terms import Part
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.rounds import PlaceForm
from rqf.web.languages import language, say
from rqf.web.reviewer import bp


@bp.get("/rounds")
def rounds():
    """List what the reviewer has to do in rounds, and what is free."""
    found = review.tasks(db(), guard.actor())
    return render_template("reviewer/rounds.html", tasks=found, task_url=task_url)


@bp.get("/rounds/next")
def next_task():
    """Go to the first of one's tasks."""
    return redirect(_next())


@bp.route("/placements/<uuid>", methods=["GET", "POST"])
def placement(uuid: str):
    """Show a qualification of a round, and take where the reviewer places it."""
    if request.method == "POST":
        form = PlaceForm()
        if form.validate_on_submit():
            answer = _take(form, uuid)
            if answer is not None:
                return answer
        refuse()
        return _page(review.placing_case(db(), guard.actor(), uuid), form), 422
    found = review.placing_case(db(), guard.actor(), uuid)
    domains = [{"domain": one.code, "level": ""} for one in found.item.round.edition.domains]
    return _page(found, PlaceForm(data={"domains": domains}))


def task_url(task: Task) -> str:
    """Return the page on which a task is done."""
    if task.part == Part.DECISION and task.item.mapping is not None:
        return url_for("reviewer.case", uuid=task.item.mapping.uuid)
    return url_for("reviewer.placement", uuid=task.item.uuid)


def _take(form: PlaceForm, uuid: str):
    """Return the answer to a placement, or None with the complaints beside the fields."""
    low, high = form.range()
    try:
        made = review.place(db(), guard.actor(), uuid, low, high, form.levels(), form.reason.data or "")
    except Invalid as error:
        places = {entry.form.domain.data: place for place, entry in enumerate(form.domains)}
        problems.show(form, error.fields, lambda place: _field_of(place, places))
        return None
    except Changed as error:
        form.form_errors.append(say(error.message))
        refuse()
        return _page(review.placing_case(db(), guard.actor(), uuid), form), 409
    if made.part == Part.RECONCILIATION:
        flash(gettext("“%(title)s” is reconciled.", title=made.item.version.title), "success")
    else:
        flash(gettext("Your placement of “%(title)s” is kept.", title=made.item.version.title), "success")
    then = _next() if request.form.get("then") == "next" else url_for("reviewer.rounds")
    return redirect(then, 303)


def _field_of(place: str, domains: dict[str, int]) -> str:
    first, _, code = place.partition(".")
    return f"domains.{domains[code]}.level" if first == "levels" and code in domains else place


def _page(found: PlacingCase, form: PlaceForm) -> str:
    edition = found.item.round.edition
    form.offer((str(one.number), f"{one.number} · {said(one.titles, language())}") for one in edition.levels)
    return render_template(
        "reviewer/placement.html",
        found=found,
        item=found.item,
        version=found.item.version,
        edition=edition,
        form=form,
        domains={one.code: said(one.titles, language()) for one in edition.domains},
    )


def _next() -> str:
    task = review.next_task(db(), guard.actor())
    return task_url(task) if task else url_for("reviewer.rounds")
