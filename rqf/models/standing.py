"""What stands today: the regional edition in use, referenced ranges, endorsed mappings.

These questions are asked from every desk, so they have one answer here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from rqf.errors import N_, NotFound
from rqf.models.frameworks import (
    Framework,
    FrameworkEdition,
    Level,
    LevelDescriptor,
    Referencing,
)
from rqf.models.mappings import LevelMapping, MappingDecision
from rqf.models.qualifications import Qualification, QualificationVersion, Unit, VersionUnit
from rqf.rules.terms import EditionStatus, MappingStatus, ReferencingStatus, Scope


@dataclass(frozen=True)
class Range:
    """A range of regional levels; ``best`` is the best fit, equal to ``low`` when they are one."""

    low: int
    high: int
    best: int


def regional_edition(session: Session) -> FrameworkEdition:
    """Return the regional edition to map to: the one in force, else the newest proposed one.

    :raises NotFound: no regional framework has been loaded.
    """
    editions = session.scalars(
        select(FrameworkEdition)
        .join(Framework)
        .where(Framework.scope == Scope.REGIONAL, FrameworkEdition.status != EditionStatus.RETIRED)
        .options(*whole_edition())
        .order_by(FrameworkEdition.id.desc())
    ).all()
    if not editions:
        raise NotFound(N_("No regional framework has been loaded yet."))
    return next((edition for edition in editions if edition.status == EditionStatus.IN_FORCE), editions[0])


def referenced_range(session: Session, level_id: int | None, edition_id: int) -> Range | None:
    """Return the regional range that a national level is referenced to, or None."""
    return referenced_ranges(session, [level_id] if level_id else [], edition_id).get(level_id or 0)


def referenced_ranges(session: Session, level_ids: Iterable[int], edition_id: int) -> dict[int, Range]:
    """Return national level id -> regional range, for those that are referenced."""
    rows = session.scalars(
        select(Referencing).where(
            Referencing.level_id.in_(set(level_ids)),
            Referencing.regional_edition_id == edition_id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
        )
    )
    return {row.level_id: Range(row.low, row.high, row.best_fit) for row in rows}


def endorsed_mappings(
    session: Session, version_ids: Iterable[int], edition_id: int
) -> dict[int, LevelMapping]:
    """Return version id -> its endorsed mapping, with decisions and who took them."""
    rows = session.scalars(
        select(LevelMapping)
        .where(
            LevelMapping.version_id.in_(set(version_ids)),
            LevelMapping.edition_id == edition_id,
            LevelMapping.status == MappingStatus.ENDORSED,
        )
        .options(selectinload(LevelMapping.decisions).joinedload(MappingDecision.account))
    )
    return {row.version_id: row for row in rows}


def whole_edition() -> tuple[ExecutableOption, ...]:
    """Return the loader options that fetch an edition with its levels, domains and descriptors."""
    return (
        joinedload(FrameworkEdition.framework),
        selectinload(FrameworkEdition.domains),
        selectinload(FrameworkEdition.levels)
        .selectinload(Level.descriptors)
        .joinedload(LevelDescriptor.domain),
    )


#: Gives versions with all that belongs to them, some hundred at a time; each call begins again.
Pages = Callable[[], Iterator[Sequence[QualificationVersion]]]
_AT_ONCE = 200


def pages_of(session: Session, ids: Select[int]) -> Pages:
    """Return what gives the versions that ``ids`` asks for, by key: the memory stays the same."""

    def pages() -> Iterator[Sequence[QualificationVersion]]:
        last = 0
        while True:
            wanted = ids.where(QualificationVersion.id > last).order_by(QualificationVersion.id)
            some = session.scalars(wanted.limit(_AT_ONCE)).all()
            if not some:
                return
            last = some[-1]
            yield session.scalars(
                select(QualificationVersion)
                .where(QualificationVersion.id.in_(some))
                .order_by(QualificationVersion.id)
                .options(*whole_version())
            ).all()

    return pages


def whole_version() -> tuple[ExecutableOption, ...]:
    """Return the loader options that fetch a version with all that a page or a comparison needs."""
    return (
        joinedload(QualificationVersion.qualification).joinedload(Qualification.code_system),
        joinedload(QualificationVersion.qualification).joinedload(Qualification.country),
        joinedload(QualificationVersion.level)
        .joinedload(Level.edition)
        .joinedload(FrameworkEdition.framework),
        joinedload(QualificationVersion.awarding_body),
        joinedload(QualificationVersion.sector),
        joinedload(QualificationVersion.author),
        selectinload(QualificationVersion.units).joinedload(VersionUnit.unit).selectinload(Unit.outcomes),
    )
