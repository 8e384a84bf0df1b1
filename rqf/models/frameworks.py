"""Frameworks and what hangs on them: editions, levels, descriptors, referencing; countries, their codes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.tables import Model, Texts, short
from rqf.rules.terms import EditionStatus, FrameworkKind, ReferencingStatus, Scope


class Country(Model):
    """A country of the region, a partner, or one about to join."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    member: Mapped[bool]
    authority: Mapped[Texts]
    source: Mapped[str] = mapped_column(Text)


class Sector(Model):
    """An economic sector, as the region's network sorts its work."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(short(), primary_key=True)
    titles: Mapped[Texts]


class CodeSystem(Model):
    """A national system of codes, with the pattern that its codes follow."""

    __tablename__ = "code_system"

    code: Mapped[str] = mapped_column(short(), primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    pattern: Mapped[str] = mapped_column(String(200))
    example: Mapped[str] = mapped_column(String(60))
    titles: Mapped[Texts]
    source: Mapped[str] = mapped_column(Text)


class Framework(Model):
    """A national, regional or external qualifications framework, or a standards system."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(short(), unique=True)
    scope: Mapped[Scope]
    kind: Mapped[FrameworkKind]
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"), index=True)
    titles: Mapped[Texts]

    editions: Mapped[list[FrameworkEdition]] = relationship(
        back_populates="framework", order_by="FrameworkEdition.id"
    )

    __table_args__ = (
        CheckConstraint("(scope = 'national') = (country_code IS NOT NULL)", name="country_if_national"),
    )


class FrameworkEdition(Model):
    """One edition of a framework. Levels and descriptors belong to an edition, never to the framework."""

    __tablename__ = "framework_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    label: Mapped[str] = mapped_column(String(60))
    status: Mapped[EditionStatus]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[Texts]
    #: How many countries make an equivalence regional; None where the region has not agreed on a number.
    quorum: Mapped[int | None]

    framework: Mapped[Framework] = relationship(back_populates="editions")
    levels: Mapped[list[Level]] = relationship(back_populates="edition", order_by="Level.number")
    domains: Mapped[list[DescriptorDomain]] = relationship(
        back_populates="edition", order_by="DescriptorDomain.position"
    )

    __table_args__ = (
        UniqueConstraint("framework_id", "label"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
    )


class Level(Model):
    """A rung of an edition; 1 is the lowest."""

    __tablename__ = "level"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"))
    number: Mapped[int]
    titles: Mapped[Texts]

    edition: Mapped[FrameworkEdition] = relationship(back_populates="levels")
    descriptors: Mapped[list[LevelDescriptor]] = relationship(
        back_populates="level", order_by="LevelDescriptor.domain_id"
    )

    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 20", name="number_in_range"),
    )


class DescriptorDomain(Model):
    """A column of the table of descriptors: knowledge, skills, application, or what the edition defines."""

    __tablename__ = "descriptor_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"))
    code: Mapped[str] = mapped_column(short())
    position: Mapped[int]
    titles: Mapped[Texts]

    edition: Mapped[FrameworkEdition] = relationship(back_populates="domains")

    __table_args__ = (UniqueConstraint("edition_id", "code"),)


class LevelDescriptor(Model):
    """What is expected at a level in one domain."""

    __tablename__ = "level_descriptor"

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("descriptor_domain.id"), index=True)
    texts: Mapped[Texts]

    level: Mapped[Level] = relationship(back_populates="descriptors")
    domain: Mapped[DescriptorDomain] = relationship()

    __table_args__ = (UniqueConstraint("level_id", "domain_id"),)


class Referencing(Model):
    """Where a national level stands: a range of regional levels, with the best fit and its basis."""

    __tablename__ = "referencing"

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    regional_edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"), index=True)
    low: Mapped[int]
    high: Mapped[int]
    best_fit: Mapped[int]
    basis: Mapped[str] = mapped_column(String(40))
    status: Mapped[ReferencingStatus]
    evidence: Mapped[Texts]
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    level: Mapped[Level] = relationship()
    regional_edition: Mapped[FrameworkEdition] = relationship()

    __table_args__ = (
        CheckConstraint("low <= best_fit AND best_fit <= high", name="best_fit_in_range"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
        Index(
            "uq_referencing_standing",
            "level_id",
            "regional_edition_id",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )


class Synonym(Model):
    """A word that one country uses for what another calls otherwise: a reviewed fact with its source."""

    __tablename__ = "synonym"

    id: Mapped[int] = mapped_column(primary_key=True)
    concept: Mapped[str] = mapped_column(String(60), index=True)
    term: Mapped[str] = mapped_column(String(120))
    countries: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    sector: Mapped[str | None] = mapped_column(short())
    source: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("concept", "term"),)
