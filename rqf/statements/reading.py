"""Finding issued statements, as they were issued."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, NotFound
from rqf.models import Statement, StatementPrint, StatementWithdrawal
from rqf.people import Actor, require
from rqf.rules.numbers import read_number
from rqf.rules.terms import Role


def find(session: Session, number: str) -> Statement:
    """Return the statement with this number, typed as people type it.

    :raises NotFound: the number has a slip in it, or was never given.
    """
    sound = read_number(number)
    if sound is None:
        raise NotFound(
            N_("“%(value)s” is not a statement's number: its check digits do not fit."),
            value=number[:40],
        )
    found = find_number(session, sound)
    if found is None:
        raise NotFound(N_("The register never issued a statement %(value)s."), value=sound)
    return found


def find_number(session: Session, number: str) -> Statement | None:
    """Return the statement with exactly this number."""
    return session.scalar(select(Statement).where(Statement.number == number).options(*_whole()))


def find_print(session: Session, pdf_hash: str) -> Statement | None:
    """Return the statement whose PDF has this SHA-256."""
    return session.scalar(
        select(Statement).join(StatementPrint).where(StatementPrint.pdf_hash == pdf_hash).options(*_whole())
    )


def list_statements(
    session: Session, actor: Actor, before: int | None = None, limit: int = 50
) -> Sequence[Statement]:
    """Return the newest statements, or those older than the one with the id ``before``.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    query = select(Statement).options(*_whole()).order_by(Statement.id.desc()).limit(limit)
    return session.scalars(query.where(Statement.id < before) if before else query).all()


def document(statement: Statement) -> dict[str, Any]:
    """Return what the statement says."""
    said: dict[str, Any] = json.loads(statement.document)
    return said


def as_json(statement: Statement) -> str:
    """Return the statement as a file: what it says and the signature, in canonical JSON."""
    return f'{{"jws":{json.dumps(statement.jws)},"statement":{statement.document}}}'


def as_pdf(session: Session, statement: Statement) -> bytes | None:
    """Return the PDF as it was issued, or None while it has not been drawn."""
    return session.scalars(
        select(StatementPrint.pdf).where(StatementPrint.statement_id == statement.id)
    ).one_or_none()


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(Statement.key),
        joinedload(Statement.withdrawal).joinedload(StatementWithdrawal.account),
    )
