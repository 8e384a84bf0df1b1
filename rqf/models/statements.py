"""Statements of comparability: what was issued, how it was signed, what was withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.people import Account
from rqf.models.tables import Model, now


class SigningKey(Model):
    """The public half of a key that signed, or signs, statements. The private half is in a file."""

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The key's thumbprint (RFC 7638), by which a signature names it.
    kid: Mapped[str] = mapped_column(String(43), unique=True)
    public: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: From then on it signs nothing more; what it signed stays valid.
    retired_at: Mapped[datetime | None]


class Statement(Model):
    """An answer given on a day, as text: frozen, numbered, signed. Triggers refuse every change."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    year: Mapped[int]
    #: Counts the statements of the year.
    count: Mapped[int]
    issued_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8))
    #: The frozen answer in canonical JSON (RFC 8785): the very characters that were signed.
    document: Mapped[str] = mapped_column(Text)
    document_hash: Mapped[str] = mapped_column(String(64))
    #: What it says apart from its number and the moment: the same question is answered once a day.
    facts_hash: Mapped[str] = mapped_column(String(64), index=True)
    #: The document and its signature in one line (RFC 7515, compact).
    jws: Mapped[str] = mapped_column(Text)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_key.id"), index=True)
    a_qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), index=True)
    b_qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), index=True)

    key: Mapped[SigningKey] = relationship()
    prints: Mapped[list[StatementPrint]] = relationship(back_populates="statement")
    withdrawal: Mapped[StatementWithdrawal | None] = relationship(back_populates="statement")

    __table_args__ = (
        UniqueConstraint("year", "count"),
        CheckConstraint("count BETWEEN 1 AND 999999", name="count_fits_number"),
    )


class StatementPrint(Model):
    """The document on paper as it was issued, byte for byte: later templates don't touch it."""

    __tablename__ = "statement_print"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[str] = mapped_column(String(64), index=True)

    statement: Mapped[Statement] = relationship(back_populates="prints")


class StatementWithdrawal(Model):
    """That the secretariat took a statement back, when and why."""

    __tablename__ = "statement_withdrawal"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)

    statement: Mapped[Statement] = relationship(back_populates="withdrawal")
    account: Mapped[Account] = relationship()

    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason_given"),)


class IssueAttempt(Model):
    """That a network had a statement issued, for the throttle; forgotten after an hour.

    The subject is a keyed hash of the network's address, which means nothing to who copies the table.
    """

    __tablename__ = "issue_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index(None, "subject", "at"),)
