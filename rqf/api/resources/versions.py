"""Versions of a qualification: the list, one of them, and what changed between two."""

from __future__ import annotations

from typing import Any

from rqf import lookup
from rqf.api import access, answers, paging, version_answers
from rqf.api.contract import bp
from rqf.api.schemas.qualifications import QualificationOut
from rqf.api.schemas.versions import DifferenceAsked, DifferenceOut, VersionsOut
from rqf.web.database import db

_TAGS = ["versions"]


@bp.get("/qualifications/<id>/versions", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, VersionsOut)
@bp.alt_response(404, "NOT_FOUND")
def versions(asked: dict[str, Any], id: str):
    """List the versions of a qualification: who, when and why."""
    return version_answers.history(lookup.history(db(), id))


@bp.get("/qualifications/<id>/versions/<int:number>", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, QualificationOut)
@bp.alt_response(404, "NOT_FOUND")
def version(asked: dict[str, Any], id: str, number: int):
    """Read what a version of a qualification says."""
    return answers.qualification(lookup.public_version(db(), id, number))


@bp.get("/qualifications/<id>/difference", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(DifferenceAsked, location="query")
@bp.response(200, DifferenceOut)
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(422, "UNPROCESSABLE_ENTITY")
def difference(asked: dict[str, Any], id: str):
    """Say what changed from one version to another, texts word by word."""
    return version_answers.difference(lookup.difference(db(), id, asked["before"], asked["after"]))
