"""The versions of a record: all of them, one, what changed between two, and the one that held on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, Invalid, NotFound, message
from rqf.lookup.records import PUBLIC, find
from rqf.models import AuditEntry, QualificationVersion, Unit
from rqf.models.standing import whole_version
from rqf.models.tables import now
from rqf.registry import Changes, changes_between, describe
from rqf.rules.terms import VersionStatus

_LEFT = ("qualification.retire", "qualification.supersede")
_CAME_BACK = ("qualification.reinstate", "qualification.take_back")


@dataclass(frozen=True)
class History:
    """The version that speaks for a record today, and all that were ever published, the newest first."""

    current: QualificationVersion
    versions: Sequence[QualificationVersion]


@dataclass(frozen=True)
class VersionDifference:
    """Two versions of a record, and what changed from the first to the second."""

    before: QualificationVersion
    after: QualificationVersion
    changes: Changes


@dataclass(frozen=True)
class AsOf:
    """What a record said at the end of a day (UTC); ``version`` is None when nothing had been published yet.

    ``left``: the day on which it had been retired or replaced by then. ``since_unknown``: it is retired, and
    the register does not know since when.
    """

    day: date
    current: QualificationVersion
    version: QualificationVersion | None
    first: date | None
    left: date | None = None
    since_unknown: bool = False


def history(session: Session, ref: str) -> History:
    """Return the versions of the record ``ref`` (its identifier, or its national code).

    :raises NotFound: nothing public has this identifier.
    """
    current = find(session, ref)
    return History(current, _versions(session, current))


def public_version(session: Session, ref: str, number: int) -> QualificationVersion:
    """Return the version ``number`` of the record ``ref``.

    :raises NotFound: it has no such version, or nobody may see it yet.
    """
    return _numbered(session, find(session, ref), number)


def difference(session: Session, ref: str, before: int, after: int) -> VersionDifference:
    """Return what changed from the version numbered ``before`` to the one numbered ``after``.

    :raises NotFound: the record has no such version, or nobody may see it yet.
    """
    current = find(session, ref)
    first, second = (_numbered(session, current, number) for number in (before, after))
    return VersionDifference(
        first, second, changes_between(describe(first), describe(second), unit_copies(session, first, second))
    )


def as_of(session: Session, ref: str, day: date) -> AsOf:
    """Return what the record ``ref`` said at the end of ``day``.

    :raises NotFound: nothing public has this identifier.
    :raises Invalid: the day has not come yet.
    """
    if day > now().date():
        template = N_("“%(value)s” is in the future. The register knows what held until today.")
        raise Invalid({"as_of": [message(template, value=day.isoformat())]})
    current = find(session, ref)
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    published = [one for one in _versions(session, current) if one.published_at]
    then = next((one for one in published if one.published_at and one.published_at < end), None)
    first = min((one.published_at for one in published if one.published_at), default=None)
    if then is None or then.published_at is None:
        return AsOf(day, current, None, first.date() if first else None)
    moves = session.execute(
        select(AuditEntry.action, AuditEntry.at)
        .where(
            AuditEntry.record_type == "qualification",
            AuditEntry.record_id == current.qualification.uuid,
            AuditEntry.action.in_((*_LEFT, *_CAME_BACK)),
            AuditEntry.at >= then.published_at,
        )
        .order_by(AuditEntry.id)
    ).all()
    last = next((one for one in reversed(moves) if one.at < end), None)
    return AsOf(
        day, current, _numbered(session, current, then.number), first.date() if first else None,
        left=last.at.date() if last and last.action in _LEFT else None,
        since_unknown=then.status == VersionStatus.RETIRED and not moves,
    )  # fmt: skip


def unit_copies(session: Session, *versions: QualificationVersion) -> dict[str, str]:
    """Return, for the units of versions, identifier of a unit -> the one that it was copied from."""
    found: dict[str, str] = {}
    units = [link.unit for version in versions for link in version.units]
    wanted = {unit.revised_from_id for unit in units} - {None}
    uuids = {unit.id: unit.uuid for unit in units}
    links = [(unit.uuid, unit.revised_from_id) for unit in units]
    # A unit that was changed in every version is a copy of a copy: one question for each generation.
    while wanted:
        rows = session.execute(
            select(Unit.id, Unit.uuid, Unit.revised_from_id).where(Unit.id.in_(wanted))
        ).all()  # fmt: skip
        uuids |= {row.id: row.uuid for row in rows}
        links += [(row.uuid, row.revised_from_id) for row in rows]
        wanted = {row.revised_from_id for row in rows} - uuids.keys() - {None}
    for uuid, origin in links:
        if origin in uuids:
            found[uuid] = uuids[origin]
    return found


def _versions(session: Session, current: QualificationVersion) -> Sequence[QualificationVersion]:
    return session.scalars(
        select(QualificationVersion)
        .where(
            QualificationVersion.qualification_id == current.qualification_id,
            QualificationVersion.status.in_(PUBLIC),
        )
        .options(joinedload(QualificationVersion.author))
        .order_by(QualificationVersion.number.desc())
    ).all()


def _numbered(session: Session, current: QualificationVersion, number: int) -> QualificationVersion:
    found = session.scalars(
        select(QualificationVersion)
        .where(
            QualificationVersion.qualification_id == current.qualification_id,
            QualificationVersion.number == min(number, 2**31 - 1),
            QualificationVersion.status.in_(PUBLIC),
        )
        .options(*whole_version())
    ).one_or_none()
    if found is None:
        raise NotFound(N_("The record has no public version %(number)s."), number=number)
    return found
