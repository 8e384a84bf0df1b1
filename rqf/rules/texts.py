"""Texts as people type them: composed, without space around them, and free of signs that cannot be kept."""

from __future__ import annotations

import unicodedata

#: Control characters that belong into a text.
_ALLOWED = frozenset("\n\t")
_REFUSED = frozenset({"Cc", "Cs"})


def tidy(text: str | None) -> str:
    """Return ``text`` composed (NFC), with plain line breaks and without space around it."""
    return unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def strange_sign(text: str) -> str | None:
    """Return the first control character in ``text`` that a database cannot keep, as ``U+0007``, or None."""
    return next((f"U+{ord(sign):04X}" for sign in text if _is_strange(sign)), None)


def searchable(text: str | None) -> str:
    """Return ``text`` as a filter can use it: what no record can contain is left out."""
    return tidy("".join(sign for sign in text or "" if not _is_strange(sign)))


def _is_strange(sign: str) -> bool:
    return unicodedata.category(sign) in _REFUSED and sign not in _ALLOWED
