"""Marking in a text the words that made a match, so that a person sees at a glance why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import combining, normalize

from markupsafe import Markup, escape

_WORD = re.compile(r"(\w+)")


def marked(text: str, words: Iterable[str]) -> Markup:
    """Return ``text`` as safe HTML with ``words`` marked, whatever their accents and capitals."""
    wanted = {_plain(part) for word in words for part in _WORD.findall(word)}
    pieces = _WORD.split(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if place % 2 and _plain(piece) in wanted else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _plain(word: str) -> str:
    return "".join(sign for sign in normalize("NFKD", word.casefold()) if not combining(sign))
