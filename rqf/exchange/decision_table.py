"""What a reviewer has decided, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf.exchange.sheets.writing import Table
from rqf.models import FrameworkEdition, LevelMapping, MappingDecision, QualificationVersion
from rqf.people import Actor, require
from rqf.rules.terms import Role

_AT_ONCE = 500
COLUMNS = (
    "decided_at", "decision", "reason", "reviewer", "country", "qualification_id", "code", "title", "version",
    "framework_edition", "low", "high", "rationale", "author", "submitted_at", "number", "status_now",
)  # fmt: skip


def decision_table(session: Session, actor: Actor) -> Table:
    """Return all that the actor has decided, the first first; rows are read while they are taken.

    :raises NotAllowed: the actor is no reviewer.
    """
    require(actor, Role.REVIEWER)
    return Table("decisions", COLUMNS, _rows(session, actor))


def _rows(session: Session, actor: Actor) -> Iterator[Sequence[str]]:
    mapping = joinedload(MappingDecision.mapping)
    last = 0
    while some := session.scalars(
        select(MappingDecision)
        .where(MappingDecision.account_id == actor.id, MappingDecision.id > last)
        .order_by(MappingDecision.id)
        .limit(_AT_ONCE)
        .options(
            mapping.joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification),
            mapping.joinedload(LevelMapping.edition).joinedload(FrameworkEdition.framework),
            mapping.joinedload(LevelMapping.author),
            joinedload(MappingDecision.account),
        )
    ).all():
        last = some[-1].id
        for one in some:
            yield _row(one)


def _row(one: MappingDecision) -> Sequence[str]:
    mapping, version, edition = one.mapping, one.mapping.version, one.mapping.edition
    submitted = mapping.submitted_at.isoformat(timespec="seconds") if mapping.submitted_at else ""
    return (
        one.at.isoformat(timespec="seconds"), one.step.value, one.reason, one.account.name,
        version.country_code, version.qualification.uuid, version.code or "", version.title,
        str(version.number), f"{edition.framework.code} {edition.label}", str(mapping.low), str(mapping.high),
        mapping.rationale, mapping.author.name, submitted, mapping.number or "", mapping.status.value,
    )  # fmt: skip
