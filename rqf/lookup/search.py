"""Search: one box and five facets, with the reason why each record was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from rqf.lookup.levels import standings
from rqf.lookup.records import published
from rqf.matching.candidates import Filters, Index
from rqf.matching.explanation import Matched
from rqf.matching.facets import Survey
from rqf.matching.scoring import Candidate
from rqf.models import QualificationVersion, catalogue
from rqf.models.standing import Pages, regional_edition
from rqf.rules.comparison import Standing
from rqf.rules.terms import VersionStatus
from rqf.rules.texts import searchable

#: Nobody reads further than this; who needs everything takes the API's filters.
DEEPEST = 2000
LARGEST_PAGE = 100
#: Languages in which words are read when the screen's own finds less.
LANGUAGES = ("es", "en", "pt", "fr")
#: What a search shows unless it is told otherwise.
_USUAL = frozenset({VersionStatus.PUBLISHED.value})
_PUBLIC = frozenset(
    {VersionStatus.PUBLISHED.value, VersionStatus.RETIRED.value, VersionStatus.SUPERSEDED.value}
)


@dataclass(frozen=True)
class SearchQuery:
    """What is searched for. Empty sets mean any; ``level`` is a regional level."""

    text: str = ""
    countries: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    sectors: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    page: int = 1
    per_page: int = 20
    language: str = "es"


@dataclass(frozen=True)
class Hit:
    """A record found: its level, and why it was found (nothing when one only browses)."""

    version: QualificationVersion
    level: Standing | None
    score: float | None = None
    band: str | None = None
    matched: tuple[Matched, ...] = ()
    missing: tuple[str, ...] = ()
    guards_differ: tuple[str, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchResult:
    """A page of hits with the counts of each facet, each counted with the other facets applied."""

    hits: Sequence[Hit]
    facets: Mapping[str, Mapping[object, int]]
    total: int
    page: int
    per_page: int
    #: Nothing holds what was asked; these are only the closest.
    only_close: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty result has one."""
        return max(1, -(-min(self.total, DEEPEST) // self.per_page))


def search(session: Session, query: SearchQuery) -> SearchResult:
    """Return the records that ``query`` finds, best first, or by title when it has no text."""
    index = catalogue.index(session)
    filters = _filters(query)
    per_page = min(max(query.per_page, 1), LARGEST_PAGE)
    page = max(query.page, 1)
    text = searchable(query.text)
    language, counted = _read_as(index, text, filters, query.language)
    total, facets = counted.total, counted.counts
    upto = min(page * per_page, DEEPEST)
    if not text:
        ids = index.newest(filters, upto)[(page - 1) * per_page :]
        hits = _hits(session, [Candidate(one, 0.0, "", {}) for one in ids], query, browsing=True)
        return SearchResult(hits, facets, total, page, per_page)
    found = index.search(text, language=language, filters=filters, limit=upto, matching_only=total > 0)
    hits = _hits(session, found[(page - 1) * per_page : upto], query)
    return SearchResult(hits, facets, total or len(hits), page, per_page, only_close=total == 0)


def found_pages(session: Session, query: SearchQuery) -> Pages:
    """Return what gives every record that a search finds, down to DEEPEST, in the order of the search."""
    index, filters, text = catalogue.index(session), _filters(query), searchable(query.text)
    if text:
        language, counted = _read_as(index, text, filters, query.language)
        found = index.search(
            text, language=language, filters=filters, limit=DEEPEST, matching_only=counted.total > 0
        )
        ids = [one.id for one in found]
    else:
        ids = list(index.newest(filters, DEEPEST))

    def pages() -> Iterator[Sequence[QualificationVersion]]:
        for start in range(0, len(ids), LARGEST_PAGE):
            some = ids[start : start + LARGEST_PAGE]
            versions = published(session, some)
            there = (versions[id] for id in some if id in versions)
            yield [one for one in there if one.status.value in _statuses(query)]

    return pages


def _read_as(index: Index, text: str, filters: Filters, screen: str) -> tuple[str, Survey]:
    """Return the language in which most records hold the words, and their count.

    People type the words of a certificate, whatever language their screen has.
    """
    languages = dict.fromkeys((screen, *LANGUAGES)) if text else (screen,)
    surveys = {one: index.survey(text, filters, language=one) for one in languages}
    best = max(surveys, key=lambda one: surveys[one].total)
    return best, surveys[best]


def _filters(query: SearchQuery) -> Filters:
    return Filters(
        countries=query.countries or None,
        kinds=query.types or None,
        sectors=query.sectors or None,
        levels=query.levels or None,
        statuses=_statuses(query),
    )


def _statuses(query: SearchQuery) -> frozenset[str]:
    # Drafts are in the index for their own officers; nobody else ever asks for them.
    return (query.statuses & _PUBLIC) or _USUAL


def _hits(
    session: Session, found: Sequence[Candidate], query: SearchQuery, *, browsing: bool = False
) -> list[Hit]:
    versions = published(session, [one.id for one in found])
    levels = standings(session, list(versions.values()), regional_edition(session)) if versions else {}
    hits = []
    for one in found:
        # The database has the last word: what was withdrawn a moment ago does not show.
        version = versions.get(one.id)
        if version is None or version.status.value not in _statuses(query):
            continue
        level = levels.get(version.id)
        if browsing:
            hits.append(Hit(version, level))
        else:
            why = (one.matched, one.missing, one.guards_differ)
            hits.append(Hit(version, level, one.score, one.band, *why, dict(one.features)))
    return hits
