"""Independent double mapping: two reviewers place a qualification apart, a third reconciles the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from rqf.errors import N_, Changed, Invalid, Message, NotAllowed, NotFound, RqfError, WrongState, message
from rqf.models import (
    Assignment,
    LevelMapping,
    Qualification,
    QualificationVersion,
    ReviewRound,
    RoundItem,
    RoundPlacement,
    RoundReviewer,
    audit,
)
from rqf.models.standing import whole_edition, whole_version
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.registry import advise
from rqf.review.advice import Advice, stored_advice
from rqf.review.assignments import check_fit, hand_on, held, lock_item, missing, part_of
from rqf.review.rounds import PLACERS
from rqf.rules import workflow
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import AssignmentStatus, ItemStatus, Part, Role
from rqf.rules.texts import searchable
from rqf.rules.workflow import WIDEST

#: How many entries of their work list a reviewer is shown.
SHOWN = 100


@dataclass(frozen=True)
class Task:
    """Something that a reviewer can do in a round: theirs, or free for anybody who may."""

    item: RoundItem
    part: Part
    assigned: bool
    days_left: int


@dataclass(frozen=True)
class PlacingCase:
    """A qualification of a round as one reviewer may see it: never what another placed before it is time."""

    item: RoundItem
    part: Part | None
    #: What the reader placed themselves.
    own: RoundPlacement | None
    #: Both placements, for the one who reconciles and, once it is reconciled, for those who placed.
    placements: tuple[RoundPlacement, ...] = ()
    reconciled: RoundPlacement | None = None
    advice: Advice = field(default_factory=Advice)
    refusal: Message | None = None

    @property
    def agreed(self) -> bool:
        """Tell whether the two who placed it apart said the same."""
        first, *others = self.placements
        return all((one.low, one.high, one.levels) == (first.low, first.high, first.levels) for one in others)


def tasks(session: Session, actor: Actor) -> list[Task]:
    """Return what the actor has to do in rounds, and what is free: their own first, then what helps most."""
    require(actor, Role.REVIEWER)
    mine, holder = aliased(Assignment), aliased(Assignment)
    part = case(
        (RoundItem.mapping_id.is_not(None), Part.DECISION),
        (RoundItem.status == ItemStatus.PLACING, Part.PLACEMENT),
        else_=Part.RECONCILIATION,
    )
    needed = case((part == Part.PLACEMENT, PLACERS), else_=1)
    taken = (
        select(func.count(holder.id))
        .where(
            holder.item_id == RoundItem.id, holder.part == part, holder.status != AssignmentStatus.RELEASED
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(RoundItem, mine.id)
        .join(RoundItem.round)
        .join(RoundReviewer, and_(RoundReviewer.round_id == ReviewRound.id,
                                  RoundReviewer.account_id == actor.id))
        .join(RoundItem.version)
        .join(Qualification)
        .outerjoin(RoundItem.mapping)
        .outerjoin(mine, and_(mine.item_id == RoundItem.id, mine.account_id == actor.id,
                              mine.status != AssignmentStatus.RELEASED))
        .where(
            Qualification.country_code.not_in(actor.countries()),
            or_(QualificationVersion.author_id.is_(None), QualificationVersion.author_id != actor.id),
            case(
                (RoundItem.mapping_id.is_(None), RoundItem.status != ItemStatus.DONE),
                else_=and_(LevelMapping.status.in_(workflow.WAITING), LevelMapping.author_id != actor.id),
            ),
            or_(mine.status == AssignmentStatus.OPEN, and_(mine.id.is_(None), taken < needed)),
        )
        .options(
            contains_eager(RoundItem.round),
            contains_eager(RoundItem.mapping),
            contains_eager(RoundItem.version).contains_eager(QualificationVersion.qualification),
        )
        .order_by(mine.id.is_(None), ReviewRound.deadline, RoundItem.priority.desc(), RoundItem.id)
        .limit(SHOWN)
    )  # fmt: skip
    today = now().date()
    return [
        _task(item, assignment is not None, (item.round.deadline - today).days) for item, assignment in rows
    ]


def next_task(session: Session, actor: Actor) -> Task | None:
    """Return the first of the actor's tasks, or None."""
    return next(iter(tasks(session, actor)), None)


def placing_case(session: Session, actor: Actor, item_uuid: str) -> PlacingCase:
    """Return a qualification of a round with what the actor may see of it.

    Who places sees the record and the descriptors, no suggestion and nothing of the other; who reconciles
    sees both placements and the suggestion.

    :raises NotFound: there is none, or the actor takes no part in its round.
    """
    require(actor, Role.REVIEWER)
    item = session.scalars(
        select(RoundItem)
        .where(RoundItem.uuid == searchable(item_uuid), RoundItem.mapping_id.is_(None))
        .options(
            joinedload(RoundItem.version).options(*whole_version()),  # type: ignore[arg-type]
            joinedload(RoundItem.round).options(
                selectinload(ReviewRound.reviewers).joinedload(RoundReviewer.account),
                joinedload(ReviewRound.edition).options(*whole_edition()),  # type: ignore[arg-type]
            ),
            selectinload(RoundItem.assignments).joinedload(Assignment.account),
            selectinload(RoundItem.placements).joinedload(RoundPlacement.account),
        )
    ).one_or_none()
    if item is None or not _takes_part(item, actor):
        raise NotFound(N_("There is no such qualification in a round of yours."))
    refusal = _refusal(session, actor, item)
    own = next((one for one in item.placements if one.account_id == actor.id), None)
    reconciling = item.status == ItemStatus.RECONCILING and own is None and refusal is None
    if not reconciling and item.status != ItemStatus.DONE:
        return PlacingCase(item, part_of(item), own, refusal=refusal)
    return PlacingCase(
        item, part_of(item), own, _first_two(item),
        next((one for one in item.placements if one.part == Part.RECONCILIATION), None),
        stored_advice(advise(session, item.version).stored()), refusal,
    )  # fmt: skip


def place(
    session: Session,
    actor: Actor,
    item_uuid: str,
    low: int,
    high: int,
    levels: Mapping[str, int],
    reason: str,
) -> RoundPlacement:
    """Place a qualification on one's own, or reconcile the two placements when they are there.

    ``levels`` is descriptor domain -> level, for every domain of the edition.

    :raises NotAllowed: it is one's own country's, one takes no part, or others have it.
    :raises WrongState: one has placed it already.
    :raises Changed: somebody was first.
    :raises Invalid: a level or the reason is wrong.
    """
    require(actor, Role.REVIEWER)
    item = lock_item(session, item_uuid)
    part = _check_turn(session, actor, item)
    said = _check_levels(item, low, high, levels, reason)
    made = RoundPlacement(
        round_id=item.round_id, version_id=item.version_id, account_id=actor.id,
        country_code=actor.country(Role.REVIEWER), part=part, low=low, high=high, levels=dict(levels),
        reason=said,
    )  # fmt: skip
    item.placements.append(made)
    _finish(item, part, actor)
    session.flush()
    if part == Part.RECONCILIATION:
        item.status = ItemStatus.DONE
    elif len(_first_two(item)) == PLACERS:
        item.status = ItemStatus.RECONCILING
        hand_on(session, item)
    session.flush()
    _note(session, actor, item, made)
    return made


def _check_turn(session: Session, actor: Actor, item: RoundItem) -> Part:
    if not _takes_part(item, actor):
        raise NotAllowed(N_("You do not take part in this round."))
    part = part_of(item)
    if part not in (Part.PLACEMENT, Part.RECONCILIATION):
        raise _over(item)
    if part == Part.PLACEMENT and any(one.account_id == actor.id for one in item.placements):
        raise WrongState(N_("You have placed this qualification already."))
    check_fit(session, actor.account, item)
    if missing(item) <= 0 and not any(one.account_id == actor.id for one in held(item, part)):
        raise NotAllowed(N_("Others have this qualification. Take one that is yours or free."))
    return part


def _over(item: RoundItem) -> RqfError:
    last = next((one for one in item.placements if one.part == Part.RECONCILIATION), None)
    if last is None:
        return WrongState(N_("This qualification is not placed in a round; its proposal is decided on."))
    return Changed(
        N_("%(name)s (%(country)s) reconciled it first, on %(at)s UTC. Yours was not saved."),
        name=last.account.name, country=last.country_code or "–", at=f"{last.created_at:%Y-%m-%d %H:%M}",
    )  # fmt: skip


def _check_levels(item: RoundItem, low: int, high: int, levels: Mapping[str, int], reason: str) -> str:
    numbers = [one.number for one in item.round.edition.levels]
    domains = [one.code for one in item.round.edition.domains]
    wrong: dict[str, list[Message]] = {}
    for place, value in {"low": low, "high": high, **{f"levels.{k}": v for k, v in levels.items()}}.items():
        if value not in numbers:
            wrong[place] = [
                message(
                    N_("%(value)s is not a regional level. There are the levels %(low)s to %(high)s."),
                    value=value, low=min(numbers), high=max(numbers),
                )
            ]  # fmt: skip
    for code in set(domains) ^ set(levels):
        wrong[f"levels.{code}"] = [
            message(N_("Place the qualification in each domain: %(domains)s."), domains=", ".join(domains))
        ]
    if low > high:
        wrong["high"] = [
            message(N_("The highest level, %(high)s, is below the lowest, %(low)s."), low=low, high=high)
        ]
    elif high - low > WIDEST:
        wrong["high"] = [
            message(
                N_("The range %(low)s to %(high)s is too wide: at most %(widest)s levels apart."),
                low=low, high=high, widest=WIDEST,
            )
        ]  # fmt: skip
    try:
        said = checked_reason(reason)
    except Invalid as error:
        wrong |= error.fields
        said = ""
    if wrong:
        raise Invalid(wrong)
    return said


def _finish(item: RoundItem, part: Part, actor: Actor) -> None:
    """Note that the actor has done their part, also when it was free and nobody had given it to them."""
    own = next((one for one in held(item, part) if one.account_id == actor.id), None)
    if own is None:
        own = Assignment(account_id=actor.id, account=actor.account, part=part)
        item.assignments.append(own)
    own.status, own.ended_at = AssignmentStatus.DONE, now()


def _note(session: Session, actor: Actor, item: RoundItem, made: RoundPlacement) -> None:
    # The levels stay out of the trail until they are reconciled: somebody who places could read it.
    told = {"low": made.low, "high": made.high, "levels": dict(made.levels)}
    reconciled = made.part == Part.RECONCILIATION
    audit.record(
        session, actor.account, "round.reconcile" if reconciled else "round.place", "review_round",
        item.round.uuid, country=item.version.country_code, item=item.uuid,
        qualification=item.version.qualification.uuid, after=told if reconciled else None,
    )  # fmt: skip


def _task(item: RoundItem, assigned: bool, days_left: int) -> Task:
    part = part_of(item)
    assert part is not None
    return Task(item, part, assigned, days_left)


def _takes_part(item: RoundItem, actor: Actor) -> bool:
    return any(one.account_id == actor.id for one in item.round.reviewers)


def _first_two(item: RoundItem) -> tuple[RoundPlacement, ...]:
    return tuple(one for one in item.placements if one.part == Part.PLACEMENT)


def _refusal(session: Session, actor: Actor, item: RoundItem) -> Message | None:
    try:
        _check_turn(session, actor, item)
    except RqfError as refused:
        return refused.message
    return None
