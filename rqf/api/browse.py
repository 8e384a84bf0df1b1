"""The API's page for people: what can be asked, and a form to try it."""

from __future__ import annotations

from flask import render_template

from rqf.web import guard

bp = guard.public("api_docs", __name__)


@bp.get("/api/docs")
def page():
    """Show the description of the API."""
    return render_template("api/docs.html")
