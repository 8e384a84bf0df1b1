"""Who may enter: every blueprint has an owner, a role or the public, and a test reads the list."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, request, session, url_for
from flask_babel import gettext

from rqf import people
from rqf.errors import N_, NotAllowed
from rqf.people import Actor
from rqf.rules.terms import Role
from rqf.web.database import db

PUBLIC = "public"
#: Blueprint -> the role that owns its routes, or PUBLIC.
OWNERS: dict[str, Role | str] = {}


def public(name: str, import_name: str, **options) -> Blueprint:
    """Return a blueprint that anyone may enter."""
    OWNERS[name] = PUBLIC
    return Blueprint(name, import_name, **options)


def desk(name: str, import_name: str, role: Role, **options) -> Blueprint:
    """Return a blueprint that only people with ``role`` may enter."""
    OWNERS[name] = role
    blueprint = Blueprint(name, import_name, **options)

    @blueprint.before_request
    def guard():
        if actor() is None:
            # What was being sent is lost; only a page can be come back to.
            if request.method != "GET":
                return redirect(url_for("auth.sign_in"), 303)
            return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
        if not actor().has(role):
            raise NotAllowed(N_("Only the role %(role)s may enter here."), role=role)
        return None

    return blueprint


def actor() -> Actor | None:
    """Return who is signed in, or None."""
    if "actor" not in g:
        account_id = session.get("account")
        g.actor = people.find_actor(db(), account_id) if account_id else None
    return g.actor


def sign_in_as(account_id: int) -> None:
    """Start a fresh session for the account."""
    session.rotate()
    session["account"] = account_id
    g.pop("actor", None)


def local_address(target: str | None) -> str | None:
    """Return ``target`` if it is an address of this site, else None: no sending people elsewhere."""
    if not target or "\\" in target or any(ord(sign) < 32 for sign in target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return None
    return target


def home_of(person: Actor) -> str:
    """Return the first page of the person's desk."""
    for role, endpoint in (
        (Role.OFFICER, "officer.index"),
        (Role.REVIEWER, "reviewer.queue"),
        (Role.SECRETARIAT, "secretariat.audit_trail"),
    ):
        if person.has(role):
            return url_for(endpoint)
    return url_for("public.search")


#: Role -> the pages of its desk, in order.
_DESKS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.OFFICER: (
        ("officer.index", N_("Our records")),
        ("officer.new", N_("Register a qualification")),
        ("officer.import_", N_("Import a file")),
        ("officer.equivalences_", N_("Equivalences")),
        ("officer.quality", N_("Quality")),
    ),
    Role.REVIEWER: (
        ("reviewer.queue", N_("To review")),
        ("reviewer.equivalences_", N_("Equivalences")),
        ("reviewer.rounds", N_("My rounds")),
        ("reviewer.decisions", N_("My decisions")),
        ("reviewer.agreement", N_("Agreement")),
    ),
    Role.SECRETARIAT: (
        ("secretariat.audit_trail", N_("Audit trail")),
        ("secretariat.rounds", N_("Review rounds")),
        ("secretariat.people", N_("People")),
        ("secretariat.findings", N_("Contradictions")),
        ("secretariat.agreement", N_("Agreement")),
        ("secretariat.quality", N_("Quality")),
        ("secretariat.statements", N_("Statements")),
    ),
}


def desk_links() -> list[tuple[str, str]]:
    """Return (endpoint, label) of the desk pages that the person who is signed in may enter."""
    person = actor()
    if person is None:
        return []
    return [
        (endpoint, gettext(label))
        for role, pages in _DESKS.items()
        if person.has(role)
        for endpoint, label in pages
    ]


def init_app(app: Flask) -> None:
    """Tell the templates who is signed in and where they may go."""
    app.context_processor(lambda: {"actor": actor, "desk_links": desk_links})
