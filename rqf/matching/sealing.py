"""Making segments: of documents that were put, and of several segments."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rqf.matching.documents import Document, Entry
from rqf.matching.segments import FACETS, IMPACT, SEPARATOR, Segment, Slots
from rqf.matching.strings import Blob, Lists, Strings, spread
from rqf.matching.wordbook import Wordbook, piece_numbers

_NO_VECTOR = np.empty(0, np.int8)
_Facets = tuple[tuple[npt.NDArray[Any], ...], tuple[tuple[str | int | None, ...], ...]]


def seal(entries: Sequence[Entry]) -> Segment:
    """Make a segment of prepared documents."""
    entries = sorted(entries, key=lambda entry: entry.document.id)
    documents = [entry.document for entry in entries]
    pairs = [(token, slot, value) for slot, e in enumerate(entries) for token, value in e.impacts.items()]
    spoken = Counter(pair for entry in entries for pair in entry.spoken)
    written = [_terms(entry) for entry in entries]
    terms, numbers = Strings.of([term for lines in written for line in lines for term in line])
    stems = [terms.text(n).partition(SEPARATOR)[2] for n in range(len(terms))]
    named = [token for token, _, _ in pairs] + [token for _, token in spoken] + [one for one in stems if one]
    tokens, token_numbers = Strings.of(named)
    number_of = dict(zip(named, token_numbers.tolist(), strict=True))
    lengths = np.array([len(line) for lines in written for line in lines], np.int64)
    marks = [(mark, slot) for slot, entry in enumerate(entries) for mark in entry.marks]
    facets, values = _facets(documents)
    posted, impacts = _post(
        token_numbers[: len(pairs)],
        np.array([slot for _, slot, _ in pairs], np.int32),
        np.array([round(value / IMPACT) for _, _, value in pairs], np.uint8),
        len(tokens),
    )
    return _segment(
        ids=np.array([one.id for one in documents], np.int64),
        facets=facets,
        values=values,
        tokens=tokens,
        posted=posted,
        impacts=impacts,
        pieces=Lists.of([piece_numbers(tokens.text(n)) for n in range(len(tokens))], np.uint16),
        terms=terms,
        term_tokens=np.array([number_of[stem] if stem else -1 for stem in stems], np.int32),
        lines=Lists(np.concatenate([[0], np.cumsum(lengths)]), numbers.astype(np.uint32)),
        first_lines=np.cumsum([0] + [len(lines) for lines in written]),
        words=Wordbook.of([(word, number_of[token], n) for (word, token), n in spoken.items()]),
        marks=np.array([mark for mark, _ in marks], np.uint64),
        mark_slots=np.array([slot for _, slot in marks], np.int32),
        documents=Blob.of(_written(one) for one in documents),
        vectors=np.array([_NO_VECTOR if e.vector is None else e.vector for e in entries], np.int8).reshape(
            len(entries), -1 if entries else 0
        ),
    )


def merge(parts: Sequence[Segment]) -> Segment:
    """Make one segment of several, leaving out the documents that are gone."""
    living = [np.flatnonzero(part.alive) for part in parts]
    ids = np.concatenate([part.ids[own] for part, own in zip(parts, living, strict=True)])
    order = np.argsort(ids, kind="stable")
    new_slots = _new_slots(parts, order)
    tokens, renumbered = Strings.merge([part.tokens for part in parts])
    terms, renamed = Strings.merge([part.terms for part in parts])
    term_tokens = np.zeros(len(terms), np.int32)
    for part, names, numbers in zip(parts, renamed, renumbered, strict=True):
        term_tokens[names] = np.where(part.term_tokens < 0, -1, numbers[part.term_tokens])
    pieces = Lists.join([part.pieces for part in parts]).take(_firsts(renumbered, len(tokens)))
    posted, impacts = _merge_postings(parts, new_slots, renumbered, len(tokens))
    lines, first_lines = _merge_lines(parts, living, order, renamed)
    facets, values = _merge_facets(parts, living, order)
    kept = [new[part.mark_slots] for part, new in zip(parts, new_slots, strict=True)]
    marks = np.concatenate([part.marks[own >= 0] for part, own in zip(parts, kept, strict=True)])
    offsets = np.cumsum([0] + [len(part) for part in parts])[:-1]
    places = np.concatenate([own + offset for own, offset in zip(living, offsets, strict=True)])
    return _segment(
        ids=ids[order],
        facets=facets,
        values=values,
        tokens=tokens,
        posted=posted,
        impacts=impacts,
        pieces=pieces,
        terms=terms,
        term_tokens=term_tokens,
        lines=lines,
        first_lines=first_lines,
        words=Wordbook.merge([part.words for part in parts], renumbered),
        marks=marks,
        mark_slots=np.concatenate([own[own >= 0] for own in kept]),
        documents=Blob.join([part.documents for part in parts]).take(places[order]),
        vectors=np.concatenate([part.vectors[own] for part, own in zip(parts, living, strict=True)])[order],
    )


def _segment(**arrays: Any) -> Segment:
    """Put a new segment together: marks in order, everything alive."""
    order = np.lexsort((arrays["mark_slots"], arrays["marks"]))
    arrays |= {name: arrays[name][order] for name in ("marks", "mark_slots")}
    starts = arrays["posted"].starts
    holding = np.diff(starts).astype(np.int32)
    peaks = np.zeros(len(holding), np.uint8)
    filled = np.flatnonzero(holding)
    if len(filled):
        peaks[filled] = np.maximum.reduceat(arrays["impacts"], starts[filled])
    return Segment(**arrays, alive=np.ones(len(arrays["ids"]), np.bool_), holding=holding, peaks=peaks)


def _terms(entry: Entry) -> list[list[str]]:
    """Return the terms of each line of a document: its words, then its guards."""
    return [
        [word + SEPARATOR + stem for word, stem in zip(line.words, line.stems, strict=True)]
        + [guard + SEPARATOR for guard in line.guards]
        for line in entry.lines
    ]


def _written(one: Document) -> str:
    rest = [one.code, one.country, one.kind, one.sector, one.level, one.status]
    return json.dumps([one.titles, one.other, *rest], ensure_ascii=False)


def _facets(documents: Sequence[Document]) -> _Facets:
    columns, values = [], []
    for facet in FACETS:
        numbers: dict[str | int | None, int] = {}
        column = [numbers.setdefault(getattr(one, facet), len(numbers)) for one in documents]
        columns.append(np.array(column, _smallest(len(numbers))))
        values.append(tuple(numbers))
    return tuple(columns), tuple(values)


def _smallest(count: int) -> type[np.unsignedinteger]:
    return np.uint8 if count < 256 else np.uint16


def _post(
    numbers: npt.NDArray[np.integer], slots: Slots, impacts: npt.NDArray[np.uint8], count: int
) -> tuple[Lists, npt.NDArray[np.uint8]]:
    """Sort (token, slot, impact) into one list a token, slots in order."""
    order = np.lexsort((slots, numbers))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(numbers, minlength=count), out=starts[1:])
    return Lists(starts, slots[order]), impacts[order]


def _new_slots(parts: Sequence[Segment], order: npt.NDArray[np.int64]) -> list[Slots]:
    """Return for each part old slot -> new slot, -1 for a document that is gone."""
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    found, start = [], 0
    for part in parts:
        new = np.full(len(part), -1, np.int32)
        count = int(part.alive.sum())
        new[part.alive] = place[start : start + count]
        found.append(new)
        start += count
    return found


def _firsts(renumbered: Sequence[npt.NDArray[np.int64]], count: int) -> npt.NDArray[np.int64]:
    """Return for each new number a place where it stood before, the parts taken one after the other."""
    joined = np.concatenate(renumbered)
    first = np.zeros(count, np.int64)
    first[joined] = np.arange(len(joined))
    return first


def _merge_postings(
    parts: Sequence[Segment],
    new_slots: Sequence[Slots],
    renumbered: Sequence[npt.NDArray[np.int64]],
    count: int,
) -> tuple[Lists, npt.NDArray[np.uint8]]:
    numbers, slots, impacts = [], [], []
    for part, new, own in zip(parts, new_slots, renumbered, strict=True):
        place = new[part.posted.values]
        keep = place >= 0
        numbers.append(np.repeat(own.astype(np.int32), np.diff(part.posted.starts))[keep])
        slots.append(place[keep])
        impacts.append(part.impacts[keep])
    return _post(np.concatenate(numbers), np.concatenate(slots), np.concatenate(impacts), count)


def _merge_lines(
    parts: Sequence[Segment],
    living: Sequence[npt.NDArray[np.int64]],
    order: npt.NDArray[np.int64],
    renamed: Sequence[npt.NDArray[np.int64]],
) -> tuple[Lists, npt.NDArray[np.int64]]:
    joined = Lists.join(
        [
            Lists(part.lines.starts, names[part.lines.values].astype(np.uint32))
            for part, names in zip(parts, renamed, strict=True)
        ]
    )
    counts = np.concatenate([np.diff(part.first_lines)[own] for part, own in zip(parts, living, strict=True)])
    offsets = np.cumsum([0] + [len(part.lines.starts) - 1 for part in parts])[:-1]
    firsts = np.concatenate(
        [part.first_lines[own] + offset for part, own, offset in zip(parts, living, offsets, strict=True)]
    )
    chosen = Lists(np.concatenate([[0], np.cumsum(counts[order])]), np.empty(0, np.int64))
    return joined.take(spread(firsts[order], counts[order])), chosen.starts


def _merge_facets(
    parts: Sequence[Segment], living: Sequence[npt.NDArray[np.int64]], order: npt.NDArray[np.int64]
) -> _Facets:
    columns, values = [], []
    for row in range(len(FACETS)):
        known: dict[str | int | None, int] = {}
        translated = []
        for part, own in zip(parts, living, strict=True):
            new = np.array([known.setdefault(one, len(known)) for one in part.values[row]], np.int64)
            translated.append(new[part.facets[row][own]] if len(own) else np.empty(0, np.int64))
        columns.append(np.concatenate(translated)[order].astype(_smallest(len(known))))
        values.append(tuple(known))
    return tuple(columns), tuple(values)
