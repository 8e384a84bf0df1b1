"""What a qualification is worth in another country: what people decided, and what looks close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.errors import N_, Invalid, message
from rqf.lookup.chains import Chain, chains
from rqf.lookup.comparing import decided_between, overlap, side
from rqf.lookup.levels import standings
from rqf.lookup.matching import outcomes_of
from rqf.lookup.records import published
from rqf.matching.candidates import Filters
from rqf.matching.outcomes import Alignment, align_known
from rqf.matching.scoring import Candidate
from rqf.models import Country, Equivalence, QualificationVersion, catalogue
from rqf.models.standing import regional_edition
from rqf.rules import comparison
from rqf.rules.comparison import Comparison, Standing
from rqf.rules.terms import VersionStatus

#: Outcomes are aligned for this many of the candidates whose titles come nearest.
_ALIGNED = 30
#: A record comes close when its title (0-100), or the outcomes shared on average, reach this.
_CLOSE_TITLE, _CLOSE_OUTCOMES = 25.0, 10.0
#: With less than that in common a record is far, whatever its level, type and sector say.
_FAR_SCORE = 35.0
#: So many of the nearest are shown when nothing comes close.
_FAR_SHOWN = 3
#: What the parts of the ranking weigh: content first, then title, level, type and sector.
WEIGHTS = {"outcomes": 0.45, "title": 0.30, "level": 0.15, "type": 0.05, "sector": 0.05}


@dataclass(frozen=True)
class Decided:
    """An equivalence that people decided, seen from the record that was asked about."""

    equivalence: Equivalence
    version: QualificationVersion
    level: Standing | None
    #: True when the decision reads from the record asked about to the other one.
    forward: bool
    #: True when it was taken on an earlier version of one of the two.
    earlier: bool


@dataclass(frozen=True)
class Suggested:
    """A record that looks close: its score (0-100), the parts of it, and the comparison behind it."""

    version: QualificationVersion
    level: Standing | None
    score: float
    parts: Mapping[str, float]
    found: Candidate
    comparison: Comparison
    alignment: Alignment | None
    #: False when neither title nor outcomes come close: it is only the nearest there is.
    close: bool


@dataclass(frozen=True)
class Equivalents:
    """The answer to "what is it worth there?", decided apart from suggested."""

    version: QualificationVersion
    level: Standing | None
    country: str
    decided: Sequence[Decided]
    #: Ways over a third country: what follows from decisions, and is none.
    derived: Sequence[Chain]
    suggested: Sequence[Suggested]


def countries(session: Session) -> list[str]:
    """Return the codes of all countries of the register."""
    return list(session.scalars(select(Country.code).order_by(Country.code)))


def equivalents(
    session: Session, version: QualificationVersion, country: str, limit: int = 10
) -> Equivalents:
    """Return what ``version`` is worth in ``country``.

    :raises Invalid: the country is unknown, or the record's own.
    """
    _check_country(session, version, country)
    edition = regional_edition(session)
    level = standings(session, [version], edition).get(version.id)
    decided = _decided(session, version, country)
    levels = standings(session, [one.version for one in decided], edition)
    decided = [replace(one, level=levels.get(one.version.id)) for one in decided]
    known = {one.version.qualification_id for one in decided}
    suggested = _suggested(session, version, level, country, known)
    derived = chains(session, version, country, known)
    return Equivalents(version, level, country, decided, derived, suggested[:limit])


def _check_country(session: Session, version: QualificationVersion, country: str) -> None:
    known = [one for one in countries(session) if one != version.country_code]
    if country not in known:
        raise Invalid(
            {
                "country": [
                    message(
                        N_("“%(value)s” is not another country of this register. Choose one of: %(known)s."),
                        value=country[:20],
                        known=", ".join(known),
                    )
                ]
            }
        )


def _decided(session: Session, version: QualificationVersion, country: str) -> list[Decided]:
    own = version.qualification_id
    found = []
    for equivalence in decided_between(session, own):
        forward = equivalence.from_version.qualification_id == own
        other = equivalence.to_version if forward else equivalence.from_version
        if other.qualification.country_code == country:
            found.append((equivalence, other.qualification_id, forward))
    today = published(session, [other for _, other, _ in found])
    return [
        Decided(one, today[other], None, forward, earlier=_earlier(one, version, today[other]))
        for one, other, forward in found
        if other in today
    ]


def _earlier(equivalence: Equivalence, *shown: QualificationVersion) -> bool:
    return {equivalence.from_version_id, equivalence.to_version_id} != {one.id for one in shown}


def _suggested(
    session: Session,
    version: QualificationVersion,
    level: Standing | None,
    country: str,
    known: set[int],
) -> list[Suggested]:
    filters = Filters(
        countries=frozenset({country}),
        statuses=frozenset({VersionStatus.PUBLISHED.value}),
        exclude=frozenset(known),
    )
    found = _candidates(session, version, filters)
    versions = published(session, [one.id for one in found])
    levels = standings(session, list(versions.values()), regional_edition(session))
    found = [
        one for one in found if one.id in versions and versions[one.id].status == VersionStatus.PUBLISHED
    ]
    others = [versions[one.id] for one in found]
    alignments = align_known(
        outcomes_of(version), [outcomes_of(other) for other in others], catalogue.synonyms(session)
    )
    ranked = [
        _suggest(version, level, other, levels.get(other.id), one, alignment)
        for one, other, alignment in zip(found, others, alignments, strict=True)
    ]
    ranked.sort(key=lambda one: (-one.score, one.version.id))
    return [one for one in ranked if one.close] or ranked[:_FAR_SHOWN]


def _candidates(session: Session, version: QualificationVersion, filters: Filters) -> list[Candidate]:
    """Return the records whose titles come nearest, and those of the sector whatever they are called."""
    index = catalogue.index(session)
    found = index.search(version.title, language=version.original_language, filters=filters, limit=_ALIGNED)
    if version.sector_code:
        known = {one.id for one in found}
        sector = replace(filters, sectors=frozenset({version.sector_code}))
        others = index.newest(sector, _ALIGNED)
        found += [Candidate(one, 0.0, "weak", {}) for one in others if one not in known]
    return found[: 2 * _ALIGNED]


def _suggest(
    a: QualificationVersion,
    level_a: Standing | None,
    b: QualificationVersion,
    level_b: Standing | None,
    found: Candidate,
    alignment: Alignment | None,
) -> Suggested:
    result = comparison.compare(side(a, level_a), side(b, level_b), overlap(alignment))
    parts = {
        "outcomes": (alignment.coverage_a_of_b + alignment.coverage_b_of_a) / 2 if alignment else None,
        "title": found.score,
        "level": _nearness(level_a, level_b),
        "type": 100.0 if a.qualification.type == b.qualification.type else 0.0,
        "sector": 100.0 if a.sector_code and a.sector_code == b.sector_code else 0.0,
    }
    known = {name: value for name, value in parts.items() if value is not None}
    # A part that is not known neither helps nor harms; but without outcomes nobody can be very sure.
    score = sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    if alignment is None:
        score = min(score, 70.0)
    shared = parts["outcomes"] or 0.0
    close = shared >= _CLOSE_OUTCOMES or (alignment is None and found.score >= _CLOSE_TITLE)
    if not close:
        score = min(score, _FAR_SCORE)
    close = close or found.score >= _CLOSE_TITLE
    return Suggested(b, level_b, round(score, 1), known, found, result, alignment, close)


def _nearness(a: Standing | None, b: Standing | None) -> float | None:
    if a is None or b is None:
        return None
    apart = max(0, a.low - b.high, b.low - a.high)
    return max(0.0, 100.0 - 40.0 * apart)
