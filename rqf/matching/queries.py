"""What a query asks of the index: each word with the words that may stand for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rqf.matching.documents import Line
from rqf.matching.lexicon import Lexicon
from rqf.matching.text import Normalised, Synonyms, fold, normalise, stem

#: What a word found by another way than itself is worth.
PART_OF_CONCEPT = 0.4
COMPLETED = 0.8
RELATED_TO_KNOWN = 0.6
GUARD = 0.5
#: A code is told by a digit in it.
_CODE_LENGTH = range(3, 40)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query: what it weighs, and the tokens that may stand for it with their worth."""

    weight: float
    tokens: tuple[tuple[str, float], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query ready to be run."""

    text: Normalised
    line: Line
    terms: tuple[Term, ...]
    #: The terms of its words, by the word without accents.
    spoken: Mapping[str, Term]
    codes: tuple[str, ...]
    unfinished: str | None


def read(
    query: str, language: str, synonyms: Synonyms, lexicon: Lexicon, weigh: Callable[[str], float]
) -> Query:
    """Turn what was typed into terms, with synonyms, misspellings and unfinished words resolved."""
    text = _corrected(normalise(query, language, synonyms), language, synonyms, lexicon)
    line = Line.of(text)
    last = text.folded.rsplit(" ", 1)[-1] if query[-1:].isalnum() else ""
    unfinished = last if len(last) > 1 and last not in lexicon else None
    unknown = weigh("")
    terms, plain = {}, list(text.plain)
    for face, token in zip(line.faces, line.stems, strict=True):
        parts, plain = plain[: face.count(" ") + 1], plain[face.count(" ") + 1 :]
        if face in terms:
            continue
        tokens = _tokens(face, token, parts, lexicon, face == unfinished)
        # A word that no record has, though some have one like it, is misspelt: it tells what that one tells.
        known = [one for one in tokens if weigh(one) < unknown] or [token]
        best = max(known, key=lambda one: (tokens[one], one == token, one))
        terms[face] = Term(weigh(best), tuple(sorted(tokens.items())))
    spoken = dict(terms)
    for guard in dict.fromkeys(text.guards):
        token = "#" + guard.split()[-1]
        terms[token] = Term(GUARD * weigh(token), ((token, 1.0),), optional=bool(line.stems))
    return Query(text, line, tuple(terms.values()), spoken, _codes(query), unfinished)


def _corrected(text: Normalised, language: str, synonyms: Synonyms, lexicon: Lexicon) -> Normalised:
    """Recognise a term of several words although one is misspelt; other words are left to the index."""
    faces = [fold(word) for word in text.words]
    if synonyms.longest < 2 or len(text.plain) != len(faces) or all(face in lexicon for face in faces):
        return text
    likely = [face if face in lexicon else _likeliest(face, lexicon) for face in faces]
    meant = [stem(face, language) for face in likely]
    words: list[str] = []
    stems: list[str] = []
    for start, end, concept in synonyms.spans(meant):
        corrected = end - start > 1 and likely[start:end] != faces[start:end]
        words += [" ".join(text.words[start:end])] if corrected else text.words[start:end]
        stems += [concept] if corrected else text.stems[start:end]
    return replace(text, words=tuple(words), stems=tuple(stems)) if len(stems) < len(meant) else text


def _likeliest(face: str, lexicon: Lexicon) -> str:
    similar = lexicon.similar(face)
    return similar[0][0] if similar else face


def _tokens(face: str, own: str, parts: list[str], lexicon: Lexicon, unfinished: bool) -> dict[str, float]:
    """Return the tokens that may stand for a word of the query."""
    tokens = {own: 1.0}
    if own.startswith("~"):
        for part in parts:
            tokens.setdefault(part, PART_OF_CONCEPT if len(parts) > 1 else 1.0)
    # Written alike in two languages, a word has a stem in each.
    for token in lexicon.tokens(face) if face in lexicon else ():
        tokens.setdefault(token, 1.0)
    worth = RELATED_TO_KNOWN if face in lexicon or own.startswith("~") else 1.0
    for word, likeness in lexicon.similar(face):
        for token in lexicon.tokens(word):
            tokens[token] = max(tokens.get(token, 0.0), worth * likeness)
    if unfinished:
        for word in lexicon.completions(face):
            for token in lexicon.tokens(word):
                tokens[token] = max(tokens.get(token, 0.0), COMPLETED)
    return tokens


def _codes(query: str) -> tuple[str, ...]:
    """Return what in a query may be a code: the whole of it, and each word with a digit."""
    words = [query.strip(), *query.split()]
    found = ("".join(sign for sign in fold(word) if sign.isalnum()) for word in words)
    return tuple(
        dict.fromkeys(
            code for code in found if len(code) in _CODE_LENGTH and any(sign.isdigit() for sign in code)
        )
    )
