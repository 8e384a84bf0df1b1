"""Frameworks and their levels."""

from __future__ import annotations

from typing import Any

from rqf import lookup
from rqf.api import access, answers, paging
from rqf.api.contract import bp
from rqf.api.schemas.frameworks import FrameworkOut, FrameworksOut
from rqf.web.database import db

_TAGS = ["frameworks"]


@bp.get("/frameworks", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, FrameworksOut)
def frameworks(asked: dict[str, Any]):
    """List the frameworks with their levels and what those are referenced to."""
    return answers.frameworks(lookup.frameworks(db()))


@bp.get("/frameworks/<code>", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, FrameworkOut)
@bp.alt_response(404, "NOT_FOUND")
def framework(asked: dict[str, Any], code: str):
    """Read a framework with its descriptors."""
    edition, referencing = lookup.framework(db(), code)
    return answers.framework(edition, referencing, descriptors=True)
