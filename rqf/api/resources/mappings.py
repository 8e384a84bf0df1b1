"""Level mappings: what has been decided, proposing one, deciding on one."""

from __future__ import annotations

from typing import Any

from rqf import registry, review
from rqf.api import access, paging
from rqf.api.contract import bp, with_key
from rqf.api.schemas.mappings import DecisionIn, MappingIn, MappingOut, MappingsAsked, MappingsOut
from rqf.lookup.decided import decided_mappings
from rqf.rules.terms import Role
from rqf.web.database import db

_TAGS = ["mappings"]


@bp.get("/mappings", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(MappingsAsked, location="query")
@bp.response(200, MappingsOut)
def mappings(asked: dict[str, Any]):
    """List the endorsed level mappings, the newest first."""
    found = decided_mappings(db(), asked["country"], asked["level"], asked["page"], asked["per_page"])
    return found, paging.links(found.total, found.page, found.per_page)


@bp.post("/mappings", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.arguments(MappingIn)
@bp.response(201, MappingOut)
@bp.alt_response(409, "CONFLICT")
def propose(data: dict[str, Any]):
    """Propose a regional level for a qualification of one's own country."""
    placements = {domain: (one["level"], one["evidence"]) for domain, one in data["placements"].items()}
    mapping = registry.propose(
        db(), access.actor(), str(data["qualification"]), data["low"], data["high"], data["rationale"],
        placements, data["revision"],
    )  # fmt: skip
    return registry.submit(db(), access.actor(), mapping.uuid) if data["submit"] else mapping


@bp.post("/mappings/<id>/decisions", tags=_TAGS)
@access.owner(Role.REVIEWER)
@with_key
@bp.arguments(DecisionIn)
@bp.response(201, MappingOut)
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(409, "CONFLICT")
def decide(data: dict[str, Any], id: str):
    """Endorse, return or reject a proposal of another country, with a reason."""
    return review.decide(db(), access.actor(), id, data["step"], data["reason"], data["revision"])
