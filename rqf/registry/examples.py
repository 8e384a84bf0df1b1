"""What a record's text reads like by the example of the levels that other countries' records were given.

A second opinion beside the advice, never a part of its score. It is silent until there are enough decisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from rqf.matching.learned import LEAST, LevelReader, Opinion
from rqf.models import FrameworkEdition, LevelMapping, Qualification, QualificationVersion
from rqf.models.standing import whole_version
from rqf.rules.terms import MappingStatus

#: The newest decisions are examples, so many of them.
MOST = 3000
#: The first outcomes tell enough of a record.
_OUTCOMES = 20


@dataclass(frozen=True)
class Example:
    """The opinion, and how many decided records it rests on."""

    opinion: Opinion
    count: int


_readers: WeakKeyDictionary[Engine, dict[str, tuple[tuple[int, int], LevelReader | None]]] = (
    WeakKeyDictionary()
)
_lock = Lock()


def by_example(session: Session, version: QualificationVersion, edition: FrameworkEdition) -> Example | None:
    """Return what the text of a version reads like, or None with too few decisions of other countries."""
    decided = _decided(version.country_code, edition)
    found = session.execute(
        decided.with_only_columns(func.count(LevelMapping.id), func.max(LevelMapping.id)).order_by(None)
    ).one()
    count, newest = int(found[0]), int(found[1] or 0)
    if count < LEAST:
        return None
    reader = _reader(session, version.country_code, edition, (count, newest))
    return Example(reader.read([_text(version)])[0], min(count, MOST)) if reader else None


def _decided(country: str, edition: FrameworkEdition) -> Select[LevelMapping]:
    return (
        select(LevelMapping)
        .join(QualificationVersion, LevelMapping.version_id == QualificationVersion.id)
        .join(Qualification)
        .where(
            LevelMapping.edition_id == edition.id,
            LevelMapping.status == MappingStatus.ENDORSED,
            Qualification.country_code != country,
        )
        .order_by(LevelMapping.id.desc())
    )


def _reader(
    session: Session, country: str, edition: FrameworkEdition, state: tuple[int, int]
) -> LevelReader | None:
    """Return the reader for a country's records; it is taught anew when decisions have come or gone."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    with _lock:
        kept = _readers.setdefault(getattr(engine, "_proxied", engine), {})
        name = f"{country} {edition.id}"
        if name not in kept or kept[name][0] != state:
            kept[name] = state, _taught(session, country, edition)
        return kept[name][1]


def _taught(session: Session, country: str, edition: FrameworkEdition) -> LevelReader | None:
    levels = {row.version_id: row.high for row in session.scalars(_decided(country, edition).limit(MOST))}
    versions = session.scalars(
        select(QualificationVersion)
        .where(QualificationVersion.id.in_(levels))
        .order_by(QualificationVersion.id)
        .options(*whole_version())
    ).all()
    return LevelReader.learn(
        [_text(one) for one in versions],
        [levels[one.id] for one in versions],
        [one.country_code for one in versions],
    )


def _text(version: QualificationVersion) -> str:
    return " . ".join([version.title, *(one.text for one in version.outcomes()[:_OUTCOMES])])
