"""Numbers for citing that show a slip of the pen: ``RQF-2026-000123-38``."""

from __future__ import annotations

import re

_FORM = re.compile(r"RQF-?(\d{4})-?(\d{6})-?(\d{2})")


def statement_number(year: int, count: int) -> str:
    """Return the number of the ``count``-th statement of a year; its check digits are those of ISO 7064."""
    digits = f"{year:04}{count:06}"
    return f"RQF-{digits[:4]}-{digits[4:]}-{98 - int(digits) * 100 % 97:02}"


def read_number(typed: str) -> str | None:
    """Return the number that a person typed, or None when it can't be one: a sign is missing or wrong.

    Blanks, missing hyphens and small letters are forgiven.
    """
    found = _FORM.fullmatch("".join(typed.split()).upper())
    if found is None or int("".join(found.groups())) % 97 != 1:
        return None
    return "RQF-" + "-".join(found.groups())
