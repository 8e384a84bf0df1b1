"""Who may use which address of the API. Reading is public; writing needs a key, never a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g, request
from flask_babel import gettext

from rqf import people
from rqf.errors import N_, NotAllowed, NotFound
from rqf.people import Actor
from rqf.rules.terms import Role
from rqf.web import refusals
from rqf.web.database import db

View = TypeVar("View", bound=Callable)
PUBLIC = "public"
#: Endpoint -> the role that owns it, or PUBLIC. A test reads the list; what is not on it is refused.
OWNERS: dict[str, Role | str] = {}


def owner(who: Role | str) -> Callable[[View], View]:
    """Say who owns a view of the API."""

    def mark(view: View) -> View:
        OWNERS[f"api.{view.__name__}"] = who
        return view

    return mark


def check():
    """Refuse a request whose key is missing, unknown, or of somebody without the role."""
    if "\0" in request.path:
        # PostgreSQL cannot even be asked for such an identifier.
        raise NotFound(N_("There is no such record."))
    who = OWNERS.get(request.endpoint or "")
    if who == PUBLIC:
        return None
    g.actor = _by_key()
    if g.actor is None:
        response = refusals.answer(401, gettext("Send a valid key: “Authorization: Bearer rqf_…”."))
        response.headers["WWW-Authenticate"] = 'Bearer realm="rqf"'
        return response
    if who is None or not g.actor.has(who):
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=who or "nobody")
    return None


def actor() -> Actor:
    """Return who holds the key of this request."""
    found: Actor = g.actor
    return found


def _by_key() -> Actor | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return people.actor_by_key(db(), given.token)
