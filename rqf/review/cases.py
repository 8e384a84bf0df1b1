"""One proposal with everything that a decision rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.errors import N_, Message, NotAllowed, NotFound, message
from rqf.models import (
    AuditEntry,
    FrameworkEdition,
    LearningOutcome,
    Level,
    LevelDescriptor,
    LevelMapping,
    MappingDecision,
    Placement,
    Qualification,
    QualificationVersion,
)
from rqf.models.queueing import Appeal
from rqf.models.standing import whole_version
from rqf.people import Actor, require
from rqf.review.advice import Advice, stored_advice
from rqf.rules import workflow
from rqf.rules.terms import OutcomeDomain, Role
from rqf.rules.texts import searchable


@dataclass(frozen=True)
class Case:
    """A proposal, the record it is about, the advice it started from, and what came before."""

    mapping: LevelMapping
    advice: Advice
    #: The record's learning outcomes, sorted by the domain they are about.
    outcomes: dict[OutcomeDomain, list[LearningOutcome]]
    #: The regional levels from one below the proposed range to one above it, with their descriptors.
    neighbours: list[Level]
    #: Other mappings of the same qualification, the newest first.
    earlier: list[LevelMapping]
    #: Who said that they are at it, while it is in review.
    opened_by: str | None
    #: Why the actor cannot decide; None when they can.
    refusal: Message | None

    @property
    def version(self) -> QualificationVersion:
        """Return the version that is to be placed."""
        return self.mapping.version


def case(session: Session, actor: Actor, mapping_uuid: str) -> Case:
    """Return a proposal with all that is needed to decide on it.

    :raises NotFound: there is none, or it has never been submitted.
    :raises NotAllowed: the actor is no reviewer.
    """
    require(actor, Role.REVIEWER)
    mapping = find(session, mapping_uuid)
    return Case(
        mapping=mapping,
        advice=stored_advice(mapping.suggestion),
        outcomes=_by_domain(mapping.version.outcomes()),
        neighbours=_neighbours(mapping.edition, mapping.low - 1, mapping.high + 1),
        earlier=_earlier(session, mapping),
        opened_by=_opened_by(session, mapping),
        refusal=_refusal(session, actor, mapping),
    )


def find(session: Session, mapping_uuid: str) -> LevelMapping:
    """Return a level mapping that has been before the reviewers, with what a page shows of it.

    :raises NotFound: there is none.
    """
    mapping = session.scalars(
        _submitted()
        .where(LevelMapping.uuid == searchable(mapping_uuid))
        .options(
            joinedload(LevelMapping.version).options(*whole_version()),  # type: ignore[arg-type]
            joinedload(LevelMapping.edition).options(
                joinedload(FrameworkEdition.framework),
                selectinload(FrameworkEdition.domains),
                selectinload(FrameworkEdition.levels)
                .selectinload(Level.descriptors)
                .joinedload(LevelDescriptor.domain),
            ),
        )
    ).one_or_none()
    if mapping is None:
        raise NotFound(N_("There is no such proposal before the reviewers."))
    return mapping


def mapping_history(session: Session, version_id: int) -> list[LevelMapping]:
    """Return the mappings of a version that were submitted, the newest first, with their decisions."""
    return list(
        session.scalars(
            _submitted().where(LevelMapping.version_id == version_id).order_by(LevelMapping.id.desc())
        )
    )


def _submitted() -> Select[LevelMapping]:
    return (
        select(LevelMapping)
        .where(LevelMapping.submitted_at.is_not(None))
        .options(
            joinedload(LevelMapping.author),
            selectinload(LevelMapping.placements).joinedload(Placement.domain),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
    )


def _by_domain(outcomes: Iterable[LearningOutcome]) -> dict[OutcomeDomain, list[LearningOutcome]]:
    sorted_: dict[OutcomeDomain, list[LearningOutcome]] = {domain: [] for domain in OutcomeDomain}
    for one in outcomes:
        sorted_[one.domain].append(one)
    return {domain: found for domain, found in sorted_.items() if found}


def _neighbours(edition: FrameworkEdition, low: int, high: int) -> list[Level]:
    return [level for level in edition.levels if low <= level.number <= high]


def _earlier(session: Session, mapping: LevelMapping) -> list[LevelMapping]:
    return list(
        session.scalars(
            _submitted()
            .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
            .join(Qualification)
            .where(
                Qualification.id == mapping.version.qualification_id,
                LevelMapping.id != mapping.id,
            )
            .options(joinedload(LevelMapping.version))
            .order_by(LevelMapping.id.desc())
        )
    )


def _opened_by(session: Session, mapping: LevelMapping) -> str | None:
    if mapping.status not in workflow.WAITING:
        return None
    entry = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.record_type == "level_mapping",
            AuditEntry.record_id == mapping.uuid,
            AuditEntry.action == "mapping.open",
            AuditEntry.at >= mapping.submitted_at,
        )
        .options(joinedload(AuditEntry.account))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return entry.account.name if entry and entry.account else None


def check_appeal(session: Session, actor: Actor, mapping: LevelMapping) -> None:
    """Refuse who decided on what this proposal appeals against.

    :raises NotAllowed: with the reason.
    """
    judged = session.scalar(
        select(MappingDecision.id)
        .join(Appeal, Appeal.of_id == MappingDecision.mapping_id)
        .where(Appeal.mapping_id == mapping.id, MappingDecision.account_id == actor.id)
        .limit(1)
    )
    if judged is not None:
        raise NotAllowed(
            N_("This is an appeal against your own decision. Somebody else has to decide on it.")
        )


def _refusal(session: Session, actor: Actor, mapping: LevelMapping) -> Message | None:
    if mapping.status not in workflow.WAITING:
        return message(
            N_("This proposal is %(status)s. There is nothing to decide now."), status=mapping.status
        )
    try:
        workflow.check_four_eyes(actor.id, actor.countries(), mapping.author_id, mapping.country_code)
        check_appeal(session, actor, mapping)
    except NotAllowed as refused:
        return refused.message
    return None
