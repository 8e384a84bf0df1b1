"""What the catalogue's index knows of each qualification, read from the database in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import NotFound
from rqf.matching.candidates import Document
from rqf.matching.text import Synonyms
from rqf.models.frameworks import Synonym
from rqf.models.mappings import LevelMapping
from rqf.models.qualifications import Qualification, QualificationVersion, Unit, VersionUnit
from rqf.models.standing import referenced_ranges, regional_edition
from rqf.rules.terms import MappingStatus, VersionStatus

#: Read this many qualifications at a time when building.
_BATCH = 500
#: Which version speaks for a qualification: the published one, else the draft, else the last there was.
_PRECEDENCE = {
    VersionStatus.PUBLISHED: 0,
    VersionStatus.DRAFT: 1,
    VersionStatus.RETIRED: 2,
    VersionStatus.SUPERSEDED: 3,
}


def read_synonyms(session: Session) -> Synonyms:
    """Return the national synonyms as the database has them, for whoever needs no index."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in session.scalars(select(Synonym).order_by(Synonym.concept, Synonym.id)):
        groups[row.concept].append((row.term, row.language))
    return Synonyms.from_groups(groups.values())


def documents(session: Session, ids: Iterable[int] | None) -> Iterator[Document]:
    """Give the documents of the qualifications ``ids``, or of all, in batches."""
    wanted = (
        list(session.scalars(select(Qualification.id).order_by(Qualification.id)))
        if ids is None
        else list(ids)
    )
    for start in range(0, len(wanted), _BATCH):
        yield from _batch(session, wanted[start : start + _BATCH])
        session.expunge_all()


def _batch(session: Session, ids: list[int]) -> Iterator[Document]:
    versions = session.scalars(
        select(QualificationVersion)
        .where(QualificationVersion.qualification_id.in_(ids))
        .options(
            joinedload(QualificationVersion.qualification),
            joinedload(QualificationVersion.awarding_body),
            selectinload(QualificationVersion.units)
            .joinedload(VersionUnit.unit)
            .load_only(Unit.titles)
            .selectinload(Unit.outcomes),
        )
    ).all()
    speaking: dict[int, QualificationVersion] = {}
    for version in sorted(versions, key=lambda one: (_PRECEDENCE[one.status], -one.number)):
        speaking.setdefault(version.qualification_id, version)
    levels = _regional_levels(session, list(speaking.values()))
    for version in speaking.values():
        yield _document(version, levels.get(version.id))


def _document(version: QualificationVersion, level: int | None) -> Document:
    others = [version.awarding_body.name] if version.awarding_body else []
    others += [text for link in version.units for text in link.unit.titles.values()]
    others += [outcome.text for outcome in version.outcomes()]
    return Document(
        id=version.qualification_id,
        titles=tuple(sorted(version.titles.items(), key=lambda pair: pair[0] != version.original_language)),
        code=version.qualification.code,
        country=version.qualification.country_code,
        kind=version.qualification.type.value,
        sector=version.sector_code,
        level=level,
        status=version.status.value,
        other=tuple(others),
    )


def _regional_levels(session: Session, versions: list[QualificationVersion]) -> dict[int, int]:
    """Return version id -> regional level: the decided one, else the best fit of the national level."""
    try:
        edition = regional_edition(session)
    except NotFound:
        return {}
    referenced = referenced_ranges(session, [one.level_id for one in versions if one.level_id], edition.id)
    levels = {one.id: referenced[one.level_id].best for one in versions if one.level_id in referenced}
    decided = session.execute(
        select(LevelMapping.version_id, LevelMapping.high).where(
            LevelMapping.version_id.in_([one.id for one in versions]),
            LevelMapping.edition_id == edition.id,
            LevelMapping.status == MappingStatus.ENDORSED,
        )
    )
    return levels | {row.version_id: row.high for row in decided}
