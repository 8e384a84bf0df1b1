"""What a description shows on each criterion of quality; the points are given by rqf.rules.quality."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from rqf.matching.languages import recognise
from rqf.matching.phrasing import phrase
from rqf.matching.text import fold
from rqf.models import QualificationVersion
from rqf.models.tables import said
from rqf.registry.description import OutcomeData, QualificationData, describe
from rqf.rules.quality import Criterion, Quality, Share, assess

#: An outcome of fewer words says no object, one of more is several outcomes.
_WORDS = (3, 45)
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+|\b(?:www|doi)\.[^\s]+\.[^\s]+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
#: An outcome starts with its verb, perhaps after a letter, a number or a bullet.
_LABEL = re.compile(r"^\W*(?:(?:\d+(?:\.\d+)*|[a-z])[.)\-:]\s*)*", re.IGNORECASE)


def quality_of(version: QualificationVersion, twin: bool = False) -> Quality:
    """Return how good a version is; ``twin``: another record of the country has the same title."""
    return quality_of_data(describe(version), twin)


def quality_of_data(data: QualificationData, twin: bool = False) -> Quality:
    """Return how good a version is that says ``data``."""
    return assess(observe(data) | {Criterion.TITLE_UNIQUE: _yes(not twin)}, data.type)


def completeness_of(version: QualificationVersion) -> int:
    """Return how complete a version is, from 0 to 100."""
    return quality_of(version).completeness


def observe(data: QualificationData) -> dict[Criterion, Share]:
    """Return what is found on each criterion but the title's being unique: that takes the other records."""
    return _facts(data) | _outcomes(data) | _rest(data)


def title_key(data: QualificationData) -> str:
    """Return what records of one country and kind share whose titles are written alike but for signs."""
    title = said(data.titles, data.original_language)
    words = " ".join(_WORD.findall(fold(title)))
    return hashlib.sha256(f"{data.country}|{data.type}|{words}".encode()).hexdigest()[:32]


def _yes(answer: bool) -> Share:
    return (int(answer), 1)


def _facts(data: QualificationData) -> dict[Criterion, Share]:
    with_outcomes = sum(bool(unit.outcomes) for unit in data.units)
    there = {
        Criterion.OUTCOMES: with_outcomes > 0,
        Criterion.LEVEL: data.level is not None,
        Criterion.SOURCE: bool(data.source),
        Criterion.UNITS: bool(data.units),
        Criterion.VOLUME: data.volume is not None or data.credits is not None,
        Criterion.AWARDING_BODY: bool(data.awarding_body),
        Criterion.FIELD: bool(data.isced_f),
        Criterion.SECTOR: bool(data.sector),
        Criterion.CODE: bool(data.code),
        Criterion.OCCUPATION: bool(data.isco_08),
        Criterion.VALID_FROM: data.valid_from is not None,
        Criterion.ENTRY_REQUIREMENTS: bool(data.entry_requirements),
        Criterion.ENTITLEMENTS: bool(data.entitlements),
        Criterion.LEGAL_ACT: bool(data.legal_act),
        Criterion.SECOND_LANGUAGE: len(data.titles) > 1,
    }
    # Units of which none has an outcome are one thing to fix, not two.
    judged = (with_outcomes, len(data.units)) if with_outcomes else (0, 0)
    return {one: _yes(answer) for one, answer in there.items()} | {Criterion.EVERY_UNIT_HAS_OUTCOMES: judged}


def _outcomes(data: QualificationData) -> dict[Criterion, Share]:
    outcomes = [one for unit in data.units for one in unit.outcomes]
    many = len(outcomes)
    if not many:
        return {}
    language = data.original_language
    texts = [said(one.texts, one.original_language or language) for one in outcomes]
    return {
        Criterion.OUTCOMES_MEASURABLE: (_measurable(outcomes, texts, language), many),
        Criterion.OUTCOMES_CLEAR: (sum(_is_clear(text) for text in texts), many),
        Criterion.OUTCOMES_DISTINCT: (_distinct(data), many),
        Criterion.OUTCOMES_LANGUAGE: _yes(_in_language(outcomes, texts, language)),
    }


def _measurable(outcomes: Sequence[OutcomeData], texts: Sequence[str], language: str) -> int:
    """Count the outcomes that begin with a verb whose act can be seen and assessed."""
    return sum(
        phrase(_LABEL.sub("", text), one.original_language or language).family is not None
        for one, text in zip(outcomes, texts, strict=True)
    )


def _is_clear(text: str) -> bool:
    return _WORDS[0] <= len(_WORD.findall(text)) <= _WORDS[1]


def _distinct(data: QualificationData) -> int:
    """Count the outcomes that no other one of the same unit repeats."""
    count = 0
    for unit in data.units:
        texts = [" ".join(_WORD.findall(fold(" ".join(one.texts.values())))) for one in unit.outcomes]
        count += sum(texts.count(text) == 1 for text in texts)
    return count


def _in_language(outcomes: Sequence[OutcomeData], texts: Sequence[str], language: str) -> bool:
    stated = outcomes[0].original_language or language
    return recognise(texts[:50], stated) == stated


def _rest(data: QualificationData) -> dict[Criterion, Share]:
    title = said(data.titles, data.original_language)
    return {
        Criterion.SOURCE_ADDRESS: _yes(bool(_ADDRESS.search(data.source))) if data.source else (0, 0),
        # A title in capitals hides its abbreviations, and one of a single letter says nothing.
        Criterion.TITLE_CLEAR: _yes(len(title) > 3 and not title.isupper()),
        Criterion.DATES: _yes(_dates_agree(data)),
    }


def _dates_agree(data: QualificationData) -> bool:
    """Tell whether the dates follow each other, and what ends says until when one enrols or is awarded."""
    said_dates = [one for one in (data.valid_from, data.last_enrolment, data.last_award) if one]
    ends = data.valid_to is None or bool(data.last_enrolment or data.last_award)
    return ends and said_dates == sorted(said_dates)
