"""Texts as people type them: composed, without space around them, and free of signs that cannot be kept."""

from __future__ import annotations

import re
import unicodedata

#: Control characters (Unicode's Cc) that do not belong into a text, and halves of surrogate pairs (Cs).
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def tidy(text: str | None) -> str:
    """Return ``text`` composed (NFC), with plain line breaks and without space around it."""
    return unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def strange_sign(text: str) -> str | None:
    """Return the first control character in ``text`` that a database cannot keep, as ``U+0007``, or None."""
    found = _STRANGE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def searchable(text: str | None) -> str:
    """Return ``text`` as a filter can use it: what no record can contain is left out."""
    return tidy(_STRANGE.sub("", text or ""))
