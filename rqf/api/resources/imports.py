"""Imports: a file is sent and checked, what it means is told, it is applied or taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import url_for
from flask_babel import gettext

from rqf import exchange
from rqf.api import access, paging
from rqf.api.contract import bp, with_key
from rqf.api.schemas.imports import ImportApplyIn, ImportAsked, ImportIn, ImportOut
from rqf.errors import Message
from rqf.models import Job, work
from rqf.registry import imports
from rqf.rules.terms import Role
from rqf.web.database import db, release
from rqf.web.languages import say

_TAGS = ["imports"]
_PER_PAGE = 20
_ACCEPTED = "It takes longer than a request: a worker does it; ask for the import to see how far it is."


@bp.post("/imports", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.arguments(ImportIn, location="files")
@bp.response(201, ImportOut)
@bp.alt_response(202, schema=ImportOut, description=_ACCEPTED)
def import_file(data: dict[str, Any]):
    """Send a file of records and have it checked. Nothing is written into the register."""
    mapping = imports.read_mapping(data["mapping"]) if data["mapping"] else None
    reading = exchange.Reading(data["encoding"], data["delimiter"], data["sheet"])
    person, file = access.actor(), data["file"]
    # Reading a large file takes a while, in which others may write.
    release()
    with tempfile.NamedTemporaryFile(prefix="rqf-upload-") as kept:
        file.save(kept)
        kept.flush()
        batch, _ = imports.take_in(
            db(), person, data["country"], Path(kept.name), file.filename or "?",
            profile=data["profile"], mapping=mapping, reading=reading,
        )  # fmt: skip
    job = imports.start_check(db(), person, batch.uuid)
    where = url_for("api.import_", id=batch.uuid, _external=True)
    return _told(batch.uuid), 202 if job else 201, {"Location": where}


@bp.get("/imports/<id>", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.arguments(ImportAsked, location="query")
@bp.response(200, ImportOut)
@bp.alt_response(404, "NOT_FOUND")
def import_(asked: dict[str, Any], id: str):
    """Say how far an import is, what its rows mean, and page by page what is wrong with them."""
    told = _told(id, asked["page"], asked["per_page"])
    return told, paging.links(told["total"], asked["page"], asked["per_page"])


@bp.post("/imports/<id>/apply", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.arguments(ImportApplyIn)
@bp.response(200, ImportOut)
@bp.alt_response(202, schema=ImportOut, description=_ACCEPTED)
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(409, "CONFLICT")
def apply_import(data: dict[str, Any], id: str):
    """Put a checked import into the register as drafts, all or nothing. A second time does nothing."""
    return _after(id, imports.start_apply(db(), access.actor(), id, partial=data["partial"]))


@bp.post("/imports/<id>/undo", tags=_TAGS)
@access.owner(Role.OFFICER)
@with_key
@bp.response(200, ImportOut)
@bp.alt_response(202, schema=ImportOut, description=_ACCEPTED)
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(409, "CONFLICT")
def undo_import(id: str):
    """Take an applied import back, unless somebody decided something on its records since."""
    return _after(id, imports.start_undo(db(), access.actor(), id))


def _after(id: str, job: Job | None):
    return _told(id), 202 if job else 200


def _told(id: str, page: int = 1, per_page: int = _PER_PAGE) -> dict[str, Any]:
    person = access.actor()
    batch = imports.find_batch(db(), person, id)
    job = imports.work_on(db(), person, id)
    total, wrong = imports.problems_of(db(), batch, page, per_page)
    return {
        "id": batch.uuid,
        "status": batch.status,
        "country": batch.country_code,
        "file": batch.file_name,
        "rows": batch.reading["total"],
        "columns": batch.plan["columns"],
        "counts": batch.totals.get("verdicts", {}),
        "work": _work(job) if job else None,
        "problems": [_problem(one) for one in wrong],
        "total": total,
        "page": page,
        "per_page": per_page,
    }


def _work(job: Job) -> dict[str, Any]:
    errors = [say(one) for one in work.errors_of(job)] if not job.is_open else []
    return {"kind": job.kind, "state": job.state, "done": job.done, "total": job.total, "errors": errors}


def _problem(one: dict[str, Any]) -> dict[str, Any]:
    said, accepted = say(Message(one["template"], one["values"])), one["allowed"]
    return {**one, "what": said, "allowed": gettext(accepted) if accepted else ""}
