"""Keeps the quality of versions and the counts of it, in the transaction that changes the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rqf.models import QualificationVersion, QualityTally, VersionQuality
from rqf.models.standing import whole_version
from rqf.models.tables import now
from rqf.registry.description import QualificationData, describe
from rqf.registry.soundness import quality_of_data, title_key
from rqf.rules.quality import METHOD, Criterion, Quality, bit, with_twin
from rqf.rules.terms import VersionStatus

_AT_ONCE = 400
#: Who still has to be kept in order; withdrawn records are not.
_ALIVE = (VersionStatus.DRAFT, VersionStatus.PUBLISHED)
_ROWS: Any = VersionQuality.__table__
#: (id, record, state, since when)
_Version = Row[int, int, VersionStatus, datetime]
#: (country, month, score, gaps) -> how many records more or fewer
Tally = Counter[tuple[str, str, int, int]]


@dataclass(frozen=True)
class _Kept:
    """The quality of a version, not yet stored. ``score`` and ``gaps`` are without regard to twins."""

    version_id: int
    qualification_id: int
    country: str
    score: int
    gaps: int
    key: str
    counted: bool
    month: str


def keep(session: Session, qualification_ids: Iterable[int]) -> None:
    """Keep the quality of records that have just been written."""
    ids = sorted(set(qualification_ids))
    session.flush()
    for start in range(0, len(ids), _AT_ONCE):
        _Keeping(session).run(ids[start : start + _AT_ONCE])


def keep_new(session: Session, added: Sequence[tuple[int, int, QualificationData, Quality]]) -> None:
    """Keep the quality of new drafts: (qualification id, version id, what it says, its quality by itself)."""
    month = _month(now())
    found = [_kept(version_id, id, data, quality, True, month) for id, version_id, data, quality in added]
    keeping = _Keeping(session)
    twins = keeping.mark_twins({one.key: one.month for one in found}, found, ())
    for one in found:
        keeping.count(one.country, one.month, with_twin(one.score, one.gaps, one.key in twins), 1)
    keeping.store(found, twins)
    keeping.close()


def forget(session: Session, version_ids: Collection[int]) -> None:
    """Forget drafts that are about to be deleted; :func:`keep` then sees what speaks for their records."""
    ids = sorted(version_ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        keeping, month = _Keeping(session), _month(now())
        rows = session.execute(select(_ROWS).where(_ROWS.c.version_id.in_(some), _ROWS.c.counted)).all()
        for row in rows:
            keeping.count(row.country_code, month, (row.score, row.gaps), -1)
        session.execute(delete(VersionQuality).where(VersionQuality.version_id.in_(some)))
        keeping.mark_twins(dict.fromkeys((row.title_key for row in rows), month), (), ())
        keeping.close()


def fill(session: Session, after: int = 0, limit: int = 1000) -> Sequence[int]:
    """Keep the quality of the next records that have none, and return them; nothing when all have.

    Their history is that of their versions, so the trend reaches back to the first.
    """
    missing = ~exists().where(VersionQuality.version_id == QualificationVersion.id)
    ids = session.scalars(
        select(QualificationVersion.qualification_id)
        .where(QualificationVersion.qualification_id > after, missing)
        .distinct()
        .order_by(QualificationVersion.qualification_id)
        .limit(limit)
    ).all()
    keep(session, ids)
    return ids


def forget_other_methods(session: Session) -> bool:
    """Empty the scores and counts if any was taken by another method; tell whether there was one."""
    if not session.scalar(select(exists().where(VersionQuality.method != METHOD))):
        return False
    start_again(session)
    return True


def start_again(session: Session) -> None:
    """Empty the scores and counts, for :func:`fill` to take them anew."""
    session.execute(delete(VersionQuality))
    session.execute(delete(QualityTally))


def lacks(criterion: Criterion) -> ColumnElement[bool]:
    """Return the condition that a version loses points by a criterion."""
    return VersionQuality.gaps.bitwise_and(bit(criterion)) != 0


class _Keeping:
    """Compares what is stored of some records with what they say now, and writes the difference."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tally: Tally = Counter()

    def run(self, ids: Sequence[int]) -> None:
        """Keep the quality of these records."""
        versions = self._versions(ids)
        stored: dict[int, Row[Any]] = {
            row.version_id: row
            for row in self.session.execute(select(_ROWS).where(_ROWS.c.qualification_id.in_(ids)))
        }
        found = self._assess(versions, stored)
        before = {row.qualification_id: row for row in stored.values() if row.counted}
        months = {row.title_key: _month(now()) for row in before.values()}
        months |= {one.key: one.month for one in found if one.counted}
        twins = self.mark_twins(months, [one for one in found if one.counted], ids)
        self._count(found, before, twins)
        fresh = [one.version_id for one in found]
        self.session.execute(delete(_ROWS).where(_ROWS.c.version_id.in_(fresh)))
        self.session.execute(update(_ROWS).where(_ROWS.c.qualification_id.in_(ids)).values(counted=False))
        self.store(found, twins)
        self.close()

    def _versions(self, ids: Sequence[int]) -> dict[int, list[_Version]]:
        """Return record -> its versions, the first one first."""
        version = QualificationVersion
        rows = self.session.execute(
            select(version.id, version.qualification_id, version.status, version.created_at)
            .where(version.qualification_id.in_(ids))
            .order_by(version.qualification_id, version.number)
        )
        found: dict[int, list[_Version]] = defaultdict(list)
        for row in rows:
            found[row.qualification_id].append(row)
        return found

    def _assess(self, versions: dict[int, list[_Version]], stored: dict[int, Row[Any]]) -> list[_Kept]:
        """Return the newest version of each record, and older ones of which nothing is stored, in order."""
        newest = {rows[-1].id for rows in versions.values()}
        every = [row for rows in versions.values() for row in rows]
        wanted = [row for row in every if row.id in newest or row.id not in stored]
        loaded = {
            one.id: one
            for one in self.session.scalars(
                select(QualificationVersion)
                .where(QualificationVersion.id.in_([row.id for row in wanted]))
                .options(*whole_version())
            )
        }
        says = {id: describe(version) for id, version in loaded.items()}
        return [
            _kept(
                row.id, row.qualification_id, says[row.id], quality_of_data(says[row.id]),
                row.id in newest and row.status in _ALIVE,
                _month(row.created_at if row.id not in stored else now()),
            )
            for row in wanted
        ]  # fmt: skip

    def _count(self, found: Sequence[_Kept], before: dict[int, Row[Any]], twins: set[str]) -> None:
        """Note as what each record was counted before, and as what it is counted from its months on."""
        for id, group in groupby(found, key=lambda one: one.qualification_id):
            *history, newest = group
            current = (before[id].score, before[id].gaps) if id in before else None
            for one in history:
                current = self._move(one, current, (one.score, one.gaps))
            said = with_twin(newest.score, newest.gaps, newest.key in twins)
            self._move(newest, current, said if newest.counted else None)

    def _move(
        self, one: _Kept, was: tuple[int, int] | None, became: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        if was != became:
            for said, records in ((was, -1), (became, 1)):
                if said:
                    self.count(one.country, one.month, said, records)
        return became

    def mark_twins(self, months: dict[str, str], found: Sequence[_Kept], own: Sequence[int]) -> set[str]:
        """Return the titles that more than one record has, and correct the other records that have them.

        ``months``: title -> since when that is so; ``own`` are the records that are being written.
        """
        others = self._others(list(months), own)
        many = Counter(one.key for one in found)
        many.update(row.title_key for row in others)
        changed = []
        for row in others:
            became = with_twin(row.score, row.gaps, many[row.title_key] > 1)
            if became != (row.score, row.gaps):
                self.count(row.country_code, months[row.title_key], (row.score, row.gaps), -1)
                self.count(row.country_code, months[row.title_key], became, 1)
                changed.append({"version_id": row.version_id, "score": became[0], "gaps": became[1]})
        if changed:
            self.session.execute(update(VersionQuality), changed)
        return {key for key, count in many.items() if count > 1}

    def _others(self, keys: list[str], own: Sequence[int]) -> list[Row[Any]]:
        rows: list[Row[Any]] = []
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            rows += self.session.execute(
                select(_ROWS).where(_ROWS.c.title_key.in_(some), _ROWS.c.counted)
            ).all()
        mine = set(own)
        return [row for row in rows if row.qualification_id not in mine]

    def count(self, country: str, month: str, said: tuple[int, int], records: int) -> None:
        """Note so many records more, from a month on."""
        self.tally[country, month, *said] += records

    def store(self, found: Sequence[_Kept], twins: set[str]) -> None:
        """Store the quality of versions."""
        rows = [_row(one, one.counted and one.key in twins) for one in found]
        if rows:
            self.session.execute(insert(_ROWS), rows)

    def close(self) -> None:
        """Write the counts, in one order: two writers then wait for each other, and never both."""
        rows = [
            {"country_code": country, "month": month, "score": score, "gaps": gaps, "records": records}
            for (country, month, score, gaps), records in sorted(self.tally.items())
            if records
        ]
        if not rows:
            return
        known: Any = postgresql if self.session.get_bind().dialect.name == "postgresql" else sqlite
        adding = known.insert(QualityTally.__table__)
        self.session.execute(
            adding.on_conflict_do_update(
                index_elements=["country_code", "month", "score", "gaps"],
                set_={"records": QualityTally.records + adding.excluded.records},
            ),
            rows,
        )


def _kept(
    version_id: int, id: int, data: QualificationData, quality: Quality, counted: bool, month: str
) -> _Kept:
    return _Kept(version_id, id, data.country, quality.score, quality.gaps, title_key(data), counted, month)


def _row(one: _Kept, twin: bool) -> dict[str, Any]:
    score, gaps = with_twin(one.score, one.gaps, twin)
    return {
        "version_id": one.version_id, "qualification_id": one.qualification_id, "country_code": one.country,
        "method": METHOD, "score": score, "gaps": gaps, "title_key": one.key, "counted": one.counted,
    }  # fmt: skip


def _month(at: datetime) -> str:
    return f"{at:%Y-%m}"
