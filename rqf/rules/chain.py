"""The chain of the audit trail: what a hash covers, and where a chain does not hold.

Every entry carries the SHA-256 of what it says and of the hash before it. That shows an entry that was
altered, removed, moved or put in later. It cannot show that the last entries are missing, or that somebody
with all rights wrote the rest anew: for that a head of the chain is kept elsewhere and compared later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from rqf.errors import N_, Invalid, message

#: What stands before the first entry.
GENESIS = "0" * 64
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_HEX = frozenset("0123456789abcdef")
_NO_HEAD = N_(
    "This is no head of an audit trail: a file that “rqf audit head” or the secretariat's page wrote is "
    "wanted, with the fields rqf_audit_head, entries, entry, hash and at."
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it stands in the trail; ``said`` is all that it says, in a fixed order."""

    id: int
    said: Sequence[Any]
    previous_hash: str
    hash: str

    def digest(self) -> str:
        """Return the hash that fits what the entry says."""
        return digest(self.previous_hash, self.said)


@dataclass(frozen=True)
class Head:
    """Where the trail stood at a moment: how many entries, and the last one with its hash."""

    entries: int
    entry: int
    hash: str
    at: str

    def stored(self) -> dict[str, Any]:
        """Return the head as it is kept in a file."""
        return {"rqf_audit_head": 1, **vars(self)}


class Fault(StrEnum):
    """How a chain fails to hold."""

    #: What an entry says is not what its hash was made of.
    ALTERED = "altered"
    #: An entry does not follow the one before it: one between them was removed, or one was moved or put in.
    UNLINKED = "unlinked"
    #: An entry that a kept head names is not there: the end of the trail was cut off.
    CUT_OFF = "cut_off"
    #: The entry that a kept head names is another by now: the trail was written anew.
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Break:
    """The first place where a trail does not hold; ``entry`` is the entry's number."""

    fault: Fault
    entry: int


def digest(previous_hash: str, said: Sequence[Any]) -> str:
    """Return the SHA-256 (hexadecimal) of what an entry says, the hash before it included."""
    return hashlib.sha256(_write([previous_hash, *said]).encode()).hexdigest()


def first_break(links: Iterable[Link], heads: Iterable[Head] = ()) -> Break | None:
    """Return the first place where the trail does not hold, or None when it is whole.

    ``links`` come in the order of the trail and are looked at one by one; ``heads`` were kept earlier.
    """
    kept = sorted(heads, key=lambda head: head.entries)
    pending: Iterator[Head] = iter(kept)
    head = next(pending, None)
    previous, count = GENESIS, 0
    for link in links:
        if link.hash != link.digest():
            return Break(Fault.ALTERED, link.id)
        if link.previous_hash != previous:
            return Break(Fault.UNLINKED, link.id)
        previous, count = link.hash, count + 1
        while head and head.entries <= count:
            if head.hash != (link.hash if head.entries else GENESIS):
                return Break(Fault.REWRITTEN, head.entry)
            head = next(pending, None)
    while head and head.entries == 0:
        head = next(pending, None)
    return Break(Fault.CUT_OFF, head.entry) if head else None


def read_head(said: Any) -> Head:
    """Return the head kept in a file, given as what its JSON says.

    :raises Invalid: it is no head of a trail.
    """
    if isinstance(said, Mapping) and said.get("rqf_audit_head") == 1:
        entries, entry, hash_ = said.get("entries"), said.get("entry"), said.get("hash")
        whole = all(type(one) is int and one >= 0 for one in (entries, entry))
        if whole and isinstance(hash_, str) and len(hash_) == 64 and set(hash_) <= _HEX:
            return Head(entries, entry, hash_, str(said.get("at", "")))  # type: ignore[arg-type]
    raise Invalid({"head": [message(_NO_HEAD)]})


def head_of(entries: int, entry: int, hash_: str, at: datetime) -> Head:
    """Return the head of a trail whose last of ``entries`` entries is ``entry``."""
    return Head(entries, entry, hash_, at.isoformat())
