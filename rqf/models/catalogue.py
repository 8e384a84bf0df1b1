"""The catalogue that search, suggestions, duplicates and look-ups share: an index beside the database.

The index holds no truth. Each process builds its own from the database and, before every use, reads the
changes written since (``catalogue_change``), so what was committed a moment ago is found, in every process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import NotFound
from rqf.matching.candidates import Document, Index
from rqf.matching.text import NO_SYNONYMS, Synonyms
from rqf.models import audit
from rqf.models.frameworks import Synonym
from rqf.models.mappings import LevelMapping
from rqf.models.qualifications import CatalogueChange, Qualification, QualificationVersion, Unit, VersionUnit
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


@dataclass
class _Kept:
    """An index and how far in the changes it has read."""

    lock: Lock = field(default_factory=Lock)
    index: Index | None = None
    synonyms: Synonyms = NO_SYNONYMS
    watermark: int = 0


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_keeping = Lock()


def index(session: Session) -> Index:
    """Return the index, caught up with everything that has been committed."""
    kept = _caught_up(session)
    assert kept.index is not None
    return kept.index


def synonyms(session: Session) -> Synonyms:
    """Return the national synonyms that the index was built with."""
    return _caught_up(session).synonyms


def note_change(session: Session, qualification_id: int) -> None:
    """Say that the index has to read a qualification again. Belongs in the transaction of the change."""
    # One writer at a time: otherwise a lower number could be committed after a higher one had been read.
    audit.lock(session)
    session.add(CatalogueChange(qualification_id=qualification_id))
    session.flush()


def note_changes(session: Session, qualification_ids: Iterable[int]) -> None:
    """Say that the index has to read many qualifications again, or that they are gone."""
    rows = [{"qualification_id": one} for one in qualification_ids]
    if rows:
        audit.lock(session)
        session.execute(insert(CatalogueChange), rows)


def forget(session: Session) -> None:
    """Build the index anew at the next use: the synonyms, or much else at once, have changed."""
    with _keeping:
        _kept.pop(_engine(session), None)


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    # A writer's engine is the reader's with other options; the index is kept for the one underneath.
    return getattr(engine, "_proxied", engine)


def _caught_up(session: Session) -> _Kept:
    engine = _engine(session)
    with _keeping:
        kept = _kept.setdefault(engine, _Kept())
    # Read on a connection of its own: what this transaction has not committed may yet be undone, and must
    # not enter an index that others share.
    with Session(engine) as reader:
        newest = reader.scalar(select(func.max(CatalogueChange.id))) or 0
        if kept.index is None or newest != kept.watermark:
            with kept.lock:
                _catch_up(reader, kept, newest)
    return kept


def _catch_up(reader: Session, kept: _Kept, newest: int) -> None:
    if kept.index is None:
        kept.synonyms = read_synonyms(reader)
        built = Index(kept.synonyms)
        built.put_all(_documents(reader, None))
        kept.index = built
    elif newest > kept.watermark:
        changed = reader.scalars(
            select(CatalogueChange.qualification_id)
            .where(CatalogueChange.id > kept.watermark, CatalogueChange.id <= newest)
            .distinct()
        ).all()
        gone = set(changed)
        for document in _documents(reader, changed):
            gone.discard(document.id)
            kept.index.put(document)
        for id in gone:
            kept.index.drop(id)
    kept.watermark = max(kept.watermark, newest)


def read_synonyms(session: Session) -> Synonyms:
    """Return the national synonyms as the database has them, for whoever needs no index."""
    groups: dict[str, list[str]] = defaultdict(list)
    for row in session.scalars(select(Synonym).order_by(Synonym.concept, Synonym.id)):
        groups[row.concept].append(row.term)
    return Synonyms.from_groups(groups.values())


def _documents(session: Session, ids: Iterable[int] | None) -> Iterator[Document]:
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
            selectinload(QualificationVersion.units).joinedload(VersionUnit.unit).load_only(Unit.titles),
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
