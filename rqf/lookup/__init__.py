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

__all__ = [
    "DEEPEST",
    "Chosen",
    "ComparisonPage",
    "Equivalents",
    "JudgedPair",
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
    "every",
    "find",
    "found_pages",
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
    "turned",
    "standings",
]
