"""A record as a statement freezes it: every text, its version, and where its level comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.models import FrameworkEdition, LevelMapping, QualificationVersion, Referencing, Unit
from rqf.models.tables import said
from rqf.rules.comparison import Standing
from rqf.rules.terms import ReferencingStatus
from rqf.statements.speech import Speech

Plain = dict[str, Any]


def freeze_record(
    session: Session,
    side: str,
    version: QualificationVersion,
    level: Standing | None,
    mapping: LevelMapping | None,
    edition: FrameworkEdition,
    speech: Speech,
) -> Plain:
    """Return one record with all its texts, its version and where it stands. ``side`` is ``a`` or ``b``."""
    about = version.qualification
    return {
        "id": about.uuid,
        "version": version.number,
        "status": version.status.value,
        "status_text": speech.word(version.status),
        "published_on": day(version.published_at.date() if version.published_at else None),
        "country": about.country_code,
        "country_name": speech.country(about.country_code),
        "type": about.type.value,
        "type_text": speech.word(about.type),
        "code": about.code,
        "code_system": about.code_system_code,
        "title": version.title,
        "title_language": version.original_language,
        "titles": dict(version.titles),
        "national_level": _national_level(version),
        "regional_level": _regional_level(session, version, level, mapping, edition, speech),
        "volume": _volume(version, speech),
        "credits": {"value": _number(version.credits), "scheme": version.credit_scheme}
        if version.credits
        else None,
        "isced_f": version.isced_f,
        "isco_08": version.isco_08,
        "sector": said(version.sector.titles, speech.language) if version.sector else None,
        "awarding_body": version.awarding_body.name if version.awarding_body else None,
        "verified": version.verified.value,
        "verified_text": speech.word(version.verified),
        "entry_requirements": version.entry_requirements,
        "entitlements": version.entitlements,
        "legal_act": version.legal_act,
        "source": version.source,
        "valid_from": day(version.valid_from),
        "valid_to": day(version.valid_to),
        "last_enrolment": day(version.last_enrolment),
        "last_award": day(version.last_award),
        "units": [
            _unit(f"{side}{place}", link.unit, link.mandatory, speech)
            for place, link in enumerate(version.units, 1)
        ],
    }


def _national_level(version: QualificationVersion) -> Plain:
    level = version.level
    return {
        "number": level.number if level else None,
        "framework": level.edition.framework.code if level else None,
        "edition": level.edition.label if level else None,
        "note": version.level_note,
    }


def _regional_level(
    session: Session,
    version: QualificationVersion,
    level: Standing | None,
    mapping: LevelMapping | None,
    edition: FrameworkEdition,
    speech: Speech,
) -> Plain | None:
    if level is None:
        return None
    return {
        "low": level.low,
        "high": level.high,
        "decided": level.decided,
        "mapping": _mapping(mapping, speech) if mapping else None,
        "referencing": None if mapping else _referencing(session, version.level_id, edition.id, speech),
    }


def _mapping(mapping: LevelMapping, speech: Speech) -> Plain:
    return {
        "number": mapping.number,
        "status": mapping.status.value,
        "status_text": speech.word(mapping.status),
        "valid_from": day(mapping.valid_from),
        "rationale": mapping.rationale,
        "decisions": [
            {
                "step": one.step.value,
                "step_text": speech.word(one.step),
                "country": one.country_code,
                "country_name": speech.country(one.country_code) if one.country_code else "",
                "by": one.account.name,
                "on": day(one.at.date()),
                "reason": one.reason,
            }
            for one in mapping.decisions
        ],
    }


def _referencing(session: Session, level_id: int | None, edition_id: int, speech: Speech) -> Plain | None:
    """Return what links a national level to the regional ones, with how far that has been agreed."""
    row = session.scalar(
        select(Referencing).where(
            Referencing.level_id == level_id,
            Referencing.regional_edition_id == edition_id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
        )
    )
    if row is None:
        return None
    return {
        "low": row.low,
        "high": row.high,
        "best_fit": row.best_fit,
        "status": row.status.value,
        "status_text": speech.word(row.status),
        "evidence": said(row.evidence, speech.language),
        "source": row.source,
    }


def _volume(version: QualificationVersion, speech: Speech) -> Plain | None:
    if not version.volume and not version.volume_note:
        return None
    return {
        "value": _number(version.volume),
        "unit": version.volume_unit,
        "unit_text": speech.unit(version.volume_unit),
        "note": version.volume_note,
    }


def _unit(key: str, unit: Unit, mandatory: bool, speech: Speech) -> Plain:
    return {
        "key": key,
        "id": unit.uuid,
        "code": unit.code,
        "title": unit.title,
        "language": unit.original_language,
        "hours": _number(unit.hours),
        "mandatory": mandatory,
        "outcomes": [
            {
                "key": f"{key}.{place}",
                "domain": one.domain.value,
                "domain_text": speech.word(one.domain),
                "text": one.text,
                "language": one.original_language,
            }
            for place, one in enumerate(unit.outcomes, 1)
        ],
    }


def _number(value: Decimal | None) -> str | None:
    """Return a number as text: JSON's numbers would lose what the source says."""
    return None if value is None else format(value.normalize(), "f")


def day(value: date | None) -> str | None:
    """Return a day as it stands in a statement."""
    return value.isoformat() if value else None
