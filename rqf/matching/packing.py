"""A segment as named arrays, as they are written to files and mapped from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rqf.matching.segments import FACETS, Segment
from rqf.matching.strings import Blob, Lists, Read, Strings
from rqf.matching.wordbook import Wordbook

#: The array of the texts of all documents.
DOCUMENTS = "documents_data"


def arrays_of(segment: Segment) -> dict[str, npt.NDArray[Any]]:
    """Return every array of a segment by name; with ``values`` it can be put together again."""
    facets = {f"facet_{name}": column for name, column in zip(FACETS, segment.facets, strict=True)}
    words = segment.words
    return facets | {
        "ids": segment.ids,
        "impacts": segment.impacts,
        "peaks": segment.peaks,
        "term_tokens": segment.term_tokens,
        "first_lines": segment.first_lines,
        "marks": segment.marks,
        "mark_slots": segment.mark_slots,
        "holding": segment.holding,
        "vectors": segment.vectors,
        "uses": words.uses,
        "thirds": words.thirds,
        **_named("posted", segment.posted),
        **_named("pieces", segment.pieces),
        **_named("lines", segment.lines),
        **_named("word_tokens", words.tokens),
        **_named("holders", words.holders),
        **_named("tokens", segment.tokens),
        **_named("terms", segment.terms),
        **_named("words", words.words),
        **_named("documents", segment.documents),
    }


def of_arrays(
    arrays: Mapping[str, npt.NDArray[Any]],
    values: Sequence[Sequence[str | int | None]],
    read: Read | None = None,
) -> Segment:
    """Put a segment together from arrays that may be mapped from files; only what changes is copied.

    ``read`` gives bytes of ``documents_data`` from where they lie.
    """

    def lists(name: str) -> Lists:
        return Lists(arrays[f"{name}_starts"], arrays[f"{name}_values"])

    def blob(name: str) -> Blob:
        return Blob(arrays[f"{name}_starts"], arrays[f"{name}_data"])

    def strings(name: str) -> Strings:
        return Strings(arrays[f"{name}_keys"], blob(name))

    words = Wordbook(
        strings("words"), lists("word_tokens"), np.array(arrays["uses"]), arrays["thirds"], lists("holders")
    )
    return Segment(
        facets=tuple(arrays[f"facet_{name}"] for name in FACETS),
        values=tuple(tuple(one) for one in values),
        tokens=strings("tokens"),
        posted=lists("posted"),
        pieces=lists("pieces"),
        terms=strings("terms"),
        lines=lists("lines"),
        words=words,
        documents=replace(blob("documents"), read=read),
        alive=np.ones(len(arrays["ids"]), np.bool_),
        holding=np.array(arrays["holding"]),
        ids=arrays["ids"],
        impacts=arrays["impacts"],
        peaks=arrays["peaks"],
        term_tokens=arrays["term_tokens"],
        first_lines=arrays["first_lines"],
        marks=arrays["marks"],
        mark_slots=arrays["mark_slots"],
        vectors=arrays["vectors"],
    )


def _named(name: str, part: Lists | Blob | Strings) -> dict[str, npt.NDArray[Any]]:
    if isinstance(part, Strings):
        return {f"{name}_keys": part.keys} | _named(name, part.blob)
    if isinstance(part, Blob):
        return {f"{name}_starts": part.starts, f"{name}_data": part.data}
    return {f"{name}_starts": part.starts, f"{name}_values": part.values}
