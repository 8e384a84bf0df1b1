"""The regional level of published versions: decided by people, or referenced through the national level."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from rqf.models import FrameworkEdition, LevelMapping, QualificationVersion
from rqf.models.standing import Range, endorsed_mappings, referenced_ranges
from rqf.rules.comparison import Standing


def standings(
    session: Session, versions: Sequence[QualificationVersion], edition: FrameworkEdition
) -> dict[int, Standing]:
    """Return version id -> its regional level and whether it was decided. Three queries for any number."""
    decided = endorsed_mappings(session, [one.id for one in versions], edition.id)
    referenced = referenced_ranges(session, [one.level_id for one in versions if one.level_id], edition.id)
    found = {}
    for version in versions:
        standing = _standing(decided.get(version.id), referenced.get(version.level_id or 0))
        if standing:
            found[version.id] = standing
    return found


def _standing(mapping: LevelMapping | None, reference: Range | None) -> Standing | None:
    if mapping is not None:
        return Standing(mapping.low, mapping.high, decided=True)
    return Standing(reference.low, reference.high, decided=False) if reference else None
