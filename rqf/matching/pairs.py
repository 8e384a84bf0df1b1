"""The best candidates of other countries for many records, and whose candidates a change may touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.candidates import Document, Filters, Index
from rqf.matching.documents import prepare
from rqf.matching.segments import Segment

#: So many candidates are kept for a record.
TOP = 10
PUBLISHED = "published"
_NOBODY = -1


@dataclass(frozen=True)
class Pairs:
    """For each record (``ids``, in order) its candidates, best first, and their scores in tenths.

    ``others`` and ``scores`` have ``TOP`` columns; -1 stands where there are fewer candidates.
    """

    ids: npt.NDArray[np.int64]
    others: npt.NDArray[np.int64]
    scores: npt.NDArray[np.int16]

    @classmethod
    def join(cls, parts: Iterable[Pairs]) -> Pairs:
        """Put parts together, in the order of the records."""
        kept = list(parts) or [cls.none()]
        ids = np.concatenate([part.ids for part in kept])
        order = np.argsort(ids, kind="stable")
        others = np.concatenate([part.others for part in kept])
        scores = np.concatenate([part.scores for part in kept])
        return cls(ids[order], others[order], scores[order])

    @classmethod
    def none(cls) -> Pairs:
        """Return the pairs of no record."""
        return cls(np.empty(0, np.int64), np.empty((0, TOP), np.int64), np.empty((0, TOP), np.int16))

    def only(self, wanted: npt.NDArray[np.bool_]) -> Pairs:
        """Return the pairs of the wanted records."""
        return Pairs(self.ids[wanted], self.others[wanted], self.scores[wanted])


def best_pairs(index: Index, ids: Iterable[int]) -> Pairs:
    """Find the best published candidates of other countries for published records of the index."""
    wanted = np.array(list(ids), np.int64)
    others = np.full((len(wanted), TOP), _NOBODY, np.int64)
    scores = np.full((len(wanted), TOP), _NOBODY, np.int16)
    countries = frozenset(
        str(value) for part in index.parts() for value in part.values[0] if value is not None
    )
    for row, id in enumerate(wanted.tolist()):
        document = index.document(id)
        if document is None:
            continue
        filters = Filters(countries=countries - {document.country}, statuses=frozenset({PUBLISHED}))
        language, title = document.titles[0]
        found = index.search(title, language=language, filters=filters, limit=TOP, explained=False)
        others[row, : len(found)] = [one.id for one in found]
        scores[row, : len(found)] = [round(10 * one.score) for one in found]
    return Pairs(wanted, others, scores)


def published(index: Index) -> npt.NDArray[np.int64]:
    """Return the ids of all published records, in order."""
    only = Filters(statuses=frozenset({PUBLISHED}))
    found = [part.ids[part.passing(only)] for part in index.parts()]
    return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)


def changed(old: Index, new: Index, ids: Iterable[int]) -> list[int]:
    """Return which of some records are not the same in both, in order."""
    return sorted(id for id in set(ids) if old.document(id) != new.document(id))


def touched(old: Index, new: Index, ids: Iterable[int]) -> npt.NDArray[np.int64]:
    """Return the published records of ``new`` whose candidates may differ because these records changed.

    A search depends on the records that hold one of its words or a word like it, and with fixed statistics
    on nothing else. So only a record that shares a word, or one like it, with the old or new text of a
    changed record can be touched; there may be fewer than are returned, never more.
    """
    told = [(index, one) for index in (old, new) for id in ids if (one := index.document(id)) is not None]
    tokens = {token for index, one in told for token in _alike(one, index, old, new)}
    found = set(ids)
    for part in new.parts():
        for token in tokens:
            held = part.get(token)
            if held is not None:
                found.update(part.ids[held[0]].tolist())
    everybody = published(new)
    return everybody[np.isin(everybody, np.array(sorted(found), np.int64))]


def _alike(document: Document, index: Index, old: Index, new: Index) -> set[str]:
    """Return the tokens of a record and those of every word like one of its words."""
    entry = prepare(document, index.synonyms)
    tokens = set(entry.impacts)
    for word in {word for word, _ in entry.spoken}:
        for part in (*old.parts(), *new.parts()):
            tokens |= _tokens(part, word)
    return tokens


def _tokens(part: Segment, word: str) -> set[str]:
    words = [word, *(other for other, _ in part.words.similar(word))]
    return {part.tokens.text(token) for one in words for token in part.words.tokens_of(one)}
