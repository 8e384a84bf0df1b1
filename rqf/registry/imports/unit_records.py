"""Which registered records the rows of a file with units are about, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from rqf.models import Country, Qualification, QualificationVersion, Unit, VersionUnit
from rqf.models.standing import whole_version
from rqf.registry.description import QualificationData, UnitData, describe, describe_unit
from rqf.registry.imports.reading import ReadRow
from rqf.registry.imports.unit_rows import Code, unit_code

#: ("id", uuid), ("code", system, code), ("title", type, title) or ("unit", system, code)
Key = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What the register holds of the records that some rows name."""

    versions: Mapping[int, QualificationVersion]
    by_key: Mapping[Key, Sequence[int]]
    shared: dict[Code, UnitData]

    def records(self, key: Key) -> list[QualificationVersion]:
        """Return the newest versions of the records that a key means."""
        return [self.versions[id] for id in self.by_key.get(key, ()) if id in self.versions]


def key_of(row: ReadRow) -> Key | None:
    """Return what says which record a row is about: identifier, code, title, or a unit that it has."""
    if id := row.texts.get("id"):
        return "id", id
    system, code = row.codes()
    if code:
        return "code", system or "", code
    if title := row.texts.get("title"):
        return "title", row.texts.get("type", ""), title
    system, code = unit_code(row)
    return ("unit", system or "", code) if code else None


def identify(session: Session, home: Country, keys: Collection[Key]) -> dict[Key, Key]:
    """Return for the keys that mean one record its identifier: rows may name it in several ways."""
    by_key = _ids(session, home, keys)
    clear = {key: ids[0] for key, ids in by_key.items() if len(ids) == 1}
    rows = session.execute(
        select(Qualification.id, Qualification.uuid).where(Qualification.id.in_(set(clear.values())))
    )
    uuids = {row.id: row.uuid for row in rows}
    return {key: ("id", uuids[id]) for key, id in clear.items()}


def find_records(session: Session, home: Country, keys: Collection[Key], rows: Collection[ReadRow]) -> Found:
    """Return the records that the keys mean, with their units, and the units of the country by code."""
    by_key = _ids(session, home, keys)
    ids = {id for found in by_key.values() for id in found}
    newest = (
        select(func.max(QualificationVersion.id))
        .where(QualificationVersion.qualification_id.in_(ids))
        .group_by(QualificationVersion.qualification_id)
    )
    versions = session.scalars(
        select(QualificationVersion).where(QualificationVersion.id.in_(newest)).options(*whole_version())
    )
    return Found({one.qualification_id: one for one in versions}, by_key, _shared(session, home.code, rows))


def _ids(session: Session, home: Country, keys: Collection[Key]) -> dict[Key, list[int]]:
    by_key: dict[Key, list[int]] = defaultdict(list)
    for id, key in (
        *_by_column(session, home.code, keys),
        *_by_title(session, home, keys),
        *_by_unit(session, home.code, keys),
    ):
        if key in keys and id not in by_key[key]:
            by_key[key].append(id)
    return by_key


def _by_column(session: Session, country: str, keys: Collection[Key]) -> list[tuple[int, Key]]:
    uuids = [key[1] for key in keys if key[0] == "id"]
    codes = [key[2] for key in keys if key[0] == "code"]
    rows = session.execute(
        select(
            Qualification.id, Qualification.uuid, Qualification.code_system_code, Qualification.code
        ).where(
            Qualification.country_code == country,
            Qualification.uuid.in_(uuids) | Qualification.code.in_(codes),
        )
    )
    found: list[tuple[int, Key]] = []
    for row in rows:
        found += [(row.id, ("id", row.uuid)), (row.id, ("code", row.code_system_code or "", row.code or ""))]
    return found


def _by_title(session: Session, home: Country, keys: Collection[Key]) -> list[tuple[int, Key]]:
    titles = [key[2] for key in keys if key[0] == "title"]
    if not titles:
        return []
    rows = session.execute(
        select(Qualification.id, Qualification.type, QualificationVersion.titles)
        .join(Qualification)
        .where(
            Qualification.country_code == home.code,
            QualificationVersion.titles[home.language].as_string().in_(titles),
        )
    )
    return [(row.id, ("title", row.type.value, row.titles[home.language])) for row in rows]


def _by_unit(session: Session, country: str, keys: Collection[Key]) -> list[tuple[int, Key]]:
    codes = [key[2] for key in keys if key[0] == "unit"]
    if not codes:
        return []
    newest = select(func.max(QualificationVersion.id)).group_by(QualificationVersion.qualification_id)
    rows = session.execute(
        select(QualificationVersion.qualification_id, Unit.code_system_code, Unit.code)
        .join(VersionUnit, VersionUnit.version_id == QualificationVersion.id)
        .join(Unit, Unit.id == VersionUnit.unit_id)
        .where(Unit.country_code == country, Unit.code.in_(codes), QualificationVersion.id.in_(newest))
        .order_by(QualificationVersion.id)
    )
    return [(row.qualification_id, ("unit", row.code_system_code or "", row.code or "")) for row in rows]


def _shared(session: Session, country: str, rows: Collection[ReadRow]) -> dict[Code, UnitData]:
    """Return the newest unit with each code that the rows name: records may share it."""
    codes = sorted({code for row in rows if (code := unit_code(row)[1])})
    units = session.scalars(
        select(Unit)
        .where(Unit.country_code == country, Unit.code.in_(codes))
        .options(selectinload(Unit.outcomes))
        .order_by(Unit.id)
    )
    return {(unit.code_system_code, unit.code): describe_unit(unit) for unit in units}


def base_of(version: QualificationVersion | None) -> QualificationData | None:
    """Return what is registered."""
    return describe(version) if version else None


def forget(session: Session, kinds: tuple[type[Any], ...]) -> None:
    """Let go of what was read and written, so that memory does not grow with the file."""
    for one in list(session.identity_map.values()):
        if isinstance(one, kinds) and one in session:
            session.expunge(one)
