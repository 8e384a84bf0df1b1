"""The catalogue that search, suggestions, duplicates and look-ups share: an index beside the database.

The index holds no truth. Before every use a process reads the changes written since it last looked
(``catalogue_change``), so what was committed a moment ago is found, in every process. A small index is built
in the memory of each process; a large one is built once, on a shelf that all processes of a machine share
(``shelf.py``), and each process keeps only what changed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock, Thread
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from rqf.matching import encoders
from rqf.matching.candidates import Index
from rqf.matching.encoders import Encoder
from rqf.matching.sealing import merge
from rqf.matching.text import NO_SYNONYMS, Synonyms
from rqf.models import audit
from rqf.models.catalogue_records import documents
from rqf.models.catalogue_records import read_synonyms as read_synonyms
from rqf.models.qualifications import CatalogueChange, Qualification
from rqf.models.shelf import Label, Shelf

#: From so many qualifications on, the processes of a machine share one index on disk.
SHARED_FROM = 20_000
#: A shelf is made anew when this share of it has changed since.
STALE = 0.05


@dataclass
class _Kept:
    """An index, how far in the changes it has read, and the generation of the shelf it rests on."""

    shelf: Shelf | None
    lock: Lock = field(default_factory=Lock)
    index: Index | None = None
    synonyms: Synonyms = NO_SYNONYMS
    watermark: int = 0
    generation: str | None = None
    #: How many changes were read since the generation was made.
    since: int = 0


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_keeping = Lock()


def index(session: Session) -> Index:
    """Return the index, caught up with everything that has been committed."""
    kept = _caught_up(session)
    assert kept.index is not None
    return kept.index


def snapshot(session: Session) -> tuple[Index, Label]:
    """Return the index and what it was made of: the last change that it has read, and the synonyms."""
    kept = _caught_up(session)
    with kept.lock:
        assert kept.index is not None
        # By words alone, encoder or not: what is computed at once has to be the same on every machine.
        return Index(kept.synonyms, kept.index.parts()), _label(session, kept.watermark, kept.synonyms)


def changed_since(session: Session, label: Label, newest: Label) -> set[int]:
    """Return the ids of the qualifications that changed after one label up to another."""
    return set(
        session.scalars(
            select(CatalogueChange.qualification_id)
            .where(CatalogueChange.id > label.watermark, CatalogueChange.id <= newest.watermark)
            .distinct()
        )
    )


def synonyms(session: Session) -> Synonyms:
    """Return the national synonyms that the index was built with."""
    return _caught_up(session).synonyms


def note_change(session: Session, qualification_id: int) -> None:
    """Say that the index has to read a qualification again. Belongs in the transaction of the change."""
    # One writer at a time: otherwise a lower number could be committed after a higher one had been read.
    audit.lock(session)
    session.add(CatalogueChange(qualification_id=qualification_id))
    session.flush()


def note_changes(session: Session, qualification_ids: Iterable[int]) -> None:
    """Say that the index has to read many qualifications again, or that they are gone."""
    rows = [{"qualification_id": one} for one in qualification_ids]
    if rows:
        audit.lock(session)
        session.execute(insert(CatalogueChange.__table__), rows)  # type: ignore[arg-type]


def forget(session: Session) -> None:
    """Build the index anew at the next use: the synonyms, or much else at once, have changed."""
    with _keeping:
        kept = _kept.pop(_engine(session), None)
    shelf = kept.shelf if kept else Shelf.beside(_engine(session).url)
    if shelf:
        shelf.clear()


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    # A writer's engine is the reader's with other options; the index is kept for the one underneath.
    return getattr(engine, "_proxied", engine)


def _caught_up(session: Session) -> _Kept:
    engine = _engine(session)
    with _keeping:
        kept = _kept.setdefault(engine, _Kept(Shelf.beside(engine.url)))
    # Read on a connection of its own: what this transaction has not committed may yet be undone, and must
    # not enter an index that others share.
    with Session(engine) as reader:
        newest = reader.scalar(select(func.max(CatalogueChange.id))) or 0
        moved = kept.generation is not None and kept.shelf and kept.shelf.current() != kept.generation
        if kept.index is None or newest != kept.watermark or moved:
            with kept.lock:
                if kept.index is None or moved:
                    _take(reader, kept, newest)
                _catch_up(reader, kept, newest)
        if kept.generation and kept.since > STALE * len(kept.index or ()):
            _renew(engine, kept)
    return kept


def _take(reader: Session, kept: _Kept, newest: int) -> None:
    """Take an index up: from the shelf if it has the right one, else build it."""
    kept.synonyms = read_synonyms(reader)
    size = reader.scalar(select(func.count()).select_from(Qualification)) or 0
    shelf = kept.shelf if size >= SHARED_FROM else None
    kept.since = 0
    if shelf is None:
        kept.index, kept.watermark = Index(kept.synonyms, encoder=_encoder(reader)), newest
        kept.index.put_all(documents(reader, None))
        kept.generation = None
        return
    if not _take_from(shelf, reader, kept):
        with shelf.building(wait=True):
            # Whoever waited finds what the other process has built.
            if not _take_from(shelf, reader, kept):
                kept.index, kept.generation = _build(reader, kept.synonyms, shelf, newest)
                kept.watermark = newest


def _take_from(shelf: Shelf, reader: Session, kept: _Kept) -> bool:
    name = shelf.current()
    opened = shelf.open(name) if name else None
    if opened is None or not _rightful(reader, kept.synonyms, opened[1]):
        return False
    kept.index = Index(kept.synonyms, [opened[0]], encoder=_encoder(reader))
    kept.watermark, kept.generation = opened[1].watermark, name
    return True


def _label(reader: Session, watermark: int, synonyms: Synonyms) -> Label:
    encoder = _encoder(reader)
    told = witness(reader, watermark)
    return Label(watermark, told, synonyms.fingerprint(), encoder.name if encoder else "")


def _encoder(reader: Session) -> Encoder | None:
    name = _engine(reader).get_execution_options().get("rqf_encoder", "")
    return _loaded(name) if name else None


@lru_cache(maxsize=2)
def _loaded(name: str) -> Encoder:
    return encoders.load(name)


def _rightful(reader: Session, synonyms: Synonyms, label: Label) -> bool:
    """Say whether a shelf was made from this database and these synonyms.

    A database that was restored or made anew has other identifiers behind the same numbers.
    """
    return label == _label(reader, label.watermark, synonyms)


def witness(reader: Session, watermark: int) -> str:
    """Return when the change with a number was made: it tells a database from another at the same address."""
    at = reader.scalar(select(CatalogueChange.at).where(CatalogueChange.id == watermark))
    return at.isoformat() if at else ""


def _build(reader: Session, synonyms: Synonyms, shelf: Shelf, newest: int) -> tuple[Index, str]:
    """Build the index of the whole database and put it on the shelf."""
    built = Index(synonyms, encoder=_encoder(reader))
    built.put_all(documents(reader, None))
    return _put_away(built, shelf, _label(reader, newest, synonyms))


def _put_away(built: Index, shelf: Shelf, label: Label) -> tuple[Index, str]:
    name = shelf.save(merge(built.parts()), label)
    opened = shelf.open(name)
    assert opened is not None
    return Index(built.synonyms, [opened[0]], encoder=built.encoder), name


def _renew(engine: Engine, kept: _Kept) -> None:
    """Put the index with its changes on the shelf, in the background; searches go on meanwhile."""
    kept.since = 0
    index, watermark, synonyms = kept.index, kept.watermark, kept.synonyms
    assert index is not None
    assert kept.shelf is not None
    shelf = kept.shelf

    def work() -> None:
        with shelf.building(wait=False) as mine, Session(engine) as reader:
            if mine:
                _put_away(index, shelf, _label(reader, watermark, synonyms))

    Thread(target=work, name="rqf-index", daemon=True).start()


def _catch_up(reader: Session, kept: _Kept, newest: int) -> None:
    if newest <= kept.watermark:
        return
    assert kept.index is not None
    changed = reader.scalars(
        select(CatalogueChange.qualification_id)
        .where(CatalogueChange.id > kept.watermark, CatalogueChange.id <= newest)
        .distinct()
    ).all()
    gone = set(changed)
    for document in documents(reader, changed):
        gone.discard(document.id)
        kept.index.put(document)
    for id in gone:
        kept.index.drop(id)
    kept.since += len(changed)
    kept.watermark = newest
