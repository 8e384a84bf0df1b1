"""The door: signing in and out."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext

from rqf import people
from rqf.people.sign_in import sign_out as note_sign_out
from rqf.web import guard
from rqf.web.database import db
from rqf.web.forms.auth import SignInForm

bp = guard.public("auth", __name__, url_prefix="/auth")


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in():
    """Let a person in."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200
    account = people.sign_in(
        db(),
        form.email.data,
        form.password.data,
        request.remote_addr or "",
        tries=current_app.config["SIGN_IN_TRIES"],
        pause=timedelta(minutes=current_app.config["SIGN_IN_PAUSE_MINUTES"]),
    )
    if account is None:
        # The answer is a refusal, but the failed try has to be remembered for the throttle.
        db().commit()
        form.password.errors = [gettext("The e-mail address and the password do not belong together.")]
        return render_template("auth/sign_in.html", form=form), 422
    guard.sign_in_as(account.id)
    target = guard.local_address(request.args.get("next"))
    return redirect(target or guard.home_of(people.actor_of(account)), 303)


@bp.post("/sign-out")
def sign_out():
    """Let a person out; the session is gone on the server too."""
    person = guard.actor()
    if person:
        note_sign_out(db(), person.account)
    session.rotate()
    return redirect(url_for("public.search"), 303)
