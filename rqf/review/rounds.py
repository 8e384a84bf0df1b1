"""Review rounds as the secretariat sees them: which qualifications, who reviews, until when, how far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import N_, Invalid, Message, NotFound, message
from rqf.models import (
    Account,
    LevelMapping,
    Qualification,
    QualificationVersion,
    QueuePlace,
    ReviewRound,
    RoleGrant,
    RoundItem,
    RoundReviewer,
    Sector,
    audit,
)
from rqf.models.queueing import followers
from rqf.models.standing import regional_edition
from rqf.models.tables import now
from rqf.people import Actor, countries, require
from rqf.rules import priority, workflow
from rqf.rules.terms import (
    ItemStatus,
    QualificationType,
    Role,
    RoundMode,
    VersionStatus,
)
from rqf.rules.texts import searchable, strange_sign, tidy

#: More than this is several rounds: nobody oversees it.
MOST_ITEMS = 1000
_LONGEST_TITLE = 200
#: How many placements a qualification gets before it is reconciled.
PLACERS = 2


@dataclass(frozen=True)
class Selection:
    """What a filter finds for a round: how many in all and by country, and the first of them."""

    total: int
    first: tuple[QualificationVersion, ...]
    countries: dict[str, int]


def preview(session: Session, actor: Actor, mode: RoundMode, filters: Mapping[str, str]) -> Selection:
    """Return what a round with these filters (sector, country, type) would hold; nothing is written.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    wanted = _candidates(mode, filters)
    counts = session.execute(
        wanted.with_only_columns(Qualification.country_code, func.count())
        .group_by(Qualification.country_code)
        .order_by(Qualification.country_code)
    )
    by_country = {country: count for country, count in counts}  # noqa: C416
    first: Iterable[QualificationVersion] = session.scalars(
        wanted.options(joinedload(QualificationVersion.qualification))
        .order_by(QualificationVersion.id)
        .limit(10)
    )
    return Selection(sum(by_country.values()), tuple(first), by_country)


def create_round(
    session: Session,
    actor: Actor,
    *,
    title: str,
    mode: RoundMode,
    filters: Mapping[str, str],
    reviewers: Iterable[str],
    deadline: date,
) -> ReviewRound:
    """Make a round of what the filters find. ``reviewers`` are e-mail addresses.

    :raises Invalid: the title, the deadline, a reviewer or what the filters find is wrong.
    """
    require(actor, Role.SECRETARIAT)
    people, unknown = _reviewers(session, reviewers)
    found = session.execute(_rows(mode, filters).limit(MOST_ITEMS + 1)).all()
    wrong = {
        "title": _wrong_title(tidy(title)),
        "deadline": _wrong_deadline(deadline),
        "reviewers": _wrong_reviewers(people, unknown, mode),
        "filters": _wrong_selection(len(found)),
    }
    if any(wrong.values()):
        raise Invalid({field: [said] for field, said in wrong.items() if said})
    made = ReviewRound(
        title=tidy(title), mode=mode, filters=dict(filters), deadline=deadline, author=actor.account,
        edition=regional_edition(session),
    )  # fmt: skip
    made.reviewers = [RoundReviewer(account=one) for one in people]
    session.add(made)
    session.flush()
    session.add_all(_items(session, made, found))
    session.flush()
    audit.record(
        session, actor.account, "round.create", "review_round", made.uuid, title=made.title, mode=mode,
        filters=dict(filters), deadline=deadline.isoformat(), items=len(found),
        reviewers=[one.email for one in people],
    )  # fmt: skip
    return made


def round_filters(session: Session, actor: Actor) -> tuple[list[str], list[Sector]]:
    """Return the countries and the sectors by which a round can be filtered."""
    require(actor, Role.SECRETARIAT)
    return countries(session), list(session.scalars(select(Sector).order_by(Sector.code)))


def possible_reviewers(session: Session, actor: Actor) -> list[Account]:
    """Return the active reviewers of all countries, by name."""
    require(actor, Role.SECRETARIAT)
    return list(
        session.scalars(
            select(Account)
            .where(Account.active, Account.roles.any(RoleGrant.role == Role.REVIEWER))
            .options(selectinload(Account.roles))
            .order_by(Account.name)
        )
    )


def find_round(session: Session, round_uuid: str) -> ReviewRound:
    """Return a round with its reviewers.

    :raises NotFound: there is none.
    """
    found = session.scalars(
        select(ReviewRound)
        .where(ReviewRound.uuid == searchable(round_uuid))
        .options(
            selectinload(ReviewRound.reviewers).joinedload(RoundReviewer.account).selectinload(Account.roles)
        )
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such review round."))
    return found


def _candidates(mode: RoundMode, filters: Mapping[str, str]) -> Select[QualificationVersion]:
    """Return the published versions that fit and stand in no unfinished round."""
    busy = select(RoundItem.id).outerjoin(LevelMapping, RoundItem.mapping_id == LevelMapping.id).where(
        RoundItem.version_id == QualificationVersion.id,
        case(
            (RoundItem.mapping_id.is_(None), RoundItem.status != ItemStatus.DONE),
            else_=LevelMapping.status.in_(workflow.OPEN),
        ),
    )  # fmt: skip
    rows = (
        select(QualificationVersion)
        .join(Qualification)
        .where(QualificationVersion.status == VersionStatus.PUBLISHED, ~busy.exists())
    )
    if mode == RoundMode.SINGLE:
        rows = rows.join(LevelMapping, LevelMapping.version_id == QualificationVersion.id).where(
            LevelMapping.status.in_(workflow.WAITING)
        )
    if filters.get("sector"):
        rows = rows.where(QualificationVersion.sector_code == searchable(filters["sector"]))
    if filters.get("country"):
        rows = rows.where(Qualification.country_code == searchable(filters["country"]))
    if filters.get("type") in set(QualificationType):
        rows = rows.where(Qualification.type == QualificationType(filters["type"]))
    return rows


def _rows(mode: RoundMode, filters: Mapping[str, str]) -> Select:  # type: ignore[type-arg]
    """Return (version, waiting mapping or None, its stored priority or None)."""
    rows = _candidates(mode, filters).options(joinedload(QualificationVersion.qualification))
    if mode == RoundMode.DOUBLE:
        return rows.order_by(QualificationVersion.id)
    return (
        rows.add_columns(LevelMapping, QueuePlace.priority)
        .outerjoin(QueuePlace, QueuePlace.mapping_id == LevelMapping.id)
        .order_by(QualificationVersion.id)
    )


def _items(session: Session, made: ReviewRound, found: Iterable) -> list[RoundItem]:  # type: ignore[type-arg]
    kin: dict[tuple[str | None, str | None, str], float] = {}
    items = []
    for version, *proposal in found:
        mapping, stored = proposal or (None, None)
        key = (version.isco_08, version.sector_code, version.country_code)
        if stored is None and key not in kin:
            # Records of one occupation and country have the same followers: asked once.
            kin[key] = priority.priority(1.0, 0, followers(session, version))
        items.append(
            RoundItem(
                round=made, version=version, mapping=mapping,
                priority=kin[key] if stored is None else stored,
            )
        )  # fmt: skip
    return items


def _reviewers(session: Session, emails: Iterable[str]) -> tuple[list[Account], list[str]]:
    wanted = sorted({searchable(one).lower() for one in emails})
    found = session.scalars(
        select(Account)
        .where(Account.email.in_(wanted), Account.active, Account.roles.any(RoleGrant.role == Role.REVIEWER))
        .options(selectinload(Account.roles))
        .order_by(Account.id)
    ).all()
    return list(found), sorted(set(wanted) - {one.email for one in found})


def _wrong_title(title: str) -> Message | None:
    if not title:
        return message(N_("Give the round a title, for example its sector and year."))
    strange = strange_sign(title)
    if strange:
        return message(
            N_("The text contains a control character (%(sign)s) that cannot be kept."), sign=strange
        )
    if len(title) > _LONGEST_TITLE:
        return message(
            N_("The text has %(n)s characters; at most %(longest)s are accepted."),
            n=len(title), longest=_LONGEST_TITLE,
        )  # fmt: skip
    return None


def _wrong_deadline(deadline: date) -> Message | None:
    today = now().date()
    if deadline < today:
        return message(
            N_("The deadline %(day)s has passed. Choose today, %(today)s, or a later day."),
            day=deadline.isoformat(), today=today.isoformat(),
        )  # fmt: skip
    return None


def _wrong_reviewers(people: list[Account], unknown: list[str], mode: RoundMode) -> Message | None:
    if unknown:
        return message(N_("%(value)s is no active reviewer."), value=", ".join(unknown))
    needed = 1 if mode == RoundMode.SINGLE else PLACERS + 1
    if len(people) < needed:
        return message(
            N_("The round has %(count)s reviewers; it needs at least %(needed)s."),
            count=len(people), needed=needed,
        )  # fmt: skip
    return None


def _wrong_selection(count: int) -> Message | None:
    if not count:
        return message(N_("No qualification fits these filters. Those of an unfinished round are left out."))
    if count > MOST_ITEMS:
        return message(
            N_("More than %(most)s qualifications fit these filters. Make several rounds."), most=MOST_ITEMS
        )
    return None
