"""A proposal's place in the reviewers' queue: computed when it enters; and the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rqf.models.mappings import LevelMapping
from rqf.models.qualifications import Qualification, QualificationVersion
from rqf.models.tables import Model, now
from rqf.rules import priority as rule
from rqf.rules.terms import MappingStatus, VersionStatus


class QueuePlace(Model):
    """How much a decision would help (rqf.rules.priority), of what, and how long it has waited."""

    __tablename__ = "queue_place"

    mapping_id: Mapped[int] = mapped_column(ForeignKey("level_mapping.id"), primary_key=True)
    priority: Mapped[float] = mapped_column(default=0.0)
    uncertainty: Mapped[float] = mapped_column(default=1.0)
    demand: Mapped[int] = mapped_column(default=0)
    followers: Mapped[int] = mapped_column(default=0)
    #: Seconds with the reviewers before the last return; the time with the officer does not count.
    waited: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "priority"),)


class Appeal(Model):
    """A new proposal that objects to a rejection. The rejected one stays as it was."""

    __tablename__ = "appeal"

    mapping_id: Mapped[int] = mapped_column(ForeignKey("level_mapping.id"), primary_key=True)
    of_id: Mapped[int] = mapped_column(ForeignKey("level_mapping.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)

    mapping: Mapped[LevelMapping] = relationship(foreign_keys=[mapping_id])
    of: Mapped[LevelMapping] = relationship(foreign_keys=[of_id])


def enter(session: Session, mapping: LevelMapping, demand: int = 0) -> QueuePlace:
    """Give a submitted proposal its place; an answer to a question keeps the time it has waited."""
    place = session.get(QueuePlace, mapping.id)
    if place is None:
        place = QueuePlace(mapping_id=mapping.id, waited=0)
        session.add(place)
    place.uncertainty = rule.uncertainty(mapping.suggestion)
    place.demand, place.followers = demand, followers(session, mapping.version)
    place.priority = rule.priority(place.uncertainty, place.demand, place.followers)
    session.flush()
    return place


def stop_clock(session: Session, mapping: LevelMapping) -> None:
    """Count the time until now; it goes on when the officer has answered."""
    place = session.get(QueuePlace, mapping.id) or enter(session, mapping)
    if mapping.submitted_at is not None:
        place.waited += int((now() - mapping.submitted_at).total_seconds())


def waited_days(mapping: LevelMapping, waited: int | None, moment: datetime) -> int:
    """Return for how many days a waiting proposal has been with the reviewers, questions not counted."""
    since = (moment - mapping.submitted_at).total_seconds() if mapping.submitted_at else 0
    return int(since + (waited or 0)) // 86_400


def followers(session: Session, version: QualificationVersion) -> int:
    """Return how many records of other countries in the occupation, else the sector, still lack a level."""
    if version.isco_08:
        kin = QualificationVersion.isco_08 == version.isco_08
    elif version.sector_code:
        kin = QualificationVersion.sector_code == version.sector_code
    else:
        return 0
    placed = select(LevelMapping.id).where(
        LevelMapping.version_id == QualificationVersion.id, LevelMapping.status == MappingStatus.ENDORSED
    )
    near = (
        select(QualificationVersion.id)
        .join(Qualification)
        .where(
            kin,
            QualificationVersion.status == VersionStatus.PUBLISHED,
            Qualification.country_code != version.qualification.country_code,
            ~placed.exists(),
        )
        .limit(rule.MOST_FOLLOWERS)
    )
    return session.scalar(select(func.count()).select_from(near.subquery())) or 0
