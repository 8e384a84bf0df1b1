"""What the rows of a fixture folder may name: countries, sectors, code systems, levels, classifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.exchange.framework_files import current_edition
from rqf.exchange.reading import Problems, csv_rows
from rqf.models import CodeSystem, Country, Framework, FrameworkEdition, Level, Sector

_NAMESPACE = UUID("6f1d5c0e-7a53-5f0b-9d55-7e0d3c1b9a42")


def identifier(kind: str, key: str) -> str:
    """Return the identifier of the ``kind`` of record with this key: the same in every installation."""
    return str(uuid5(_NAMESPACE, f"{kind}:{key}"))


@dataclass(frozen=True)
class Known:
    """What is there to be named."""

    countries: frozenset[str]
    sectors: frozenset[str]
    systems: Mapping[str, CodeSystem]
    #: framework -> number -> level of the edition in use
    levels: Mapping[str, Mapping[int, Level]]
    isced_f: frozenset[str]
    isco_08: frozenset[str]


def read(session: Session, folder: Path, problems: Problems) -> Known:
    """Return what the rows of ``folder`` may name."""
    frameworks = session.scalars(
        select(Framework).options(selectinload(Framework.editions).selectinload(FrameworkEdition.levels))
    )
    editions = {one.code: current_edition(one) for one in frameworks}
    return Known(
        countries=frozenset(session.scalars(select(Country.code))),
        sectors=frozenset(session.scalars(select(Sector.code))),
        systems={one.code: one for one in session.scalars(select(CodeSystem))},
        levels={
            code: {level.number: level for level in edition.levels}
            for code, edition in editions.items()
            if edition
        },
        isced_f=_codes(folder, "isced_f.csv", problems),
        isco_08=_codes(folder, "isco_08.csv", problems),
    )


def _codes(folder: Path, name: str, problems: Problems) -> frozenset[str]:
    rows = csv_rows(folder, f"classifications/{name}", ("code",), problems)
    return frozenset(str(row.value("code")) for row in rows)
