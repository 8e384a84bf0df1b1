"""Watching: what was found around a change is kept as findings, once; without its cause it is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.orm import Session, selectinload

from rqf.consistency.checks import Found, contradictions
from rqf.consistency.paths import Paths
from rqf.matching.text import normalise
from rqf.models import Equivalence, Finding, FindingVersion, LevelMapping, QualificationVersion, audit
from rqf.models.tables import now
from rqf.rules.terms import EquivalenceStatus, FindingStatus, MappingStatus

#: How many qualifications one step of a sweep looks at.
STRETCH = 200


@dataclass(frozen=True)
class Watched:
    """What a look around some qualifications changed; ``last`` is where the next step of a sweep starts."""

    found: int = 0
    opened: int = 0
    closed: int = 0
    last: int | None = None


@dataclass(frozen=True)
class Consequences:
    """What the publication of a next version leaves behind on the version before it."""

    mappings: Sequence[LevelMapping]
    equivalences: int


def watch(session: Session, qualification_ids: Collection[int]) -> Watched:
    """Check the decisions around some qualifications, keep what contradicts and close what no longer does.

    Belongs in the transaction of the change, after its entry in the audit trail: the trail's lock orders two
    deciders, so that the second one sees what the first has decided.
    """
    session.flush()
    audit.lock(session)
    versions = session.scalars(
        select(QualificationVersion.id).where(QualificationVersion.qualification_id.in_(qualification_ids))
    ).all()
    _know_families(session, versions)
    found = {(one.kind, one.key): one for one in contradictions(session, versions)}
    known = _known(session, versions, found.values())
    fresh = [one for place, one in found.items() if place not in known]
    changed = [one for place, one in found.items() if place in known and _differs(known[place], one)]
    paths = Paths(session, [*fresh, *changed])
    for one in fresh:
        session.add(_fill(Finding(kind=one.kind, key=one.key), one, paths))
    for one in changed:
        _fill(known[one.kind, one.key], one, paths)
    gone = [row for place, row in known.items() if place not in found and row.status != FindingStatus.CLOSED]
    for row in gone:
        row.status, row.closed_at = FindingStatus.CLOSED, now()
    session.flush()
    return Watched(len(found), len(fresh) + len(changed), len(gone))


def sweep(session: Session, after: int = 0, stretch: int = STRETCH) -> Watched:
    """Check the next stretch of the register; ``after`` is where the step before ended.

    Only qualifications with a standing decision or a finding are looked at. ``last`` is None at the end.
    """
    version = QualificationVersion
    decided = or_(
        select(LevelMapping.id)
        .where(LevelMapping.version_id == version.id, LevelMapping.status == MappingStatus.ENDORSED)
        .exists(),
        select(Equivalence.id)
        .where(Equivalence.from_version_id == version.id, Equivalence.status == EquivalenceStatus.ENDORSED)
        .exists(),
        select(Equivalence.id)
        .where(Equivalence.to_version_id == version.id, Equivalence.status == EquivalenceStatus.ENDORSED)
        .exists(),
        select(FindingVersion.finding_id).where(FindingVersion.version_id == version.id).exists(),
    )
    ids = session.scalars(
        select(version.qualification_id)
        .where(version.qualification_id > after, decided)
        .distinct()
        .order_by(version.qualification_id)
        .limit(stretch)
    ).all()
    done = watch(session, ids) if ids else Watched()
    return Watched(done.found, done.opened, done.closed, ids[-1] if len(ids) == stretch else None)


def before_publication(session: Session, qualification_id: int) -> Consequences:
    """Return the decisions that would stand on a replaced version once a next version is published."""
    standing = select(QualificationVersion.id).where(
        QualificationVersion.qualification_id == qualification_id,
        QualificationVersion.published_at.is_not(None),
    )
    mappings = session.scalars(
        select(LevelMapping)
        .where(LevelMapping.version_id.in_(standing), LevelMapping.status == MappingStatus.ENDORSED)
        .order_by(LevelMapping.id)
    ).all()
    equivalences = session.scalar(
        select(func.count())
        .select_from(Equivalence)
        .where(
            Equivalence.status == EquivalenceStatus.ENDORSED,
            or_(Equivalence.from_version_id.in_(standing), Equivalence.to_version_id.in_(standing)),
        )
    )
    return Consequences(mappings, equivalences or 0)


def _know_families(session: Session, versions: Collection[int]) -> None:
    """Note the title families of what is endorsed, so that the same title is found elsewhere."""
    rows = session.execute(
        select(
            LevelMapping.id, LevelMapping.title_family, QualificationVersion.titles,
            QualificationVersion.original_language,
        )
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .where(LevelMapping.version_id.in_(versions), LevelMapping.status == MappingStatus.ENDORSED)
    ).all()  # fmt: skip
    for id, known, titles, language in rows:
        family = title_family(titles.get(language, ""), language)
        if family != known:
            # Not by the mapping itself: this is no new revision of what people wrote.
            session.execute(
                update(LevelMapping)
                .where(LevelMapping.id == id)
                .values(title_family=family)
                .execution_options(synchronize_session=False)
            )


def title_family(title: str, language: str) -> str | None:
    """Return the same short text for titles of the same words, whatever their order, gender or number."""
    said = normalise(title, language)
    if not said.stems:
        return None
    words = " ".join((*sorted(set(said.stems)), "|", *sorted(said.guards)))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def _known(
    session: Session, versions: Collection[int], found: Iterable[Found]
) -> dict[tuple[str, str], Finding]:
    """Return the findings that are about the versions or were found again."""
    about = select(FindingVersion.finding_id).where(FindingVersion.version_id.in_(versions))
    keys = [(one.kind, one.key) for one in found]
    rows = session.scalars(
        select(Finding)
        .where(or_(Finding.id.in_(about), tuple_(Finding.kind, Finding.key).in_(keys)))
        .options(selectinload(Finding.versions))
    )
    return {(row.kind, row.key): row for row in rows}


def _differs(row: Finding, found: Found) -> bool:
    return row.status == FindingStatus.CLOSED or row.proof != found.proof


def _fill(row: Finding, found: Found, paths: Paths) -> Finding:
    """Open a finding with what was found; what settled another proof does not settle this one."""
    row.proof, row.path = found.proof, paths.told(found)
    row.status, row.opened_at, row.closed_at = FindingStatus.OPEN, now(), None
    row.settled_by_id = row.settled_at = row.reason = None
    there = {one.version_id: one for one in row.versions}
    row.versions = [there.get(id) or FindingVersion(version_id=id) for id in sorted(found.versions)]
    return row
