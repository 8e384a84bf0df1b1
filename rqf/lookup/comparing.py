"""Two records side by side: the five elements, outcome by outcome, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import N_, Invalid, message
from rqf.lookup.judged import JudgedPair, for_matching, judged_pairs
from rqf.lookup.levels import standings
from rqf.lookup.matching import outcomes_of
from rqf.lookup.records import find
from rqf.matching.judged import NOTHING_JUDGED, Judged
from rqf.matching.outcomes import Alignment, align
from rqf.matching.text import Synonyms
from rqf.models import (
    Equivalence,
    EquivalenceDecision,
    LearningOutcome,
    LevelMapping,
    QualificationVersion,
    catalogue,
)
from rqf.models.standing import endorsed_mappings, regional_edition
from rqf.rules import comparison
from rqf.rules.comparison import Comparison, Overlap, Side, Standing
from rqf.rules.terms import EquivalenceStatus


@dataclass(frozen=True)
class ComparisonPage:
    """Everything that a page, a print or a program needs of a comparison of A with B."""

    a: QualificationVersion
    b: QualificationVersion
    level_a: Standing | None
    level_b: Standing | None
    mapping_a: LevelMapping | None
    mapping_b: LevelMapping | None
    result: Comparison
    alignment: Alignment | None
    #: Outcome id -> the outcome, of both sides.
    outcomes: Mapping[int | str, LearningOutcome]
    #: What people decided between the two, in either direction.
    decided: Sequence[Equivalence]
    #: (id in A, id in B) -> how people judged the two outcomes.
    judged: Mapping[tuple[int | None, int | None], JudgedPair]

    def earlier(self, equivalence: Equivalence) -> bool:
        """Tell whether a decision was taken on an earlier version of one of the two."""
        return {equivalence.from_version_id, equivalence.to_version_id} != {self.a.id, self.b.id}


def compare(session: Session, a_ref: str, b_ref: str, *, with_judged: bool = False) -> ComparisonPage:
    """Compare two public records.

    How people judged their outcomes stands in it once these very versions have been decided on; for those
    who are at work on that, ``with_judged``.

    :raises NotFound: one of them is not in the register.
    :raises Invalid: they are the same record.
    """
    a, b = find(session, a_ref), find(session, b_ref)
    if a.id == b.id:
        raise Invalid({"b": [message(N_("Choose two different records to compare."))]})
    edition = regional_edition(session)
    levels = standings(session, [a, b], edition)
    mappings = endorsed_mappings(session, [a.id, b.id], edition.id)
    decided = decided_between(session, a.qualification_id, b.qualification_id)
    stands = any({one.from_version_id, one.to_version_id} == {a.id, b.id} for one in decided)
    pairs = judged_pairs(session, a.id, b.id) if stands or with_judged else []
    alignment = align_versions(a, b, catalogue.synonyms(session), for_matching(pairs))
    return ComparisonPage(
        a=a,
        b=b,
        level_a=levels.get(a.id),
        level_b=levels.get(b.id),
        mapping_a=mappings.get(a.id),
        mapping_b=mappings.get(b.id),
        result=comparison.compare(side(a, levels.get(a.id)), side(b, levels.get(b.id)), overlap(alignment)),
        alignment=alignment,
        outcomes={one.id: one for version in (a, b) for one in version.outcomes()},
        decided=decided,
        judged={(one.a, one.b): one for one in pairs},
    )


def align_versions(
    a: QualificationVersion,
    b: QualificationVersion,
    synonyms: Synonyms,
    judged: Judged = NOTHING_JUDGED,
) -> Alignment | None:
    """Return the outcomes of two versions side by side, or None when one has none."""
    ours, theirs = outcomes_of(a), outcomes_of(b)
    return align(ours, theirs, synonyms, judged) if ours and theirs else None


def overlap(alignment: Alignment | None) -> Overlap | None:
    """Return how much each side covers of the other."""
    return Overlap(alignment.coverage_a_of_b, alignment.coverage_b_of_a) if alignment else None


def side(version: QualificationVersion, level: Standing | None) -> Side:
    """Return what the rules ask of a version."""
    return Side(
        type=version.qualification.type,
        level=level,
        hours=float(version.volume) if version.volume and version.volume_unit == "hours" else None,
        credits=float(version.credits) if version.credits else None,
        credit_scheme=version.credit_scheme,
        isced_f=version.isced_f,
        sector=version.sector_code,
        awarding_body=version.awarding_body_id is not None,
        verified=version.verified,
        outcomes=len(version.outcomes()),
    )


def decided_between(
    session: Session, qualification_id: int, other_id: int | None = None
) -> Sequence[Equivalence]:
    """Return the standing equivalences of a qualification, with another or with any, who decided included.

    A decision stands for the version it was taken on, and is not forgotten when a newer one is published.
    """
    query = select(Equivalence).where(*in_force(), _concerns(qualification_id))
    if other_id is not None:
        query = query.where(_concerns(other_id))
    return session.scalars(
        query.options(
            joinedload(Equivalence.from_version).joinedload(QualificationVersion.qualification),
            joinedload(Equivalence.to_version).joinedload(QualificationVersion.qualification),
            selectinload(Equivalence.decisions).joinedload(EquivalenceDecision.account),
        ).order_by(Equivalence.id)
    ).all()


def in_force() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of an equivalence that holds today."""
    today = date.today()
    return (
        Equivalence.status == EquivalenceStatus.ENDORSED,
        or_(Equivalence.valid_from.is_(None), Equivalence.valid_from <= today),
        or_(Equivalence.valid_to.is_(None), Equivalence.valid_to >= today),
    )


def _concerns(qualification_id: int) -> ColumnElement[bool]:
    versions = select(QualificationVersion.id).where(
        QualificationVersion.qualification_id == qualification_id
    )
    return or_(Equivalence.from_version_id.in_(versions), Equivalence.to_version_id.in_(versions))
