"""Batch look-ups: a table that somebody without an account sent, and what was found for each row of it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rqf.models.tables import Model, now

#: So long a batch is kept.
KEPT = timedelta(days=7)


def new_token() -> str:
    """Return an address that nobody guesses."""
    return secrets.token_urlsafe(24)


def _end() -> datetime:
    return now() + KEPT


class BatchLookup(Model):
    """A table to look up. Who knows its token may read and correct it, until it is deleted."""

    __tablename__ = "batch_lookup"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True, default=new_token)
    #: Where the rows are from that do not say it.
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    #: Where they are to be worth something.
    target_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    file_name: Mapped[str] = mapped_column(String(300))
    #: How it was read: format, delimiter, columns, and field -> place of its column.
    reading: Mapped[dict[str, Any]]
    total: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(default=_end)

    __table_args__ = (Index(None, "expires_at"),)


class BatchRow(Model):
    """A row of a batch: its cells as they came; what was found, once it was looked up."""

    __tablename__ = "batch_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch_lookup.id", ondelete="CASCADE"))
    number: Mapped[int]
    cells: Mapped[list[str]] = mapped_column(JSON)
    #: See rqf.batches.matching.
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (UniqueConstraint("batch_id", "number"),)
