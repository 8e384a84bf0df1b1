"""Proposing a regional level: written by an officer on evidence, submitted to the reviewers, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from rqf.errors import N_, Changed, Invalid, NotFound, WrongState, message
from rqf.models import (
    FrameworkEdition,
    LevelMapping,
    Placement,
    Qualification,
    QualificationVersion,
    audit,
    catalogue,
)
from rqf.models.queueing import Appeal, enter
from rqf.models.standing import regional_edition
from rqf.models.tables import now
from rqf.people import Actor
from rqf.registry.qualifications import find_own, publish
from rqf.registry.suggestions import advise
from rqf.registry.texts import Complaints
from rqf.rules import workflow
from rqf.rules.terms import MappingStatus, MappingStep, Reopening, Role, VersionStatus
from rqf.rules.workflow import WIDEST

LONGEST_RATIONALE = 10_000
LONGEST_EVIDENCE = 5_000
_OUT_OF_FORCE = N_("This version is %(status)s. Propose a level for the newest one.")

#: descriptor domain -> (level, evidence)
Placements = Mapping[str, tuple[int, str]]


def propose(
    session: Session,
    actor: Actor,
    uuid: str,
    low: int,
    high: int,
    rationale: str,
    placements: Placements,
    expected_revision: int | None = None,
) -> LevelMapping:
    """Write the proposal for the newest version: a new draft, or the draft or returned one that is open.

    The advice of this moment is stored with it. ``expected_revision`` is the open proposal's.

    :raises WrongState: the open proposal is with the reviewers, or the record is not in force any more.
    :raises Changed: somebody saved the proposal in the meantime.
    :raises Invalid: the range, a placement or a text is wrong.
    """
    version, edition = find_own(session, actor, uuid), regional_edition(session)
    if version.status not in (VersionStatus.DRAFT, VersionStatus.PUBLISHED):
        raise WrongState(_OUT_OF_FORCE, status=version.status)
    mapping = open_mapping(session, version, edition)
    if mapping and mapping.status not in workflow.EDITABLE:
        raise WrongState(N_("The proposal is %(status)s. It can be changed when it comes back."),
                         status=mapping.status)  # fmt: skip
    if mapping and expected_revision not in (None, mapping.revision):
        raise Changed(N_("Somebody saved this proposal while you were writing. Open it again to see it."))
    rationale, checked = _check(edition, low, high, rationale, placements)
    before = _said(mapping) if mapping else None
    if mapping is None:
        mapping = LevelMapping(version=version, edition=edition, author=actor.account)
        mapping.supersedes_id = _endorsed_id(session, version, edition)
        session.add(mapping)
    mapping.low, mapping.high, mapping.rationale = low, high, rationale
    advice = advise(session, version)
    mapping.suggestion = advice.stored()
    mapping.suggested_low, mapping.suggested_high, mapping.suggested_score = advice.in_short()
    # A change of placements alone has to count as a new revision, too.
    flag_modified(mapping, "suggestion")
    _place(mapping, edition, checked)
    session.flush()
    _note(session, actor, mapping, "mapping.propose", before=before, after=_said(mapping))
    return mapping


def submit(
    session: Session, actor: Actor, mapping_uuid: str, expected_revision: int | None = None
) -> LevelMapping:
    """Put a proposal before the reviewers. A draft of the text is published first: it cannot change then.

    :raises WrongState: the proposal is not open, or it is about a version that has been replaced.
    :raises Invalid: there is no rationale.
    """
    mapping = find_mapping(session, actor, mapping_uuid)
    if expected_revision not in (None, mapping.revision):
        raise Changed(N_("Somebody saved this proposal while you were writing. Open it again to see it."))
    target = workflow.advance(mapping.status, MappingStep.SUBMIT, Role.OFFICER)
    if not mapping.rationale.strip():
        raise Invalid({"rationale": [message(N_("Say why this level fits: the reviewers decide on it."))]})
    version = mapping.version
    if version.status == VersionStatus.DRAFT:
        publish(session, actor, version.qualification.uuid)
    elif version.status != VersionStatus.PUBLISHED:
        raise WrongState(_OUT_OF_FORCE, status=version.status)
    before = mapping.status
    mapping.status, mapping.submitted_at = target, now()
    session.flush()
    enter(session, mapping)
    _note(session, actor, mapping, "mapping.submit", before={"status": before}, after={"status": target})
    return mapping


def withdraw(
    session: Session, actor: Actor, mapping_uuid: str, expected_revision: int | None = None
) -> LevelMapping:
    """Take a proposal back.

    :raises WrongState: a reviewer is at work on it, or it has been decided.
    """
    mapping = find_mapping(session, actor, mapping_uuid)
    if expected_revision not in (None, mapping.revision):
        raise Changed(N_("Somebody changed this proposal in the meantime. Open it again to see it."))
    before = mapping.status
    mapping.status = workflow.advance(before, MappingStep.WITHDRAW, Role.OFFICER)
    session.flush()
    _note(session, actor, mapping, "mapping.withdraw",
          before={"status": before}, after={"status": mapping.status})  # fmt: skip
    return mapping


def appeal(session: Session, actor: Actor, mapping_uuid: str, reason: str) -> LevelMapping:
    """Object to a rejection: a new draft that points at the rejected proposal, which stays as it is.

    :raises WrongState: it was not rejected, there is an appeal already, or the version was replaced.
    :raises Invalid: the reason is missing.
    """
    old = find_mapping(session, actor, mapping_uuid)
    workflow.check_reopening(old.status, Reopening.APPEAL, Role.OFFICER)
    wrong = Complaints()
    said = wrong.clean("reason", reason, LONGEST_RATIONALE)
    if not said:
        wrong.add("reason", N_("Say what the decision overlooked: the next reviewer reads it."))
    wrong.refuse()
    if session.scalar(select(Appeal.mapping_id).where(Appeal.of_id == old.id)):
        raise WrongState(N_("There is an appeal against this decision already."))
    if old.version.status != VersionStatus.PUBLISHED or open_mapping(session, old.version, old.edition):
        raise WrongState(N_("The qualification has a newer version or proposal. Go on with that one."))
    mapping = LevelMapping(
        version=old.version, edition=old.edition, author=actor.account, low=old.low, high=old.high,
        rationale=old.rationale, suggestion=old.suggestion,
    )  # fmt: skip
    mapping.placements = [
        Placement(domain=one.domain, level=one.level, evidence=one.evidence) for one in old.placements
    ]
    session.add(mapping)
    session.flush()
    session.add(Appeal(mapping_id=mapping.id, of_id=old.id, reason=said))
    session.flush()
    _note(session, actor, mapping, "mapping.appeal", against=old.uuid, reason=said, after=_said(mapping))
    return mapping


def find_mapping(session: Session, actor: Actor, uuid: str) -> LevelMapping:
    """Return a level mapping of the officer's country.

    :raises NotFound: there is none, or it is another country's.
    """
    mapping = session.scalars(
        _mappings()
        .join(QualificationVersion)
        .join(Qualification)
        .where(LevelMapping.uuid == uuid, Qualification.country_code.in_(actor.countries(Role.OFFICER)))
    ).one_or_none()
    if mapping is None:
        raise NotFound(N_("There is no such level mapping in your country's register."))
    return mapping


def own_mappings(session: Session, version: QualificationVersion) -> list[LevelMapping]:
    """Return the level mappings of a version, the newest first, with their decisions."""
    return list(
        session.scalars(
            _mappings()
            .where(LevelMapping.version_id == version.id)
            .order_by(LevelMapping.id.desc())
            .options(selectinload(LevelMapping.decisions))
        )
    )


def open_mapping(
    session: Session, version: QualificationVersion, edition: FrameworkEdition
) -> LevelMapping | None:
    """Return the proposal for a version that somebody still works on, or None."""
    return session.scalars(
        _mappings().where(
            LevelMapping.version_id == version.id,
            LevelMapping.edition_id == edition.id,
            LevelMapping.status.in_(workflow.OPEN),
        )
    ).one_or_none()


def _mappings() -> Select[LevelMapping]:
    return select(LevelMapping).options(
        joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification),
        joinedload(LevelMapping.author),
        selectinload(LevelMapping.placements).joinedload(Placement.domain),
    )


def _endorsed_id(session: Session, version: QualificationVersion, edition: FrameworkEdition) -> int | None:
    return session.scalar(
        select(LevelMapping.id).where(
            LevelMapping.version_id == version.id,
            LevelMapping.edition_id == edition.id,
            LevelMapping.status == MappingStatus.ENDORSED,
        )
    )


def _check(
    edition: FrameworkEdition, low: int, high: int, rationale: str, placements: Placements
) -> tuple[str, dict[str, tuple[int, str | None]]]:
    """Return the texts cleaned.

    :raises Invalid: with everything that is wrong.
    """
    wrong = Complaints()
    numbers = [level.number for level in edition.levels]
    for name, value in (("low", low), ("high", high)):
        _check_level(wrong, name, value, numbers)
    if low > high:
        wrong.add(
            "high", N_("The highest level, %(high)s, is below the lowest, %(low)s."), low=low, high=high
        )
    elif high - low > WIDEST:
        wrong.add("high", N_("The range %(low)s to %(high)s is too wide: at most %(widest)s levels apart."),
                  low=low, high=high, widest=WIDEST)  # fmt: skip
    said = wrong.clean("rationale", rationale, LONGEST_RATIONALE) or ""
    checked: dict[str, tuple[int, str | None]] = {}
    known = {domain.code for domain in edition.domains}
    for code, (level, evidence) in placements.items():
        if code not in known:
            wrong.add(f"placements.{code}", N_("“%(value)s” is not a descriptor domain. Known: %(known)s."),
                      value=code[:60], known=", ".join(sorted(known)))  # fmt: skip
        _check_level(wrong, f"placements.{code}.level", level, numbers)
        checked[code] = level, wrong.clean(f"placements.{code}.evidence", evidence, LONGEST_EVIDENCE)
    wrong.refuse()
    return said, checked


def _check_level(wrong: Complaints, place: str, value: int, numbers: list[int]) -> None:
    if value not in numbers:
        wrong.add(place, N_("%(value)s is not a regional level. There are the levels %(low)s to %(high)s."),
                  value=value, low=min(numbers), high=max(numbers))  # fmt: skip


def _place(
    mapping: LevelMapping, edition: FrameworkEdition, placements: Mapping[str, tuple[int, str | None]]
) -> None:
    there = {placement.domain_id: placement for placement in mapping.placements}
    wanted = []
    for domain in edition.domains:
        if domain.code in placements:
            placement = there.get(domain.id) or Placement(domain=domain)
            placement.level, placement.evidence = placements[domain.code]
            wanted.append(placement)
    mapping.placements = wanted


def _said(mapping: LevelMapping) -> dict[str, Any]:
    return {
        "low": mapping.low,
        "high": mapping.high,
        "rationale": mapping.rationale,
        "placements": {one.domain.code: [one.level, one.evidence] for one in mapping.placements},
    }


def _note(session: Session, actor: Actor, mapping: LevelMapping, action: str, **details: Any) -> None:
    qualification = mapping.version.qualification
    audit.record(
        session, actor.account, action, "level_mapping", mapping.uuid, country=qualification.country_code,
        qualification=qualification.uuid, version=mapping.version.number, **details,
    )  # fmt: skip
    catalogue.note_change(session, qualification.id)
