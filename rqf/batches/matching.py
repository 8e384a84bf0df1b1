"""What is found for the rows of a batch: for many rows at once, with a fixed number of queries a chunk.

``BatchRow.found`` holds ``options`` (record and score of the best, best first), ``chosen`` (the record taken
for it, or None), ``there`` (records and scores that look close in the target country) and
``country_unknown``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from babel import Locale
from sqlalchemy.orm import Session

from rqf.lookup import countries, published
from rqf.matching.candidates import Filters, Index
from rqf.matching.languages import recognise
from rqf.matching.scoring import GOOD
from rqf.matching.text import fold
from rqf.models import QualificationVersion, catalogue
from rqf.rules.terms import VersionStatus

#: So many records are offered for a row, and so many in the target country.
OPTIONS, THERE = 5, 3
#: Below this nothing is shown as near in the target country.
_NEAR = 25.0
#: What level, sector and body are worth beside the title's score: they settle what titles leave open.
_HINT_POINTS = 4.0
_LANGUAGES = ("es", "en", "pt", "fr")
_CURRENT = frozenset({VersionStatus.PUBLISHED.value})


def match_rows(
    session: Session,
    rows: Sequence[Sequence[str]],
    places: Mapping[str, int],
    country: str | None,
    target: str,
) -> list[dict[str, Any]]:
    """Return what is found for each row, in their order; ``country`` holds where a row does not say one."""
    index = catalogue.index(session)
    known = frozenset(countries(session))
    asked = [{field: row[place].strip() for field, place in places.items()} for row in rows]
    origins = [_origin(one.get("country", ""), country, known) for one in asked]
    # The same title comes again and again in the lists of an institution.
    search = cache(partial(_search, index))
    pools = [
        search(one.get("code", ""), one.get("title", ""), origin)
        for one, (origin, _) in zip(asked, origins, strict=True)
    ]
    versions = published(session, sorted({id for pool in pools for id, _ in pool}))
    found = []
    for one, pool, (_, unknown) in zip(asked, pools, origins, strict=True):
        options = _ordered(one, pool, versions)
        best = options[0] if options and options[0][1] >= GOOD else None
        found.append({"options": options, "chosen": best[0] if best else None, "country_unknown": unknown})
    near: dict[int, list[tuple[int, float]]] = {}
    for one in found:
        chosen = one["chosen"]
        if chosen is not None and chosen not in near:
            near[chosen] = close_there(index, versions[chosen], target)
        one["there"] = near.get(chosen, [])
    return found


def close_there(index: Index, version: QualificationVersion, target: str) -> list[tuple[int, float]]:
    """Return the records of ``target`` whose titles come near, none for a record of that country."""
    if version.country_code == target:
        return []
    filters = Filters(countries=frozenset({target}), statuses=_CURRENT)
    found = index.search(
        version.title, language=version.original_language, filters=filters, limit=THERE, explained=False
    )
    return [(one.id, one.score) for one in found if one.score >= _NEAR]


def _search(index: Index, code: str, title: str, origin: str | None) -> list[tuple[int, float]]:
    filters = Filters(countries=frozenset({origin}) if origin else None, statuses=_CURRENT)
    if code:
        exact = index.search(code, filters=filters, limit=OPTIONS, explained=False)
        sure = [(one.id, one.score) for one in exact if one.score >= 100.0]
        if sure:
            return sure
    if not title:
        return []
    found = index.search(
        title, language=recognise([title]), filters=filters, limit=2 * OPTIONS, explained=False
    )
    return [(one.id, one.score) for one in found]


def _ordered(
    asked: Mapping[str, str], pool: Sequence[tuple[int, float]], versions: Mapping[int, QualificationVersion]
) -> list[tuple[int, float]]:
    """Return the options, best first. What else the row says decides where titles are nearly alike."""
    current = [
        (id, score) for id, score in pool if id in versions and versions[id].status == VersionStatus.PUBLISHED
    ]
    current.sort(key=lambda one: (-one[1] - _HINT_POINTS * _agreeing(asked, versions[one[0]]), one[0]))
    return current[:OPTIONS]


def _agreeing(asked: Mapping[str, str], version: QualificationVersion) -> int:
    level = asked.get("level", "")
    same_level = bool(level and version.level and level == str(version.level.number))
    sector = fold(asked.get("sector", ""))
    names = [*version.sector.titles.values(), version.sector.code] if version.sector else []
    same_sector = bool(sector) and sector in {fold(name) for name in names}
    body = set(fold(asked.get("awarding_body", "")).split())
    theirs = fold(version.awarding_body.name).split() if version.awarding_body else []
    return same_level + same_sector + bool(body.intersection(theirs))


def _origin(said: str, country: str | None, known: frozenset[str]) -> tuple[str | None, bool]:
    """Return the country of a row, and whether it names one that this register does not have."""
    if not said:
        return country, False
    code = said.upper() if said.upper() in known else _names().get(fold(said))
    return (code, False) if code in known else (None, True)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        fold(name): code
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
