"""The frameworks among the fixtures: editions with levels and descriptors, and the referencing of levels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.errors import N_
from rqf.exchange.reading import Problems, Row, json_row, json_rows
from rqf.exchange.report import LoadReport
from rqf.models import (
    Country,
    DescriptorDomain,
    Framework,
    FrameworkEdition,
    Level,
    LevelDescriptor,
    Referencing,
)
from rqf.models.tables import Texts
from rqf.rules.terms import EditionStatus, FrameworkKind, ReferencingStatus, Scope


def load(session: Session, folder: Path, problems: Problems, report: LoadReport) -> None:
    """Load the frameworks of ``folder`` and what says where their levels stand."""
    countries = set(session.scalars(select(Country.code)))
    for path in sorted((folder / "frameworks").glob("*.json")):
        row = json_row(folder, f"frameworks/{path.name}", problems)
        if row is not None:
            _framework(session, row, countries, report)
    session.flush()
    for row in json_rows(folder, "referencing.json", problems):
        _referencing(session, row, report)
    session.flush()


def current_edition(framework: Framework) -> FrameworkEdition | None:
    """Return the edition that a bare level number means: the one in force, else the newest proposed."""
    open_ones = [one for one in framework.editions if one.status != EditionStatus.RETIRED]
    in_force = [one for one in open_ones if one.status == EditionStatus.IN_FORCE]
    return next(reversed(in_force or open_ones), None)


def _framework(session: Session, row: Row, countries: set[str], report: LoadReport) -> None:
    fields: dict[str, Any] = {
        "code": row.text("code", 40),
        "scope": row.choice("scope", Scope),
        "kind": row.choice("kind", FrameworkKind),
        "titles": row.texts("titles"),
    }
    national = fields["scope"] == Scope.NATIONAL
    fields["country_code"] = row.one_of("country", countries) if national else row.value("country")
    editions = [_edition(one) for one in row.rows("editions")]
    if not row.done():
        return
    framework = session.scalar(select(Framework).where(Framework.code == fields["code"]))
    if framework is None:
        framework = Framework(**fields)
        session.add(framework)
        report.added["frameworks"] += 1
    there = {one.label: one for one in framework.editions}
    for edition in editions:
        if edition.label in there:
            report.keep(f"{framework.code} {edition.label}", _different(there[edition.label], edition))
        else:
            framework.editions.append(edition)
            report.added["editions"] += 1
            report.added["descriptors"] += sum(len(level.descriptors) for level in edition.levels)


def _edition(row: Row) -> FrameworkEdition:
    edition = FrameworkEdition(
        label=row.text("label", 60),
        status=row.choice("status", EditionStatus),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        source=row.text("source"),
        note=row.texts("note", required=False),
        quorum=row.whole("quorum", required=False),
    )
    edition.domains = [
        DescriptorDomain(code=one.text("code", 40), position=place, titles=one.texts("titles"))
        for place, one in enumerate(row.rows("domains"), 1)
    ]
    domains = {one.code: one for one in edition.domains}
    edition.levels = [_level(one, domains) for one in row.rows("levels")]
    numbers = [level.number for level in edition.levels]
    if numbers != list(range(1, len(numbers) + 1)):
        row.wrong("levels", N_("The levels have to be numbered 1, 2, 3 and so on."))
    row.done()
    return edition


def _level(row: Row, domains: dict[str, DescriptorDomain]) -> Level:
    level = Level(number=row.whole("number") or 0, titles=row.texts("titles"))
    said = row.value("descriptors")
    if not isinstance(said, dict):
        row.wrong("descriptors", N_("A text per domain and language is needed here."))
        said = {}
    if said.keys() != domains.keys():
        wanted = ", ".join(domains)
        row.wrong("descriptors", N_("There has to be one descriptor for each of: %(names)s."), names=wanted)
    inside = Row(f"{row.place}:descriptors", said, row.problems)
    level.descriptors = [
        LevelDescriptor(domain=domain, texts=inside.texts(code))
        for code, domain in domains.items()
        if code in said
    ]
    row.done()
    return level


def _different(there: FrameworkEdition, told: FrameworkEdition) -> list[str]:
    names = [
        name
        for name in ("status", "valid_from", "source", "note", "quorum")
        if getattr(there, name) != getattr(told, name)
    ]
    return names + [name for name in ("levels",) if _wording(there) != _wording(told)]


def _wording(edition: FrameworkEdition) -> dict[int, tuple[Texts, dict[str, Texts]]]:
    return {
        level.number: (level.titles, {one.domain.code: one.texts for one in level.descriptors})
        for level in edition.levels
    }


def _referencing(session: Session, row: Row, report: LoadReport) -> None:
    level = _named_level(session, row)
    regional = _named_edition(session, row)
    fields: dict[str, Any] = {
        "low": row.whole("low"),
        "high": row.whole("high"),
        "best_fit": row.whole("best_fit"),
        "basis": row.text("basis", 40),
        "status": row.choice("status", ReferencingStatus),
        "evidence": row.texts("evidence"),
        "source": row.text("source"),
        "valid_from": row.day("valid_from"),
        "valid_to": row.day("valid_to"),
    }
    if row.sound and not fields["low"] <= fields["best_fit"] <= fields["high"]:
        row.wrong("best_fit", N_("The best fit has to lie between low and high."))
    if regional and row.sound and fields["high"] > len(regional.levels):
        row.wrong("high", N_("The regional edition has %(n)s levels."), n=len(regional.levels))
    if not row.done() or level is None or regional is None:
        return
    there = session.scalar(
        select(Referencing).where(
            Referencing.level_id == level.id,
            Referencing.regional_edition_id == regional.id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
        )
    )
    if there is None:
        session.add(Referencing(level=level, regional_edition=regional, **fields))
        report.added["referencing"] += 1
    else:
        different = [name for name, value in fields.items() if getattr(there, name) != value]
        report.keep(row.place, different)


def _named_level(session: Session, row: Row) -> Level | None:
    code, number = row.text("framework"), row.whole("level")
    framework = session.scalar(select(Framework).where(Framework.code == code))
    edition = current_edition(framework) if framework else None
    if edition is None:
        row.wrong("framework", N_("“%(value)s” is not a framework with an edition in use."), value=code)
        return None
    level = next((one for one in edition.levels if one.number == number), None)
    if level is None:
        row.wrong("level", N_("%(framework)s has no level %(value)s."), framework=code, value=number)
    return level


def _named_edition(session: Session, row: Row) -> FrameworkEdition | None:
    code, label = row.text("regional"), row.text("edition")
    found = session.scalar(
        select(FrameworkEdition)
        .join(Framework)
        .where(Framework.code == code, FrameworkEdition.label == label, Framework.scope == Scope.REGIONAL)
    )
    if found is None:
        row.wrong("edition", N_("There is no regional edition “%(value)s”."), value=f"{code} {label}")
    return found
