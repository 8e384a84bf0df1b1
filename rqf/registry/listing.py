"""The officer's list: their country's records with state, mapping and completeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from rqf.errors import N_, NotAllowed
from rqf.matching.candidates import Filters
from rqf.models import (
    Country,
    ImportBatch,
    ImportRow,
    LevelMapping,
    Qualification,
    QualificationVersion,
    VersionQuality,
    catalogue,
)
from rqf.models.standing import Pages, pages_of
from rqf.people import Actor
from rqf.registry.quality import lacks
from rqf.rules.quality import Criterion
from rqf.rules.terms import MappingStatus, QualificationType, Role, VersionStatus

Row = TypeVar("Row")
#: A text filter looks at this many of the nearest records.
_NEAREST = 500


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a longer list."""

    items: tuple[Row, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True)
class OwnRecord:
    """A line of the list: the newest version and the newest mapping of it."""

    version: QualificationVersion
    mapping: LevelMapping | None


@dataclass(frozen=True)
class OwnFilter:
    """Which of the officer's records. ``mapping="none"``: those that nobody has proposed a level for.

    ``expiring``: those in force whose end is announced; ``missing``: those that lose points by a criterion of
    quality; ``batch``: those that an import wrote.
    """

    text: str = ""
    status: VersionStatus | None = None
    type: QualificationType | None = None
    mapping: MappingStatus | str | None = None
    missing: Criterion | None = None
    batch: str | None = None
    expiring: bool = False


def own_records(
    session: Session, actor: Actor, wanted: OwnFilter | None = None, *, page: int = 1, per_page: int = 25
) -> Page[OwnRecord]:
    """Return the records of the officer's countries, the last changed first, or those nearest to the text.

    :raises NotAllowed: the actor is no officer.
    """
    query, places = own_query(session, actor, wanted or OwnFilter())
    order: list[ColumnElement[Any]] = [
        QualificationVersion.updated_at.desc(),
        QualificationVersion.id.desc(),
    ]
    return _page(session, query, [case(places, value=Qualification.id)] if places else order, page, per_page)


def own_query(
    session: Session, actor: Actor, wanted: OwnFilter
) -> tuple[Select[QualificationVersion, LevelMapping | None], dict[int, int]]:
    """Return the question for the officer's records, and record -> its place where a text ranks them.

    :raises NotAllowed: the actor is no officer.
    """
    countries = actor.countries(Role.OFFICER)
    if not countries:
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=Role.OFFICER)
    query = _records().where(Qualification.country_code.in_(countries), _is_newest())
    places: dict[int, int] = {}
    if wanted.text.strip():
        # Titles stand in the language of the country, whatever the screen speaks.
        home = session.get_one(Country, min(countries)).language
        found = catalogue.index(session).search(
            wanted.text, language=home, filters=Filters(countries=countries), limit=_NEAREST,
            matching_only=True,
        )  # fmt: skip
        places = {one.id: place for place, one in enumerate(found)}
        query = query.where(Qualification.id.in_(places))
    return query.where(*_chosen(wanted)), places


def own_pages(session: Session, actor: Actor, wanted: OwnFilter) -> Pages:
    """Return what gives all records of a filter, some hundred at a time and as often as it is asked.

    :raises NotAllowed: the actor is no officer.
    """
    query, _ = own_query(session, actor, wanted)
    return pages_of(session, query.with_only_columns(QualificationVersion.id))


def _chosen(wanted: OwnFilter) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.status:
        chosen.append(QualificationVersion.status == wanted.status)
    if wanted.expiring:
        chosen.append(QualificationVersion.expiring.is_(True))
    if wanted.type:
        chosen.append(Qualification.type == wanted.type)
    if wanted.mapping == "none":
        chosen.append(LevelMapping.id.is_(None))
    elif wanted.mapping:
        chosen.append(LevelMapping.status == wanted.mapping)
    if wanted.missing:
        kept = select(VersionQuality.version_id).where(
            VersionQuality.version_id == QualificationVersion.id,
            VersionQuality.counted,
            lacks(wanted.missing),
        )
        chosen.append(kept.exists())
    if wanted.batch:
        written = select(ImportRow.qualification_id).join(ImportBatch).where(
            ImportBatch.uuid == wanted.batch, ImportRow.done.is_not(None)
        )  # fmt: skip
        chosen.append(Qualification.id.in_(written))
    return chosen


def _records() -> Select[QualificationVersion, LevelMapping | None]:
    other = aliased(LevelMapping)
    newest = select(func.max(other.id)).where(other.version_id == QualificationVersion.id)
    return (
        select(QualificationVersion, LevelMapping)
        .join(Qualification)
        .outerjoin(LevelMapping, LevelMapping.id == newest.correlate(QualificationVersion).scalar_subquery())
    )


def _is_newest() -> ColumnElement[bool]:
    other = select(func.max(QualificationVersion.number)).where(
        QualificationVersion.qualification_id == Qualification.id
    )
    return QualificationVersion.number == other.correlate(Qualification).scalar_subquery()


def _page(
    session: Session,
    query: Select[QualificationVersion, LevelMapping | None],
    order: list[ColumnElement[Any]],
    page: int,
    per_page: int,
) -> Page[OwnRecord]:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // per_page)))
    # Sorted by number only: whole records take twice the time to sort, and all but a page's are thrown away.
    shown = session.scalars(
        query.with_only_columns(QualificationVersion.id)
        .order_by(*order)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).all()
    rows = session.execute(
        _records()
        .where(QualificationVersion.id.in_(shown))
        .options(joinedload(QualificationVersion.qualification), joinedload(QualificationVersion.level))
    )
    lines = {version.id: OwnRecord(version, mapping) for version, mapping in rows}
    return Page(tuple(lines[one] for one in shown if one in lines), total, page, per_page)
