"""Which regional levels a version may have: the advice that an officer starts from, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.matching.candidates import Filters
from rqf.matching.levels import Descriptor, LevelAdvice, Precedent, Profile, suggest
from rqf.matching.outcomes import Outcome
from rqf.matching.scoring import METHOD_VERSION
from rqf.models import (
    Country,
    FrameworkEdition,
    LevelMapping,
    QualificationVersion,
    catalogue,
)
from rqf.models.standing import (
    endorsed_mappings,
    referenced_range,
    regional_edition,
    whole_version,
)
from rqf.registry.description import as_json
from rqf.registry.examples import Example, by_example
from rqf.rules.terms import MappingStep, VersionStatus

#: How many of the most similar records are asked for an endorsed level, and how many of those are kept.
_ASKED = 60
_KEPT = 8
#: Weaker likeness than this (of 100) is no precedent.
_WEAKEST = 40.0


@dataclass(frozen=True)
class PrecedentRecord:
    """A precedent with the records behind it: what was endorsed, on which version."""

    precedent: Precedent
    version: QualificationVersion
    mapping: LevelMapping


@dataclass(frozen=True)
class Advice:
    """The advice for a version and what it rests on."""

    edition: FrameworkEdition
    profile: Profile
    precedents: tuple[PrecedentRecord, ...]
    levels: LevelAdvice
    #: What its text reads like by the example of decided records: beside the advice, not in its score.
    example: Example | None = None

    def in_short(self) -> tuple[int | None, int | None, int | None]:
        """Return the range advised and the score of its best level; nothing where it abstained."""
        if self.levels.abstained or self.levels.range is None or not self.levels.suggestions:
            return None, None, None
        return *self.levels.range, round(self.levels.suggestions[0].score)

    def stored(self) -> dict[str, Any]:
        """Return the advice in JSON's values, as it is kept with a proposal."""
        kept: dict[str, Any] = as_json(self.levels)
        return kept | {
            "method_version": METHOD_VERSION,
            "edition": f"{self.edition.framework.code} {self.edition.label}",
            "national_range": as_json(self.profile.national_range),
            "national_best": self.profile.national_best,
            "example": as_json(self.example),
            "precedents": [
                as_json(one.precedent) | {"uuid": one.version.qualification.uuid} for one in self.precedents
            ],
        }


def suggest_levels(session: Session, version: QualificationVersion) -> LevelAdvice:
    """Return the regional levels that a version may have, ranked, each with its evidence."""
    return advise(session, version).levels


def advise(session: Session, version: QualificationVersion) -> Advice:
    """Return the advice for a version with the records it rests on."""
    edition = regional_edition(session)
    profile = _profile(session, version, edition)
    precedents = _precedents(session, version, edition)
    levels = suggest(
        profile,
        _descriptors(edition),
        [one.precedent for one in precedents],
        catalogue.synonyms(session),
    )
    return Advice(edition, profile, precedents, levels, by_example(session, version, edition))


def _profile(session: Session, version: QualificationVersion, edition: FrameworkEdition) -> Profile:
    referenced = referenced_range(session, version.level_id, edition.id)
    outcomes = tuple(
        Outcome(one.id, one.text, one.domain.value, one.original_language) for one in version.outcomes()
    )
    return Profile(
        title=version.title,
        language=version.original_language,
        outcomes=outcomes,
        national_range=(referenced.low, referenced.high) if referenced else None,
        national_best=referenced.best if referenced else None,
        kind=version.qualification.type.value,
        country=version.country_code,
    )


def _descriptors(edition: FrameworkEdition) -> list[Descriptor]:
    return [
        Descriptor(level.number, descriptor.domain.code, text, language)
        for level in edition.levels
        for descriptor in level.descriptors
        for language, text in sorted(descriptor.texts.items())
    ]


def _precedents(
    session: Session, version: QualificationVersion, edition: FrameworkEdition
) -> tuple[PrecedentRecord, ...]:
    """Return the endorsed levels of the most similar records of other countries, the nearest first."""
    others = session.scalars(select(Country.code).where(Country.code != version.country_code))
    found = catalogue.index(session).search(
        version.title,
        language=version.original_language,
        filters=Filters(countries=frozenset(others), statuses=frozenset({VersionStatus.PUBLISHED.value})),
        limit=_ASKED,
        explained=False,
    )
    scores = {one.id: one.score for one in found if one.score >= _WEAKEST}
    if not scores:
        return ()
    published = _published(session, scores)
    decided = endorsed_mappings(session, published, edition.id)
    nearest = sorted(decided, key=lambda id: (-scores[published[id]], published[id]))[:_KEPT]
    versions = session.scalars(
        select(QualificationVersion).where(QualificationVersion.id.in_(nearest)).options(*whole_version())
    )
    whole = {one.id: one for one in versions}
    return tuple(
        PrecedentRecord(_precedent(whole[id], decided[id], scores[published[id]]), whole[id], decided[id])
        for id in nearest
    )


def _published(session: Session, qualification_ids: Iterable[int]) -> dict[int, int]:
    """Return id of the published version -> id of its qualification."""
    rows = session.execute(
        select(QualificationVersion.id, QualificationVersion.qualification_id).where(
            QualificationVersion.qualification_id.in_(qualification_ids),
            QualificationVersion.status == VersionStatus.PUBLISHED,
        )
    )
    return {one.id: one.qualification_id for one in rows}


def _precedent(version: QualificationVersion, mapping: LevelMapping, score: float) -> Precedent:
    endorsed_by = tuple(
        f"{one.account.name} ({one.country_code})" if one.country_code else one.account.name
        for one in mapping.decisions
        if one.step == MappingStep.ENDORSE
    )
    return Precedent(
        id=version.qualification_id,
        title=version.title,
        low=mapping.low,
        high=mapping.high,
        country=version.country_code,
        endorsed_by=endorsed_by,
        score=score,
    )
