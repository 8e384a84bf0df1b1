"""Level mappings: where a version of a qualification stands in the regional framework, and who decided it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.frameworks import DescriptorDomain, FrameworkEdition
from rqf.models.people import Account
from rqf.models.qualifications import QualificationVersion, new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import MappingStatus, MappingStep

_OPEN = text("status IN ('draft', 'submitted', 'in_review', 'returned')")
_ENDORSED = text("status = 'endorsed'")


class LevelMapping(Model):
    """A proposal, and then a decision, to place a version at a range of regional levels."""

    __tablename__ = "level_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    #: Given when it is endorsed, for citing: ``RQF-M-2026-000012``.
    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"), index=True)
    status: Mapped[MappingStatus] = mapped_column(default=MappingStatus.DRAFT)
    #: Counts every change; a decision names the revision that it judged.
    revision: Mapped[int] = mapped_column()

    low: Mapped[int]
    high: Mapped[int]
    rationale: Mapped[str] = mapped_column(Text)
    #: The advice that the proposal started from, as it was then: levels, scores, evidence, method version.
    suggestion: Mapped[dict[str, Any] | None]
    #: Its range and the score (0-100) of its best level, for measuring; None where nothing was advised.
    suggested_low: Mapped[int | None]
    suggested_high: Mapped[int | None]
    suggested_score: Mapped[int | None]
    #: The words of the title in comparable form, so that the same title is found in other countries.
    title_family: Mapped[str | None] = mapped_column(String(32))

    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("level_mapping.id"), index=True)

    version: Mapped[QualificationVersion] = relationship()
    edition: Mapped[FrameworkEdition] = relationship()
    author: Mapped[Account] = relationship()
    placements: Mapped[list[Placement]] = relationship(
        back_populates="mapping", order_by="Placement.domain_id", cascade="all, delete-orphan"
    )
    decisions: Mapped[list[MappingDecision]] = relationship(
        back_populates="mapping", order_by="MappingDecision.id"
    )

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        CheckConstraint("low <= high", name="range_in_order"),
        CheckConstraint("low >= 1", name="low_from_one"),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="submitted_has_date"
        ),
        CheckConstraint("status <> 'endorsed' OR number IS NOT NULL", name="endorsed_has_number"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
        Index(
            "uq_level_mapping_open",
            "version_id",
            "edition_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_level_mapping_endorsed",
            "version_id",
            "edition_id",
            unique=True,
            sqlite_where=_ENDORSED,
            postgresql_where=_ENDORSED,
        ),
        Index(None, "status", "submitted_at"),
        Index(None, "title_family"),
    )

    @property
    def country_code(self) -> str:
        """Return the country whose qualification is placed."""
        return self.version.qualification.country_code


class Placement(Model):
    """The level in one descriptor domain, with the evidence for it."""

    __tablename__ = "placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("level_mapping.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("descriptor_domain.id"), index=True)
    level: Mapped[int]
    evidence: Mapped[str | None] = mapped_column(Text)

    mapping: Mapped[LevelMapping] = relationship(back_populates="placements")
    domain: Mapped[DescriptorDomain] = relationship()

    __table_args__ = (
        UniqueConstraint("mapping_id", "domain_id"),
        CheckConstraint("level >= 1", name="level_from_one"),
    )


class MappingDecision(Model):
    """A step that a reviewer took on a mapping, with the reason. Never changed afterwards."""

    __tablename__ = "mapping_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("level_mapping.id"), index=True)
    step: Mapped[MappingStep]
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    at: Mapped[datetime] = mapped_column(default=now)
    #: The range that was judged: an officer may change a returned proposal.
    low: Mapped[int | None]
    high: Mapped[int | None]

    mapping: Mapped[LevelMapping] = relationship(back_populates="decisions")
    account: Mapped[Account] = relationship()

    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason_given"),)
