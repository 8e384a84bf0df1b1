"""Which language texts are in, told by their little words: enough to choose stems and stop words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rqf.matching import words as tables
from rqf.matching.text import fold

_WORD = re.compile(r"[^\W\d_]+")
#: Endings that one language has and its neighbours write otherwise, for titles without little words.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "es": ("cion", "ciones", "dor", "dora", "dores", "dad", "ero", "era", "eros", "iento", "nista"),
    "pt": ("cao", "coes", "dade", "eiro", "eira", "eiros", "agem", "mento", "ista", "lho"),
    "en": ("ing", "er", "ers", "ght", "ship", "ment", "ness", "ician", "ery", "ry", "tion"),
    "fr": ("eur", "euse", "eurs", "tion", "ier", "iere", "ique", "age", "trice", "iste"),
}
_ENDING = 0.5


def recognise(texts: Iterable[str], default: str = "es") -> str:
    """Return the language (a code of two letters) that most words of the texts speak for.

    A word of several languages counts for each of them, the less the more they are. Without any sign it is
    ``default``.
    """
    points = dict.fromkeys(tables.STOPWORDS, 0.0)
    for text in texts:
        for word in _WORD.findall(fold(text)):
            sharing = [language for language, own in tables.STOPWORDS.items() if word in own]
            for language in sharing:
                points[language] += 1.0 / len(sharing)
            for language, endings in _ENDINGS.items():
                if not sharing and word.endswith(endings):
                    points[language] += _ENDING
    best = max(points, key=lambda language: (points[language], language == default, language))
    return best if points[best] > 0 else default
