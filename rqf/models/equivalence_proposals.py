"""Proposed equivalences: what an officer writes, what each country says to it, the evidence, and the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from rqf.models.equivalences import Equivalence
from rqf.models.people import Account
from rqf.models.qualifications import QualificationVersion, new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import Conclusion, EvidenceKind, MappingStatus, MappingStep, Purpose, Relation

_OPEN = text("status IN ('draft', 'submitted', 'in_review', 'returned')")


class EquivalenceProposal(Model):
    """What version A should be worth as version B; with both sides' word it becomes an equivalence."""

    __tablename__ = "equivalence_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    conclusion: Mapped[Conclusion]
    purpose: Mapped[Purpose]
    rationale: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str | None] = mapped_column(Text)
    #: Element -> [difference, what it is], as the officer judged them.
    differences: Mapped[dict[str, Any]]
    coverage: Mapped[float | None] = mapped_column(Numeric(5, 1, asdecimal=False))
    coverage_back: Mapped[float | None] = mapped_column(Numeric(5, 1, asdecimal=False))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    status: Mapped[MappingStatus] = mapped_column(default=MappingStatus.DRAFT)
    #: Counts every change of the text; a word names the revision that was read.
    revision: Mapped[int] = mapped_column(default=1)
    #: Counts the submissions. What was said to an earlier text does not count for a later one.
    turn: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    equivalence_id: Mapped[int | None] = mapped_column(ForeignKey("equivalence.id"), unique=True)
    #: The rejected proposal that this one objects to.
    appeals_id: Mapped[int | None] = mapped_column(ForeignKey("equivalence_proposal.id"), unique=True)

    from_version: Mapped[QualificationVersion] = relationship(foreign_keys=[from_version_id])
    to_version: Mapped[QualificationVersion] = relationship(foreign_keys=[to_version_id])
    author: Mapped[Account] = relationship()
    equivalence: Mapped[Equivalence | None] = relationship()
    appeals: Mapped[EquivalenceProposal | None] = relationship(remote_side=[id])
    words: Mapped[list[ProposalWord]] = relationship(back_populates="proposal", order_by="ProposalWord.id")
    evidence: Mapped[list[Evidence]] = relationship(back_populates="proposal", order_by="Evidence.id")

    __table_args__ = (
        CheckConstraint("from_version_id <> to_version_id", name="not_itself"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates_in_order"
        ),
        CheckConstraint("status <> 'endorsed' OR equivalence_id IS NOT NULL", name="endorsed_is_decided"),
        Index(
            "uq_equivalence_proposal_open",
            "from_version_id",
            "to_version_id",
            "purpose",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "status", "submitted_at"),
    )

    @property
    def sides(self) -> tuple[str, str]:
        """Return the codes of the two countries."""
        return self.from_version.country_code, self.to_version.country_code

    @property
    def said(self) -> dict[str, bool]:
        """Return country -> whether it endorsed the text as it was submitted last."""
        return {
            one.country_code: one.step == MappingStep.ENDORSE
            for one in self.words
            if one.turn == self.turn and one.step != MappingStep.RETURN
        }


class ProposalWord(Model):
    """What one country's reviewer said to a proposal. Written once."""

    __tablename__ = "proposal_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("equivalence_proposal.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    step: Mapped[MappingStep]
    turn: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)

    proposal: Mapped[EquivalenceProposal] = relationship(back_populates="words")
    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("proposal_id", "turn", "country_code"),
        UniqueConstraint("proposal_id", "turn", "account_id"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )


class OutcomePair(Model):
    """How somebody judged two outcomes of two versions, or that one has no counterpart.

    ``one_version`` has the lower id of the two, so that a pair is judged once for both directions;
    ``relation`` reads from its outcome to the other's.
    """

    __tablename__ = "outcome_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    one_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    other_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    one_id: Mapped[int | None] = mapped_column(ForeignKey("learning_outcome.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("learning_outcome.id"), index=True)
    relation: Mapped[Relation]
    reason: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("one_version_id", "other_version_id", "one_id", "other_id"),
        CheckConstraint("one_version_id < other_version_id", name="lower_first"),
        CheckConstraint("one_id IS NOT NULL OR other_id IS NOT NULL", name="about_an_outcome"),
        CheckConstraint("(relation = 'none') = (one_id IS NULL OR other_id IS NULL)", name="none_is_alone"),
        CheckConstraint("relation <> 'refused' OR length(reason) > 0", name="refusal_has_reason"),
    )


class Evidence(Model):
    """A link or a file that a proposal rests on."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("equivalence_proposal.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str | None] = mapped_column(String(2000))
    media_type: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    at: Mapped[datetime] = mapped_column(default=now)

    proposal: Mapped[EquivalenceProposal] = relationship(back_populates="evidence")
    account: Mapped[Account] = relationship()

    __table_args__ = (CheckConstraint("(url IS NULL) <> (content IS NULL)", name="link_or_file"),)


class EquivalenceEnding(Model):
    """Who ended an equivalence and why, or which one took its place. Written once."""

    __tablename__ = "equivalence_ending"

    equivalence_id: Mapped[int] = mapped_column(ForeignKey("equivalence.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("equivalence.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)

    account: Mapped[Account] = relationship()
    successor: Mapped[Equivalence | None] = relationship(foreign_keys=[successor_id])
