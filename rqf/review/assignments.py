"""Who does what in a round: dealt evenly or in batches, given by hand, passed on when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import N_, NotAllowed, NotFound, WrongState
from rqf.models import (
    Absence,
    Account,
    Assignment,
    LevelMapping,
    QualificationVersion,
    ReviewRound,
    RoundItem,
    RoundReviewer,
    audit,
)
from rqf.models.rounds import release
from rqf.models.tables import now
from rqf.people import Actor, actor_of, require
from rqf.review.rounds import PLACERS, find_round
from rqf.rules import workflow
from rqf.rules.dealing import Card, Dealer, deal
from rqf.rules.terms import AssignmentStatus, ItemStatus, Part, Role
from rqf.rules.texts import searchable


def part_of(item: RoundItem) -> Part | None:
    """Return what has to be done next on a qualification of a round; None when nothing."""
    if item.mapping is not None:
        return Part.DECISION if item.mapping.status in workflow.OPEN else None
    parts = {ItemStatus.PLACING: Part.PLACEMENT, ItemStatus.RECONCILING: Part.RECONCILIATION}
    return parts.get(item.status)


def held(item: RoundItem, part: Part | None) -> list[Assignment]:
    """Return who holds or has done a part of the work on a qualification."""
    return [one for one in item.assignments if one.part == part and one.status != AssignmentStatus.RELEASED]


def missing(item: RoundItem) -> int:
    """Return how many more reviewers the next step on a qualification needs."""
    part = part_of(item)
    if part is None:
        return 0
    return (PLACERS if part == Part.PLACEMENT else 1) - len(held(item, part))


def deal_out(session: Session, actor: Actor, round_uuid: str, batch: int | None = None) -> int:
    """Deal what nobody holds to the reviewers of the round, and return how many assignments were made.

    Evenly; with ``batch`` nobody gets more than so many at a time, and the rest stays in the pool.

    :raises WrongState: everybody is away.
    """
    require(actor, Role.SECRETARIAT)
    found = find_round(session, round_uuid)
    items = [one for one in _lock(session, RoundItem.round_id == found.id) if missing(one) > 0]
    dealers = _dealers(session, found)
    if not dealers:
        raise WrongState(N_("All reviewers of this round are away. Add a reviewer or wait for one."))
    pairs = deal((_card(one) for one in items), dealers)
    if batch is not None:
        pairs = _first(pairs, batch)
    by_id = {one.id: one for one in items}
    for item_id, account_id in pairs:
        _give(session, by_id[item_id], account_id)
    session.flush()
    audit.record(
        session, actor.account, "round.deal", "review_round", found.uuid, assignments=len(pairs), batch=batch
    )
    return len(pairs)


def assign(session: Session, actor: Actor, item_uuid: str, email: str, instead_of: str = "") -> RoundItem:
    """Give a qualification to a reviewer by hand; ``instead_of`` is the address of who has it now.

    :raises NotAllowed: the person may not review this qualification.
    :raises WrongState: there is nobody to replace, or nothing left to do.
    """
    require(actor, Role.SECRETARIAT)
    item = lock_item(session, item_uuid)
    account = _member(item.round, email)
    part = part_of(item)
    if part is None:
        raise WrongState(N_("Nothing is left to do on this qualification in the round."))
    if instead_of:
        _take_back(item, part, instead_of)
    session.flush()
    check_fit(session, account, item)
    if missing(item) <= 0:
        raise WrongState(N_("Enough reviewers have this qualification. Say who hands it over."))
    _give(session, item, account.id)
    session.flush()
    audit.record(
        session, actor.account, "round.assign", "review_round", item.round.uuid, item=item.uuid,
        reviewer=account.email, instead_of=instead_of or None,
    )  # fmt: skip
    return item


def set_away(session: Session, actor: Actor, email: str, away: bool) -> int:
    """Say that a reviewer is on leave, or back; what they still had to do goes into the pool.

    The secretariat says it of anybody, a reviewer of themselves. Returns how many assignments were released.

    :raises NotFound: nobody has this address.
    """
    if actor.account.email != searchable(email).lower():
        require(actor, Role.SECRETARIAT)
    account = session.scalar(select(Account).where(Account.email == searchable(email).lower()))
    if account is None:
        raise NotFound(N_("There is no account for %(value)s."), value=email)
    there = session.get(Absence, account.id)
    released = 0
    if away and there is None:
        session.add(Absence(account_id=account.id))
        released = release(session, account.id)
    elif not away:
        session.execute(delete(Absence).where(Absence.account_id == account.id))
    session.flush()
    audit.record(
        session, actor.account, "account.away" if away else "account.back", "account", account.id,
        email=account.email, released=released,
    )  # fmt: skip
    return released


def hand_on(session: Session, item: RoundItem) -> None:
    """Give the next step on a qualification to whoever of the round holds least; else it is in the pool."""
    found = find_round(session, item.round.uuid)
    for _, account_id in deal([_card(item)], _dealers(session, found)):
        _give(session, item, account_id)


def lock_item(session: Session, item_uuid: str) -> RoundItem:
    """Return a qualification of a round as it stands now, held until the transaction ends.

    :raises NotFound: there is none.
    """
    found = _lock(session, RoundItem.uuid == searchable(item_uuid))
    if not found:
        raise NotFound(N_("There is no such qualification in a review round."))
    return found[0]


def check_fit(session: Session, account: Account, item: RoundItem) -> None:
    """Refuse a reviewer who must not judge a qualification, or has judged it already.

    :raises NotAllowed: always with the reason.
    """
    person = actor_of(account)
    authors = {item.version.author_id} | ({item.mapping.author_id} if item.mapping else set())
    workflow.check_four_eyes(
        person.id, person.countries(), person.id if person.id in authors else 0, item.version.country_code
    )
    if part_of(item) == Part.RECONCILIATION and any(
        one.account_id == person.id for one in held(item, Part.PLACEMENT)
    ):
        raise NotAllowed(N_("Who placed a qualification does not reconcile it. A third person does."))


def _lock(session: Session, *wanted) -> list[RoundItem]:  # type: ignore[no-untyped-def]
    return list(
        session.scalars(
            select(RoundItem)
            .where(*wanted)
            .options(
                joinedload(RoundItem.version).joinedload(QualificationVersion.qualification),
                joinedload(RoundItem.round)
                .selectinload(ReviewRound.reviewers)
                .joinedload(RoundReviewer.account)
                .selectinload(Account.roles),
                joinedload(RoundItem.mapping),
                selectinload(RoundItem.assignments).joinedload(Assignment.account),
                selectinload(RoundItem.placements),
            )
            .order_by(RoundItem.priority.desc(), RoundItem.id)
            .with_for_update(of=RoundItem)
            .execution_options(populate_existing=True)
        )
    )


def _card(item: RoundItem) -> Card:
    keeping = [one for one in item.assignments if one.status != AssignmentStatus.RELEASED]
    barred = {one.account_id for one in keeping} | {one.account_id for one in item.placements}
    barred |= {item.version.author_id or 0} | ({item.mapping.author_id} if item.mapping else set())
    seen = {country for one in keeping for country in actor_of(one.account).countries()}
    return Card(item.id, item.version.country_code, missing(item), frozenset(barred), frozenset(seen))


def _dealers(session: Session, found: ReviewRound) -> list[Dealer]:
    """Return the reviewers of a round who are there, with what they hold in all rounds."""
    ids = [one.account_id for one in found.reviewers]
    away = set(session.scalars(select(Absence.account_id).where(Absence.account_id.in_(ids))))
    load = dict(
        session.execute(
            select(Assignment.account_id, func.count())
            .join(RoundItem)
            .outerjoin(LevelMapping, RoundItem.mapping_id == LevelMapping.id)
            .where(
                Assignment.account_id.in_(ids),
                Assignment.status == AssignmentStatus.OPEN,
                RoundItem.mapping_id.is_(None) | LevelMapping.status.in_(workflow.OPEN),
            )
            .group_by(Assignment.account_id)
        ).all()
    )
    return [
        Dealer(one.account_id, actor_of(one.account).countries(), load.get(one.account_id, 0))
        for one in found.reviewers
        if one.account.active and one.account_id not in away and actor_of(one.account).has(Role.REVIEWER)
    ]


def _first(pairs: Iterable[tuple[int, int]], batch: int) -> list[tuple[int, int]]:
    count: dict[int, int] = {}
    kept = []
    for item_id, account_id in pairs:
        if count.get(account_id, 0) < batch:
            kept.append((item_id, account_id))
            count[account_id] = count.get(account_id, 0) + 1
    return kept


def _give(session: Session, item: RoundItem, account_id: int) -> None:
    part = part_of(item)
    assert part is not None
    account = next(one.account for one in item.round.reviewers if one.account_id == account_id)
    item.assignments.append(Assignment(account_id=account_id, account=account, part=part))


def _take_back(item: RoundItem, part: Part, email: str) -> None:
    for one in held(item, part):
        if one.account.email == searchable(email).lower() and one.status == AssignmentStatus.OPEN:
            one.status, one.ended_at = AssignmentStatus.RELEASED, now()
            return
    raise WrongState(N_("%(value)s has nothing to hand over here."), value=email)


def _member(found: ReviewRound, email: str) -> Account:
    for one in found.reviewers:
        if one.account.email == searchable(email).lower() and one.account.active:
            return one.account
    raise NotAllowed(N_("%(value)s does not take part in this round."), value=email)
