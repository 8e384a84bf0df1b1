"""What a load did, for the person who started it and for the audit trail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class LoadReport:
    """How many records of each kind were added or updated, and which differ but stay as they are."""

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    #: Published records whose file says something else now: ``key: fields``. Published text is not rewritten.
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Tell whether the load changed anything."""
        return bool(self.added or self.updated)

    def keep(self, key: str, fields: list[str]) -> None:
        """Note that ``key`` stays although ``fields`` differ."""
        if fields:
            self.kept.append(f"{key}: {', '.join(fields)}")
