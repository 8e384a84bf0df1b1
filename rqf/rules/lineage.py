"""Codes that carry an edition: EC0553.01 is the next edition of EC0553."""

from __future__ import annotations

import re

#: How the end of a code names its edition; the first form that fits counts.
_ENDINGS = (
    re.compile(r"(?P<base>.+)\.(?P<edition>\d{2})"),
    re.compile(r"(?P<base>.+)-V(?P<edition>\d{2})"),
    re.compile(r"(?P<base>.+)/V\.(?P<edition>\d+)"),
)


def edition_of(code: str) -> tuple[str, int]:
    """Return the code without its edition, and the edition; 0 for a code that names none."""
    for ending in _ENDINGS:
        if found := ending.fullmatch(code):
            return found["base"], int(found["edition"])
    return code, 0


def earlier_editions(code: str) -> tuple[str, ...]:
    """Return the codes that the earlier editions of ``code`` can have, the newest first."""
    for ending in _ENDINGS:
        if found := ending.fullmatch(code):
            width, newest = len(found["edition"]), min(int(found["edition"]), 100)
            before, after = code[: found.start("edition")], code[found.end("edition") :]
            numbered = [f"{before}{number:0{width}}{after}" for number in range(newest - 1, 0, -1)]
            return (*numbered, found["base"])
    return ()


def is_later_edition(code: str, than: str) -> bool:
    """Tell whether ``code`` names a later edition of the same thing as ``than``."""
    base, edition = edition_of(code)
    before, earlier = edition_of(than)
    return base == before and edition > earlier
