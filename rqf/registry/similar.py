"""Records close to one that is being written: likely duplicates at home, and kin in other countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.matching.candidates import Document, Filters
from rqf.matching.explanation import Matched
from rqf.matching.scoring import Candidate, duplicates
from rqf.models import Country, Qualification, QualificationVersion, catalogue
from rqf.models.standing import whole_version
from rqf.rules.terms import QualificationType, VersionStatus

#: Abroad, weaker candidates than this are not worth showing.
CLOSE = 45
_MOST = 5


@dataclass(frozen=True)
class CloseRecord:
    """A record that is close: the version that speaks for it, and how close it is, with the evidence."""

    version: QualificationVersion
    score: float
    band: str
    same_code: bool
    matched: tuple[Matched, ...]


@dataclass(frozen=True)
class CloseRecords:
    """Likely duplicates in the own country, and close records elsewhere."""

    duplicates: tuple[CloseRecord, ...]
    elsewhere: tuple[CloseRecord, ...]


def close_records(
    session: Session,
    country: str,
    title: str,
    language: str,
    code: str | None = None,
    type: QualificationType | None = None,
    exclude: int | None = None,
) -> CloseRecords:
    """Return the records close to a title (and code) that an officer of ``country`` writes.

    A record of another ``type`` is no duplicate. ``exclude`` is the id of the qualification itself. Drafts of
    other countries are never among the records.
    """
    if not title.strip() and not code:
        return CloseRecords((), ())
    twins = _with_code(session, country, code, exclude)
    alike = _records(session, _at_home(session, country, title, language, exclude))
    likely = [
        one for one in alike if one.version.id not in twins and type in (None, one.version.qualification.type)
    ]
    kin = _records(session, _abroad(session, country, title, language))
    return CloseRecords(
        tuple([*twins.values(), *likely][:_MOST]),
        tuple(one for one in kin if one.version.status == VersionStatus.PUBLISHED)[:_MOST],
    )


def _at_home(
    session: Session, country: str, title: str, language: str, exclude: int | None
) -> list[Candidate]:
    if not title.strip():
        return []
    # Kind and code play no part in how alike titles are.
    written = Document(id=exclude or 0, titles=((language, title),), code=None, country=country, kind="")
    return duplicates(written, catalogue.index(session), limit=3 * _MOST)


def _abroad(session: Session, country: str, title: str, language: str) -> list[Candidate]:
    if not title.strip():
        return []
    others = frozenset(session.scalars(select(Country.code).where(Country.code != country)))
    filters = Filters(countries=others, statuses=frozenset({VersionStatus.PUBLISHED.value}))
    found = catalogue.index(session).search(title, language=language, filters=filters, limit=3 * _MOST)
    return [one for one in found if one.score >= CLOSE]


def _with_code(
    session: Session, country: str, code: str | None, exclude: int | None
) -> dict[int, CloseRecord]:
    if not code:
        return {}
    rows = session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(
            Qualification.country_code == country,
            Qualification.code == code.strip(),
            Qualification.id != (exclude or 0),
            QualificationVersion.status.in_((VersionStatus.PUBLISHED, VersionStatus.DRAFT)),
        )
        .options(*whole_version())
    )
    return {row.id: CloseRecord(row, 100, "same", True, ()) for row in rows}


def _records(session: Session, candidates: Sequence[Candidate]) -> list[CloseRecord]:
    """Return the records of the candidates as the database has them now."""
    if not candidates:
        return []
    rows = session.scalars(
        select(QualificationVersion)
        .where(
            QualificationVersion.qualification_id.in_([one.id for one in candidates]),
            QualificationVersion.status.in_((VersionStatus.PUBLISHED, VersionStatus.DRAFT)),
        )
        .options(*whole_version())
    )
    # Where there is a published text and a draft, the published one speaks.
    speaking = {
        row.qualification_id: row
        for row in sorted(rows, key=lambda row: row.status == VersionStatus.PUBLISHED)
    }
    return [
        CloseRecord(speaking[one.id], one.score, one.band, False, one.matched)
        for one in candidates
        if one.id in speaking
    ]
