"""How far people agree on levels, and how far the suggestions can be relied on, from what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, groupby

from sqlalchemy import ColumnElement, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from rqf.errors import N_, NotAllowed
from rqf.models import (
    Account,
    LevelMapping,
    MappingDecision,
    Qualification,
    QualificationVersion,
    ReviewRound,
    RoundPlacement,
    Sector,
)
from rqf.models.tables import Texts
from rqf.people import Actor
from rqf.rules.agreement import (
    Estimate,
    Reliability,
    Weights,
    accept_threshold,
    alpha,
    kappa,
    reliability,
)
from rqf.rules.terms import MappingStatus, MappingStep, Part, Role

#: The share of suggestions that has to be endorsed as they are before accepting them is called supported.
SUPPORTED_SHARE = 0.9
#: At most so many pairs of people are shown, by name.
_MOST_PAIRS = 100
_DECIDED = (MappingStatus.ENDORSED, MappingStatus.SUPERSEDED, MappingStatus.REJECTED)

#: (level by one, level by the other) -> cases; a range counts as its middle.
Confusion = Mapping[tuple[float, float], int]


@dataclass(frozen=True)
class Rating:
    """Where one person placed one version; ``item`` is the version, ``round`` names the review round."""

    item: int
    rater: int
    level: float
    country: str
    sector: str | None
    round: str | None = None


@dataclass(frozen=True)
class Measured:
    """The agreement on the cases of a group: a country, a sector, a round, or a pair of people."""

    name: str
    quadratic: Estimate
    linear: Estimate
    alpha: Estimate


@dataclass(frozen=True)
class AgreementReport:
    """Agreement by groups, the confusion of levels, and the reliability of suggestions."""

    overall: Measured
    countries: list[Measured]
    sectors: list[Measured]
    rounds: list[Measured]
    #: By the names of two people, and only for the secretariat.
    pairs: list[Measured]
    confusion: Confusion
    suggested: Confusion
    bands: list[Reliability]
    threshold: Reliability | None
    sector_titles: dict[str, Texts]


@dataclass
class _Tally:
    """What is counted of a group's cases."""

    pairs: Counter[tuple[float, float]] = field(default_factory=Counter)
    cases: Counter[tuple[float, ...]] = field(default_factory=Counter)

    def add(self, levels: tuple[float, ...]) -> None:
        self.cases[levels] += 1
        self.pairs.update(combinations(levels, 2))

    def measured(self, name: str) -> Measured:
        linear = kappa(self.pairs, Weights.LINEAR)
        return Measured(name, kappa(self.pairs), linear, alpha(self.cases))


def measure_agreement(session: Session, actor: Actor) -> AgreementReport:
    """Return how far people agree, by country, sector and round; pairs of people for the secretariat alone.

    :raises NotAllowed: the actor is neither reviewer nor secretariat.
    """
    if not (actor.has(Role.REVIEWER) or actor.has(Role.SECRETARIAT)):
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=Role.REVIEWER)
    groups: dict[tuple[str, str], _Tally] = {}
    people: dict[tuple[int, int], _Tally] = {}
    for _, rows in groupby(ratings(session), key=lambda one: (one.item, one.round)):
        _count(list(rows), groups, people)
    scores = _scores(session)
    sectors = _measured(groups, "sector")
    return AgreementReport(
        overall=groups.get(("all", ""), _Tally()).measured(""),
        countries=_measured(groups, "country"),
        sectors=sectors,
        rounds=_measured(groups, "round"),
        pairs=_pairs(session, people) if actor.has(Role.SECRETARIAT) else [],
        confusion=groups.get(("all", ""), _Tally()).pairs,
        suggested=_suggested(session),
        bands=reliability(scores),
        threshold=accept_threshold(scores, SUPPORTED_SHARE),
        sector_titles=_titles(session, (one.name for one in sectors)),
    )


def ratings(session: Session) -> Iterator[Rating]:
    """Give who placed which version where, case by case. The one place that knows where this is kept.

    Of every version with an endorsement: the level that its officer first put before the reviewers, and the
    level endorsed last, by its reviewer. The reviewer had seen the officer's level: they are not independent.
    Of every version that two reviewers placed in a round without seeing each other: both placements, with
    the title of the round. Those are independent.
    """
    yield from _decided(session)
    yield from _placed(session)


def _decided(session: Session) -> Iterator[Rating]:
    place = (LevelMapping.version_id, LevelMapping.edition_id)
    decided = (
        select(
            LevelMapping.version_id, LevelMapping.edition_id, MappingDecision.step,
            LevelMapping.author_id, MappingDecision.account_id,
            ((func.coalesce(MappingDecision.low, LevelMapping.low)
              + func.coalesce(MappingDecision.high, LevelMapping.high)) / 2.0).label("level"),
            func.row_number().over(partition_by=place, order_by=MappingDecision.id).label("first"),
            func.row_number().over(
                partition_by=(*place, MappingDecision.step), order_by=MappingDecision.id.desc()
            ).label("last"),
        )
        .join(MappingDecision, MappingDecision.mapping_id == LevelMapping.id)
        .cte("decided")
    )  # fmt: skip
    endorsed = and_(decided.c.step == MappingStep.ENDORSE, decided.c.last == 1)
    reached = select(decided.c.version_id, decided.c.edition_id).where(endorsed).subquery()
    proposals = (
        select(
            decided.c.version_id, decided.c.author_id.label("rater"), decided.c.level,
            decided.c.edition_id, literal(0).label("side"),
        )
        .join(
            reached,
            and_(
                reached.c.version_id == decided.c.version_id,
                reached.c.edition_id == decided.c.edition_id,
            ),
        )
        .where(decided.c.first == 1)
    )  # fmt: skip
    decisions = select(
        decided.c.version_id, decided.c.account_id.label("rater"), decided.c.level,
        decided.c.edition_id, literal(1).label("side"),
    ).where(endorsed)  # fmt: skip
    both = union_all(proposals, decisions).subquery()
    rows = session.execute(
        select(both, Qualification.country_code, QualificationVersion.sector_code)
        .join(QualificationVersion, QualificationVersion.id == both.c.version_id)
        .join(Qualification, Qualification.id == QualificationVersion.qualification_id)
        .order_by(both.c.version_id, both.c.edition_id, both.c.side)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield Rating(
            item=row.version_id, rater=row.rater, level=float(row.level), country=row.country_code,
            sector=row.sector_code,
        )  # fmt: skip


def _placed(session: Session) -> Iterator[Rating]:
    on_own = RoundPlacement.part == Part.PLACEMENT
    both = (
        select(RoundPlacement.item_id).where(on_own).group_by(RoundPlacement.item_id).having(func.count() > 1)
    )
    rows = session.execute(
        select(
            RoundPlacement.version_id, RoundPlacement.account_id.label("rater"),
            ((RoundPlacement.low + RoundPlacement.high) / 2.0).label("level"), ReviewRound.title,
            Qualification.country_code, QualificationVersion.sector_code,
        )
        .join(ReviewRound, ReviewRound.id == RoundPlacement.round_id)
        .join(QualificationVersion, QualificationVersion.id == RoundPlacement.version_id)
        .join(Qualification, Qualification.id == QualificationVersion.qualification_id)
        .where(on_own, RoundPlacement.item_id.in_(both))
        .order_by(RoundPlacement.item_id, RoundPlacement.id)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for row in rows:
        yield Rating(
            item=row.version_id, rater=row.rater, level=float(row.level), country=row.country_code,
            sector=row.sector_code, round=row.title,
        )  # fmt: skip


def _count(
    rows: list[Rating], groups: dict[tuple[str, str], _Tally], people: dict[tuple[int, int], _Tally]
) -> None:
    if len(rows) < 2:
        return
    levels, one = tuple(row.level for row in rows), rows[0]
    for place in (("all", ""), ("country", one.country), ("sector", one.sector), ("round", one.round)):
        if place[1] is not None:
            groups.setdefault((place[0], place[1]), _Tally()).add(levels)
    for a, b in combinations(rows, 2):
        if a.rater != b.rater:
            first, second = sorted((a, b), key=lambda row: row.rater)
            people.setdefault((first.rater, second.rater), _Tally()).add((first.level, second.level))


def _measured(groups: Mapping[tuple[str, str], _Tally], dimension: str) -> list[Measured]:
    return [tally.measured(name) for (kind, name), tally in sorted(groups.items()) if kind == dimension]


def _pairs(session: Session, people: Mapping[tuple[int, int], _Tally]) -> list[Measured]:
    """Return the pairs by name: the order is no ranking."""
    known = {id for pair in people for id in pair}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(known)))
    names = {row.id: row.name for row in rows}
    told = [(" · ".join(sorted((names[a], names[b]))), tally) for (a, b), tally in people.items()]
    return [tally.measured(name) for name, tally in sorted(told, key=lambda one: one[0])[:_MOST_PAIRS]]


def _as_suggested() -> ColumnElement[bool]:
    return and_(
        LevelMapping.status != MappingStatus.REJECTED,
        LevelMapping.low == LevelMapping.suggested_low,
        LevelMapping.high == LevelMapping.suggested_high,
    )


def _scores(session: Session) -> dict[int, tuple[int, int]]:
    """Return score of the suggestion -> (endorsed as suggested, decided)."""
    hits = func.sum(case((_as_suggested(), 1), else_=0))
    rows = session.execute(
        select(LevelMapping.suggested_score, hits, func.count())
        .where(LevelMapping.status.in_(_DECIDED), LevelMapping.suggested_score.is_not(None))
        .group_by(LevelMapping.suggested_score)
    )
    return {score: (int(hit), count) for score, hit, count in rows if score is not None}


def _suggested(session: Session) -> Confusion:
    """Return (middle of the range suggested, of the range endorsed) -> cases."""
    one = (LevelMapping.suggested_low + LevelMapping.suggested_high) / 2.0
    other = (LevelMapping.low + LevelMapping.high) / 2.0
    rows = session.execute(
        select(one, other, func.count())
        .where(
            LevelMapping.status.in_((MappingStatus.ENDORSED, MappingStatus.SUPERSEDED)),
            LevelMapping.suggested_low.is_not(None),
        )
        .group_by(one, other)
    )
    return {(float(a), float(b)): count for a, b, count in rows if a is not None}


def _titles(session: Session, codes: Iterable[str]) -> dict[str, Texts]:
    rows = session.execute(select(Sector.code, Sector.titles).where(Sector.code.in_(set(codes))))
    return {row.code: row.titles for row in rows}
