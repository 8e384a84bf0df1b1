"""Why two titles meet: which words matched and how, which did not, which numbers contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rqf.matching.documents import Line
from rqf.matching.features import guard_conflict, is_part, kinship
from rqf.matching.lexicon import SHORT_LIKENESS, likeness
from rqf.matching.text import Normalised, stem

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


def explain(
    query: Normalised, title: Normalised, others: Iterable[Normalised] = (), unfinished: str | None = None
) -> Explanation:
    """Say how the words of a query meet those of a title, or else of the record's other texts."""
    matched: list[Matched] = []
    missing: list[str] = []
    texts = [title, *others]
    met = [_meetings(query, text, unfinished) for text in texts]
    for number, word in enumerate(query.words):
        found = next((own[number] for own in met if number in own), None)
        if found is None:
            missing.append(word)
        else:
            matched.append(found)
    differ: tuple[str, ...] = ()
    if guard_conflict(query.guards, title.guards) > 0:
        mine, theirs = set(query.guards), set(title.guards)
        both = (*query.guards, *title.guards)
        differ = tuple(dict.fromkeys(guard for guard in both if guard not in mine & theirs))
    return Explanation(tuple(dict.fromkeys(matched)), tuple(dict.fromkeys(missing)), differ)


def _meetings(query: Normalised, text: Normalised, unfinished: str | None) -> dict[int, Matched]:
    """Return for each word of the query that a text holds the word it meets best."""
    a, b = Line.of(query), Line.of(text)
    near = kinship(
        list(zip(a.faces, a.stems, strict=True)), list(zip(b.faces, b.stems, strict=True)), unfinished
    )
    found = {}
    for i, face in enumerate(a.faces):
        j = max(range(len(b.faces)), key=lambda n: (near[i, n], b.faces[n] == face), default=None)
        if j is not None and near[i, j] > 0:
            found[i] = Matched(query.words[i], text.words[j], _how(face, a.stems[i], b.faces[j], b.stems[j]))
    return found


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
