"""One record with everything known about it: what it says, where it stands, where that comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import N_, NotFound
from rqf.models import (
    FrameworkEdition,
    LevelMapping,
    MappingDecision,
    Qualification,
    QualificationVersion,
    Replacement,
)
from rqf.models.standing import Range, endorsed_mappings, referenced_range, regional_edition, whole_version
from rqf.rules.terms import MappingStatus, VersionStatus
from rqf.rules.texts import searchable

#: What anyone may see of a qualification, the one that speaks for it first. Drafts are not among them.
PUBLIC = (VersionStatus.PUBLISHED, VersionStatus.RETIRED, VersionStatus.SUPERSEDED)
#: What anyone may see of the history of a mapping: decisions, not work in progress.
_DECIDED = (
    MappingStatus.ENDORSED,
    MappingStatus.REJECTED,
    MappingStatus.SUPERSEDED,
)


@dataclass(frozen=True)
class Record:
    """A version with its regional level, its history and its neighbours in time."""

    version: QualificationVersion
    edition: FrameworkEdition
    mapping: LevelMapping | None
    referenced: Range | None
    history: Sequence[LevelMapping]
    versions: Sequence[QualificationVersion]
    replaces: Sequence[QualificationVersion]
    replaced_by: Sequence[QualificationVersion]


def find(session: Session, ref: str) -> QualificationVersion:
    """Return the public version that speaks for the qualification ``ref``: a UUID or a national code.

    :raises NotFound: nothing public has this identifier, or several countries use the code.
    """
    ref = searchable(ref)
    matching = (Qualification.uuid == ref.lower()) if len(ref) == 36 else (Qualification.code == ref)
    rows = session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(matching, QualificationVersion.status.in_(PUBLIC))
        .options(*whole_version())
    ).all()
    speaking = _speaking(rows)
    if not speaking:
        raise NotFound(N_("The register has no public record “%(value)s”."), value=ref[:100])
    if len(speaking) > 1:
        raise NotFound(
            N_("Several records have the code “%(value)s”. Search for it and choose one."), value=ref[:100]
        )
    return next(iter(speaking.values()))


def _speaking(rows: Sequence[QualificationVersion]) -> dict[int, QualificationVersion]:
    found: dict[int, QualificationVersion] = {}
    for row in sorted(rows, key=lambda one: (PUBLIC.index(one.status), -one.number)):
        found.setdefault(row.qualification_id, row)
    return found


def published(session: Session, qualification_ids: Sequence[int]) -> dict[int, QualificationVersion]:
    """Return qualification id -> the public version that speaks for it, as the database has it now."""
    if not qualification_ids:
        # Asked for none of them, SQLite still walks through all that are public.
        return {}
    rows = session.scalars(
        select(QualificationVersion)
        .where(
            QualificationVersion.qualification_id.in_(qualification_ids),
            QualificationVersion.status.in_(PUBLIC),
        )
        .options(*whole_version())
    ).all()
    return _speaking(rows)


def record(session: Session, ref: str) -> Record:
    """Return everything public about a qualification.

    :raises NotFound: see :func:`find`.
    """
    version = find(session, ref)
    edition = regional_edition(session)
    return Record(
        version=version,
        edition=edition,
        mapping=endorsed_mappings(session, [version.id], edition.id).get(version.id),
        referenced=referenced_range(session, version.level_id, edition.id),
        history=_history(session, version.qualification_id),
        versions=_versions(session, version.qualification_id),
        replaces=_neighbours(session, version.qualification_id, before=True),
        replaced_by=_neighbours(session, version.qualification_id, before=False),
    )


def _history(session: Session, qualification_id: int) -> Sequence[LevelMapping]:
    return session.scalars(
        select(LevelMapping)
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .where(
            QualificationVersion.qualification_id == qualification_id,
            LevelMapping.status.in_(_DECIDED),
        )
        .options(
            joinedload(LevelMapping.author),
            joinedload(LevelMapping.edition).joinedload(FrameworkEdition.framework),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
        .order_by(LevelMapping.id.desc())
    ).all()


def _versions(session: Session, qualification_id: int) -> Sequence[QualificationVersion]:
    return session.scalars(
        select(QualificationVersion)
        .where(
            QualificationVersion.qualification_id == qualification_id,
            QualificationVersion.status.in_(PUBLIC),
        )
        .order_by(QualificationVersion.number.desc())
    ).all()


def _neighbours(session: Session, qualification_id: int, *, before: bool) -> Sequence[QualificationVersion]:
    mine, other = (
        (Replacement.successor_id, Replacement.predecessor_id)
        if before
        else (Replacement.predecessor_id, Replacement.successor_id)
    )
    ids = session.scalars(select(other).where(mine == qualification_id)).all()
    return list(published(session, ids).values())
