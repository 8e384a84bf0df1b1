"""What a reviewer and the public read: the queue, one case, where the countries stand, a decision to cite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from rqf.equivalences.judging import refusal_of
from rqf.equivalences.proposing import with_all
from rqf.errors import N_, Message, NotFound
from rqf.models import (
    Country,
    Equivalence,
    EquivalenceDecision,
    EquivalenceEnding,
    EquivalenceProposal,
    ProposalWord,
    Qualification,
    QualificationVersion,
)
from rqf.models.standing import regional_edition
from rqf.people import Actor, require
from rqf.rules import quorum, workflow
from rqf.rules.terms import Reach, Role
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class Stand:
    """Where a country stands: ``endorsed`` is None while it has said nothing; sides come first."""

    country: str
    side: bool
    endorsed: bool | None
    name: str | None = None
    reason: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """A page of the reviewer's queue; ``own`` counts those that wait for the word of their own country."""

    items: Sequence[EquivalenceProposal]
    total: int
    own: int
    page: int
    pages: int


@dataclass(frozen=True)
class Case:
    """A proposal as a reviewer decides on it; ``refusal`` says why this one may not."""

    proposal: EquivalenceProposal
    stands: Sequence[Stand]
    reach: Reach
    quorum: int | None
    refusal: Message | None


@dataclass(frozen=True)
class Decision:
    """A decided equivalence with all that it rests on, to be cited and printed."""

    equivalence: Equivalence
    proposal: EquivalenceProposal | None
    stands: Sequence[Stand]
    reach: Reach
    quorum: int | None
    ending: EquivalenceEnding | None


def queue(session: Session, actor: Actor, page: int = 1, per_page: int = 25) -> Waiting:
    """Return the proposals that wait for a word of the actor's countries; those of its own sides first.

    :raises NotAllowed: the actor is no reviewer.
    """
    countries = require(actor, Role.REVIEWER).countries(Role.REVIEWER)
    a, b = aliased(QualificationVersion), aliased(QualificationVersion)
    one, other = aliased(Qualification), aliased(Qualification)
    spoke = (
        select(ProposalWord.id)
        .where(
            ProposalWord.proposal_id == EquivalenceProposal.id,
            ProposalWord.turn == EquivalenceProposal.turn,
            or_(ProposalWord.account_id == actor.id, ProposalWord.country_code.in_(countries)),
        )
        .exists()
    )
    own = or_(one.country_code.in_(countries), other.country_code.in_(countries))
    query = (
        select(EquivalenceProposal)
        .join(a, a.id == EquivalenceProposal.from_version_id)
        .join(b, b.id == EquivalenceProposal.to_version_id)
        .join(one, one.id == a.qualification_id)
        .join(other, other.id == b.qualification_id)
        .where(
            EquivalenceProposal.status.in_(workflow.WAITING),
            EquivalenceProposal.author_id != actor.id,
            ~spoke,
        )
    )
    total, ours = session.execute(
        query.with_only_columns(func.count(), func.coalesce(func.sum(sql_case((own, 1), else_=0)), 0))
    ).one()
    pages = max(1, -(-total // per_page))
    page = min(max(page, 1), pages)
    rows = session.scalars(
        with_all(query)
        .order_by(sql_case((own, 0), else_=1), EquivalenceProposal.submitted_at, EquivalenceProposal.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).all()
    return Waiting(rows, total, int(ours), page, pages)


def case(session: Session, actor: Actor, uuid: str) -> Case:
    """Return a submitted proposal with where the countries stand.

    :raises NotFound: there is none before the reviewers.
    """
    require(actor, Role.REVIEWER)
    proposal = session.scalars(
        with_all(select(EquivalenceProposal))
        .where(EquivalenceProposal.uuid == searchable(uuid), EquivalenceProposal.submitted_at.is_not(None))
        .options(
            joinedload(EquivalenceProposal.equivalence)
            .selectinload(Equivalence.decisions)
            .joinedload(EquivalenceDecision.account),
            joinedload(EquivalenceProposal.appeals).selectinload(EquivalenceProposal.words),
        )
    ).one_or_none()
    if proposal is None:
        raise NotFound(N_("There is no such proposal before the reviewers."))
    found = stands(session, proposal)
    number = regional_edition(session).quorum
    words = {one.country: one.endorsed for one in found if one.endorsed is not None}
    return Case(
        proposal, found, quorum.reach(proposal.sides, words, number), number, refusal_of(actor, proposal)
    )


def stands(session: Session, proposal: EquivalenceProposal) -> list[Stand]:
    """Return where the sides and the members of the region stand on the text as submitted last."""
    said = {
        one.country_code: _stand(one, proposal.said[one.country_code])
        for one in proposal.words
        if one.turn == proposal.turn and one.country_code in proposal.said
    }
    if proposal.equivalence:
        said |= {one.country_code: _stand(one, one.endorsed) for one in proposal.equivalence.decisions}
    return _in_order(_members(session), proposal.sides, said)


def stands_of(session: Session, decided: Iterable[Equivalence]) -> dict[int, list[Stand]]:
    """Return id of an equivalence -> where the countries stand, for those with their decisions loaded."""
    members = _members(session)
    return {
        one.id: _in_order(
            members,
            (one.from_version.country_code, one.to_version.country_code),
            {said.country_code: _stand(said, said.endorsed) for said in one.decisions},
        )
        for one in decided
    }


def decision(session: Session, number: str) -> Decision:
    """Return a decided equivalence, also one that has ended, by its number.

    :raises NotFound: there is none.
    """
    found = session.scalars(
        select(Equivalence)
        .where(Equivalence.number == searchable(number).upper())
        .options(
            joinedload(Equivalence.from_version).joinedload(QualificationVersion.qualification),
            joinedload(Equivalence.to_version).joinedload(QualificationVersion.qualification),
            selectinload(Equivalence.decisions).joinedload(EquivalenceDecision.account),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no decision with this number."))
    proposal = session.scalars(
        with_all(select(EquivalenceProposal)).where(EquivalenceProposal.equivalence_id == found.id)
    ).one_or_none()
    ending = session.scalars(
        select(EquivalenceEnding)
        .where(EquivalenceEnding.equivalence_id == found.id)
        .options(joinedload(EquivalenceEnding.account), joinedload(EquivalenceEnding.successor))
    ).one_or_none()
    sides = (found.from_version.country_code, found.to_version.country_code)
    number_of = regional_edition(session).quorum
    reach = quorum.reach(sides, {one.country_code: one.endorsed for one in found.decisions}, number_of)
    return Decision(found, proposal, stands_of(session, [found])[found.id], reach, number_of, ending)


def _stand(one: ProposalWord | EquivalenceDecision, endorsed: bool) -> Stand:
    return Stand(one.country_code, False, endorsed, one.account.name, one.reason, one.at)


def _members(session: Session) -> Sequence[str]:
    return session.scalars(select(Country.code).where(Country.member).order_by(Country.code)).all()


def _in_order(members: Sequence[str], sides: tuple[str, str], said: dict[str, Stand]) -> list[Stand]:
    order = [*dict.fromkeys([*sides, *members, *sorted(said)])]
    silent = {code: Stand(code, False, None) for code in order}
    return [
        Stand(code, code in sides, one.endorsed, one.name, one.reason, one.at)
        for code in order
        for one in [said.get(code, silent[code])]
    ]
