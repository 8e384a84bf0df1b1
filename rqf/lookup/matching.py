"""Matching for programs: many titles at once, each with its best records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from rqf.errors import Message
from rqf.lookup.records import published
from rqf.matching.candidates import Filters
from rqf.matching.outcomes import Alignment, Outcome, align_known
from rqf.matching.points import Points, tally, would_change
from rqf.matching.scoring import Candidate
from rqf.matching.text import Synonyms
from rqf.models import QualificationVersion, catalogue
from rqf.rules.terms import VersionStatus

#: What a likeness of titles and a coverage of outcomes weigh when both are known (docs/matching.md).
TITLE_SHARE, OUTCOMES_SHARE = 0.5, 0.5


@dataclass(frozen=True)
class MatchQuery:
    """A title to match, with what else is known. ``country`` is where it comes from."""

    id: str
    title: str
    country: str | None = None
    sector: str | None = None
    outcomes: tuple[str, ...] = ()
    language: str = "es"


@dataclass(frozen=True)
class MatchResult:
    """A candidate for a query."""

    version: QualificationVersion
    score: float
    band: str
    features: Mapping[str, float]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    #: The title's score taken apart, and what would raise it.
    points: tuple[Points, ...]
    would_change: Message | None


def match(
    session: Session, queries: Sequence[MatchQuery], country: str | None = None, limit: int = 10
) -> dict[str, list[MatchResult]]:
    """Return query id -> its best published records, of ``country`` when one is given."""
    synonyms = catalogue.synonyms(session)
    return {query.id: _match_one(session, query, country, limit, synonyms) for query in queries}


def _match_one(
    session: Session, query: MatchQuery, country: str | None, limit: int, synonyms: Synonyms
) -> list[MatchResult]:
    filters = Filters(
        countries=frozenset({country}) if country else None,
        sectors=frozenset({query.sector}) if query.sector else None,
        statuses=frozenset({VersionStatus.PUBLISHED.value}),
    )
    # Outcomes may lift a record, so more are looked at than asked for.
    pool = limit * 3 if query.outcomes else limit
    found = catalogue.index(session).search(query.title, language=query.language, filters=filters, limit=pool)
    versions = published(session, [one.id for one in found])
    found = [
        one for one in found if one.id in versions and versions[one.id].status == VersionStatus.PUBLISHED
    ]
    ours = [Outcome(number, text, None, query.language) for number, text in enumerate(query.outcomes)]
    alignments = align_known(ours, [outcomes_of(versions[one.id]) for one in found], synonyms)
    results = [
        _result(one, versions[one.id], alignment) for one, alignment in zip(found, alignments, strict=True)
    ]
    results.sort(key=lambda one: -one.score)
    return results[:limit]


def _result(found: Candidate, version: QualificationVersion, alignment: Alignment | None) -> MatchResult:
    features = dict(found.features)
    score = found.score
    if alignment:
        features["outcomes"] = (alignment.coverage_a_of_b + alignment.coverage_b_of_a) / 2
        score = round(TITLE_SHARE * found.score + OUTCOMES_SHARE * features["outcomes"], 1)
    words = tuple(dict.fromkeys(one.query_word for one in found.matched))
    told = tally(found.features)
    change = would_change(found.features, found.missing, found.guards_differ)
    return MatchResult(version, score, found.band, features, words, found.missing, told, change)


def outcomes_of(version: QualificationVersion) -> list[Outcome]:
    """Return the learning outcomes of a version as matching takes them."""
    return [Outcome(one.id, one.text, one.domain.value, one.original_language) for one in version.outcomes()]
