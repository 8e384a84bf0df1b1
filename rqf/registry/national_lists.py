"""What a country's descriptions are checked against: its lists and its own records."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.models import (
    CodeSystem,
    Framework,
    FrameworkEdition,
    Qualification,
    QualificationVersion,
    Sector,
)
from rqf.registry.description import QualificationData
from rqf.rules.terms import EditionStatus, QualificationType, Scope, VersionStatus


class Version(Protocol):
    """What the check asks of a version of the record it is about."""

    @property
    def status(self) -> VersionStatus:
        """Return where it is in its life."""


class Own(Protocol):
    """What the check asks of the record that a description is about."""

    @property
    def id(self) -> int:
        """Return its identifier in the database."""

    @property
    def type(self) -> QualificationType:
        """Return its type."""

    @property
    def code(self) -> str | None:
        """Return its national code."""

    @property
    def versions(self) -> Sequence[Version]:
        """Return its versions."""


class Known:
    """The lists of a country that a description is checked against, each read once."""

    def __init__(self, session: Session, country: str) -> None:
        self.session, self.country = session, country

    @cached_property
    def systems(self) -> dict[str, CodeSystem]:
        """Return the code systems of the country by their code."""
        rows = self.session.scalars(select(CodeSystem).where(CodeSystem.country_code == self.country))
        return {row.code: row for row in rows}

    @cached_property
    def editions(self) -> dict[str, FrameworkEdition]:
        """Return the edition in use of each framework of the country by the framework's code."""
        return {one.framework.code: one for one in national_editions(self.session, self.country)}

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Return the codes of all sectors."""
        return tuple(self.session.scalars(select(Sector.code).order_by(Sector.code)))

    def holder(self, data: QualificationData, own: Own | None) -> str | None:
        """Return the title of another record that has the code, or None."""
        taken = self.session.scalar(
            select(QualificationVersion)
            .join(Qualification)
            .where(
                Qualification.country_code == data.country,
                Qualification.code_system_code == data.code_system,
                Qualification.code == data.code,
                Qualification.id != (own.id if own else 0),
            )
            .order_by(QualificationVersion.number.desc())
            .limit(1)
        )
        return taken.title if taken else None


def national_editions(session: Session, country: str) -> list[FrameworkEdition]:
    """Return the edition in use of each framework of a country, with its levels."""
    rows = session.scalars(
        select(FrameworkEdition)
        .join(Framework)
        .where(
            Framework.country_code == country,
            Framework.scope == Scope.NATIONAL,
            FrameworkEdition.status != EditionStatus.RETIRED,
        )
        .options(selectinload(FrameworkEdition.levels), selectinload(FrameworkEdition.framework))
        .order_by(Framework.code, FrameworkEdition.id)
    )
    chosen: dict[str, FrameworkEdition] = {}
    for row in rows:
        before = chosen.get(row.framework.code)
        if before is None or before.status != EditionStatus.IN_FORCE:
            chosen[row.framework.code] = row
    return list(chosen.values())
