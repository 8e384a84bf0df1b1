"""Qualifications: search, read, register; the levels suggested for one."""

from __future__ import annotations

from typing import Any

from rqf import lookup, registry
from rqf.api import access, answers, paging
from rqf.api.contract import bp, with_key
from rqf.api.schemas.advice import AdviceOut
from rqf.api.schemas.qualifications import QualificationIn, QualificationOut, SearchAsked, SearchOut
from rqf.api.schemas.versions import AsOfAsked
from rqf.errors import N_, NotFound
from rqf.lookup.levels import standings
from rqf.models.standing import regional_edition
from rqf.rules.terms import Role
from rqf.web.database import db

_TAGS = ["qualifications"]


@bp.get("/qualifications", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(SearchAsked, location="query")
@bp.response(200, SearchOut)
@bp.alt_response(422, "UNPROCESSABLE_ENTITY")
def search(asked: dict[str, Any]):
    """Search the register."""
    found = lookup.search(
        db(),
        lookup.SearchQuery(
            text=asked["q"],
            countries=frozenset(asked["country"]),
            levels=frozenset(asked["level"]),
            sectors=frozenset(asked["sector"]),
            types=frozenset(one.value for one in asked["type"]),
            statuses=frozenset(one.value for one in asked["status"]),
            page=asked["page"],
            per_page=asked["per_page"],
            language=asked["language"],
        ),
    )
    return answers.found(found), paging.links(found.total, found.page, found.per_page)


@bp.post("/qualifications", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.arguments(QualificationIn)
@bp.response(201, QualificationOut)
def register(data: registry.QualificationData):
    """Register a qualification of one's own country as a draft."""
    version = registry.register(db(), access.actor(), data)
    answer = answers.qualification(version)
    return answer, {"Location": f"/api/v1/qualifications/{answer['id']}"}


@bp.get("/qualifications/<id>", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(AsOfAsked, location="query")
@bp.response(200, QualificationOut)
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(422, "UNPROCESSABLE_ENTITY")
def read(asked: dict[str, Any], id: str):
    """Read a qualification with its units and learning outcomes, today or as of a day."""
    if day := asked["as_of"]:
        held = lookup.as_of(db(), id, day).version
        if held is None:
            raise NotFound(N_("On %(day)s this record was not yet published here."), day=day)
        return answers.qualification(held)
    version = lookup.find(db(), id)
    level = standings(db(), [version], regional_edition(db())).get(version.id)
    return answers.qualification(version, level)


@bp.get("/qualifications/<id>/level-suggestions", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, AdviceOut)
@bp.alt_response(404, "NOT_FOUND")
def suggest_levels(asked: dict[str, Any], id: str):
    """Suggest regional levels for a qualification, with the evidence."""
    version = lookup.find(db(), id)
    return answers.advice(version, registry.advise(db(), version))
