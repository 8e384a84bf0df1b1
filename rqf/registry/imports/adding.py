"""New records of an apply, written some hundred at a time: one by one they would take most of its time.

They go to the tables themselves: the mapper would write rows with other empty fields one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from rqf.models import AwardingBody, Level, Qualification, QualificationVersion
from rqf.models.qualifications import new_uuid
from rqf.registry.description import PLAIN, QualificationData
from rqf.registry.quality import keep_new
from rqf.registry.soundness import quality_of_data


@dataclass(frozen=True)
class Added:
    """A record that was added for a row: its identifiers, and that of its first version."""

    row: Row[Any]
    uuid: str
    qualification_id: int
    version_id: int


def add_records(
    session: Session,
    author_id: int,
    wanted: Sequence[tuple[Row[Any], QualificationData]],
    levels: Mapping[tuple[str, int], Level],
    bodies: Mapping[str, AwardingBody],
) -> list[Added]:
    """Add a draft for each row, with its quality; levels and awarding bodies have to be there."""
    if not wanted:
        return []
    assessed = [quality_of_data(data) for _, data in wanted]
    uuids = [new_uuid() for _ in wanted]
    session.execute(
        insert(Qualification.__table__),  # type: ignore[arg-type]
        [
            {
                "uuid": uuid, "country_code": data.country, "type": data.type,
                "code_system_code": data.code_system, "code": data.code,
            }
            for uuid, (_, data) in zip(uuids, wanted, strict=True)
        ],
    )  # fmt: skip
    # Asked for afterwards: SQLite would give identifiers back only row by row.
    found = session.execute(select(Qualification.uuid, Qualification.id).where(Qualification.uuid.in_(uuids)))
    ids: dict[str, int] = {row.uuid: row.id for row in found}
    session.execute(
        insert(QualificationVersion.__table__),  # type: ignore[arg-type]
        [
            _first_version(ids[uuid], author_id, data, levels, bodies) | {"completeness": good.completeness}
            for uuid, (_, data), good in zip(uuids, wanted, assessed, strict=True)
        ],
    )
    made = session.execute(
        select(QualificationVersion.qualification_id, QualificationVersion.id).where(
            QualificationVersion.qualification_id.in_(ids.values())
        )
    )
    versions: dict[int, int] = {row.qualification_id: row.id for row in made}
    keep_new(
        session,
        [
            (ids[uuid], versions[ids[uuid]], data, quality)
            for uuid, (_, data), quality in zip(uuids, wanted, assessed, strict=True)
        ],
    )
    return [
        Added(row, uuid, ids[uuid], versions[ids[uuid]]) for uuid, (row, _) in zip(uuids, wanted, strict=True)
    ]


def _first_version(
    qualification_id: int,
    author_id: int,
    data: QualificationData,
    levels: Mapping[tuple[str, int], Level],
    bodies: Mapping[str, AwardingBody],
) -> dict[str, object]:
    level = levels[data.framework or "", data.level] if data.level is not None else None
    return {
        "qualification_id": qualification_id, "number": 1, "revision": 1, "author_id": author_id,
        "level_id": level.id if level else None, "sector_code": data.sector,
        "awarding_body_id": bodies[data.awarding_body].id if data.awarding_body else None,
        **{name: getattr(data, name) for name in PLAIN},
    }  # fmt: skip
