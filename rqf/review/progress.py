"""How far a review round is: done and open, each reviewer's share, and the placements once reconciled."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.models import (
    Absence,
    Account,
    Assignment,
    LevelMapping,
    QualificationVersion,
    ReviewRound,
    RoundItem,
    RoundPlacement,
)
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.registry import Page
from rqf.review.rounds import find_round
from rqf.rules import workflow
from rqf.rules.terms import AssignmentStatus, ItemStatus, Role
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class Share:
    """What one reviewer of a round has open and done, and whether they are away or gone."""

    account: Account
    countries: tuple[str, ...]
    open: int
    done: int
    away: bool


@dataclass(frozen=True)
class Progress:
    """How far a round is: qualifications by state, the pool that nobody holds, and each reviewer's share."""

    round: ReviewRound
    total: int
    done: int
    reconciling: int
    shares: tuple[Share, ...]
    days_left: int

    @property
    def percent(self) -> int:
        """Return the share that is done, 0 to 100."""
        return self.done * 100 // self.total if self.total else 0


def list_rounds(session: Session, actor: Actor, page: int = 1, per_page: int = 25) -> Page[Progress]:
    """Return the rounds, the newest first, with how far each is."""
    require(actor, Role.SECRETARIAT)
    total = session.scalar(select(func.count()).select_from(ReviewRound)) or 0
    page = min(max(page, 1), max(1, -(-total // per_page)))
    found = session.scalars(
        select(ReviewRound).order_by(ReviewRound.id.desc()).offset((page - 1) * per_page).limit(per_page)
    ).all()
    counts = _counts(session, [one.id for one in found])
    return Page(tuple(_progress(one, counts.get(one.id), ()) for one in found), total, page, per_page)


def progress(session: Session, actor: Actor, round_uuid: str) -> Progress:
    """Return how far a round is, and who has how much left; never what anybody placed.

    :raises NotFound: there is no such round.
    """
    require(actor, Role.SECRETARIAT)
    found = find_round(session, round_uuid)
    return _progress(found, _counts(session, [found.id]).get(found.id), _shares(session, found))


def round_items(
    session: Session, actor: Actor, round_uuid: str, page: int = 1, per_page: int = 50
) -> Page[RoundItem]:
    """Return the qualifications of a round, the most helpful first, with who has them."""
    require(actor, Role.SECRETARIAT)
    found = find_round(session, round_uuid)
    total = session.scalar(select(func.count()).where(RoundItem.round_id == found.id)) or 0
    page = min(max(page, 1), max(1, -(-total // per_page)))
    items = session.scalars(
        select(RoundItem)
        .where(RoundItem.round_id == found.id)
        .options(
            joinedload(RoundItem.version).joinedload(QualificationVersion.qualification),
            joinedload(RoundItem.mapping),
            selectinload(RoundItem.assignments).joinedload(Assignment.account),
        )
        .order_by(RoundItem.priority.desc(), RoundItem.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return Page(tuple(items), total, page, per_page)


def round_placements(session: Session, round_uuid: str) -> list[RoundPlacement]:
    """Return the placements of the qualifications of a round that are reconciled, for measuring agreement.

    What is not reconciled yet stays between its reviewer and the register.
    """
    return list(
        session.scalars(
            select(RoundPlacement)
            .join(RoundItem)
            .join(ReviewRound, RoundItem.round_id == ReviewRound.id)
            .where(ReviewRound.uuid == searchable(round_uuid), RoundItem.status == ItemStatus.DONE)
            .order_by(RoundPlacement.item_id, RoundPlacement.id)
        )
    )


def _counts(session: Session, round_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """Return round -> (qualifications, done, reconciling)."""
    decided = case(
        (RoundItem.mapping_id.is_(None), RoundItem.status == ItemStatus.DONE),
        else_=LevelMapping.status.not_in(workflow.OPEN),
    )
    rows = session.execute(
        select(
            RoundItem.round_id,
            func.count(),
            func.sum(case((decided, 1), else_=0)),
            func.sum(case((RoundItem.status == ItemStatus.RECONCILING, 1), else_=0)),
        )
        .outerjoin(LevelMapping, RoundItem.mapping_id == LevelMapping.id)
        .where(RoundItem.round_id.in_(round_ids))
        .group_by(RoundItem.round_id)
    )
    return {key: (total, int(done), int(reconciling)) for key, total, done, reconciling in rows}


def _progress(found: ReviewRound, counts: tuple[int, int, int] | None, shares: tuple[Share, ...]) -> Progress:
    total, done, reconciling = counts or (0, 0, 0)
    return Progress(found, total, done, reconciling, shares, (found.deadline - now().date()).days)


def _shares(session: Session, found: ReviewRound) -> tuple[Share, ...]:
    decided = LevelMapping.status.not_in(workflow.OPEN)
    finished = (Assignment.status == AssignmentStatus.DONE) | decided
    rows = session.execute(
        select(
            Assignment.account_id,
            func.sum(case((finished, 0), else_=1)),
            func.sum(case((finished, 1), else_=0)),
        )
        .join(RoundItem)
        .outerjoin(LevelMapping, RoundItem.mapping_id == LevelMapping.id)
        .where(RoundItem.round_id == found.id, Assignment.status != AssignmentStatus.RELEASED)
        .group_by(Assignment.account_id)
    )
    counts = {account: (int(left), int(done)) for account, left, done in rows}
    away = set(
        session.scalars(
            select(Absence.account_id).where(
                Absence.account_id.in_([one.account_id for one in found.reviewers])
            )
        )
    )
    return tuple(
        Share(
            one.account,
            tuple(grant.country_code for grant in one.account.roles
                  if grant.role == Role.REVIEWER and grant.country_code),
            *counts.get(one.account_id, (0, 0)),
            one.account_id in away or not one.account.active,
        )
        for one in found.reviewers
    )  # fmt: skip
