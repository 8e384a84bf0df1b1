"""Review rounds: which qualifications, by whom, until when; who was given what, and where they placed it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rqf.models.frameworks import FrameworkEdition
from rqf.models.mappings import LevelMapping
from rqf.models.people import Account
from rqf.models.qualifications import QualificationVersion, new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import AssignmentStatus, ItemStatus, Part, RoundMode

_HELD = text("status <> 'released'")


class ReviewRound(Model):
    """Qualifications that the region looks at together until a day, for example those of one sector."""

    __tablename__ = "review_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    title: Mapped[str] = mapped_column(String(200))
    mode: Mapped[RoundMode]
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"), index=True)
    #: What was asked for when the qualifications were chosen: sector, country, type.
    filters: Mapped[dict[str, Any]]
    deadline: Mapped[date]
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    edition: Mapped[FrameworkEdition] = relationship()
    author: Mapped[Account] = relationship()
    reviewers: Mapped[list[RoundReviewer]] = relationship(
        back_populates="round", order_by="RoundReviewer.account_id"
    )


class RoundReviewer(Model):
    """Somebody who takes part in a round."""

    __tablename__ = "round_reviewer"

    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)

    round: Mapped[ReviewRound] = relationship(back_populates="reviewers")
    account: Mapped[Account] = relationship()


class Absence(Model):
    """Somebody is on leave and gets no work; the row goes when they are back."""

    __tablename__ = "absence"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)

    account: Mapped[Account] = relationship()


class RoundItem(Model):
    """A qualification in a round; ``mapping`` is the proposal to decide on where one reviewer decides."""

    __tablename__ = "round_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    mapping_id: Mapped[int | None] = mapped_column(ForeignKey("level_mapping.id"), index=True)
    #: Only double mapping moves it; a single decision is read from the mapping's own status.
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.PLACING)
    #: How much doing it would help (rqf.rules.priority), computed when the round was made.
    priority: Mapped[float] = mapped_column(default=0.0)

    round: Mapped[ReviewRound] = relationship()
    version: Mapped[QualificationVersion] = relationship()
    mapping: Mapped[LevelMapping | None] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="item", order_by="Assignment.id")
    placements: Mapped[list[RoundPlacement]] = relationship(
        back_populates="item", order_by="RoundPlacement.id"
    )

    __table_args__ = (
        UniqueConstraint("round_id", "version_id"),
        Index(None, "round_id", "status"),
    )


class Assignment(Model):
    """Who is to do what on a qualification of a round. Released ones stay, to show who had it."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("round_item.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    part: Mapped[Part]
    status: Mapped[AssignmentStatus] = mapped_column(default=AssignmentStatus.OPEN)
    at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    item: Mapped[RoundItem] = relationship(back_populates="assignments")
    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "uq_assignment_held",
            "item_id",
            "account_id",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        Index(None, "account_id", "status"),
    )


class RoundPlacement(Model):
    """Where one reviewer placed a qualification on their own, or where the third one reconciled it.

    ``levels`` is descriptor domain -> level. Never changed afterwards.
    """

    __tablename__ = "round_placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("round_item.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: The country that the reviewer reviews for.
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    part: Mapped[Part]
    low: Mapped[int]
    high: Mapped[int]
    levels: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    item: Mapped[RoundItem] = relationship(back_populates="placements")
    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("item_id", "account_id"),
        CheckConstraint("low <= high", name="range_in_order"),
        CheckConstraint("low >= 1", name="low_from_one"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index(
            "uq_round_placement_reconciled",
            "item_id",
            unique=True,
            sqlite_where=text("part = 'reconciliation'"),
            postgresql_where=text("part = 'reconciliation'"),
        ),
    )


def release(session: Session, account_id: int) -> int:
    """Put everything that somebody still had to do back into the pool, and return how much it was."""
    held = session.scalars(
        select(Assignment.id)
        .where(Assignment.account_id == account_id, Assignment.status == AssignmentStatus.OPEN)
        .order_by(Assignment.id)
        .with_for_update()
    ).all()
    if held:
        session.execute(
            update(Assignment)
            .where(Assignment.account_id == account_id, Assignment.status == AssignmentStatus.OPEN)
            .values(status=AssignmentStatus.RELEASED, ended_at=now())
        )
    return len(held)
