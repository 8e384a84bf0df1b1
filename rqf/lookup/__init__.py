"""What institutions ask: find a qualification, what it is worth elsewhere, and what is missing."""

from rqf.lookup.comparing import ComparisonPage, compare, decided_between, in_force
from rqf.lookup.decided import mapping_decision
from rqf.lookup.equivalents import Equivalents, countries, equivalents
from rqf.lookup.frameworks import coverage, framework, frameworks, sectors
from rqf.lookup.levels import standings
from rqf.lookup.matching import MatchQuery, match
from rqf.lookup.records import Record, find, published, record
from rqf.lookup.rematching import Rematch, rematch
from rqf.lookup.search import SearchQuery, SearchResult, search

__all__ = [
    "ComparisonPage",
    "Equivalents",
    "MatchQuery",
    "Record",
    "Rematch",
    "SearchQuery",
    "SearchResult",
    "compare",
    "countries",
    "coverage",
    "decided_between",
    "equivalents",
    "find",
    "framework",
    "frameworks",
    "in_force",
    "mapping_decision",
    "match",
    "published",
    "record",
    "rematch",
    "search",
    "sectors",
    "standings",
]
