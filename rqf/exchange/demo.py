"""The demonstration: people, proposals in every state, and equivalences. All of it sample, nothing official.

Proposals and decisions go through the same use cases as real ones; only the days of submission are moved into
the past, so that the queue has an age.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf import equivalences, paths, people, registry, review
from rqf.exchange.known import identifier
from rqf.exchange.reading import Problems, Row, json_rows
from rqf.models import (
    Account,
    EquivalenceProposal,
    LevelMapping,
    Qualification,
    QualificationVersion,
)
from rqf.models.tables import now
from rqf.people import Actor
from rqf.rules.terms import Conclusion, MappingStep, Purpose, Role, VersionStatus

_BY = "rqf demo"


def load_demo(session: Session, password: str, folder: Path = paths.FIXTURES / "demo") -> None:
    """Add the demonstration's accounts, all with ``password``, and what they have proposed and decided.

    What an earlier start has added, and what people have done since, stays as it is.

    :raises Invalid: something in the files is wrong.
    """
    problems = Problems()
    with session.begin_nested():
        cast = {
            row.text("email"): _account(session, row, password) for row in _rows(folder, "accounts", problems)
        }
        problems.refuse()
        begun = set(session.scalars(select(QualificationVersion.qualification_id).join(
            LevelMapping, LevelMapping.version_id == QualificationVersion.id)))  # fmt: skip
        for row in _rows(folder, "mappings", problems):
            version = _published(session, row.text("qualification"))
            if version.qualification_id not in begun:
                _mapping(session, row, version, cast)
        for row in _rows(folder, "equivalences", problems):
            _equivalence(session, row, cast)
        problems.refuse()


def demo_accounts(folder: Path = paths.FIXTURES / "demo") -> list[tuple[str, str]]:
    """Return the address of each demonstration account and what the person is."""
    return [(row.text("email"), row.text("about")) for row in _rows(folder, "accounts", Problems())]


def _rows(folder: Path, name: str, problems: Problems) -> list[Row]:
    return list(json_rows(folder, f"{name}.json", problems))


def _account(session: Session, row: Row, password: str) -> Actor:
    email = row.text("email")
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None:
        named = [str(one).partition(":") for one in row.value("roles")]
        roles = [(Role(role), country or None) for role, _, country in named]
        account = people.add_account(
            session, _BY, email=email, name=row.text("name"), password=password, roles=roles
        )
    return people.actor_of(account)


def _published(session: Session, key: str) -> QualificationVersion:
    return session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(
            Qualification.uuid == identifier("qualification", key),
            QualificationVersion.status == VersionStatus.PUBLISHED,
        )
    ).one()


def _mapping(session: Session, row: Row, version: QualificationVersion, cast: dict[str, Actor]) -> None:
    author = cast[row.text("by")]
    mapping = registry.propose(
        session, author, version.qualification.uuid, row.whole("low") or 0, row.whole("high") or 0,
        row.text("rationale"), _placements(row.value("placements")),
    )  # fmt: skip
    for step in row.rows("steps"):
        _take(session, mapping, step, author, cast)
    _backdate(mapping, timedelta(days=row.whole("days_ago") or 0))
    session.flush()


def _placements(said: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {domain: (one["level"], one["evidence"]) for domain, one in said.items()}


def _take(session: Session, mapping: LevelMapping, row: Row, author: Actor, cast: dict[str, Actor]) -> None:
    step = row.choice("step", MappingStep)
    if step == MappingStep.SUBMIT:
        registry.submit(session, author, mapping.uuid)
    elif step == MappingStep.WITHDRAW:
        registry.withdraw(session, author, mapping.uuid)
    elif step == MappingStep.OPEN:
        review.open_review(session, cast[row.text("by")], mapping.uuid)
    else:
        reviewer = cast[row.text("by")]
        review.decide(session, reviewer, mapping.uuid, step, row.text("reason"), mapping.revision)


def _backdate(mapping: LevelMapping, ago: timedelta) -> None:
    mapping.created_at = now() - ago
    if mapping.submitted_at:
        mapping.submitted_at = mapping.created_at


def _equivalence(session: Session, row: Row, cast: dict[str, Actor]) -> None:
    one, other = _published(session, row.text("from")), _published(session, row.text("to"))
    pair = (EquivalenceProposal.from_version_id == one.id, EquivalenceProposal.to_version_id == other.id)
    if session.scalar(select(EquivalenceProposal.id).where(*pair)):
        return
    said = equivalences.Terms(
        row.choice("conclusion", Conclusion), row.choice("purpose", Purpose), row.text("rationale")
    )
    author = cast[row.text("by")]
    uuid = equivalences.propose(session, author, one.qualification.uuid, other.qualification.uuid, said).uuid
    made = equivalences.submit(session, author, uuid)
    for word in row.rows("decisions"):
        step, reason = word.choice("step", MappingStep), word.text("reason")
        equivalences.judge(session, cast[word.text("by")], uuid, step, reason, made.revision)
