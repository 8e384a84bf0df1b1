"""Deciding on a proposal: once, by somebody of another country, with a reason that stays beside it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf import consistency
from rqf.errors import N_, Changed, Invalid, NotFound, RqfError, WrongState, message
from rqf.models import (
    LevelMapping,
    MappingDecision,
    Qualification,
    QualificationVersion,
    audit,
    catalogue,
)
from rqf.models.queueing import stop_clock
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.registry import Page
from rqf.review.cases import check_appeal
from rqf.rules import workflow
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import MappingStatus, MappingStep, Role, VersionStatus
from rqf.rules.texts import searchable


def open_review(session: Session, actor: Actor, mapping_uuid: str) -> LevelMapping:
    """Say that the actor is at work on a proposal; its officer cannot take it back then.

    :raises WrongState: somebody else is, or it does not wait any more.
    """
    mapping = _claim(session, actor, mapping_uuid)
    before = mapping.status
    mapping.status = workflow.advance(before, MappingStep.OPEN, Role.REVIEWER)
    session.flush()
    _note(session, actor, mapping, MappingStep.OPEN, before)
    return mapping


def decide(
    session: Session,
    actor: Actor,
    mapping_uuid: str,
    step: MappingStep,
    reason: str,
    expected_revision: int,
) -> LevelMapping:
    """Endorse, return or reject the revision of a proposal that the actor has read.

    An endorsement gets a number and takes the place of the qualification's endorsement before it.

    :raises NotAllowed: it is one's own proposal or country's, or it appeals against one's own decision.
    :raises Changed: somebody decided first, or the text is another by now.
    :raises WrongState: the proposal does not wait for a decision.
    :raises Invalid: the step is no decision, or the reason is missing.
    """
    mapping = _claim(session, actor, mapping_uuid)
    if mapping.revision != expected_revision:
        raise _overtaken(mapping)
    said = _check(step, reason)
    before = mapping.status
    target = workflow.advance(before, step, Role.REVIEWER)
    if step == MappingStep.ENDORSE:
        _number(session, mapping)
    mapping.status = target
    moment = now()
    if step == MappingStep.RETURN:
        stop_clock(session, mapping)
    else:
        mapping.decided_at = moment
    mapping.decisions.append(
        MappingDecision(
            step=step,
            reason=said,
            account=actor.account,
            country_code=actor.country(Role.REVIEWER),
            at=moment,
            low=mapping.low,
            high=mapping.high,
        )
    )
    session.flush()
    _note(session, actor, mapping, step, before, said)
    if step == MappingStep.ENDORSE:
        # After the entry in the trail: its lock lets the second of two see what the first decided.
        consistency.watch(session, [mapping.version.qualification_id])
    return mapping


def own_decisions(session: Session, actor: Actor, page: int = 1, per_page: int = 25) -> Page[MappingDecision]:
    """Return what the actor has decided, the last first.

    :raises NotAllowed: the actor is no reviewer.
    """
    require(actor, Role.REVIEWER)
    total = session.scalar(select(func.count()).where(MappingDecision.account_id == actor.id)) or 0
    page = min(max(page, 1), max(1, -(-total // per_page)))
    found = session.scalars(
        select(MappingDecision)
        .where(MappingDecision.account_id == actor.id)
        .options(
            joinedload(MappingDecision.mapping)
            .joinedload(LevelMapping.version)
            .joinedload(QualificationVersion.qualification)
        )
        .order_by(MappingDecision.at.desc(), MappingDecision.id.desc())
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return Page(tuple(found), total, page, per_page)


def _claim(session: Session, actor: Actor, mapping_uuid: str) -> LevelMapping:
    """Return the proposal as it stands now, held until this transaction ends, if the actor may decide on it.

    Who comes second waits here, and then reads what the first has done.
    """
    require(actor, Role.REVIEWER)
    mapping = session.scalars(
        select(LevelMapping)
        .where(LevelMapping.uuid == searchable(mapping_uuid), LevelMapping.submitted_at.is_not(None))
        .options(
            joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
        .with_for_update(of=LevelMapping)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if mapping is None:
        raise NotFound(N_("There is no such proposal before the reviewers."))
    workflow.check_four_eyes(actor.id, actor.countries(), mapping.author_id, mapping.country_code)
    check_appeal(session, actor, mapping)
    return mapping


def _overtaken(mapping: LevelMapping) -> RqfError:
    """Return what to tell somebody who judged a revision that is not the newest."""
    if mapping.status not in workflow.WAITING and mapping.decisions:
        last = mapping.decisions[-1]
        return Changed(
            N_("%(name)s (%(country)s) decided first, on %(at)s UTC: %(step)s. Your decision was not saved."),
            name=last.account.name,
            country=last.country_code or "–",
            at=f"{last.at:%Y-%m-%d %H:%M}",
            step=last.step,
        )
    if mapping.status == MappingStatus.WITHDRAWN:
        return Changed(N_("The officer has withdrawn this proposal. Your decision was not saved."))
    return Changed(N_("This proposal has changed since you opened it. Read it again before you decide."))


def _check(step: MappingStep, reason: str) -> str:
    if step not in workflow.DECISIONS:
        raise Invalid({"step": [message(N_("Choose whether to endorse, to return or to reject."))]})
    return checked_reason(reason)


def _number(session: Session, mapping: LevelMapping) -> None:
    """Give the mapping its number and let it take the place of the endorsement before it."""
    if mapping.version.status != VersionStatus.PUBLISHED:
        raise WrongState(
            N_("This version of the qualification is %(status)s. Only the version in force is endorsed."),
            status=mapping.version.status,
        )
    today = now().date()
    mapping.supersedes_id = _supersede(session, mapping, today)
    # One at a time from here: two that counted at once would give the same number.
    audit.lock(session)
    prefix = f"RQF-M-{today.year}-"
    last = session.scalar(
        select(func.max(LevelMapping.number)).where(LevelMapping.number.startswith(prefix, autoescape=True))
    )
    mapping.number = f"{prefix}{int((last or prefix + '0').removeprefix(prefix)) + 1:06}"
    mapping.valid_from = today


def _supersede(session: Session, mapping: LevelMapping, today: date) -> int | None:
    """End what has been endorsed for any version of the qualification, and return its id."""
    standing = session.scalars(
        select(LevelMapping)
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .join(Qualification)
        .where(
            Qualification.id == mapping.version.qualification_id,
            LevelMapping.edition_id == mapping.edition_id,
            LevelMapping.status == MappingStatus.ENDORSED,
        )
        .order_by(LevelMapping.id)
        .with_for_update(of=LevelMapping)
    ).all()
    for one in standing:
        one.status = workflow.advance(one.status, MappingStep.SUPERSEDE, Role.REVIEWER)
        one.valid_to = today
    # Written before the new one: a version has one endorsed mapping at any moment.
    session.flush()
    return standing[-1].id if standing else None


def _note(
    session: Session,
    actor: Actor,
    mapping: LevelMapping,
    step: MappingStep,
    before: MappingStatus,
    reason: str | None = None,
) -> None:
    qualification = mapping.version.qualification
    after: dict[str, object] = {"status": mapping.status}
    if step == MappingStep.ENDORSE:
        after |= {"number": mapping.number, "low": mapping.low, "high": mapping.high}
    audit.record(
        session, actor.account, f"mapping.{step}", "level_mapping", mapping.uuid,
        country=qualification.country_code, reason=reason, qualification=qualification.uuid,
        version=mapping.version.number, before={"status": before}, after=after,
    )  # fmt: skip
    catalogue.note_change(session, qualification.id)
