"""The secretariat's desk: who did what, and who may do what."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_date, format_datetime, gettext
from flask_babel import lazy_gettext as _l

from rqf.errors import Invalid
from rqf.people import (
    add_account,
    audited_actions,
    countries,
    disable_account,
    list_accounts,
)
from rqf.people import (
    audit_head as read_head,
)
from rqf.people import (
    audit_trail as read_trail,
)
from rqf.rules.terms import Conclusion, FindingStatus, MappingStatus, Purpose, Role, VersionStatus
from rqf.web import guard, problems
from rqf.web.agreement import show as show_agreement
from rqf.web.database import db, refuse
from rqf.web.forms.people import PersonForm
from rqf.web.languages import country_name, word

bp = guard.desk("secretariat", __name__, Role.SECRETARIAT, url_prefix="/secretariat")

#: Action in the trail -> its words; one that is missing here is shown by its name.
ACTIONS = {
    "account.add": _l("added a person"),
    "account.away": _l("said that somebody is on leave"),
    "account.back": _l("said that somebody is back"),
    "account.disable": _l("switched an account off"),
    "account.sign_in": _l("signed in"),
    "account.sign_out": _l("signed out"),
    "finding.reopen": _l("opened a contradiction again"),
    "finding.settle": _l("settled a contradiction"),
    "fixtures.load": _l("loaded data"),
    "key.add": _l("made a key"),
    "equivalence.add_evidence": _l("added evidence"),
    "equivalence.appeal": _l("appealed against a refused equivalence"),
    "equivalence.endorse": _l("endorsed an equivalence"),
    "equivalence.judge_pair": _l("judged two outcomes"),
    "equivalence.propose": _l("wrote a proposed equivalence"),
    "equivalence.reject": _l("refused an equivalence"),
    "equivalence.remove_evidence": _l("removed evidence"),
    "equivalence.return": _l("returned a proposed equivalence"),
    "equivalence.submit": _l("submitted an equivalence"),
    "equivalence.withdraw": _l("ended an equivalence"),
    "equivalence.withdraw_proposal": _l("withdrew a proposed equivalence"),
    "mapping.appeal": _l("appealed against a decision"),
    "mapping.endorse": _l("endorsed a level"),
    "mapping.open": _l("opened a review"),
    "mapping.propose": _l("wrote a proposal"),
    "mapping.reject": _l("rejected a proposal"),
    "mapping.return": _l("returned a proposal"),
    "mapping.submit": _l("submitted a proposal"),
    "mapping.withdraw": _l("withdrew a proposal"),
    "qualification.announce_end": _l("announced the end of a qualification"),
    "qualification.publish": _l("published a version"),
    "qualification.register": _l("registered a qualification"),
    "qualification.reinstate": _l("put a qualification back into force"),
    "qualification.replace": _l("noted that a qualification replaces another"),
    "qualification.replace_end": _l("took back that a qualification replaces another"),
    "qualification.retire": _l("retired a qualification"),
    "qualification.revise": _l("revised a qualification"),
    "qualification.supersede": _l("superseded a qualification"),
    "qualification.take_back": _l("took an import back"),
    "round.assign": _l("assigned a qualification"),
    "round.create": _l("made a review round"),
    "round.deal": _l("dealt out a review round"),
    "round.place": _l("placed a qualification"),
    "round.reconcile": _l("reconciled two placements"),
    "signing_key.add": _l("made a signing key"),
    "statement.issue": _l("issued a statement"),
    "statement.withdraw": _l("withdrew a statement"),
}

#: Type of record in the trail -> its words.
RECORDS = {
    "account": _l("account"),
    "api_key": _l("key"),
    "equivalence": _l("equivalence"),
    "equivalence_proposal": _l("proposed equivalence"),
    "finding": _l("contradiction"),
    "fixtures": _l("data"),
    "level_mapping": _l("level mapping"),
    "qualification": _l("qualification"),
    "review_round": _l("review round"),
    "signing_key": _l("signing key"),
    "statement": _l("statement"),
}

#: First part of a place in a record -> its words.
PLACES = {
    "added": _l("added"),
    "completeness": _l("completeness"),
    "conclusion": _l("conclusion"),
    "email": _l("e-mail address"),
    "finding": _l("contradiction"),
    "high": _l("highest level"),
    "level": _l("level"),
    "kept": _l("left as it was"),
    "label": _l("label"),
    "low": _l("lowest level"),
    "name": _l("name"),
    "number": _l("number"),
    "placements": _l("placements"),
    "proof": _l("proof"),
    "qualification": _l("qualification"),
    "rationale": _l("rationale"),
    "roles": _l("roles"),
    "status": _l("state"),
    "titles": _l("titles"),
    "units": _l("units"),
    "updated": _l("updated"),
    "version": _l("version"),
}

#: Type of record -> the enumeration of its states.
_STATES = {"finding": FindingStatus, "level_mapping": MappingStatus, "qualification": VersionStatus}
_FILTERS = ("country", "action", "person", "record")


@bp.context_processor
def _words():
    return {
        "action_name": action_name,
        "record_type_name": lambda name: str(RECORDS.get(name, name)),
        "place_name": place_name,
        "told": told,
        "moment": format_datetime,
        "purpose_word": lambda code: str(word(Purpose(code))),
    }


@bp.get("/")
def audit_trail():
    """Show the audit trail, the newest entry first."""
    chosen = {name: request.args[name][:300] for name in _FILTERS if request.args.get(name)}
    trail = read_trail(db(), guard.actor(), **chosen, before=request.args.get("before", type=int))
    return render_template(
        "secretariat/audit_trail.html",
        trail=trail,
        filters=chosen,
        countries=[(code, country_name(code)) for code in countries(db())],
        actions=[(name, action_name(name)) for name in audited_actions(db(), guard.actor())],
        later=request.args.get("before") is not None,
        older=trail.older and url_for("secretariat.audit_trail", **chosen, before=trail.older),
    )


@bp.get("/audit-head.json")
def audit_head():
    """Give where the trail stands now as a file, to be kept outside this system."""
    head = read_head(db(), guard.actor())
    answer = jsonify(head.stored())
    answer.headers["Content-Disposition"] = f"attachment; filename=rqf-audit-head-{head.at[:10]}.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/people")
def people():
    """List everybody with their roles."""
    return render_template("secretariat/people.html", accounts=list_accounts(db()), day=format_date)


@bp.route("/people/new", methods=["GET", "POST"])
def add_person():
    """Add a person with their roles."""
    form = PersonForm().offer((code, country_name(code)) for code in countries(db()))
    if form.validate_on_submit():
        try:
            account = add_account(
                db(), guard.actor(), email=form.email.data or "", name=form.name.data or "",
                password=form.password.data or "", roles=form.roles(),
            )  # fmt: skip
        except Invalid as error:
            problems.show(form, error.fields, lambda place: "officer" if place == "roles" else place)
            refuse()
        else:
            flash(gettext("%(email)s can sign in now.", email=account.email), "success")
            return redirect(url_for("secretariat.people"), 303)
    return render_template("secretariat/add_person.html", form=form), 422 if form.errors else 200


@bp.post("/people/disable")
def disable_person():
    """Switch an account off."""
    account = disable_account(db(), guard.actor(), request.form.get("email", ""))
    flash(gettext("%(email)s can no longer sign in.", email=account.email), "success")
    return redirect(url_for("secretariat.people"), 303)


@bp.get("/agreement")
def agreement():
    """Show how far people agree, also by pairs of people."""
    return show_agreement(gettext("Secretariat's desk"))


def action_name(action: str) -> str:
    """Return the words for an action, or its name when there are none."""
    return str(ACTIONS.get(action, action))


def place_name(place: str) -> str:
    """Return the words for a place in a record such as ``titles.es``."""
    first, dot, rest = place.partition(".")
    return f"{PLACES.get(first, first)}{' · ' if dot else ''}{rest}"


def told(value: Any, record_type: str, place: str) -> str:
    """Return a value of the trail as a person reads it."""
    states = _STATES.get(record_type)
    if place == "status" and states and isinstance(value, str) and value in set(states):
        return str(word(states(value)))
    if place == "conclusion" and isinstance(value, str) and value in set(Conclusion):
        return str(word(Conclusion(value)))
    if value is None or value == "":
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(str(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# The other pages of the desk put their routes on the same blueprint.
from rqf.web import (  # noqa: E402, F401
    secretariat_findings,
    secretariat_quality,
    secretariat_rounds,
    secretariat_statements,
)
