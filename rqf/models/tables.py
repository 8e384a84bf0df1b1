"""What every table shares: naming of constraints, how types are stored, and texts per language."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

#: Language code -> text. The language a text was issued in stands beside it; the others inform.
Texts = dict[str, str]


def said(texts: Texts, language: str, original: str | None = None) -> str:
    """Return the text in ``language``, else in its original language, else in any."""
    return texts.get(language) or texts.get(original or "") or next(iter(texts.values()), "")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, with its zone. SQLite forgets zones, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it could be any hour of the day."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class Model(DeclarativeBase):
    """A row of the registry."""

    # Names from day one: SQLite's batch migrations can only change constraints that have one.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Instant(),
        Texts: JSON(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=30,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


def short(length: int = 40) -> String:
    """Return the type of a short code."""
    return String(length)
