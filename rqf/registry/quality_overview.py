"""The quality of many records at once: of a country, of an import, of the region; and which lack what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, NotAllowed
from rqf.models import ImportBatch, ImportRow, QualificationVersion, QualityTally, VersionQuality
from rqf.models.standing import Pages, pages_of
from rqf.models.tables import now
from rqf.people import Actor
from rqf.registry.description import describe
from rqf.registry.imports.batches import find_batch
from rqf.registry.quality import lacks
from rqf.registry.soundness import quality_of_data, title_key
from rqf.rules.quality import Criterion, Quality, Summary, summarise
from rqf.rules.terms import Role

#: The trend goes back so many months.
MONTHS = 24
PER_PAGE = 50


@dataclass(frozen=True)
class Month:
    """How it stood at the end of a month: how many records, and their mean score."""

    first_day: date
    records: int
    mean: float


@dataclass(frozen=True)
class Overview:
    """The quality of the records of a country (None: of all), or of those that an import brought."""

    country: str | None
    batch: ImportBatch | None
    summary: Summary
    trend: Sequence[Month]
    #: Country -> its summary, where all countries are asked for.
    countries: dict[str, Summary]


@dataclass(frozen=True)
class Lacking:
    """A page of records, the weakest first, and where the next page begins."""

    records: Sequence[tuple[QualificationVersion, VersionQuality]]
    after: str | None


def overview(
    session: Session, actor: Actor, country: str | None = None, batch: str | None = None
) -> Overview:
    """Return how good the records are: an officer's own country's, any country's or all for the secretariat.

    :raises NotAllowed: the actor is neither an officer of ``country`` nor of the secretariat.
    :raises NotFound: there is no such import in the actor's country.
    """
    if batch:
        found = find_batch(session, actor, batch)
        counts = _of_batch(session, found)
        return Overview(found.country_code, found, summarise(counts), (), {})
    _require(actor, country)
    rows = session.execute(
        select(
            QualityTally.country_code, QualityTally.score, QualityTally.gaps, func.sum(QualityTally.records)
        )
        .where(*_in(country))
        .group_by(QualityTally.country_code, QualityTally.score, QualityTally.gaps)
    ).all()
    by_country: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for code, score, gaps, records in rows:
        by_country[code].append((score, gaps, int(records)))
    whole = summarise(one for counts in by_country.values() for one in counts)
    each = {} if country else {code: summarise(by_country[code]) for code in sorted(by_country)}
    return Overview(country, None, whole, _trend(session, country), each)


def records_lacking(
    session: Session, actor: Actor, country: str, criterion: Criterion | None, after: str | None = None
) -> Lacking:
    """Return a page of the records of a country that lose points by ``criterion``, or all, the weakest first.

    :raises NotAllowed: the actor is neither an officer of ``country`` nor of the secretariat.
    """
    _require(actor, country)
    quality = VersionQuality
    query = (
        select(QualificationVersion, quality)
        .join(quality, quality.version_id == QualificationVersion.id)
        .where(quality.country_code == country, quality.counted)
        .order_by(quality.score, quality.version_id)
        .limit(PER_PAGE + 1)
        .options(joinedload(QualificationVersion.qualification))
    )
    if criterion:
        query = query.where(lacks(criterion))
    if place := _place(after):
        score, version_id = place
        query = query.where(
            (quality.score > score) | ((quality.score == score) & (quality.version_id > version_id))
        )
    rows = [(version, kept) for version, kept in session.execute(query)]
    last = rows[PER_PAGE - 1][1] if len(rows) > PER_PAGE else None
    return Lacking(rows[:PER_PAGE], f"{last.score}-{last.version_id}" if last else None)


def lacking_pages(session: Session, actor: Actor, country: str, criterion: Criterion | None) -> Pages:
    """Return what gives all records of :func:`records_lacking`, some hundred at a time.

    :raises NotAllowed: the actor is neither an officer of ``country`` nor of the secretariat.
    """
    _require(actor, country)
    query = (
        select(QualificationVersion.id)
        .join(VersionQuality, VersionQuality.version_id == QualificationVersion.id)
        .where(VersionQuality.country_code == country, VersionQuality.counted)
    )
    return pages_of(session, query.where(lacks(criterion)) if criterion else query)


def kept_quality(session: Session, version: QualificationVersion) -> Quality:
    """Return how good a version is now, with regard to the other records of its country."""
    data = describe(version)
    twin = session.scalar(
        select(
            exists().where(
                VersionQuality.title_key == title_key(data),
                VersionQuality.counted,
                VersionQuality.qualification_id != version.qualification_id,
            )
        )
    )
    return quality_of_data(data, bool(twin))


def _require(actor: Actor, country: str | None) -> None:
    if not actor.has(Role.SECRETARIAT) and (not country or country not in actor.countries(Role.OFFICER)):
        raise NotAllowed(
            N_("Only the country's officers and the secretariat see the quality of its records.")
        )


def _in(country: str | None) -> list[ColumnElement[bool]]:
    return [QualityTally.country_code == country] if country else []


def _of_batch(session: Session, batch: ImportBatch) -> list[tuple[int, int, int]]:
    own = select(ImportRow.qualification_id).where(
        ImportRow.batch_id == batch.id, ImportRow.done.is_not(None)
    )
    rows = session.execute(
        select(VersionQuality.score, VersionQuality.gaps, func.count())
        .where(VersionQuality.counted, VersionQuality.qualification_id.in_(own))
        .group_by(VersionQuality.score, VersionQuality.gaps)
    ).all()
    return [(score, gaps, count) for score, gaps, count in rows]


def _trend(session: Session, country: str | None) -> list[Month]:
    rows = session.execute(
        select(
            QualityTally.month,
            func.sum(QualityTally.records),
            func.sum(QualityTally.records * QualityTally.score),
        )
        .where(*_in(country))
        .group_by(QualityTally.month)
        .order_by(QualityTally.month)
    ).all()
    moves = {month: (int(records), int(points)) for month, records, points in rows}
    if not moves:
        return []
    found: list[Month] = []
    records = points = 0
    for month in _months(min(moves), f"{now():%Y-%m}"):
        more = moves.get(month, (0, 0))
        records, points = records + more[0], points + more[1]
        if records:
            found.append(Month(date.fromisoformat(f"{month}-01"), records, points / records))
    return found[-MONTHS:]


def _months(first: str, last: str) -> list[str]:
    start, end = (int(one[:4]) * 12 + int(one[5:]) - 1 for one in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _place(after: str | None) -> tuple[int, int] | None:
    score, _, version_id = (after or "").partition("-")
    return (int(score), int(version_id)) if score.isdecimal() and version_id.isdecimal() else None
