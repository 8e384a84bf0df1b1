"""What people judged of the outcomes of two versions, read from either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf.matching.judged import Judged
from rqf.models import OutcomePair
from rqf.rules.terms import Relation

_TURNED = {Relation.BROAD: Relation.NARROW, Relation.NARROW: Relation.BROAD}
#: What counts as the same, and what as a part of it.
_SAME = frozenset({Relation.EXACT, Relation.CLOSE})
_PART = frozenset({Relation.BROAD, Relation.NARROW, Relation.RELATED})


@dataclass(frozen=True)
class JudgedPair:
    """A judged pair as read from A to B; one of the ids is None when the other has no counterpart."""

    a: int | None
    b: int | None
    relation: Relation
    reason: str | None
    by: str


def judged_pairs(session: Session, a_version: int, b_version: int) -> list[JudgedPair]:
    """Return what was judged of the outcomes of two versions (their ids), read from A to B."""
    low, high = sorted((a_version, b_version))
    rows = session.scalars(
        select(OutcomePair)
        .where(OutcomePair.one_version_id == low, OutcomePair.other_version_id == high)
        .options(joinedload(OutcomePair.account))
        .order_by(OutcomePair.id)
    )
    if a_version == low:
        return [
            JudgedPair(one.one_id, one.other_id, one.relation, one.reason, one.account.name) for one in rows
        ]
    return [
        JudgedPair(one.other_id, one.one_id, turned(one.relation), one.reason, one.account.name)
        for one in rows
    ]


def turned(relation: Relation) -> Relation:
    """Return a relation as read from the other side."""
    return _TURNED.get(relation, relation)


def for_matching(pairs: Iterable[JudgedPair]) -> Judged:
    """Return judged pairs as the alignment of outcomes takes them."""
    known = list(pairs)

    def of(relations: frozenset[Relation]) -> frozenset[tuple[int | str, int | str]]:
        return frozenset(
            (one.a, one.b)
            for one in known
            if one.relation in relations and one.a is not None and one.b is not None
        )

    alone = frozenset(
        id for one in known if one.relation == Relation.NONE for id in (one.a, one.b) if id is not None
    )
    return Judged(of(_SAME), of(_PART), of(frozenset({Relation.REFUSED})), alone)
