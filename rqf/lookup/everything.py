"""Every record under a filter, for files: by key, so that a register of any size goes out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from rqf.lookup.records import PUBLIC
from rqf.models import Qualification, QualificationVersion
from rqf.models.standing import Pages, pages_of
from rqf.rules.terms import QualificationType, VersionStatus


@dataclass(frozen=True)
class Chosen:
    """Which records; None asks for all. ``public`` passes over drafts to what anyone may see."""

    country: str | None = None
    status: VersionStatus | None = None
    type: QualificationType | None = None
    sector: str | None = None
    public: bool = False


def every(session: Session, chosen: Chosen) -> Pages:
    """Return what gives the newest version of every record that is chosen."""
    version, other = QualificationVersion, aliased(QualificationVersion)
    newest = select(func.max(other.number)).where(other.qualification_id == version.qualification_id)
    if chosen.public:
        newest = newest.where(other.status.in_(PUBLIC))
    query = select(version.id).join(Qualification).where(version.number == newest.scalar_subquery())
    if chosen.country:
        query = query.where(Qualification.country_code == chosen.country)
    if chosen.type:
        query = query.where(Qualification.type == chosen.type)
    if chosen.status:
        query = query.where(version.status == chosen.status)
    if chosen.sector:
        query = query.where(version.sector_code == chosen.sector)
    return pages_of(session, query)
