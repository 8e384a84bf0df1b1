"""Issuing a statement: number it, freeze the answer, sign it, draw it on paper, keep all of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from rqf import __version__, lookup
from rqf.errors import N_, Invalid, message
from rqf.lookup import ComparisonPage
from rqf.matching.scoring import METHOD_VERSION
from rqf.models import AuditEntry, Statement, StatementPrint, StatementWithdrawal, audit
from rqf.models.standing import regional_edition
from rqf.models.tables import now
from rqf.rules.numbers import statement_number
from rqf.rules.terms import Purpose
from rqf.statements import freezing
from rqf.statements.keys import sign, signing_key
from rqf.statements.records import Plain, freeze_record
from rqf.statements.speech import Speech

SCHEMA = "rqf-statement-1"
#: Nobody holds a certificate that is older.
_EARLIEST_AWARD = date(1900, 1, 1)


@dataclass(frozen=True)
class Question:
    """What is asked: what A is worth in place of B, for which purpose, for an award of which day."""

    a: str
    b: str
    purpose: Purpose
    awarded: date | None = None


@dataclass(frozen=True)
class Issuer:
    """Who issues: the name and address of the register as they stand on the statement, and its key."""

    name: str
    #: The address of the first page, with a slash at the end.
    url: str
    key_file: Path
    demonstration: bool = False


def issue(session: Session, issuer: Issuer, question: Question, speech: Speech) -> Statement:
    """Issue a statement and return it; while its answer is the same, a question is answered once a day.

        It is drawn on paper afterwards, when nobody has to wait for that (:func:`keep_print`).



    :raises NotFound: a record is not public.
    :raises Invalid: both records are one, or the award lies in the future.
    :raises RqfError: the register can't sign.
    """
    _check(question)
    # From here on nobody else writes: the data version, the records and the number belong together.
    audit.lock(session)
    page = lookup.compare(session, question.a, question.b)
    facts = _facts(session, issuer, question, page, speech)
    facts_hash = _hash(rfc8785.dumps(facts))
    return _issued_today(session, facts_hash) or _issue(session, issuer, page, facts, facts_hash)


def _check(question: Question) -> None:
    if question.awarded and not _EARLIEST_AWARD <= question.awarded <= now().date():
        raise Invalid(
            {
                "awarded": [
                    message(
                        N_("“%(value)s” is not a day from %(first)s to today."),
                        value=question.awarded.isoformat(),
                        first=_EARLIEST_AWARD.isoformat(),
                    )
                ]
            }
        )


def _facts(
    session: Session, issuer: Issuer, question: Question, page: ComparisonPage, speech: Speech
) -> Plain:
    """Return all that a statement says but its number, its moment and the state of the whole register."""
    edition = regional_edition(session)
    sides = (("a", page.a, page.level_a, page.mapping_a), ("b", page.b, page.level_b, page.mapping_b))
    return {
        "schema": SCHEMA,
        "language": speech.language,
        "register": {"name": issuer.name, "url": issuer.url},
        "question": freezing.freeze_purpose(question.purpose, question.awarded, page.a, speech),
        "method": {"version": METHOD_VERSION, "program": f"rqf {__version__}"},
        "edition": freezing.freeze_edition(edition, speech),
        "records": {
            side: freeze_record(session, side, version, level, mapping, edition, speech)
            for side, version, level, mapping in sides
        },
        "decided": [freezing.freeze_decided(page, one, speech) for one in page.decided],
        "suggested": freezing.freeze_comparison(page.result, speech),
        "outcomes": freezing.freeze_alignment(page),
        "demonstration": issuer.demonstration,
        "disclaimers": freezing.disclaimers(speech, demonstration=issuer.demonstration),
    }


def _issued_today(session: Session, facts_hash: str) -> Statement | None:
    midnight = datetime.combine(now().date(), time(), UTC)
    return session.scalar(
        select(Statement)
        .outerjoin(StatementWithdrawal)
        .where(
            Statement.facts_hash == facts_hash,
            Statement.issued_at >= midnight,
            StatementWithdrawal.statement_id.is_(None),
        )
        .options(joinedload(Statement.key))
        .limit(1)
    )


def _issue(
    session: Session,
    issuer: Issuer,
    page: ComparisonPage,
    facts: Plain,
    facts_hash: str,
) -> Statement:
    row, key = signing_key(session, issuer.key_file)
    moment = now().replace(microsecond=0)
    count = 1 + (session.scalar(select(func.max(Statement.count)).where(Statement.year == moment.year)) or 0)
    number = statement_number(moment.year, count)
    document = rfc8785.dumps(
        facts
        | {
            "number": number,
            "issued_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verify": f"{issuer.url}verify/{number}",
            "data_version": _data_version(session),
        }
    )
    statement = Statement(
        number=number, year=moment.year, count=count, issued_at=moment, language=facts["language"],
        document=document.decode(), document_hash=_hash(document), facts_hash=facts_hash,
        jws=sign(document.decode(), key), key=row,
        a_qualification_id=page.a.qualification_id, b_qualification_id=page.b.qualification_id,
    )  # fmt: skip
    session.add(statement)
    session.flush()

    audit.record(
        session, "anyone", "statement.issue", "statement", number,
        country=page.b.country_code, document=statement.document_hash,
    )  # fmt: skip
    return statement


def keep_print(session: Session, statement: Statement, pdf: bytes) -> bytes:
    """Keep the PDF of a statement, and return the one that is kept: of two that draw it, the first counts."""
    audit.lock(session)
    kept = session.get(StatementPrint, statement.id)
    if kept is None:
        kept = StatementPrint(statement_id=statement.id, pdf=pdf, pdf_hash=_hash(pdf))
        session.add(kept)
        session.flush()
    return kept.pdf


def _data_version(session: Session) -> dict[str, Any]:
    """Return the head of the audit trail, whose chained hashes cover every change before."""
    head = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    return {"entry": head.id, "hash": head.hash} if head else {"entry": 0, "hash": None}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
