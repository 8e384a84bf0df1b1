"""Equivalences that people decided between two versions of different countries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.people import Account
from rqf.models.qualifications import QualificationVersion, new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import Conclusion, EquivalenceStatus

_STANDING = text("status = 'endorsed'")


class Equivalence(Model):
    """What version A is worth as version B: directed, with a purpose and a conclusion."""

    __tablename__ = "equivalence"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    conclusion: Mapped[Conclusion]
    status: Mapped[EquivalenceStatus]
    purpose: Mapped[str] = mapped_column(String(60))
    rationale: Mapped[str] = mapped_column(Text)
    coverage: Mapped[float | None] = mapped_column(Numeric(5, 1, asdecimal=False))
    coverage_back: Mapped[float | None] = mapped_column(Numeric(5, 1, asdecimal=False))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    from_version: Mapped[QualificationVersion] = relationship(foreign_keys=[from_version_id])
    to_version: Mapped[QualificationVersion] = relationship(foreign_keys=[to_version_id])
    decisions: Mapped[list[EquivalenceDecision]] = relationship(
        back_populates="equivalence", order_by="EquivalenceDecision.id"
    )

    __table_args__ = (
        CheckConstraint("from_version_id <> to_version_id", name="not_itself"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
        Index(
            "uq_equivalence_standing",
            "from_version_id",
            "to_version_id",
            "purpose",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )


class EquivalenceDecision(Model):
    """One country's endorsement of an equivalence."""

    __tablename__ = "equivalence_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    equivalence_id: Mapped[int] = mapped_column(ForeignKey("equivalence.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    endorsed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)

    equivalence: Mapped[Equivalence] = relationship(back_populates="decisions")
    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("equivalence_id", "country_code"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )
