"""`rqf export`: the register, or a part of it, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from sqlalchemy.orm import Session
from xlsxwriter.exceptions import XlsxWriterException

from rqf import lookup
from rqf.cli.site import as_json, reading, say_json
from rqf.errors import N_, Invalid, RqfError, message
from rqf.exchange import record_tables
from rqf.exchange.sheets.writing import write_archive, write_book, write_table
from rqf.models.standing import Pages
from rqf.people import countries
from rqf.rules.terms import QualificationType, VersionStatus


@click.command()
@click.argument("format", type=click.Choice(["xlsx", "csv"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--country", help="Only records of this country, such as MX.")
@click.option("--status", type=click.Choice([one.value for one in VersionStatus]), help="In this state only.")
@click.option(
    "--type", "kind", type=click.Choice([one.value for one in QualificationType]), help="Of a kind."
)
@click.option("--sector", help="Only records of this sector.")
@click.option("--query", help="Only published records that a search for these words finds, at most 2,000.")
@click.option("--public", is_flag=True, help="Only what anyone may see: no drafts, notes or scores.")
@as_json
def export(
    format: str, file: Path, country: str | None, status: str | None, kind: str | None, sector: str | None,
    query: str | None, public: bool, json_: bool,
) -> None:  # fmt: skip
    """Write records to FILE, the newest version of each, with all columns.

    xlsx has sheets of records, units and outcomes; csv has the records, or all three when FILE ends in .zip.
    `rqf import` reads each of them back: of what was not edited, it changes nothing.
    """
    chosen = lookup.Chosen(
        country=country.upper() if country else None,
        status=VersionStatus(status) if status else None,
        type=QualificationType(kind) if kind else None,
        sector=sector,
        public=public,
    )
    with reading() as session, _whole(file) as part:
        _refuse_unknown(session, chosen)
        pages = (
            lookup.found_pages(session, _search(query, chosen)) if query else lookup.every(session, chosen)
        )
        counted = _Counted(pages)
        if format == "xlsx":
            write_book(part, record_tables.tables(session, counted.pages, public=public))
        elif file.suffix.lower() == ".zip":
            write_archive(part, record_tables.tables(session, counted.pages, public=public))
        else:
            write_table(part, record_tables.records(session, counted.pages, public=public))
    if json_:
        say_json({"records": counted.records, "format": format, "file": str(file)})
    else:
        click.echo(f"{counted.records} records written to {file}")


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Give where to write what becomes ``file`` once it is whole; what is cut short leaves nothing behind."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch()
        yield part
        part.replace(file)
    except (OSError, XlsxWriterException) as error:
        raise RqfError(N_("%(file)s cannot be written: %(why)s"), file=file, why=error) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _refuse_unknown(session: Session, chosen: lookup.Chosen) -> None:
    for name, value, known in (
        ("country", chosen.country, countries(session)),
        ("sector", chosen.sector, lookup.sectors(session)),
    ):
        if value and value not in known:
            said = N_("“%(value)s” is not known. Allowed: %(allowed)s.")
            raise Invalid({name: [message(said, value=value, allowed=", ".join(sorted(known)))]})


class _Counted:
    """Counts the records of the last time that they were given."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.records = 0

    def pages(self):
        """Give the records, counting them."""
        self.records = 0
        for page in self._pages():
            self.records += len(page)
            yield page


def _search(query: str, chosen: lookup.Chosen) -> lookup.SearchQuery:
    return lookup.SearchQuery(
        text=query,
        countries=frozenset({chosen.country} if chosen.country else ()),
        types=frozenset({chosen.type.value} if chosen.type else ()),
        sectors=frozenset({chosen.sector} if chosen.sector else ()),
        statuses=frozenset({chosen.status.value} if chosen.status else ()),
    )
