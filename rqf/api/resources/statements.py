"""Statements of comparability: what was issued, and whether it still holds."""

from __future__ import annotations

from typing import Any

from rqf import statements
from rqf.api import access, answers, paging
from rqf.api.contract import bp
from rqf.api.schemas.statements import StatementOut
from rqf.web.database import db
from rqf.web.languages import say


@bp.get("/statements/<number>", tags=["statements"])
@access.owner(access.PUBLIC)
@bp.arguments(paging.Asked, location="query")
@bp.response(200, StatementOut)
@bp.alt_response(404, "NOT_FOUND")
def statement(asked: dict[str, Any], number: str):
    """Read a statement as it was issued, and learn whether it is valid, superseded or withdrawn."""
    found = statements.find(db(), number)
    return answers.statement(found, statements.standing(db(), found), say)
