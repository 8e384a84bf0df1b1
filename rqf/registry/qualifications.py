"""Registering a qualification, revising it, publishing a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from rqf import consistency
from rqf.errors import N_, Changed, Invalid, Message, NotFound, WrongState, message
from rqf.models import (
    AuditEntry,
    AwardingBody,
    LevelMapping,
    Qualification,
    QualificationVersion,
    audit,
    catalogue,
)
from rqf.models.standing import whole_version
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.registry import quality
from rqf.registry.description import (
    PLAIN,
    QualificationData,
    as_json,
    describe,
    differences,
)
from rqf.registry.soundness import completeness_of
from rqf.registry.units import put_units
from rqf.registry.validation import Checked, check
from rqf.rules import workflow
from rqf.rules.terms import MappingStatus, MappingStep, Role, VersionStatus
from rqf.rules.texts import tidy

_SAVED_MEANWHILE = N_("Somebody saved this record while you were writing. Open it again to see its text.")


def register(
    session: Session, actor: Actor, data: QualificationData, *, origin: Mapping[str, Any] | None = None
) -> QualificationVersion:
    """Add a qualification of the officer's country as a draft and return its first version.

    ``origin`` says where it comes from, such as the line of a file, and goes into the trail.

    :raises NotAllowed: the actor is no officer of that country.
    :raises Invalid: with everything that is wrong in ``data``.
    """
    require(actor, Role.OFFICER, data.country)
    checked = check(session, data)
    qualification = Qualification(country_code=data.country)
    version = QualificationVersion(qualification=qualification, number=1, author=actor.account)
    session.add(version)
    _write(session, version, checked)
    _note(session, actor, version, "qualification.register",
          **(origin or {}), after=as_json(describe(version)))  # fmt: skip
    return version


def revise(
    session: Session,
    actor: Actor,
    uuid: str,
    data: QualificationData,
    expected_revision: int | None = None,
    expected_number: int | None = None,
    *,
    origin: Mapping[str, Any] | None = None,
) -> QualificationVersion:
    """Change a draft, or begin the next draft of what has been published; return that draft.

    ``expected_revision`` (and number) say which text the officer had before their eyes. What was published
    is revised for a reason: ``data.change_note`` says which, unless ``origin`` does.

    :raises Changed: somebody saved another text in the meantime.
    :raises Invalid: with everything that is wrong in ``data``.
    """
    newest = find_own(session, actor, uuid)
    if expected_revision not in (None, newest.revision) or expected_number not in (None, newest.number):
        raise Changed(_SAVED_MEANWHILE)
    if data.country != newest.country_code:
        raise NotFound(N_("A qualification cannot move to another country."))
    checked = _checked(session, data, newest, explained=origin is not None)
    before = describe(newest)
    version = newest if newest.status == VersionStatus.DRAFT else _next_draft(session, actor, newest)
    try:
        _write(session, version, checked)
    except (IntegrityError, StaleDataError) as error:
        # Both looked before either had saved: the database lets only the first one through.
        raise Changed(_SAVED_MEANWHILE) from error
    was, became = differences(before, describe(version))
    _note(session, actor, version, "qualification.revise",
          **(origin or {}), before=was, after=became)  # fmt: skip
    return version


def publish(session: Session, actor: Actor, uuid: str) -> QualificationVersion:
    """Make the draft the text in force; the version before it is superseded at the same moment.

    Open proposals about the version before are withdrawn: their text is no longer the one in force.

    :raises WrongState: there is no draft, or a reviewer is at work on the version before.
    """
    version = find_own(session, actor, uuid)
    if version.status != VersionStatus.DRAFT:
        raise WrongState(N_("There is no draft to publish: the newest version is %(status)s."),
                         status=version.status)  # fmt: skip
    before = session.scalars(
        select(QualificationVersion).where(
            QualificationVersion.qualification_id == version.qualification_id,
            QualificationVersion.status == VersionStatus.PUBLISHED,
        )
    ).one_or_none()
    if before:
        _withdraw_proposals(session, actor, before)
        before.status = VersionStatus.SUPERSEDED
        # A qualification has one published version at most; the database looks at every single statement.
        session.flush()
    version.status, version.published_at = VersionStatus.PUBLISHED, now()
    session.flush()
    _note(session, actor, version, "qualification.publish",
          before={"status": "draft", "published_version": before.number if before else None},
          after={"status": "published", "published_version": version.number})  # fmt: skip
    consistency.watch(session, [version.qualification_id])
    return version


def _withdraw_proposals(session: Session, actor: Actor, version: QualificationVersion) -> None:
    open_ones = session.scalars(
        select(LevelMapping).where(
            LevelMapping.version_id == version.id, LevelMapping.status.in_(workflow.OPEN)
        )
    )
    for mapping in open_ones.all():
        before = mapping.status
        if before == MappingStatus.IN_REVIEW:
            raise WrongState(
                N_("A reviewer is at work on the level of version %(number)s. Publish when it is decided."),
                number=version.number,
            )
        mapping.status = workflow.advance(before, MappingStep.WITHDRAW, Role.OFFICER)
        audit.record(
            session, actor.account, "mapping.withdraw", "level_mapping", mapping.uuid,
            country=version.country_code, before={"status": before}, after={"status": mapping.status},
        )  # fmt: skip


def find_own(session: Session, actor: Actor, uuid: str) -> QualificationVersion:
    """Return the newest version of a qualification of the officer's country, with all that belongs to it.

    :raises NotFound: there is none, or it is another country's.
    """
    version = session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(Qualification.uuid == uuid, Qualification.country_code.in_(actor.countries(Role.OFFICER)))
        .order_by(QualificationVersion.number.desc())
        .limit(1)
        .options(*whole_version())
    ).first()
    if version is None:
        raise NotFound(N_("There is no such qualification in your country's register."))
    return version


def _checked(
    session: Session, data: QualificationData, newest: QualificationVersion, explained: bool
) -> Checked:
    """Check what is said of a record; of one that was published, also that it says why it is revised."""
    first = newest.number == 1 and newest.status == VersionStatus.DRAFT
    wrong: dict[str, list[Message]] = {}
    if not (first or explained or tidy(data.change_note)):
        template = N_("Say what has changed, and why: the record has been published.")
        wrong["change_note"] = [message(template)]
    try:
        checked = check(session, data, newest.qualification)
    except Invalid as error:
        raise Invalid({**error.fields, **wrong}) from None
    if wrong:
        raise Invalid(wrong)
    return checked


def last_change(session: Session, version: QualificationVersion) -> AuditEntry | None:
    """Return who changed the record last, and when."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.record_type == "qualification", AuditEntry.record_id == version.qualification.uuid)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()


def _next_draft(session: Session, actor: Actor, newest: QualificationVersion) -> QualificationVersion:
    draft = QualificationVersion(
        qualification=newest.qualification, number=newest.number + 1, author=actor.account
    )
    session.add(draft)
    return draft


def _write(session: Session, version: QualificationVersion, checked: Checked) -> None:
    data, qualification = checked.data, version.qualification
    with session.no_autoflush:
        qualification.type = data.type
        qualification.code_system_code, qualification.code = data.code_system, data.code
        for name in PLAIN:
            setattr(version, name, getattr(data, name))
        version.level = checked.level
        version.sector_code = data.sector
        version.awarding_body = _awarding_body(session, data)
        put_units(session, version, checked)
        version.completeness = completeness_of(version)
        # Units live in other tables; without this, saving only them would not count as a new revision.
        version.updated_at = now()
    session.flush()


def _awarding_body(session: Session, data: QualificationData) -> AwardingBody | None:
    if data.awarding_body is None:
        return None
    known = session.scalars(
        select(AwardingBody).where(
            AwardingBody.country_code == data.country, AwardingBody.name == data.awarding_body
        )
    ).one_or_none()
    return known or AwardingBody(country_code=data.country, name=data.awarding_body)


def _note(session: Session, actor: Actor, version: QualificationVersion, action: str, **details: Any) -> None:
    qualification = version.qualification
    audit.record(
        session, actor.account, action, "qualification", qualification.uuid,
        country=qualification.country_code, version=version.number, **details,
    )  # fmt: skip
    catalogue.note_change(session, qualification.id)
    quality.keep(session, [qualification.id])
