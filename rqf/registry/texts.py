"""Texts as people type them, made fit to keep; what is wrong with them is collected by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rqf.errors import N_, Invalid, Message, message
from rqf.models.tables import Texts
from rqf.rules.texts import strange_sign, tidy


class Complaints:
    """What is wrong: field -> sentences. A place in a list is written ``units.0.titles.es``."""

    def __init__(self) -> None:
        self._found: dict[str, list[Message]] = {}

    def __contains__(self, place: str) -> bool:
        return place in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def add(self, place: str, template: str, **values: Any) -> None:
        """Note what is wrong at ``place``."""
        self._found.setdefault(place, []).append(message(template, **values))

    def refuse(self) -> None:
        """Refuse everything if anything is wrong.

        :raises Invalid: with all that is.
        """
        if self._found:
            raise Invalid(self._found)

    def clean(self, place: str, text: str | None, longest: int) -> str | None:
        """Return ``text`` composed (NFC) and without space around it, None when nothing is left."""
        if text is None:
            return None
        cleaned = tidy(text)
        strange = strange_sign(cleaned)
        if strange is not None:
            self.add(
                place,
                N_("The text contains a control character (%(sign)s) that cannot be kept."),
                sign=strange,
            )
            return None
        if len(cleaned) > longest:
            self.add(place, N_("The text has %(n)s characters; at most %(longest)s are accepted."),
                     n=len(cleaned), longest=longest)  # fmt: skip
        return cleaned or None

    def clean_all(self, place: str, texts: Texts, longest: int) -> Texts:
        """Return the texts that say something, each cleaned."""
        cleaned = {
            language: self.clean(f"{place}.{language}", text, longest) for language, text in texts.items()
        }
        return {language: text for language, text in cleaned.items() if text}
