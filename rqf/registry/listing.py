"""The officer's list: their country's records with state, mapping and completeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, NotAllowed
from rqf.matching.candidates import Filters
from rqf.models import Country, LevelMapping, Qualification, QualificationVersion, catalogue
from rqf.people import Actor
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


def own_records(
    session: Session,
    actor: Actor,
    *,
    text: str = "",
    status: VersionStatus | None = None,
    type: QualificationType | None = None,
    mapping: MappingStatus | str | None = None,
    page: int = 1,
    per_page: int = 25,
) -> Page[OwnRecord]:
    """Return the records of the officer's countries, the last changed first, or those nearest to ``text``.

    ``mapping="none"`` asks for those that nobody has proposed a level for.

    :raises NotAllowed: the actor is no officer.
    """
    countries = actor.countries(Role.OFFICER)
    if not countries:
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=Role.OFFICER)
    wanted = [Qualification.country_code.in_(countries), _is_newest()]
    order: list[ColumnElement[Any]] = [
        QualificationVersion.updated_at.desc(),
        QualificationVersion.id.desc(),
    ]
    if text.strip():
        # Titles stand in the language of the country, whatever the screen speaks.
        home = session.get_one(Country, min(countries)).language
        found = catalogue.index(session).search(
            text, language=home, filters=Filters(countries=countries), limit=_NEAREST, matching_only=True
        )
        places = {one.id: place for place, one in enumerate(found)}
        wanted.append(Qualification.id.in_(places))
        order = [case(places, value=Qualification.id)] if places else order
    if status:
        wanted.append(QualificationVersion.status == status)
    if type:
        wanted.append(Qualification.type == type)
    if mapping:
        wanted.append(LevelMapping.id.is_(None) if mapping == "none" else LevelMapping.status == mapping)
    return _page(session, _records().where(*wanted), order, page, per_page)


def _records() -> Select[QualificationVersion, LevelMapping | None]:
    newest = (
        select(LevelMapping.version_id, func.max(LevelMapping.id).label("id"))
        .group_by(LevelMapping.version_id)
        .subquery()
    )
    return (
        select(QualificationVersion, LevelMapping)
        .join(Qualification)
        .outerjoin(newest, newest.c.version_id == QualificationVersion.id)
        .outerjoin(LevelMapping, LevelMapping.id == newest.c.id)
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
    rows = session.execute(
        query.order_by(*order)
        .offset((page - 1) * per_page)
        .limit(per_page)
        .options(joinedload(QualificationVersion.qualification), joinedload(QualificationVersion.level))
    )
    return Page(tuple(OwnRecord(version, mapping) for version, mapping in rows), total, page, per_page)
