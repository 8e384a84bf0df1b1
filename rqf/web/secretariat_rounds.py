"""Review rounds on the secretariat's desk: make one, deal it out, see how far it is."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext, ngettext

from rqf import review
from rqf.errors import Invalid
from rqf.models.tables import said
from rqf.people import actor_of
from rqf.review.assignments import held, missing, part_of
from rqf.rules.terms import AssignmentStatus, QualificationType, Role
from rqf.web import guard, problems
from rqf.web.database import db, refuse
from rqf.web.forms.rounds import RoundForm
from rqf.web.languages import country_name, language, word
from rqf.web.secretariat import bp

_PLACES = {"filters": "sector"}


@bp.get("/rounds")
def rounds():
    """List the rounds, the newest first."""
    page = review.list_rounds(db(), guard.actor(), request.args.get("page", 1, type=int))
    return render_template(
        "secretariat/rounds.html",
        page=page,
        day=format_date,
        page_url=lambda number: url_for("secretariat.rounds", page=number),
    )


@bp.route("/rounds/new", methods=["GET", "POST"])
def new_round():
    """Preview what a round would hold, and make it."""
    form, found = _form(), None
    if form.validate_on_submit():
        mode = form.chosen_mode()
        if mode is None:
            form.mode.errors = [gettext("Choose how the qualifications are judged.")]
        elif request.form.get("do") == "preview":
            found = review.preview(db(), guard.actor(), mode, form.filters())
        elif made := _create(form, mode):
            flash(gettext("The round “%(title)s” is made. Now deal it out.", title=made.title), "success")
            return redirect(url_for("secretariat.round_", uuid=made.uuid), 303)
        refuse()
    page = render_template("secretariat/new_round.html", form=form, found=found)
    return page, 422 if form.errors else 200


@bp.get("/rounds/<uuid>")
def round_(uuid: str):
    """Show how far a round is, who has what, and what nobody has."""
    progress = review.progress(db(), guard.actor(), uuid)
    page = review.round_items(db(), guard.actor(), uuid, request.args.get("page", 1, type=int))
    return render_template(
        "secretariat/round.html",
        progress=progress,
        page=page,
        day=format_date,
        part_of=part_of,
        missing=missing,
        holders=lambda item: held(item, part_of(item)),
        still_open=AssignmentStatus.OPEN,
        able=lambda item: _able(progress, item),
        page_url=lambda number: url_for("secretariat.round_", uuid=uuid, page=number),
    )


@bp.post("/rounds/<uuid>/deal")
def deal(uuid: str):
    """Deal out what nobody has, evenly or so many each."""
    batch = request.form.get("batch", "").strip()
    if batch and not (batch.isdecimal() and 1 <= int(batch[:6]) <= 1000):
        flash(gettext("“%(value)s” is no batch: enter a number from 1 to 1000.", value=batch[:20]), "error")
        return redirect(url_for("secretariat.round_", uuid=uuid), 303)
    count = review.deal_out(db(), guard.actor(), uuid, int(batch) if batch else None)
    flash(ngettext("%(num)s assignment was dealt.", "%(num)s assignments were dealt.", count), "success")
    return redirect(url_for("secretariat.round_", uuid=uuid), 303)


@bp.post("/rounds/items/<uuid>/assign")
def assign(uuid: str):
    """Give a qualification to a reviewer by hand, or to another one."""
    item = review.assign(
        db(), guard.actor(), uuid, request.form.get("email", ""), request.form.get("instead_of", "")
    )
    flash(gettext("“%(title)s” is assigned.", title=item.version.title), "success")
    return redirect(url_for("secretariat.round_", uuid=item.round.uuid), 303)


@bp.post("/rounds/<uuid>/away")
def away(uuid: str):
    """Say that a reviewer is on leave or back."""
    email, leaving = request.form.get("email", ""), request.form.get("away") == "1"
    released = review.set_away(db(), guard.actor(), email, leaving)
    if leaving:
        flash(ngettext("%(email)s is on leave; %(num)s assignment is free again.",
                       "%(email)s is on leave; %(num)s assignments are free again.", released, email=email),
              "success")  # fmt: skip
    else:
        flash(gettext("%(email)s is back and can be dealt work.", email=email), "success")
    return redirect(url_for("secretariat.round_", uuid=uuid), 303)


def _form() -> RoundForm:
    codes, sectors = review.round_filters(db(), guard.actor())
    return RoundForm().offer(
        [(one.code, said(one.titles, language())) for one in sectors],
        [(code, country_name(code)) for code in codes],
        [(one.value, str(word(one))) for one in QualificationType],
        [
            (
                one.email,
                gettext(
                    "%(name)s (%(countries)s)",
                    name=one.name, countries=", ".join(sorted(actor_of(one).countries(Role.REVIEWER))),
                ),
            )
            for one in review.possible_reviewers(db(), guard.actor())
        ],
    )  # fmt: skip


def _create(form: RoundForm, mode):
    day = form.day()
    if day is None:
        form.deadline.errors = [
            gettext(
                "“%(value)s” is no day. Enter it as year-month-day.", value=(form.deadline.data or "")[:20]
            )
        ]
        return None
    try:
        return review.create_round(
            db(), guard.actor(), title=form.title.data or "", mode=mode, filters=form.filters(),
            reviewers=form.reviewers.data or [], deadline=day,
        )  # fmt: skip
    except Invalid as error:
        problems.show(form, error.fields, lambda place: _PLACES.get(place, place))
        return None


def _able(progress: review.Progress, item) -> list[tuple[str, str]]:
    """Return (address, name) of the reviewers who may still be given a qualification."""
    busy = {one.account_id for one in item.assignments if one.status != AssignmentStatus.RELEASED}
    return [
        (share.account.email, share.account.name)
        for share in progress.shares
        if not share.away
        and share.account.id not in busy
        and item.version.country_code not in share.countries
    ]
