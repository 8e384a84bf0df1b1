"""Why two titles meet: which words matched and how, which did not, which numbers contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rqf.matching.documents import Line
from rqf.matching.features import guard_conflict, is_part, kinship
from rqf.matching.text import Normalised, stem
from rqf.matching.titles import Floats
from rqf.matching.wordbook import SHORT_LIKENESS, likeness

#: Two words with the same beginning of this share are of one family; but where all but these few letters
#: agree from both ends, a key was missed.
FAMILY = 0.6
SLIP = 2


@dataclass(frozen=True, slots=True)
class Matched:
    """A word of the query, the word it met, and how: word, stem, synonym, typo or code."""

    query_word: str
    document_word: str
    how: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What matched, what did not, and the guards of either side that the other contradicts."""

    matched: tuple[Matched, ...]
    missing: tuple[str, ...]
    guards_differ: tuple[str, ...]


def explain(query: Normalised, title: Normalised) -> Explanation:
    """Say how the words of a query meet those of a title."""
    a, b = Line.of(query), Line.of(title)
    return explain_line(query, a, b, kinship(a.pairs, b.pairs), lambda _: [])


def explain_line(
    query: Normalised,
    asked: Line,
    title: Line,
    near: Floats,
    elsewhere: Callable[[str], Iterable[Normalised]],
) -> Explanation:
    """Say how the words of a query meet those of a title, or else of the record's other texts.

    ``near`` (words of the query, words of the title) says how near they are; ``elsewhere`` gives the other
    texts that may hold a word.
    """
    matched: list[Matched] = []
    missing: list[str] = []
    for number, face in enumerate(asked.faces):
        found = _meeting(query, asked, number, title, near) or _met_elsewhere(
            query, asked, number, elsewhere(face)
        )
        if found is None:
            missing.append(query.words[number])
        else:
            matched.append(found)
    differ: tuple[str, ...] = ()
    if guard_conflict(asked.guards, title.guards) > 0:
        agreed = set(asked.guards) & set(title.guards)
        differ = tuple(dict.fromkeys(g for g in (*asked.guards, *title.guards) if g not in agreed))
    return Explanation(tuple(dict.fromkeys(matched)), tuple(dict.fromkeys(missing)), differ)


def _met_elsewhere(
    query: Normalised, asked: Line, number: int, texts: Iterable[Normalised]
) -> Matched | None:
    for text in texts:
        line = Line.of(text)
        near = kinship(asked.pairs, line.pairs)
        found = _meeting(query, asked, number, line, near)
        if found is not None:
            return found
    return None


def _meeting(query: Normalised, asked: Line, number: int, title: Line, near: Floats) -> Matched | None:
    """Return the word of a title that a word of the query meets best, if any."""
    face = asked.faces[number]
    own = near[number]
    best = max(range(len(own)), key=lambda n: (own[n], title.faces[n] == face), default=None)
    if best is None or own[best] <= 0:
        return None
    how = _how(face, asked.stems[number], title.faces[best], title.stems[best])
    return Matched(query.words[number], title.words[best], how)


def _how(a: str, a_stem: str, b: str, b_stem: str) -> str:
    if a == b:
        return "word"
    if a_stem == b_stem:
        if not a_stem.startswith("~") or stem(a) == stem(b):
            return "stem"
        return "typo" if likeness(a, b) >= SHORT_LIKENESS else "synonym"
    if is_part(a, b):
        return "stem"
    start, end = _common(a, b), _common(a[::-1], b[::-1])
    slipped = end > 0 and start + end >= min(len(a), len(b)) - SLIP
    related = b.startswith(a) or start >= FAMILY * max(len(a), len(b)) and not slipped
    return "stem" if related else "typo"


def _common(a: str, b: str) -> int:
    """Return how many letters two words begin with alike."""
    for count, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return count
    return min(len(a), len(b))
