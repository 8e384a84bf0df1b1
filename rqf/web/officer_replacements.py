"""Which records a record replaces, and which replace it: shown, added, taken away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from rqf import registry
from rqf.errors import N_, Invalid, message
from rqf.web import guard
from rqf.web.database import db, refuse
from rqf.web.languages import say
from rqf.web.officer import bp

_DONE = {
    "replaces": (registry.replace_record, True),
    "replaced_by": (registry.replace_record, False),
    "end_replaces": (registry.end_replacement, True),
    "end_replaced_by": (registry.end_replacement, False),
}


@bp.route("/qualifications/<uuid>/replacements", methods=["GET", "POST"])
def replacements(uuid: str):
    """Show the links of a record and what is found for a new one; add or remove a link."""
    problem = None
    if request.method == "POST":
        try:
            _change(uuid, request.form.get("do", ""), request.form.get("other", ""))
        except Invalid as error:
            problem = say(error.fields["other"][0])
            refuse()
        else:
            flash(gettext("The replacement is saved."), "success")
            return redirect(url_for("officer.replacements", uuid=uuid), 303)
    version = registry.find_own(db(), guard.actor(), uuid)
    query = request.args.get("q", "").strip()[:300]
    page = render_template(
        "officer/replacements.html",
        version=version,
        linked=registry.neighbours(db(), version),
        query=query,
        found=registry.could_be_linked(db(), guard.actor(), version, query) if query else None,
        problem=problem,
    )
    return page, 422 if problem else 200


def _change(uuid: str, do: str, other: str) -> None:
    if do not in _DONE:
        template = N_("“%(value)s” is not allowed here. Allowed: %(allowed)s.")
        raise Invalid({"other": [message(template, value=do[:40], allowed=", ".join(_DONE))]})
    step, forward = _DONE[do]
    step(db(), guard.actor(), *((uuid, other) if forward else (other, uuid)))
