"""The endorsed level mappings: what people decided, for whoever wants to take all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from rqf.errors import N_, NotFound
from rqf.models import (
    FrameworkEdition,
    LevelMapping,
    MappingDecision,
    Placement,
    Qualification,
    QualificationVersion,
)
from rqf.rules.terms import MappingStatus
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class DecidedMappings:
    """A page of endorsed mappings, the newest first."""

    items: Sequence[LevelMapping]
    total: int
    page: int
    per_page: int


def mapping_decision(session: Session, number: str) -> LevelMapping:
    """Return the level mapping with this number, also one that was superseded or withdrawn.

    :raises NotFound: there is none.
    """
    found = session.scalars(
        select(LevelMapping)
        .where(LevelMapping.number == searchable(number))
        .options(
            joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification),
            joinedload(LevelMapping.author),
            joinedload(LevelMapping.edition).joinedload(FrameworkEdition.framework),
            selectinload(LevelMapping.placements).joinedload(Placement.domain),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no decision with this number."))
    return found


def decided_mappings(
    session: Session, country: str | None = None, level: int | None = None, page: int = 1, per_page: int = 20
) -> DecidedMappings:
    """Return the endorsed mappings of a country, or those whose range holds a regional level, or all."""
    wanted = [LevelMapping.status == MappingStatus.ENDORSED]
    if country:
        wanted.append(Qualification.country_code == country)
    if level:
        wanted += [LevelMapping.low <= level, LevelMapping.high >= level]
    query = select(LevelMapping).join(LevelMapping.version).join(QualificationVersion.qualification)
    total = session.scalar(select(func.count()).select_from(query.where(*wanted).subquery())) or 0
    rows = session.scalars(
        query.where(*wanted)
        .options(
            contains_eager(LevelMapping.version).contains_eager(QualificationVersion.qualification),
            joinedload(LevelMapping.author),
            selectinload(LevelMapping.placements).joinedload(Placement.domain),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
        .order_by(LevelMapping.decided_at.desc(), LevelMapping.id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    return DecidedMappings(rows, total, page, per_page)
