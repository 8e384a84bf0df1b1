"""How good each version is, kept at every write, and counts of it: no dashboard reads the register."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rqf.models.tables import Model


class VersionQuality(Model):
    """The score of a version and what it lacks, by the method of rqf.rules.quality."""

    __tablename__ = "version_quality"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("qualification_version.id"), primary_key=True, autoincrement=False
    )
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    method: Mapped[int]
    score: Mapped[int]
    #: The criteria to fix, a bit for each.
    gaps: Mapped[int]
    #: The same for records of a country and kind whose titles are alike.
    title_key: Mapped[str] = mapped_column(String(32), index=True)
    #: The newest version of a record that is not withdrawn speaks for it in the counts.
    counted: Mapped[bool]

    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_of_100"),
        Index(None, "country_code", "counted", "score", "version_id"),
    )


class QualityTally(Model):
    """How many more (or fewer) records of a country had this score and these gaps from a month on.

    The sum over all months is today; the sum up to a month is how it stood at its end.
    """

    __tablename__ = "quality_tally"

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), primary_key=True)
    #: As 2026-11.
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gaps: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    records: Mapped[int]
