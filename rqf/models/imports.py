"""Imports: the file as it came, how it was read, what each of its rows means for the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.people import Account
from rqf.models.qualifications import new_uuid
from rqf.models.tables import Model, now, short
from rqf.rules.terms import BatchStatus, GoneFate, RowVerdict


class ImportProfile(Model):
    """How the files of one source are to be read, saved by a country under a name."""

    __tablename__ = "import_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    name: Mapped[str] = mapped_column(String(80))
    plan: Mapped[dict[str, Any]]
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    __table_args__ = (UniqueConstraint("country_code", "name"),)


class ImportBatch(Model):
    """A file on its way into the register of a country."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    status: Mapped[BatchStatus] = mapped_column(default=BatchStatus.READ)
    file_name: Mapped[str] = mapped_column(String(300))
    #: SHA-256 of the file.
    file_hash: Mapped[str] = mapped_column(String(64))
    #: How it was read: format, encoding, delimiter, sheet, columns, total, lines above the header.
    reading: Mapped[dict[str, Any]]
    #: What its columns mean (see rqf.registry.imports.plan).
    plan: Mapped[dict[str, Any]]
    #: What the check counted.
    totals: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    checked_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    author: Mapped[Account] = relationship()

    __table_args__ = (
        CheckConstraint("status <> 'applied' OR applied_at IS NOT NULL", name="applied_has_date"),
        CheckConstraint("status <> 'undone' OR undone_at IS NOT NULL", name="undone_has_date"),
    )


class ImportFile(Model):
    """The file of a batch, compressed. Apart from the batch, so that lists of batches stay light."""

    __tablename__ = "import_file"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Model):
    """A row of the file, or (without a line) a registered record that the file no longer has."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int | None]
    verdict: Mapped[RowVerdict]
    #: Whether an apply takes the row.
    taken: Mapped[bool]
    #: For a record that disappeared: what an apply does with it, and why.
    fate: Mapped[GoneFate | None]
    reason: Mapped[str | None] = mapped_column(Text)
    repaired: Mapped[bool] = mapped_column(default=False)
    #: It reads like another row or record, or something else a person should look at.
    doubtful: Mapped[bool] = mapped_column(default=False)
    #: It takes the place of another record.
    succeeds: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str | None] = mapped_column(short(60))
    title: Mapped[str] = mapped_column(String(500), default="")
    qualification_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"), index=True)
    #: What else is known: cells, data, problems, repairs, changes, notes, seen, done.
    cells: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problems: Mapped[list[dict[str, Any]]]
    repairs: Mapped[list[dict[str, Any]]]
    #: field -> [what is registered, what the file says]
    changes: Mapped[dict[str, Any]]
    notes: Mapped[list[dict[str, Any]]]
    #: Number and revision of the version that the row was compared with.
    seen: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    #: What the apply did with it, so that it can be undone.
    done: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        Index(None, "batch_id", "verdict"),
    )
