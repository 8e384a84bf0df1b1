"""Qualifications and what they are made of: versions, units, learning outcomes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.frameworks import CodeSystem, Country, Level
from rqf.models.frameworks import Sector as SectorRow
from rqf.models.people import Account
from rqf.models.tables import Model, Texts, now, said, short
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification, VersionStatus


def new_uuid() -> str:
    """Return a fresh stable identifier."""
    return str(uuid4())


class AwardingBody(Model):
    """Who issues qualifications in a country."""

    __tablename__ = "awarding_body"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    name: Mapped[str] = mapped_column(String(300))

    __table_args__ = (UniqueConstraint("country_code", "name"),)


class Qualification(Model):
    """A qualification of a country, whatever its version. Its identifier never changes."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    type: Mapped[QualificationType]
    code_system_code: Mapped[str | None] = mapped_column(ForeignKey("code_system.code"))
    code: Mapped[str | None] = mapped_column(short(60))
    created_at: Mapped[datetime] = mapped_column(default=now)

    country: Mapped[Country] = relationship()
    code_system: Mapped[CodeSystem | None] = relationship()
    versions: Mapped[list[QualificationVersion]] = relationship(
        back_populates="qualification", order_by="QualificationVersion.number"
    )
    replaces: Mapped[list[Replacement]] = relationship(
        foreign_keys="Replacement.successor_id", back_populates="successor"
    )
    replaced_by: Mapped[list[Replacement]] = relationship(
        foreign_keys="Replacement.predecessor_id", back_populates="predecessor"
    )

    __table_args__ = (
        UniqueConstraint("country_code", "code_system_code", "code"),
        CheckConstraint("(code IS NULL) = (code_system_code IS NULL)", name="code_with_system"),
        Index(None, "country_code", "type"),
    )


class Replacement(Model):
    """One qualification takes the place of another; many to many."""

    __tablename__ = "replacement"

    successor_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), primary_key=True, index=True)

    successor: Mapped[Qualification] = relationship(foreign_keys=[successor_id], back_populates="replaces")
    predecessor: Mapped[Qualification] = relationship(
        foreign_keys=[predecessor_id], back_populates="replaced_by"
    )

    __table_args__ = (CheckConstraint("successor_id <> predecessor_id", name="not_itself"),)


class QualificationVersion(Model):
    """What a qualification says, from one publication to the next. Published text is never edited."""

    __tablename__ = "qualification_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    number: Mapped[int]
    status: Mapped[VersionStatus] = mapped_column(default=VersionStatus.DRAFT)
    #: Counts every save, so that the second of two people saving at once is told.
    revision: Mapped[int] = mapped_column()

    titles: Mapped[Texts]
    original_language: Mapped[str] = mapped_column(String(8))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("level.id"), index=True)
    level_note: Mapped[str | None] = mapped_column(String(300))
    volume: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    volume_unit: Mapped[str | None] = mapped_column(short())
    volume_note: Mapped[str | None] = mapped_column(String(300))
    credits: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    credit_scheme: Mapped[str | None] = mapped_column(short(60))
    isced_f: Mapped[str | None] = mapped_column(short(4), index=True)
    isco_08: Mapped[str | None] = mapped_column(short(4), index=True)
    sector_code: Mapped[str | None] = mapped_column(ForeignKey("sector.code"), index=True)
    awarding_body_id: Mapped[int | None] = mapped_column(ForeignKey("awarding_body.id"), index=True)
    entry_requirements: Mapped[str | None] = mapped_column(Text)
    entitlements: Mapped[str | None] = mapped_column(Text)
    legal_act: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str | None] = mapped_column(Text)
    verified: Mapped[Verification] = mapped_column(default=Verification.NO)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    last_enrolment: Mapped[date | None]
    last_award: Mapped[date | None]
    completeness: Mapped[int] = mapped_column(default=0)

    change_note: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    published_at: Mapped[datetime | None]

    qualification: Mapped[Qualification] = relationship(back_populates="versions")
    level: Mapped[Level | None] = relationship()
    sector: Mapped[SectorRow | None] = relationship()
    awarding_body: Mapped[AwardingBody | None] = relationship()
    author: Mapped[Account | None] = relationship()
    units: Mapped[list[VersionUnit]] = relationship(
        back_populates="version", order_by="VersionUnit.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        UniqueConstraint("qualification_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("volume IS NULL OR volume > 0", name="volume_positive"),
        CheckConstraint("volume IS NULL OR volume_unit IS NOT NULL", name="volume_has_unit"),
        CheckConstraint("credits IS NULL OR credits > 0", name="credits_positive"),
        CheckConstraint("credits IS NULL OR credit_scheme IS NOT NULL", name="credits_have_scheme"),
        CheckConstraint("completeness BETWEEN 0 AND 100", name="completeness_percent"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
        CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_has_date"),
        Index(
            "uq_qualification_version_published",
            "qualification_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "uq_qualification_version_draft",
            "qualification_id",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
        Index(None, "status", "updated_at"),
    )

    @property
    def title(self) -> str:
        """Return the authoritative title: the one in the original language."""
        return said(self.titles, self.original_language)

    @hybrid_property
    def expiring(self) -> bool:
        """Tell whether it is in force and its end announced: a last enrolment, last award or end day."""
        announced = self.last_enrolment or self.last_award or self.valid_to
        return self.status == VersionStatus.PUBLISHED and announced is not None

    @expiring.inplace.expression
    @classmethod
    def _expiring(cls) -> ColumnElement[bool]:
        announced = (cls.last_enrolment, cls.last_award, cls.valid_to)
        return and_(cls.status == VersionStatus.PUBLISHED, or_(*(one.is_not(None) for one in announced)))

    @property
    def country_code(self) -> str:
        """Return the country that issues it."""
        return self.qualification.country_code

    @property
    def code(self) -> str | None:
        """Return the national code."""
        return self.qualification.code

    def outcomes(self) -> list[LearningOutcome]:
        """Return the learning outcomes of all units, in order."""
        return [outcome for link in self.units for outcome in link.unit.outcomes]


class Unit(Model):
    """A unit of learning outcomes (a competency, a module). Several qualifications may share it."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    code_system_code: Mapped[str | None] = mapped_column(ForeignKey("code_system.code"))
    code: Mapped[str | None] = mapped_column(short(60))
    titles: Mapped[Texts]
    original_language: Mapped[str] = mapped_column(String(8))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    source: Mapped[str | None] = mapped_column(Text)
    #: A unit that stands in a published version is copied before it is changed; the copy names its origin.
    revised_from_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)

    outcomes: Mapped[list[LearningOutcome]] = relationship(
        back_populates="unit", order_by="LearningOutcome.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("hours IS NULL OR hours > 0", name="hours_positive"),
        CheckConstraint("(code IS NULL) = (code_system_code IS NULL)", name="code_with_system"),
    )

    @property
    def title(self) -> str:
        """Return the authoritative title."""
        return said(self.titles, self.original_language)


class LearningOutcome(Model):
    """What a learner knows, understands or can do on completion."""

    __tablename__ = "learning_outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    position: Mapped[int]
    domain: Mapped[OutcomeDomain]
    texts: Mapped[Texts]
    original_language: Mapped[str] = mapped_column(String(8))

    unit: Mapped[Unit] = relationship(back_populates="outcomes")

    @property
    def text(self) -> str:
        """Return the authoritative text."""
        return said(self.texts, self.original_language)


class VersionUnit(Model):
    """A unit's place in a version: where, and whether everyone has to take it."""

    __tablename__ = "version_unit"

    version_id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    position: Mapped[int]
    mandatory: Mapped[bool] = mapped_column(default=True)

    version: Mapped[QualificationVersion] = relationship(back_populates="units")
    unit: Mapped[Unit] = relationship()

    __table_args__ = (ForeignKeyConstraint(["version_id"], ["qualification_version.id"]),)


class CatalogueChange(Model):
    """What the matching index has to read again, written in the same transaction as the change itself.

    Every process that searches reads past the last ``id`` it knows, so that what was committed a moment ago
    is found without a message.
    """

    __tablename__ = "catalogue_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: No foreign key: that a record was taken back (an import undone) has to be told too.
    qualification_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)
