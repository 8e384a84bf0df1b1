"""Frameworks side by side: which national level is referenced to which regional ones, how much is mapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from rqf.errors import N_, NotFound
from rqf.models import (
    Country,
    Framework,
    FrameworkEdition,
    Level,
    LevelMapping,
    Qualification,
    QualificationVersion,
    Referencing,
    Sector,
)
from rqf.models.standing import regional_edition, whole_edition
from rqf.rules.terms import EditionStatus, MappingStatus, ReferencingStatus, Scope, VersionStatus
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class Column:
    """A national framework beside the regional one: its edition and the referencing of its levels."""

    edition: FrameworkEdition
    referencing: Sequence[Referencing]


@dataclass(frozen=True)
class Overview:
    """The regional edition, the national ones beside it, and the external ones."""

    regional: FrameworkEdition
    columns: Sequence[Column]
    external: Sequence[FrameworkEdition]


@dataclass(frozen=True)
class CountryCoverage:
    """How many published records of a country stand at each regional level."""

    country: str
    published: int
    decided: Mapping[int, int]
    referenced: Mapping[int, int]
    without_level: int


def frameworks(session: Session) -> Overview:
    """Return all current editions with what the national ones are referenced to."""
    regional = regional_edition(session)
    editions = session.scalars(
        select(FrameworkEdition)
        .join(Framework)
        .where(FrameworkEdition.status != EditionStatus.RETIRED)
        .options(joinedload(FrameworkEdition.framework), selectinload(FrameworkEdition.levels))
        .order_by(Framework.country_code, Framework.code)
    ).all()
    rows = session.scalars(
        select(Referencing)
        .where(
            Referencing.regional_edition_id == regional.id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
        )
        .options(joinedload(Referencing.level))
        .order_by(Referencing.level_id)
    ).all()
    national = [one for one in editions if one.framework.scope == Scope.NATIONAL]
    return Overview(
        regional,
        [Column(one, [row for row in rows if row.level.edition_id == one.id]) for one in national],
        [one for one in editions if one.framework.scope == Scope.EXTERNAL],
    )


def framework(session: Session, code: str) -> tuple[FrameworkEdition, Sequence[Referencing]]:
    """Return the current edition of a framework with its descriptors, and the referencing of its levels.

    :raises NotFound: there is no framework with this code.
    """
    edition = session.scalars(
        select(FrameworkEdition)
        .join(Framework)
        .where(Framework.code == searchable(code), FrameworkEdition.status != EditionStatus.RETIRED)
        .options(*whole_edition())
        .order_by(FrameworkEdition.id.desc())
    ).first()
    if edition is None:
        raise NotFound(N_("There is no framework “%(value)s”."), value=code[:60])
    rows = session.scalars(
        select(Referencing)
        .join(Level, Referencing.level_id == Level.id)
        .where(Level.edition_id == edition.id, Referencing.status != ReferencingStatus.WITHDRAWN)
        .options(joinedload(Referencing.level))
    ).all()
    return edition, rows


def sectors(session: Session) -> dict[str, Sector]:
    """Return sector code -> sector."""
    return {one.code: one for one in session.scalars(select(Sector).order_by(Sector.code))}


def coverage(session: Session) -> tuple[FrameworkEdition, Sequence[CountryCoverage]]:
    """Return, for each country, how many records stand at each regional level, decided or referenced."""
    edition = regional_edition(session)
    totals = _counts(session, _published().group_by(Qualification.country_code))
    decided = _by_level(
        session,
        _published(LevelMapping.high)
        .join(LevelMapping, LevelMapping.version_id == QualificationVersion.id)
        .where(LevelMapping.edition_id == edition.id, LevelMapping.status == MappingStatus.ENDORSED)
        .group_by(Qualification.country_code, LevelMapping.high),
    )
    mapped = (
        select(LevelMapping.version_id)
        .where(LevelMapping.edition_id == edition.id, LevelMapping.status == MappingStatus.ENDORSED)
        .scalar_subquery()
    )
    referenced = _by_level(
        session,
        _published(Referencing.best_fit)
        .join(Referencing, Referencing.level_id == QualificationVersion.level_id)
        .where(
            Referencing.regional_edition_id == edition.id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
            QualificationVersion.id.not_in(mapped),
        )
        .group_by(Qualification.country_code, Referencing.best_fit),
    )
    rows = []
    for country in session.scalars(select(Country.code).order_by(Country.code)):
        total = totals.get(country, 0)
        here, there = decided.get(country, {}), referenced.get(country, {})
        placed = sum(here.values()) + sum(there.values())
        rows.append(CountryCoverage(country, total, here, there, total - placed))
    return edition, rows


def _published(*columns: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(Qualification.country_code, *columns, func.count())
        .select_from(QualificationVersion)
        .join(Qualification, Qualification.id == QualificationVersion.qualification_id)
        .where(QualificationVersion.status == VersionStatus.PUBLISHED)
    )


def _counts(session: Session, query: Select[*tuple[Any, ...]]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _by_level(session: Session, query: Select[*tuple[Any, ...]]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for country, level, count in session.execute(query):
        found.setdefault(country, {})[level] = count
    return found
