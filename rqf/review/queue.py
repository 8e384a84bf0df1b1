"""What waits for a reviewer: the proposals of the other countries, those first whose decision helps most."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from rqf.models import LevelMapping, Qualification, QualificationVersion, Sector
from rqf.models.queueing import QueuePlace, waited_days
from rqf.models.tables import Texts, now
from rqf.people import Actor, require
from rqf.registry import Page
from rqf.review.advice import Advice, Agreement, stored_advice
from rqf.rules import workflow
from rqf.rules.terms import Role
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class QueueEntry:
    """A proposal that waits: for how many days, how it stands to what was suggested, what moves it up."""

    mapping: LevelMapping
    age: int
    advice: Advice
    place: QueuePlace | None = None

    @property
    def version(self) -> QualificationVersion:
        """Return the version that is to be placed."""
        return self.mapping.version

    @property
    def agreement(self) -> Agreement | None:
        """Return how the proposal stands to the suggestion; None when nothing was suggested."""
        return self.advice.agreement(self.mapping.low, self.mapping.high)


@dataclass(frozen=True)
class Waiting:
    """How many proposals wait, by country and by sector; the sectors' titles, too."""

    countries: dict[str, int]
    sectors: dict[str, int]
    sector_titles: dict[str, Texts]


def queue(
    session: Session,
    actor: Actor,
    country: str | None = None,
    sector: str | None = None,
    page: int = 1,
    per_page: int = 25,
) -> Page[QueueEntry]:
    """Return the proposals that the actor may decide on, those first whose decision helps most.

    The order is stored when a proposal is submitted (:mod:`rqf.rules.priority`); between equals, the oldest.

    :raises NotAllowed: the actor is no reviewer.
    """
    wanted = _decidable(actor)
    if country:
        wanted.append(Qualification.country_code == searchable(country))
    if sector:
        wanted.append(QualificationVersion.sector_code == searchable(sector))
    rows = _waiting(select(LevelMapping)).where(*wanted)
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // per_page)))
    found = session.execute(
        rows.add_columns(QueuePlace)
        .outerjoin(QueuePlace, QueuePlace.mapping_id == LevelMapping.id)
        .options(
            joinedload(LevelMapping.version).options(
                joinedload(QualificationVersion.qualification), joinedload(QualificationVersion.sector)
            )
        )
        .order_by(func.coalesce(QueuePlace.priority, 0.0).desc(), LevelMapping.submitted_at, LevelMapping.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return Page(tuple(_entry(*one) for one in found), total, page, per_page)


def waiting(session: Session, actor: Actor) -> Waiting:
    """Return how many proposals the actor may decide on, by country and by sector."""
    counts = session.execute(
        _waiting(select(Qualification.country_code, QualificationVersion.sector_code, func.count()))
        .where(*_decidable(actor))
        .group_by(Qualification.country_code, QualificationVersion.sector_code)
        .order_by(Qualification.country_code, QualificationVersion.sector_code)
    )
    countries: dict[str, int] = {}
    sectors: dict[str, int] = {}
    for country, sector, count in counts:
        countries[country] = countries.get(country, 0) + count
        if sector:
            sectors[sector] = sectors.get(sector, 0) + count
    titles = {one.code: one.titles for one in session.scalars(select(Sector).where(Sector.code.in_(sectors)))}
    return Waiting(countries, sectors, titles)


def next_case(session: Session, actor: Actor) -> LevelMapping | None:
    """Return the proposal at the head of the actor's queue, or None."""
    entries = queue(session, actor, per_page=1).items
    return entries[0].mapping if entries else None


def _waiting(query: Select) -> Select:  # type: ignore[type-arg]
    return (
        query.select_from(LevelMapping)
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .join(Qualification)
        .where(LevelMapping.status.in_(workflow.WAITING))
    )


def _decidable(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the rule of four eyes (:func:`rqf.rules.workflow.check_four_eyes`) as conditions."""
    require(actor, Role.REVIEWER)
    return [Qualification.country_code.not_in(actor.countries()), LevelMapping.author_id != actor.id]


def _entry(mapping: LevelMapping, place: QueuePlace | None) -> QueueEntry:
    age = waited_days(mapping, place.waited if place else None, now())
    return QueueEntry(mapping, age, stored_advice(mapping.suggestion), place)
