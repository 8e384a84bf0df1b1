"""The door: signing in and out."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext

from rqf import exchange, people
from rqf.errors import TooMany
from rqf.models import Account
from rqf.web import guard
from rqf.web.database import db
from rqf.web.forms.auth import SignInForm
from rqf.web.languages import say

bp = guard.public("auth", __name__, url_prefix="/auth")


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in():
    """Let a person in."""
    person = guard.actor()
    if person and request.method == "GET":
        return redirect(_target() or guard.home_of(person), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    try:
        account = _check(form)
    except TooMany as error:
        form.password.errors = [say(error.message)]
        return _page(form, 429)
    if account is None:
        # The answer is a refusal, but the failed try has to be remembered for the throttle.
        db().commit()
        form.password.errors = [gettext("The e-mail address and the password do not belong together.")]
        return _page(form, 422)
    guard.sign_in_as(account.id)
    return redirect(_target() or guard.home_of(people.actor_of(account)), 303)


@bp.post("/sign-out")
def sign_out():
    """Let a person out; the session is gone on the server too."""
    person = guard.actor()
    if person:
        people.sign_out(db(), person.account)
    session.rotate()
    return redirect(url_for("public.search"), 303)


def _check(form: SignInForm) -> Account | None:
    return people.sign_in(
        db(),
        form.email.data or "",
        form.password.data or "",
        request.remote_addr or "",
        tries=current_app.config["SIGN_IN_TRIES"],
        pause=timedelta(minutes=current_app.config["SIGN_IN_PAUSE_MINUTES"]),
    )


def _target() -> str | None:
    return guard.local_address(request.args.get("next"))


def _page(form: SignInForm, status: int):
    cast = exchange.demo_accounts() if current_app.config["DEMO"] else []
    return render_template("auth/sign_in.html", form=form, demo=cast), status
