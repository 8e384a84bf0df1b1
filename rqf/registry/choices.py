"""What an officer may choose from when describing a record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.models import CodeSystem, FrameworkEdition, Sector
from rqf.registry.national_lists import national_editions


@dataclass(frozen=True)
class Choices:
    """The code systems and frameworks of a country, and the sectors of the region."""

    code_systems: tuple[CodeSystem, ...]
    editions: tuple[FrameworkEdition, ...]
    sectors: tuple[Sector, ...]


def choices(session: Session, country: str) -> Choices:
    """Return what an officer of ``country`` may choose from."""
    systems = select(CodeSystem).where(CodeSystem.country_code == country).order_by(CodeSystem.code)
    return Choices(
        tuple(session.scalars(systems)),
        tuple(national_editions(session, country)),
        tuple(session.scalars(select(Sector).order_by(Sector.code))),
    )
