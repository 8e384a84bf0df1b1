"""What institutions ask: find a qualification, what it is worth elsewhere, and what is missing."""

from rqf.lookup.comparing import ComparisonPage, compare, decided_between, in_force
from rqf.lookup.decided import mapping_decision
from rqf.lookup.equivalents import Equivalents, countries, equivalents
from rqf.lookup.everything import Chosen, every
from rqf.lookup.frameworks import coverage, framework, frameworks, sectors
from rqf.lookup.judged import JudgedPair, turned
from rqf.lookup.levels import standings
from rqf.lookup.matching import MatchQuery, match
from rqf.lookup.records import Record, find, published, record
from rqf.lookup.rematching import Rematch, rematch
from rqf.lookup.search import DEEPEST, SearchQuery, SearchResult, found_pages, search
from rqf.lookup.version_history import (
    AsOf,
    History,
    VersionDifference,
    as_of,
    difference,
    history,
    public_version,
    unit_copies,
)

__all__ = [
    "DEEPEST",
    "AsOf",
    "Chosen",
    "ComparisonPage",
    "Equivalents",
    "History",
    "JudgedPair",
    "MatchQuery",
    "Record",
    "Rematch",
    "SearchQuery",
    "SearchResult",
    "VersionDifference",
    "as_of",
    "compare",
    "countries",
    "coverage",
    "decided_between",
    "difference",
    "equivalents",
    "every",
    "find",
    "found_pages",
    "framework",
    "frameworks",
    "history",
    "in_force",
    "mapping_decision",
    "match",
    "public_version",
    "published",
    "record",
    "rematch",
    "search",
    "sectors",
    "turned",
    "unit_copies",
    "standings",
]
