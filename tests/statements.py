"""Issuing statements in tests, without a browser in front."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from rqf import statements
from rqf.models import QualificationVersion, Statement
from rqf.rules.terms import Purpose
from rqf.statements import Issuer, Question, Speech

SPEECH = Speech("en", str, lambda word: word.value.replace("_", " "), str, lambda unit: unit or "")


def issuer(folder: Path) -> Issuer:
    """Return a register whose key is in ``folder``."""
    return Issuer("The register", "https://register.example/", folder / "signing-key.json")


def issue(
    session: Session, folder: Path, a: QualificationVersion, b: QualificationVersion, **asked
) -> Statement:
    """Issue a statement with a stand-in for its PDF, and commit it."""
    question = Question(
        a.qualification.uuid, b.qualification.uuid, asked.pop("purpose", Purpose.EMPLOYMENT), **asked
    )
    made = statements.issue(session, issuer(folder), question, SPEECH)
    statements.keep_print(session, made, b"%PDF-1.7 stand-in " + made.number.encode())
    session.commit()
    return made
