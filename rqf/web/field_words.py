"""What the fields of a record are called on the screen, and how their values are written there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from rqf.registry import classifications
from rqf.web.languages import language, unit_word, word

_LABELS = {
    "type": _l("Type"),
    "original_language": _l("Language of issue"),
    "language": _l("Language of issue"),
    "titles": _l("Title"),
    "title": _l("Title"),
    "translation": _l("Translation of the title"),
    "code_system": _l("Code system"),
    "code": _l("National code"),
    "awarding_body": _l("Awarding body"),
    "framework": _l("Framework"),
    "level": _l("National level"),
    "level_note": _l("Note on the level"),
    "volume": _l("Volume"),
    "volume_unit": _l("Unit of the volume"),
    "volume_note": _l("Note on the volume"),
    "credits": _l("Credits"),
    "credit_scheme": _l("Credit scheme"),
    "isced_f": _l("Field of education (ISCED-F 2013)"),
    "isco_08": _l("Occupation (ISCO-08)"),
    "sector": _l("Sector"),
    "valid_from": _l("Valid from"),
    "valid_to": _l("Valid to"),
    "last_enrolment": _l("Last enrolment"),
    "last_award": _l("Last award"),
    "entry_requirements": _l("Entry requirements"),
    "entitlements": _l("Entitlements"),
    "legal_act": _l("Legal act"),
    "source": _l("Public source"),
    "verified": _l("Compared with the source"),
    "change_note": _l("What has changed, and why"),
    "hours": _l("Hours"),
    "mandatory": _l("Mandatory"),
    "domain": _l("Domain"),
    "texts": _l("Learning outcome"),
    "text": _l("Learning outcome"),
}


def field_word(name: str) -> str:
    """Return what a field is called."""
    return str(_LABELS.get(name, name))


def value_word(name: str, value: Any, sectors: dict[str, str] | None = None) -> str:
    """Return a value as people read it; ``sectors`` gives the names of sectors."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if name == "volume_unit":
        return unit_word(value)
    if name == "sector":
        return (sectors or {}).get(value, str(value))
    if name in ("isced_f", "isco_08"):
        entry = classifications.find(name, value)
        return f"{value} {entry.label(language())}" if entry else str(value)
    return str(value)
