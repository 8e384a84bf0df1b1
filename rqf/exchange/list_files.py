"""The lists among the fixtures: countries, sectors, code systems, synonyms. They follow the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.errors import N_
from rqf.exchange.reading import Problems, Row, csv_rows, json_rows
from rqf.exchange.report import LoadReport
from rqf.models import CodeSystem, Country, Sector, Synonym
from rqf.models.tables import Model

_SYNONYM_COLUMNS = ("group", "term", "countries", "language", "sector", "source")


def load(session: Session, folder: Path, problems: Problems, report: LoadReport) -> None:
    """Load the lists of ``folder``."""
    for row in json_rows(folder, "countries.json", problems):
        _put(session, report, "countries", Country, _country(row), row.done())
    session.flush()
    for row in json_rows(folder, "sectors.json", problems):
        fields = {"code": row.text("code", 40), "titles": row.texts("titles")}
        _put(session, report, "sectors", Sector, fields, row.done())
    countries = set(session.scalars(select(Country.code)))
    for row in json_rows(folder, "code_systems.json", problems):
        _put(session, report, "code_systems", CodeSystem, _code_system(row, countries), row.done("types"))
    session.flush()
    _synonyms(session, folder, problems, report)


def _country(row: Row) -> dict[str, Any]:
    return {
        "code": row.text("code", 2),
        "language": row.text("language", 8),
        "member": row.flag("member"),
        "authority": row.texts("authority"),
        "source": row.text("source"),
    }


def _code_system(row: Row, countries: set[str]) -> dict[str, Any]:
    pattern, example = row.text("pattern", 200), row.text("example", 60)
    try:
        if not re.fullmatch(pattern, example):
            row.wrong("example", N_("The example does not follow the pattern."))
    except re.error as error:
        row.wrong("pattern", N_("This is not a regular expression: %(reason)s."), reason=str(error))
    return {
        "code": row.text("code", 40),
        "country_code": row.one_of("country", countries),
        "pattern": pattern,
        "example": example,
        "titles": row.texts("titles"),
        "source": row.text("source"),
    }


def _put(
    session: Session, report: LoadReport, kind: str, model: type[Model], fields: dict[str, Any], sound: bool
) -> None:
    """Add the row of a list, or update it when the file says something else now."""
    if not sound:
        return
    row = session.get(model, fields["code"])
    if row is None:
        session.add(model(**fields))
        report.added[kind] += 1
    elif _update(row, fields):
        report.updated[kind] += 1


def _update(row: Model, fields: dict[str, Any]) -> bool:
    different = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _synonyms(session: Session, folder: Path, problems: Problems, report: LoadReport) -> None:
    known = {(row.concept, row.term): row for row in session.scalars(select(Synonym))}
    countries = set(session.scalars(select(Country.code)))
    sectors = set(session.scalars(select(Sector.code)))
    for row in csv_rows(folder, "synonyms.csv", _SYNONYM_COLUMNS, problems):
        fields: dict[str, Any] = {
            "concept": row.text("group", 60),
            "term": row.text("term", 120),
            "countries": "|".join(_countries(row, countries)),
            "language": row.text("language", 8),
            "sector": row.one_of("sector", sectors, required=False),
            "source": row.text("source"),
        }
        if not row.done():
            continue
        there = known.get((fields["concept"], fields["term"]))
        if there is None:
            known[fields["concept"], fields["term"]] = there = Synonym(**fields)
            session.add(there)
            report.added["synonyms"] += 1
        elif _update(there, fields):
            report.updated["synonyms"] += 1


def _countries(row: Row, known: set[str]) -> list[str]:
    named = row.list("countries", "|")
    for code in set(named) - known:
        row.wrong("countries", N_("“%(value)s” is not a country of the list."), value=code)
    return named
