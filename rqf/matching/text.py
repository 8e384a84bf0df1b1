"""Titles and outcomes as comparable words: folded, split, stemmed, with numbers and categories apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer

from rqf.matching import words as tables

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
#: "operador/a", "técnico(a)", "operario(a)s", "mecánico-a": the ending after the sign is only a gender.
_GENDER_ENDING = re.compile(
    r"(?<=[^\W\d_]{3})\s?(?:/\s?-?|\(\s?-?)(?:a|as|o|os|e|es|ora|oras|ra|ras|dora|na|nas|iz|triz|ica|ico|esa)\)?s?"
    r"(?![^\W_])|(?<=[^\W\d_]{3}[oaer])-(?:a|as|o|os)(?![^\W_])",
    re.IGNORECASE,
)
_PAIR_SIGNS = frozenset("/,(")
_PAIR_WORDS = frozenset({"o", "y", "e", "u", "ou", "or", "et"})
_ORDINAL = re.compile(r"^(\d+)(?:[ºª°]|o|a|er|ro|do|to|ta|mo|st|nd|rd|th)$")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in comparable form; ``words[i]`` is what the text says where it has ``stems[i]``.

    ``stems`` hold a concept where a synonym stood; ``plain`` are the stems as written. ``guards`` are
    numbers, single letters and grades ("categoria 1"), which decide more than their length suggests.
    ``twins`` are the stems of the second gender where a title spells out both.
    """

    raw: str
    folded: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    guards: tuple[str, ...]
    plain: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


class _Token(NamedTuple):
    word: str
    folded: str
    stem: str
    capital: bool


@dataclass(frozen=True, eq=False)
class Synonyms:
    """Groups of terms that mean one thing; each term becomes the group's concept.

    Each object is itself only, so that what was read with it can be kept by it.
    """

    terms: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def from_groups(cls, groups: Iterable[Iterable[str | tuple[str, str]]], language: str = "es") -> Synonyms:
        """Make synonyms from groups of terms of one or more words; groups that share a term are one.

        A term of another language than ``language`` comes as (term, its language): its stem is another.
        """
        group_of: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for group in groups:
            spoken = (one if isinstance(one, tuple) else (one, language) for one in group)
            merged = {key for term, own in spoken if (key := normalise(term, own).plain)}
            for key in list(merged):
                merged |= group_of.get(key, set())
            for key in merged:
                group_of[key] = merged
        terms = {key: "~" + "_".join(min(group)) for key, group in group_of.items() if len(group) > 1}
        return cls(terms, max(map(len, terms), default=0))

    def fingerprint(self) -> str:
        """Return a short text that is the same for the same synonyms only."""
        told = repr(sorted(self.terms.items()))
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()

    def spans(self, stems: Sequence[str]) -> list[tuple[int, int, str]]:
        """Cut a row of stems into (from, to, concept or stem), the longest terms first."""
        spans, start = [], 0
        while start < len(stems):
            end = start + 1
            concept = stems[start]
            for stop in range(min(len(stems), start + self.longest), start, -1):
                found = self.terms.get(tuple(stems[start:stop]))
                if found is not None:
                    end, concept = stop, found
                    break
            spans.append((start, end, concept))
            start = end
        return spans


NO_SYNONYMS = Synonyms()

#: A Snowball stemmer keeps the word it works on in itself: one thread at a time.
_STEMMING = Lock()


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    return _fold_word(text) if len(text) < 40 else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


_fold_word = lru_cache(maxsize=100_000)(_fold)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> snowballstemmer.Stemmer | None:
    algorithm = tables.STEMMERS.get(language)
    return snowballstemmer.stemmer(algorithm) if algorithm else None


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "es") -> str:
    """Return the stem of a folded word."""
    with _STEMMING:
        stemmer = _stemmer(language)
        return str(stemmer.stemWord(word)) if stemmer else word


def normalise(text: str, language: str = "es", synonyms: Synonyms = NO_SYNONYMS) -> Normalised:
    """Return a text in comparable form."""
    language = language.split("-")[0].lower()
    tokens, twins = _tokens(_without_gender_endings(text), language)
    kept = _without_stop_phrases(tokens)
    rest, guards = _take_guards(kept)
    stopwords = tables.STOPWORDS.get(language, frozenset())
    content = [token for token in rest if token.folded not in stopwords]
    if not content and not guards:
        content = rest or tokens
    stems = [token.stem for token in content]
    if synonyms.longest == 0:
        spans = [(n, n + 1, one) for n, one in enumerate(stems)]
    else:
        spans = synonyms.spans(stems)
    return Normalised(
        raw=text,
        folded=" ".join(token.folded for token in tokens),
        words=tuple(" ".join(t.word for t in content[start:end]) for start, end, _ in spans),
        stems=tuple(concept for _, _, concept in spans),
        guards=guards,
        plain=tuple(stems),
        twins=tuple(token.stem for token in twins if token.folded not in stopwords),
    )


def _without_gender_endings(text: str) -> str:
    return _GENDER_ENDING.sub("", unicodedata.normalize("NFC", text))


def _tokens(text: str, language: str) -> tuple[list[_Token], list[_Token]]:
    """Split a text into words, each gender pair ("operario, operaria") told once, and the twins left out."""
    twins: list[_Token] = []
    shouted = text.upper() == text
    found: list[_Token] = []
    pending: list[_Token] = []
    last_end = 0
    for match in _WORD.finditer(text):
        written = match.group()
        lower, folded, stemmed = _read_word(written, language)
        token = _Token(lower, folded, stemmed, written.isupper() and not shouted)
        between = text[last_end : match.start()]
        last_end = match.end()
        if found and token.folded in _PAIR_WORDS and len(pending) == 0:
            pending = [token]
            continue
        paired = bool(pending) or not _PAIR_SIGNS.isdisjoint(between)
        if paired and found and _is_pair(found[-1], token):
            pending = []
            twins.append(token)
            continue
        found += pending
        pending = []
        found.append(token)
    kept, doubled = _fold_halves(found + pending, text)
    return kept, twins + doubled


@lru_cache(maxsize=200_000)
def _read_word(written: str, language: str) -> tuple[str, str, str]:
    """Return a word in lower case, without accents and abbreviation, and its stem."""
    folded = fold(written)
    folded = tables.ABBREVIATIONS.get(folded, folded)
    return written.lower(), folded, stem(folded, language)


def _is_pair(first: _Token, second: _Token) -> bool:
    """Say whether two words differ in gender only."""
    a, b = first.folded, second.folded
    if len(a) < 4 or a[:3] != b[:3] or not a.isalpha():
        return False
    return first.stem == second.stem and a[-1] != b[-1] or a + "a" == b or b + "a" == a


def _fold_halves(tokens: list[_Token], text: str) -> tuple[list[_Token], list[_Token]]:
    """Cut "mandrilador de tubos/mandriladora de tubos" into its two halves."""
    half = len(tokens) // 2
    if half > 0 and len(tokens) % 2 == 0 and "/" in text:
        first, second = tokens[:half], tokens[half:]
        if [t.stem for t in first] == [t.stem for t in second]:
            return first, second
    return tokens, []


def _phrases() -> dict[str, list[tuple[str, ...]]]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(tables.STOP_PHRASES, key=len, reverse=True):
        key = tuple(phrase.split())
        by_first.setdefault(key[0], []).append(key)
    return by_first


_PHRASES = _phrases()


def _without_stop_phrases(tokens: list[_Token]) -> list[_Token]:
    kept: list[_Token] = []
    at = 0
    while at < len(tokens):
        length = 0
        for phrase in _PHRASES.get(tokens[at].folded, ()):
            if tuple(t.folded for t in tokens[at : at + len(phrase)]) == phrase:
                length = len(phrase)
                break
        if length == 0:
            kept.append(tokens[at])
        at += length or 1
    return kept or tokens


def _take_guards(tokens: list[_Token]) -> tuple[list[_Token], tuple[str, ...]]:
    """Split the words from the numbers, letters and grades that set a title apart."""
    rest: list[_Token] = []
    guards: list[str] = []
    at = 0
    while at < len(tokens):
        key = tables.GUARD_WORDS.get(tokens[at].folded)
        if key is not None and at + 1 < len(tokens):
            value = _graded(tokens[at + 1])
            if value is not None:
                guards.append(f"{key} {value}")
                at += 2
                continue
        value = _number(tokens[at].folded) or _letter(tokens[at], at == 0, at == len(tokens) - 1)
        if value is None:
            rest.append(tokens[at])
        else:
            guards.append(value)
        at += 1
    return rest, tuple(guards)


@lru_cache(maxsize=100_000)
def _number(folded: str) -> str | None:
    if not folded[0].isdigit():
        return tables.ROMAN.get(folded) or (folded if any(sign.isdigit() for sign in folded) else None)
    ordinal = _ORDINAL.match(folded)
    digits = ordinal.group(1) if ordinal else folded
    return digits.lstrip("0") or "0"


def _letter(token: _Token, first: bool, last: bool) -> str | None:
    """Return a single letter that tells which one: never a word such as "y", but "Soldador A" ends in one."""
    folded = token.folded
    if len(folded) != 1 or first or not folded.isalpha():
        return None
    return folded if folded not in tables.LETTER_WORDS or (token.capital and last) else None


def _graded(token: _Token) -> str | None:
    """Return what follows a guard word as a value, if it is one."""
    folded = token.folded
    if folded in tables.ROMAN_LETTERS:
        return tables.ROMAN_LETTERS[folded]
    if len(folded) == 1 and folded.isalpha():
        return folded
    return _number(folded) or tables.GRADES.get(folded)
