"""Versions, and what changed between two, as plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rqf.lookup import History, VersionDifference
from rqf.models import QualificationVersion
from rqf.registry.description import as_json
from rqf.registry.version_changes import FieldChange


def history(found: History) -> dict[str, Any]:
    """Return the versions of a record."""
    return {"id": found.current.qualification.uuid, "items": [_version(one) for one in found.versions]}


def difference(found: VersionDifference) -> dict[str, Any]:
    """Return what changed from one version to another."""
    said = found.changes
    return {
        "id": found.after.qualification.uuid,
        "before": _version(found.before),
        "after": _version(found.after),
        "fields": [_field(one) for one in said.fields],
        "units": [
            {
                "kind": unit.kind,
                "before": unit.before,
                "after": unit.after,
                "fields": [_field(one) for one in unit.fields],
                "outcomes": [
                    {**vars(one), "fields": [_field(field) for field in one.fields]} for one in unit.outcomes
                ],
                "reordered": unit.reordered,
            }
            for unit in said.units
        ],
        "reordered": said.reordered,
    }


def _version(version: QualificationVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "url": f"/qualifications/{version.qualification.uuid}/versions/{version.number}",
        "status": version.status,
        "title": version.title,
        "author": version.author.name if version.author else None,
        "published_at": version.published_at,
        "change_note": version.change_note,
    }


def _field(change: FieldChange) -> dict[str, Any]:
    return {**asdict(change), "before": as_json(change.before), "after": as_json(change.after)}
