"""Ways from a record into another country over a third: shown with their hops, never as a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from rqf.lookup.comparing import decided_between, in_force
from rqf.lookup.records import published
from rqf.models import Equivalence, Qualification, QualificationVersion
from rqf.rules.derived import Hop, worth
from rqf.rules.terms import Relation, VersionStatus

#: So many decisions of a record are followed, and so many of its neighbours' read.
_NEIGHBOURS = 50
_READ = 300
_SHOWN = 5


@dataclass(frozen=True)
class Chain:
    """A record, by way of ``middle``, is worth about as much as ``end``; ``hops`` are the two decisions."""

    middle: QualificationVersion
    end: QualificationVersion
    hops: tuple[Equivalence, Equivalence]
    relation: Relation


def chains(session: Session, version: QualificationVersion, country: str, known: set[int]) -> Sequence[Chain]:
    """Return the ways of two decisions, for one purpose, from a record into ``country``, the soundest first.

    ``known`` are the records (ids) about which a decision exists: no way leads to them.
    """
    own = version.qualification_id
    first = {(_other(one, own)[0], one.purpose): one for one in decided_between(session, own)[:_NEIGHBOURS]}
    found = [
        (before, second, middle, end, relation)
        for second, middle, end in _onward(session, {middle for middle, _ in first}, country)
        if end not in known | {own}
        and (before := first.get((middle, second.purpose)))
        and (relation := worth([_hop(before, own), _hop(second, middle)]))
    ]
    # Close before related; then the oldest decisions.
    found.sort(key=lambda one: (one[4] != Relation.CLOSE, one[0].id, one[1].id))
    best: dict[int, tuple[Equivalence, Equivalence, int, int, Relation]] = {}
    for one in found:
        best.setdefault(one[3], one)
    chosen = list(best.values())[:_SHOWN]
    texts = published(session, [id for one in chosen for id in one[2:4]])
    return [
        Chain(texts[middle], texts[end], (one, two), relation)
        for one, two, middle, end, relation in chosen
        if all(id in texts and texts[id].status == VersionStatus.PUBLISHED for id in (middle, end))
    ]


def _onward(session: Session, middles: set[int], country: str) -> list[tuple[Equivalence, int, int]]:
    """Return (decision, middle, end) for the decisions from one of ``middles`` to a record of ``country``."""
    if not middles:
        return []
    a, b = aliased(QualificationVersion), aliased(QualificationVersion)
    one, other = aliased(Qualification), aliased(Qualification)
    rows = session.execute(
        select(Equivalence, one, other)
        .join(a, Equivalence.from_version_id == a.id)
        .join(b, Equivalence.to_version_id == b.id)
        .join(one, a.qualification_id == one.id)
        .join(other, b.qualification_id == other.id)
        .where(
            *in_force(),
            or_(
                a.qualification_id.in_(middles) & (other.country_code == country),
                b.qualification_id.in_(middles) & (one.country_code == country),
            ),
        )
        .options(joinedload(Equivalence.from_version), joinedload(Equivalence.to_version))
        .order_by(Equivalence.id)
        .limit(_READ)
    ).all()
    return [
        (found, middle.id, end.id)
        for found, start, goal in rows
        for middle, end in ((start, goal), (goal, start))
        if middle.id in middles and end.country_code == country
    ]


def _other(equivalence: Equivalence, own: int) -> tuple[int, bool]:
    """Return the record on the other side, and whether the decision reads from ``own`` to it."""
    forward = equivalence.from_version.qualification_id == own
    there = equivalence.to_version if forward else equivalence.from_version
    return there.qualification_id, forward


def _hop(equivalence: Equivalence, start: int) -> Hop:
    return Hop(equivalence.conclusion, _other(equivalence, start)[1])
