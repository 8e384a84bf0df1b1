"""Records as tables for spreadsheets: one of records, one of units, one of outcomes.

The columns that an import reads come first, under the names it reads them by, so that a file that went out
comes back unchanged; what only informs (states, people, decisions) stands behind them and is left out by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from rqf.exchange.sheets.writing import Table
from rqf.models import (
    LearningOutcome,
    LevelMapping,
    MappingDecision,
    Qualification,
    QualificationVersion,
    Replacement,
    Unit,
    VersionQuality,
    VersionUnit,
)
from rqf.models.standing import Pages
from rqf.models.tables import said
from rqf.registry import COLUMNS
from rqf.rules.quality import gaps_of
from rqf.rules.terms import MappingStatus

_TITLE = "title_"
#: What a table of units or outcomes says of the record: enough for an import to find it again.
_RECORD = ("id", "type", "title", "code_system", "code")
_UNIT = ("unit_code_system", "unit_code", "unit_title", "unit_hours", "unit_mandatory", "unit_source")
_OUTCOME = ("outcome_number", "outcome_domain", "outcome")
#: Behind the columns of the import; what the public sees.
PUBLIC = (
    "country", "version", "status", "verified", "published_at", "replaced_by", "regional_level",
    "mapping_number", "mapping_status", "mapping_rationale", "mapping_author", "reviewers", "decisions",
)  # fmt: skip
#: What officers and the secretariat see besides.
DESK = ("change_note", "author", "created_at", "updated_at", "completeness", "quality", "to_fix")


@dataclass(frozen=True)
class _Around:
    """What stands on the versions of a page: id of the version (or the qualification) -> it."""

    mappings: dict[int, LevelMapping]
    replaces: dict[int, list[str]]
    replaced_by: dict[int, list[str]]
    quality: dict[int, VersionQuality]


def tables(session: Session, pages: Pages, *, public: bool = False) -> tuple[Table, Table, Table]:
    """Return the tables ``records``, ``units`` and ``outcomes`` of the versions that ``pages`` gives.

    ``public`` leaves out what is the business of officers: authors, notes, proposals, quality. Rows are read
    while they are taken, so the memory stays the same, whatever their number.
    """
    return (
        records(session, pages, public=public),
        Table("units", (*_RECORD, *_UNIT), _unit_rows(pages)),
        Table("outcomes", (*_RECORD, *_UNIT[:3], *_OUTCOME), _outcome_rows(pages)),
    )


def records(session: Session, pages: Pages, *, public: bool = False) -> Table:
    """Return the table of the records alone."""
    own = [column.name for column in COLUMNS]
    languages = [f"{_TITLE}{one}" for one in _languages(pages) if f"{_TITLE}{one}" not in own]
    columns = (*own, *languages, *PUBLIC, *(() if public else DESK))
    return Table("records", columns, _record_rows(session, pages, columns, public))


def _languages(pages: Pages) -> list[str]:
    """Return the languages of further titles: they are columns, so they have to be known first."""
    return sorted({language for page in pages() for version in page for language in version.titles})


def _record_rows(
    session: Session, pages: Pages, columns: Sequence[str], public: bool
) -> Iterator[Sequence[str]]:
    readers = [(_READ.get(name) or _title_reader(name)) for name in columns]
    for page in pages():
        around = _around(session, page, public)
        for version in page:
            yield [_cell(read(version, around)) for read in readers]


def _unit_rows(pages: Pages) -> Iterator[Sequence[str]]:
    for page in pages():
        for version in page:
            for link in version.units:
                yield [_cell(one) for one in (*_record(version), *_unit(link))]


def _outcome_rows(pages: Pages) -> Iterator[Sequence[str]]:
    for page in pages():
        for version in page:
            for link in version.units:
                # A unit without outcomes has its row too: an import would take it for gone.
                for outcome in link.unit.outcomes or (None,):
                    cells = (*_record(version), *_unit(link)[:3], *_outcome(outcome))
                    yield [_cell(one) for one in cells]


def _record(version: QualificationVersion) -> tuple[Any, ...]:
    record = version.qualification
    return (record.uuid, record.type, version.title, record.code_system_code, record.code)


def _unit(link: VersionUnit) -> tuple[Any, ...]:
    unit: Unit = link.unit
    mandatory = "yes" if link.mandatory else "no"
    return (unit.code_system_code, unit.code, unit.title, unit.hours, mandatory, unit.source)


def _outcome(outcome: LearningOutcome | None) -> tuple[Any, ...]:
    if outcome is None:
        return (None, None, None)
    return (outcome.position, outcome.domain, said(outcome.texts, outcome.original_language))


def _around(session: Session, page: Sequence[QualificationVersion], public: bool) -> _Around:
    versions = [one.id for one in page]
    records = [one.qualification_id for one in page]
    kept = select(VersionQuality).where(VersionQuality.version_id.in_(versions))
    return _Around(
        _mappings(session, versions, public),
        _codes(session, Replacement.successor_id, Replacement.predecessor_id, records),
        _codes(session, Replacement.predecessor_id, Replacement.successor_id, records),
        {} if public else {one.version_id: one for one in session.scalars(kept)},
    )


def _mappings(session: Session, versions: list[int], public: bool) -> dict[int, LevelMapping]:
    """Return version -> its endorsed mapping, else (not for the public) the newest one."""
    query = (
        select(LevelMapping)
        .where(LevelMapping.version_id.in_(versions))
        .order_by(LevelMapping.id)
        .options(
            joinedload(LevelMapping.author),
            selectinload(LevelMapping.decisions).joinedload(MappingDecision.account),
        )
    )
    if public:
        query = query.where(LevelMapping.status == MappingStatus.ENDORSED)
    found: dict[int, LevelMapping] = {}
    for one in session.scalars(query):
        there = found.get(one.version_id)
        if there is None or there.status != MappingStatus.ENDORSED:
            found[one.version_id] = one
    return found


def _codes(session: Session, mine: Any, other: Any, records: list[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(mine, Qualification.code, Qualification.uuid)
        .join(Qualification, Qualification.id == other)
        .where(mine.in_(records))
        .order_by(Qualification.code, Qualification.id)
    )
    found: dict[int, list[str]] = {}
    for id, code, uuid in rows:
        found.setdefault(id, []).append(code or uuid)
    return found


def _title_reader(name: str) -> Callable[[QualificationVersion, _Around], Any]:
    language = name.removeprefix(_TITLE)
    # The original title has a column of its own.
    return lambda version, _: None if language == version.original_language else version.titles.get(language)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list | tuple):
        return "; ".join(_cell(one) for one in value)
    return str(value)


def _range(mapping: LevelMapping | None) -> str | None:
    if mapping is None:
        return None
    return str(mapping.low) if mapping.low == mapping.high else f"{mapping.low}-{mapping.high}"


def _told(decision: MappingDecision) -> str:
    return f"{decision.at.date()} {decision.account.name}: {decision.step}. {decision.reason}"


def _framework(version: QualificationVersion) -> str | None:
    return version.level.edition.framework.code if version.level else None


def _of_mapping(name: str) -> Callable[[QualificationVersion, _Around], Any]:
    def read(version: QualificationVersion, around: _Around) -> Any:
        mapping = around.mappings.get(version.id)
        return getattr(mapping, name) if mapping else None

    return read


def _decisions(version: QualificationVersion, around: _Around) -> Sequence[MappingDecision]:
    mapping = around.mappings.get(version.id)
    return mapping.decisions if mapping else ()


def _of_version(name: str) -> Callable[[QualificationVersion, _Around], Any]:
    return lambda version, _: getattr(version, name)


def _mapping_author(version: QualificationVersion, around: _Around) -> str | None:
    mapping = around.mappings.get(version.id)
    return mapping.author.name if mapping else None


def _reviewers(version: QualificationVersion, around: _Around) -> list[str]:
    return list(dict.fromkeys(one.account.name for one in _decisions(version, around)))


def _score(version: QualificationVersion, around: _Around) -> int | None:
    kept = around.quality.get(version.id)
    return kept.score if kept else None


def _to_fix(version: QualificationVersion, around: _Around) -> list[str]:
    kept = around.quality.get(version.id)
    return [one.value for one in gaps_of(kept.gaps)] if kept else []


#: Column -> what it says of a version. Any other column is a field of the version by its own name.
_READ: dict[str, Callable[[QualificationVersion, _Around], Any]] = {
    **{
        name: _of_version(name)
        for name in (
            "level_note", "volume", "volume_unit", "volume_note", "credits", "credit_scheme", "isced_f",
            "isco_08", "entry_requirements", "entitlements", "legal_act", "source", "valid_from", "valid_to",
            "last_enrolment", "last_award", "status", "verified", "published_at", "change_note", "created_at",
            "updated_at", "completeness", "title",
        )
    },
    "id": lambda version, _: version.qualification.uuid,
    "type": lambda version, _: version.qualification.type,
    "title_language": lambda version, _: version.original_language,
    "code_system": lambda version, _: version.qualification.code_system_code,
    "code": lambda version, _: version.qualification.code,
    "framework": lambda version, _: _framework(version),
    "level": lambda version, _: version.level.number if version.level else None,
    "awarding_body": lambda version, _: version.awarding_body.name if version.awarding_body else None,
    "sector": lambda version, _: version.sector_code,
    "replaces": lambda version, around: around.replaces.get(version.qualification_id, []),
    "country": lambda version, _: version.qualification.country_code,
    "version": lambda version, _: version.number,
    "replaced_by": lambda version, around: around.replaced_by.get(version.qualification_id, []),
    "regional_level": lambda version, around: _range(around.mappings.get(version.id)),
    "mapping_number": _of_mapping("number"),
    "mapping_status": _of_mapping("status"),
    "mapping_rationale": _of_mapping("rationale"),
    "mapping_author": _mapping_author,
    "reviewers": _reviewers,
    "decisions": lambda version, around: [_told(one) for one in _decisions(version, around)],
    "author": lambda version, _: version.author.name if version.author else None,
    "quality": _score,
    "to_fix": _to_fix,
}  # fmt: skip
