"""The path that proves a finding, told in words and numbers as they were when it was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from rqf.consistency.checks import Found
from rqf.models import Equivalence, FrameworkEdition, Level, LevelMapping, QualificationVersion, Referencing
from rqf.models.tables import Model

Row = TypeVar("Row", bound=Model)


class Paths:
    """The records on the paths of many findings, fetched together."""

    def __init__(self, session: Session, found: Iterable[Found]) -> None:
        wanted: dict[str, set[int]] = {}
        for one in found:
            for kind, id in one.path:
                wanted.setdefault(kind, set()).add(id)
        record = joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification)
        self._mappings = _fetch(session, LevelMapping, wanted.get("mapping"), record)
        self._equivalences = _fetch(
            session, Equivalence, wanted.get("equivalence"),
            joinedload(Equivalence.from_version).joinedload(QualificationVersion.qualification),
            joinedload(Equivalence.to_version).joinedload(QualificationVersion.qualification),
        )  # fmt: skip
        level = joinedload(Referencing.level).joinedload(Level.edition)
        self._referencings = _fetch(
            session, Referencing, wanted.get("referencing"), level.joinedload(FrameworkEdition.framework)
        )

    def told(self, found: Found) -> list[dict[str, Any]]:
        """Return the steps of a finding's path in JSON's values."""
        return [self._step(kind, id) for kind, id in found.path]

    def _step(self, kind: str, id: int) -> dict[str, Any]:
        if kind == "mapping":
            return {"kind": kind, **_mapping(self._mappings[id])}
        if kind == "equivalence":
            return {"kind": kind, **_equivalence(self._equivalences[id])}
        return {"kind": kind, **_referencing(self._referencings[id])}


def _fetch(
    session: Session, model: type[Row], ids: set[int] | None, *options: ExecutableOption
) -> dict[int, Row]:
    if not ids:
        return {}
    rows: Sequence[Row] = session.scalars(
        select(model).where(model.id.in_(ids)).options(*options)  # type: ignore[attr-defined]
    ).all()
    return {row.id: row for row in rows}  # type: ignore[attr-defined]


def _record(version: QualificationVersion) -> dict[str, Any]:
    return {
        "qualification": version.qualification.uuid,
        "title": version.title,
        "language": version.original_language,
        "country": version.country_code,
        "version": version.number,
    }


def _mapping(mapping: LevelMapping) -> dict[str, Any]:
    return {
        **_record(mapping.version),
        "number": mapping.number,
        "low": mapping.low,
        "high": mapping.high,
        "rationale": mapping.rationale,
    }


def _equivalence(equivalence: Equivalence) -> dict[str, Any]:
    return {
        "number": equivalence.number,
        "conclusion": equivalence.conclusion.value,
        "from": _record(equivalence.from_version),
        "to": _record(equivalence.to_version),
    }


def _referencing(referencing: Referencing) -> dict[str, Any]:
    return {
        "framework": referencing.level.edition.framework.code,
        "level": referencing.level.number,
        "low": referencing.low,
        "high": referencing.high,
    }
