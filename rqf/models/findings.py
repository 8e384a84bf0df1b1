"""Findings: contradictions between decisions, each with the path that proves it, and how it was settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.people import Account
from rqf.models.qualifications import new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import FindingKind, FindingStatus


class Finding(Model):
    """A contradiction. ``key`` says between what, ``proof`` by which decisions; it is made once."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    kind: Mapped[FindingKind]
    key: Mapped[str] = mapped_column(String(120))
    proof: Mapped[str] = mapped_column(String(200))
    status: Mapped[FindingStatus] = mapped_column(default=FindingStatus.OPEN)
    #: The decisions and facts that prove it, in order, as they were when it was found.
    path: Mapped[list[dict[str, Any]]]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    #: Who settled this proof, when and why.
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)

    settled_by: Mapped[Account | None] = relationship()
    versions: Mapped[list[FindingVersion]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("status <> 'settled' OR reason IS NOT NULL", name="settled_has_reason"),
        CheckConstraint("status <> 'closed' OR closed_at IS NOT NULL", name="closed_has_date"),
        Index(None, "status", "id"),
    )


class FindingVersion(Model):
    """A version that a finding is about."""

    __tablename__ = "finding_version"

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("qualification_version.id"), primary_key=True, index=True
    )
