"""From what the use cases return to plain values, in one shape for the API and for `--json`.

Sentences are made by ``say``: the API says them in the reader's language, the commands in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rqf import statements
from rqf.errors import Message
from rqf.lookup import ComparisonPage, Equivalents
from rqf.lookup.frameworks import Overview
from rqf.lookup.matching import MatchResult
from rqf.lookup.search import SearchResult
from rqf.matching.outcomes import Alignment, Pair
from rqf.matching.scoring import METHOD_VERSION
from rqf.models import (
    Equivalence,
    FrameworkEdition,
    LearningOutcome,
    QualificationVersion,
    Referencing,
    Statement,
)
from rqf.registry import Advice, describe
from rqf.rules.comparison import Comparison, Standing
from rqf.statements import StandingNow

Say = Callable[[Message], str]
Answer = dict[str, Any]


def summary(version: QualificationVersion, level: Standing | None = None) -> Answer:
    """Return a qualification as it stands in lists."""
    qualification = version.qualification
    return {
        "id": qualification.uuid,
        "url": f"/qualifications/{qualification.uuid}",
        "country": qualification.country_code,
        "type": qualification.type,
        "status": version.status,
        "code": qualification.code,
        "title": version.title,
        "titles": version.titles,
        "sector": version.sector_code,
        "national_level": version.level.number if version.level else None,
        "framework": version.level.edition.framework.code if version.level else None,
        "regional_level": _standing(level),
    }


def qualification(version: QualificationVersion, level: Standing | None = None) -> Answer:
    """Return a qualification with everything that it says."""
    said = describe(version)
    told = {name: getattr(said, name) for name in said.__dataclass_fields__}
    return {
        **told,
        **summary(version, level),
        "version": version.number,
        "revision": version.revision,
        "completeness": version.completeness,
        "published_at": version.published_at,
        "updated_at": version.updated_at,
    }


def found(result: SearchResult) -> Answer:
    """Return a page of search results with the counts of the facets."""
    items = [
        summary(hit.version, hit.level)
        | {"score": hit.score, "matched": [one.query_word for one in hit.matched]}
        for hit in result.hits
    ]
    facets = {
        name: {str(value): count for value, count in counts.items()} for name, counts in result.facets.items()
    }
    return {
        "items": items,
        "facets": facets,
        "total": result.total,
        "page": result.page,
        "per_page": result.per_page,
    }


def advice(version: QualificationVersion, given: Advice) -> Answer:
    """Return the suggested levels of a version with the evidence."""
    return {
        "id": version.qualification.uuid,
        "edition": f"{given.edition.framework.code} {given.edition.label}",
        "method_version": METHOD_VERSION,
        "suggestions": given.levels.suggestions,
        "range": given.levels.range,
        "abstained": given.levels.abstained,
        "reason": given.levels.reason,
        "conflict": given.levels.conflict,
        "by_example": _by_example(given),
        "precedents": [
            {
                "id": one.version.qualification.uuid,
                "title": one.precedent.title,
                "country": one.precedent.country,
                "low": one.precedent.low,
                "high": one.precedent.high,
                "endorsed_by": one.precedent.endorsed_by,
                "score": one.precedent.score,
            }
            for one in given.precedents
        ],
    }


def _by_example(given: Advice) -> Answer | None:
    if given.example is None:
        return None
    told = given.example.opinion
    return {
        "level": told.level,
        "low": told.low,
        "high": told.high,
        "share": told.confidence,
        "abstained": told.abstained,
        "records": given.example.count,
    }


def candidates(results: Sequence[MatchResult], say: Say = str) -> list[Answer]:
    """Return the records that a title may mean."""
    return [
        summary(one.version)
        | {
            "score": one.score,
            "band": one.band,
            "features": one.features,
            "matched": one.matched,
            "missing": one.missing,
            "points": {part.signal: part.points for part in one.points},
            "would_change": say(one.would_change) if one.would_change else None,
        }
        for one in results
    ]


def equivalents(answer: Equivalents, say: Say) -> Answer:
    """Return what a qualification is worth in another country."""
    return {
        "qualification": summary(answer.version, answer.level),
        "country": answer.country,
        "decided": [
            {
                "qualification": summary(one.version, one.level),
                "forward": one.forward,
                "equivalence": _equivalence(one.equivalence),
            }
            for one in answer.decided
        ],
        "derived": [
            {
                "qualification": summary(one.end, None),
                "by_way_of": summary(one.middle, None),
                "relation": one.relation,
                "decisions": [hop.number for hop in one.hops],
            }
            for one in answer.derived
        ],
        "suggested": [
            {
                "qualification": summary(one.version, one.level),
                "score": one.score,
                "parts": one.parts,
                **_compared(one.comparison, say),
            }
            for one in answer.suggested
        ],
    }


def comparison(page: ComparisonPage, say: Say) -> Answer:
    """Return two records side by side."""
    return {
        "a": summary(page.a, page.level_a),
        "b": summary(page.b, page.level_b),
        **_compared(page.result, say),
        "outcomes": _alignment(page.alignment, page.outcomes) if page.alignment else None,
        "decided": [_equivalence(one) for one in page.decided],
    }


def statement(issued: Statement, now: StandingNow, say: Say) -> Answer:
    """Return a statement as it was issued, and how it stands today."""
    return {
        "number": issued.number,
        "state": now.state,
        "since": now.since,
        "reason": now.reason,
        "changes": [{"said": say(one.said), "since": one.since} for one in now.changes],
        "statement": statements.document(issued),
        "sha256": issued.document_hash,
        "jws": issued.jws,
    }


def frameworks(overview: Overview) -> Answer:
    """Return the regional framework and the others beside it."""
    return {
        "regional": framework(overview.regional, ()),
        "national": [framework(one.edition, one.referencing) for one in overview.columns],
        "external": [framework(one, ()) for one in overview.external],
    }


def framework(
    edition: FrameworkEdition, referencing: Sequence[Referencing], *, descriptors: bool = False
) -> Answer:
    """Return an edition with its levels."""
    owner = edition.framework
    return {
        "code": owner.code,
        "edition": edition.label,
        "scope": owner.scope,
        "kind": owner.kind,
        "country": owner.country_code,
        "titles": owner.titles,
        "status": edition.status,
        "source": edition.source,
        "levels": [_level(one, descriptors) for one in edition.levels],
        "referencing": [
            {
                "level": one.level.number,
                "low": one.low,
                "high": one.high,
                "best_fit": one.best_fit,
                "basis": one.basis,
                "status": one.status,
                "evidence": one.evidence,
                "source": one.source,
            }
            for one in referencing
        ],
    }


def _level(level: Any, descriptors: bool) -> Answer:
    said: Answer = {"number": level.number, "titles": level.titles}
    if descriptors:
        said["descriptors"] = {one.domain.code: one.texts for one in level.descriptors}
    return said


def _standing(level: Standing | None) -> Answer | None:
    if level is None:
        return None
    return {"low": level.low, "high": level.high, "standing": "decided" if level.decided else "referenced"}


def _compared(result: Comparison, say: Say) -> Answer:
    return {
        "elements": [
            {"element": one.element, "difference": one.difference, "reason": say(one.reason)}
            for one in result.elements
        ],
        "indication": {"conclusion": result.indication, "reason": say(result.reason)},
    }


def _alignment(alignment: Alignment, outcomes: Mapping[int | str, LearningOutcome]) -> Answer:
    def pair(one: Pair) -> Answer:
        return {
            "a": outcomes[one.a],
            "b": outcomes[one.b],
            "score": one.score,
            "words": one.matched_words,
        }

    return {
        "coverage_a_of_b": alignment.coverage_a_of_b,
        "coverage_b_of_a": alignment.coverage_b_of_a,
        "matched": [pair(one) for one in alignment.pairs],
        "partial": [pair(one) for one in alignment.partial],
        "missing": [outcomes[one] for one in alignment.missing],
        "extra": [outcomes[one] for one in alignment.extra],
    }


def _equivalence(equivalence: Equivalence) -> Answer:
    return {
        "id": equivalence.uuid,
        "number": equivalence.number,
        "from_": equivalence.from_version.qualification.uuid,
        "to": equivalence.to_version.qualification.uuid,
        "conclusion": equivalence.conclusion,
        "purpose": equivalence.purpose,
        "rationale": equivalence.rationale,
        "valid_from": equivalence.valid_from,
        "valid_to": equivalence.valid_to,
        "decisions": [
            {
                "country": one.country_code,
                "endorsed": one.endorsed,
                "by": one.account.name,
                "reason": one.reason,
                "at": one.at,
            }
            for one in equivalence.decisions
        ],
    }
