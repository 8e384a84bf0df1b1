"""What qualifications are worth elsewhere: match, equivalents, compare."""

from __future__ import annotations

from typing import Any

from rqf import lookup
from rqf.api import access, answers
from rqf.api.contract import bp
from rqf.api.schemas.comparison import (
    CompareAsked,
    ComparisonOut,
    EquivalentsAsked,
    EquivalentsOut,
    MatchIn,
    MatchOut,
)
from rqf.web.database import database, db
from rqf.web.languages import say

_TAGS = ["comparison"]


@bp.post("/match", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(MatchIn)
@bp.response(200, MatchOut)
def match(asked: dict[str, Any]):
    """Find the records that titles may mean, many titles at once."""
    queries = [lookup.MatchQuery(**{**one, "outcomes": tuple(one["outcomes"])}) for one in asked["queries"]]
    # Sent by POST because of its length, but only a reading: it takes no writer's place.
    with database().read() as session:
        found = lookup.match(session, queries, asked["country"], asked["limit"])
        return {
            "results": [{"id": id, "candidates": answers.candidates(ones, say)} for id, ones in found.items()]
        }


@bp.get("/qualifications/<id>/equivalents", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(EquivalentsAsked, location="query")
@bp.response(200, EquivalentsOut)
@bp.alt_response(404, "NOT_FOUND")
def equivalents(asked: dict[str, Any], id: str):
    """Say what a qualification is worth in another country: decided apart from suggested."""
    version = lookup.find(db(), id)
    found = lookup.equivalents(db(), version, asked["country"], asked["limit"])
    return answers.equivalents(found, say)


@bp.get("/compare", tags=_TAGS)
@access.owner(access.PUBLIC)
@bp.arguments(CompareAsked, location="query")
@bp.response(200, ComparisonOut)
@bp.alt_response(404, "NOT_FOUND")
def compare(asked: dict[str, Any]):
    """Compare two qualifications on the five elements and outcome by outcome."""
    return answers.comparison(lookup.compare(db(), asked["a"], asked["b"]), say)
