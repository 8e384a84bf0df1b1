"""How a statement is worded: in one language, chosen when it is issued and frozen with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rqf.errors import Message


@dataclass(frozen=True)
class Speech:
    """A language and the ways to say things in it."""

    language: str
    say: Callable[[Message], str]
    word: Callable[[StrEnum], str]
    #: Country code -> its name.
    country: Callable[[str], str]
    #: Unit of volume as stored -> its word.
    unit: Callable[[str | None], str]
