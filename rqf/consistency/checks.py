"""What contradicts what around some versions, by queries that look no further than their neighbours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from rqf.models import Equivalence, LevelMapping, Qualification, QualificationVersion, Referencing
from rqf.rules.contradictions import APART, Edge, drifting, triangles
from rqf.rules.terms import (
    Conclusion,
    EquivalenceStatus,
    FindingKind,
    MappingStatus,
    ReferencingStatus,
    VersionStatus,
)

#: At most so many equivalences around the versions are looked at in one check.
#: A decision on a version in one of these states is looked at again.
_OUT_OF_FORCE = (VersionStatus.SUPERSEDED, VersionStatus.RETIRED)
_MOST_EDGES = 5000


@dataclass(frozen=True)
class Found:
    """A contradiction: between what, by which decisions, about which versions.

    ``path`` names the records that prove it, in order: ("mapping" | "equivalence" | "referencing", id).
    """

    kind: FindingKind
    key: str
    path: tuple[tuple[str, int], ...]
    versions: frozenset[int]

    @property
    def proof(self) -> str:
        """Return the records that prove it as a short text: other decisions make another proof."""
        return " ".join(f"{kind[0]}{number}" for kind, number in self.path)


def contradictions(session: Session, versions: Collection[int]) -> list[Found]:
    """Return every contradiction that one of the versions has a part in."""
    found: list[Found] = []
    if versions:
        for look in (_triangles, _levels_apart, _title_drift, _outside_referencing, _old_versions):
            found += look(session, versions)
    return found


def _triangles(session: Session, versions: Collection[int]) -> Iterator[Found]:
    near = _edges(session, versions)
    ring = {end for edge in near for end in (edge.one, edge.other)} | set(versions)
    for sides in triangles(_edges(session, ring)):
        corners = frozenset(end for edge in sides for end in (edge.one, edge.other))
        if corners.isdisjoint(versions):
            continue
        key = f"{'-'.join(map(str, sorted(corners)))} {sides[0].purpose}"
        yield Found(FindingKind.TRIANGLE, key[:120], _path("equivalence", (one.id for one in sides)), corners)


def _edges(session: Session, versions: Collection[int]) -> list[Edge]:
    rows = session.execute(
        select(
            Equivalence.id,
            Equivalence.from_version_id,
            Equivalence.to_version_id,
            Equivalence.purpose,
            Equivalence.conclusion,
        )
        .where(
            Equivalence.status == EquivalenceStatus.ENDORSED,
            Equivalence.conclusion != Conclusion.UNDETERMINED,
            or_(Equivalence.from_version_id.in_(versions), Equivalence.to_version_id.in_(versions)),
        )
        .order_by(Equivalence.id)
        .limit(_MOST_EDGES)
    )
    return [
        Edge(id, one, other, purpose, same=conclusion == Conclusion.FULL)
        for id, one, other, purpose, conclusion in rows
    ]


def _levels_apart(session: Session, versions: Collection[int]) -> Iterator[Found]:
    one, other = aliased(LevelMapping), aliased(LevelMapping)
    rows = session.execute(
        select(
            Equivalence.id, Equivalence.from_version_id, Equivalence.to_version_id, one.id, other.id,
            one.edition_id,
        )
        .join(one, one.version_id == Equivalence.from_version_id)
        .join(
            other, (other.version_id == Equivalence.to_version_id) & (other.edition_id == one.edition_id)
        )
        .where(
            Equivalence.status == EquivalenceStatus.ENDORSED,
            Equivalence.conclusion == Conclusion.FULL,
            or_(Equivalence.from_version_id.in_(versions), Equivalence.to_version_id.in_(versions)),
            one.status == MappingStatus.ENDORSED,
            other.status == MappingStatus.ENDORSED,
            or_(one.low - other.high >= APART, other.low - one.high >= APART),
        )
        .order_by(Equivalence.id)
    )  # fmt: skip
    for equivalence, a, b, mapping, opposite, edition in rows:
        path = (("mapping", mapping), ("equivalence", equivalence), ("mapping", opposite))
        key = f"{min(a, b)}-{max(a, b)} {edition}"
        yield Found(FindingKind.LEVELS_APART, key, path, frozenset({a, b}))


def _title_drift(session: Session, versions: Collection[int]) -> Iterator[Found]:
    """Compare the levels of the versions' title families by country."""
    families = session.scalars(
        select(LevelMapping.title_family)
        .where(LevelMapping.version_id.in_(versions), LevelMapping.title_family.is_not(None))
        .distinct()
    ).all()
    rows = session.execute(
        select(
            LevelMapping.title_family, LevelMapping.edition_id, Qualification.country_code,
            func.min(LevelMapping.high), func.max(LevelMapping.low),
        )
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .join(Qualification)
        .where(
            LevelMapping.title_family.in_(families), LevelMapping.status == MappingStatus.ENDORSED
        )
        .group_by(LevelMapping.title_family, LevelMapping.edition_id, Qualification.country_code)
    )  # fmt: skip
    spans: dict[tuple[str, int], dict[str, tuple[int, int]]] = {}
    for family, edition, country, lowest, highest in rows:
        spans.setdefault((str(family), edition), {})[country] = lowest, highest
    for (family, edition), countries in sorted(spans.items()):
        if ends := drifting(countries):
            low, high = ends
            yield _drift(session, family, edition, countries, low, high)


def _drift(
    session: Session, family: str, edition: int, spans: Mapping[str, tuple[int, int]], low: str, high: str
) -> Found:
    def placed(country: str, column: object, level: int) -> tuple[int, int]:
        query = (
            select(LevelMapping.id, LevelMapping.version_id)
            .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
            .join(Qualification)
            .where(
                LevelMapping.title_family == family, LevelMapping.edition_id == edition,
                LevelMapping.status == MappingStatus.ENDORSED, Qualification.country_code == country,
                column == level,  # type: ignore[arg-type]
            )
            .order_by(LevelMapping.id)
            .limit(1)
        )  # fmt: skip
        id, version = session.execute(query).one()
        return id, version

    one, first = placed(low, LevelMapping.high, spans[low][0])
    other, second = placed(high, LevelMapping.low, spans[high][1])
    path = (("mapping", one), ("mapping", other))
    return Found(FindingKind.TITLE_DRIFT, f"{family} {edition}", path, frozenset({first, second}))


def _outside_referencing(session: Session, versions: Collection[int]) -> Iterator[Found]:
    rows = session.execute(
        select(LevelMapping.id, LevelMapping.version_id, LevelMapping.edition_id, Referencing.id)
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .join(
            Referencing,
            (Referencing.level_id == QualificationVersion.level_id)
            & (Referencing.regional_edition_id == LevelMapping.edition_id),
        )
        .where(
            LevelMapping.version_id.in_(versions),
            LevelMapping.status == MappingStatus.ENDORSED,
            Referencing.status != ReferencingStatus.WITHDRAWN,
            or_(LevelMapping.low < Referencing.low, LevelMapping.high > Referencing.high),
        )
        .order_by(LevelMapping.id)
    )
    for mapping, version, edition, referencing in rows:
        path = (("mapping", mapping), ("referencing", referencing))
        yield Found(FindingKind.OUTSIDE_REFERENCING, f"{version} {edition}", path, frozenset({version}))


def _old_versions(session: Session, versions: Collection[int]) -> Iterator[Found]:
    old = select(QualificationVersion.id).where(
        QualificationVersion.id.in_(versions), QualificationVersion.status.in_(_OUT_OF_FORCE)
    )
    replaced = set(session.scalars(old))
    if not replaced:
        return
    mappings = session.execute(
        select(LevelMapping.id, LevelMapping.version_id)
        .where(LevelMapping.version_id.in_(replaced), LevelMapping.status == MappingStatus.ENDORSED)
        .order_by(LevelMapping.id)
    )
    for mapping, version in mappings:
        yield Found(
            FindingKind.OLD_VERSION, f"mapping {mapping}", (("mapping", mapping),), frozenset({version})
        )
    for edge in _edges(session, replaced):
        ends = frozenset({edge.one, edge.other})
        yield Found(FindingKind.OLD_VERSION, f"equivalence {edge.id}", (("equivalence", edge.id),), ends)


def _path(kind: str, numbers: Iterable[int]) -> tuple[tuple[str, int], ...]:
    return tuple((kind, number) for number in numbers)
