"""The index: which records a query may mean, best first, with filters applied before ranking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rqf.matching.scoring import Candidate
from rqf.matching.text import NO_SYNONYMS, Synonyms


@dataclass(frozen=True, slots=True)
class Document:
    """What the index knows of a record; ``titles`` are (language, text), the authoritative one first."""

    id: int
    titles: tuple[tuple[str, str], ...]
    code: str | None
    country: str
    kind: str
    sector: str | None = None
    level: int | None = None
    status: str = "published"
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records may be found; None means any."""

    countries: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    sectors: frozenset[str] | None = None
    levels: frozenset[int] | None = None
    statuses: frozenset[str] | None = None
    exclude: frozenset[int] = frozenset()


class Index:
    """Finds records by title, code or weaker words; safe to read while one thread writes."""

    def __init__(self, synonyms: Synonyms = NO_SYNONYMS) -> None:
        self.synonyms = synonyms

    def __len__(self) -> int:
        raise NotImplementedError

    def put(self, document: Document) -> None:
        """Add a record, or replace the one with the same id."""
        raise NotImplementedError

    def put_all(self, documents: Iterable[Document]) -> None:
        """Add or replace many records at once: faster than one by one."""
        raise NotImplementedError

    def drop(self, id: int) -> None:
        """Forget a record; unknown ids are ignored."""
        raise NotImplementedError

    def search(
        self,
        query: str,
        *,
        language: str = "es",
        filters: Filters = Filters(),  # noqa: B008 (frozen)
        limit: int = 200,
        matching_only: bool = False,
    ) -> list[Candidate]:
        """Return the best ``limit`` candidates; ``matching_only`` keeps to what :meth:`ids` counts."""
        raise NotImplementedError

    def ids(
        self,
        query: str,
        filters: Filters = Filters(),  # noqa: B008 (frozen)
        limit: int | None = None,
        *,
        language: str = "es",
    ) -> list[int]:
        """Return the ids of all records whose text holds the query (all records for an empty one)."""
        raise NotImplementedError
