"""The audit trail: append-only, each entry carrying the hash of the one before."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rqf.models.people import Account
from rqf.models.tables import Model, now
from rqf.rules.chain import GENESIS, Break, Head, Link, digest, first_break, head_of

#: Key of the lock that makes PostgreSQL write one entry at a time; SQLite has one writer anyway.
_CHAIN_LOCK = 0x52514601
#: How many entries are in memory at a time while the chain is recomputed.
_AT_ONCE = 1000


class AuditEntry(Model):
    """Who did what to which record, when and why, with what it was before and became."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: The person's name and address then, or the command that did it.
    actor: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(60))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(40))
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"), index=True)
    details: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    account: Mapped[Account | None] = relationship()

    __table_args__ = (Index(None, "record_type", "record_id"),)

    def digest(self) -> str:
        """Return the SHA-256 of what the entry says, the hash before it included."""
        return digest(self.previous_hash, _said({name: getattr(self, name) for name in _COVERED}))


#: What the hash of an entry covers, in this order.
_COVERED = (
    "at", "account_id", "actor", "action", "record_type", "record_id", "country_code", "details", "reason",
)  # fmt: skip


def _said(entry: Mapping[str, Any]) -> list[Any]:
    """Return what an entry says."""
    at, *rest = (entry[name] for name in _COVERED)
    return [at.isoformat(), *rest]


def lock(session: Session) -> None:
    """Let one transaction at a time write to the trail, until it ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def record(
    session: Session,
    account: Account | str,
    action: str,
    record_type: str,
    record_id: object,
    *,
    country: str | None = None,
    reason: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Append an entry to the trail and return it.

    ``account`` is who did it, or the name of the command that did. ``details`` are plain JSON values:
    numbers, texts, lists, mappings.
    """
    one = Entry(str(record_id), details)
    (values,) = _chained(session, account, action, record_type, [one], country, reason)
    entry = AuditEntry(**values)
    session.add(entry)
    session.flush()
    return entry


@dataclass(frozen=True)
class Entry:
    """What one of many entries says: the record it is about, and the details."""

    record_id: str
    details: dict[str, Any]


def record_all(
    session: Session,
    account: Account | str,
    action: str,
    record_type: str,
    entries: Iterable[Entry],
    *,
    country: str | None = None,
    reason: str | None = None,
) -> None:
    """Append an entry for each of many records that the same action changed, in their order."""
    rows = _chained(session, account, action, record_type, entries, country, reason)
    if rows:
        session.execute(insert(AuditEntry.__table__), rows)  # type: ignore[arg-type]


def _chained(
    session: Session,
    account: Account | str,
    action: str,
    record_type: str,
    entries: Iterable[Entry],
    country: str | None,
    reason: str | None,
) -> list[dict[str, Any]]:
    """Return the next entries of the trail, each carrying the hash of the one before; not yet stored."""
    lock(session)
    session.flush()
    last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    person = account if isinstance(account, Account) else None
    found = []
    for one in entries:
        entry = {
            "at": now(),
            "account_id": person.id if person else None,
            "actor": f"{person.name} <{person.email}>" if person else str(account),
            "action": action,
            "record_type": record_type,
            "record_id": one.record_id,
            "country_code": country,
            # As it will be read again: what is hashed has to be what is stored.
            "details": json.loads(json.dumps(one.details)),
            "reason": reason,
            "previous_hash": last,
        }
        entry["hash"] = last = digest(last, _said(entry))
        found.append(entry)
    return found


def verify(session: Session, heads: Iterable[Head] = ()) -> Break | None:
    """Return the first place where the trail does not hold, or None when it is whole.

    ``heads`` were exported earlier: they show that the end was cut off, or that all was written anew. Entries
    are read in stretches, so that a trail of any length takes the same memory.
    """
    # Closed even when the chain breaks half-way: a cursor on the server is not left open.
    with closing(_links(session)) as links:
        return first_break(links, heads)


def head(session: Session) -> Head:
    """Return where the trail stands now, to be kept elsewhere and given to :func:`verify` later."""
    last = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return head_of(0, 0, GENESIS, now())
    # Counted up to that entry: another process may be writing the next ones.
    entries = session.scalar(select(func.count()).where(AuditEntry.id <= last.id)) or 0
    return head_of(entries, last.id, last.hash, now())


def _links(session: Session) -> Generator[Link]:
    columns = [getattr(AuditEntry, name) for name in ("id", *_COVERED, "previous_hash", "hash")]
    rows = session.execute(select(*columns).order_by(AuditEntry.id).execution_options(yield_per=_AT_ONCE))
    with closing(rows):
        for row in rows:
            yield Link(row.id, _said(dict(row._mapping)), row.previous_hash, row.hash)
