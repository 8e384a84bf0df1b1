"""`rqf load` and `rqf import`: records from files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from rqf import exchange, paths, people, registry
from rqf.cli.site import as_json, say_json, writing
from rqf.errors import N_, RqfError
from rqf.exchange import spreadsheets


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
def load(path: Path | None, json_: bool) -> None:
    """Load a folder of fixtures; without PATH, the sample that comes with the program."""
    with writing() as session:
        report = exchange.load(session, "rqf load", path or paths.FIXTURES)
    if json_:
        say_json({"added": report.added, "updated": report.updated, "kept": report.kept})
        return
    for verb, counts in (("added", report.added), ("updated", report.updated)):
        for kind, count in counts.items():
            click.echo(f"{count:>6} {kind.replace('_', ' ')} {verb}")
    if not report.changed:
        click.echo("Nothing new: everything in the folder is there already.")
    for line in report.kept:
        click.echo(f"Published, so not rewritten although the file differs: {line}", err=True)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", required=True, help="The country whose records they are, such as MX.")
@click.option("--by", "email", help="Address of the officer in whose name; without it, the operator's.")
@click.option("--dry-run", is_flag=True, help="Only check; change nothing.")
@as_json
def import_(file: Path, country: str, email: str | None, dry_run: bool, json_: bool) -> None:
    """Add the rows of a CSV file as drafts of a country: all of them, or none when one is wrong."""
    country = country.upper()
    with writing() as session:
        rows = spreadsheets.read_csv(file.read_bytes())
        officer = people.officer(session, country, email)
        report = registry.imports.check(session, officer, country, rows)
        if not report.problems and not dry_run:
            report = registry.imports.apply(session, officer, country, rows)
        if dry_run:
            session.rollback()
    if json_:
        say_json(_as_plain(report))
    else:
        _tell(report, dry_run)
    if report.problems:
        raise RqfError(N_("%(n)s rows are wrong, so nothing was imported."), n=report.wrong_rows)


def _as_plain(report: registry.imports.ImportReport) -> dict[str, Any]:
    return {
        "total": report.total,
        "wrong_rows": report.wrong_rows,
        "problems": [{**asdict(one), "what": str(one.what)} for one in report.problems],
        "created": list(report.created),
    }


def _tell(report: registry.imports.ImportReport, dry_run: bool) -> None:
    for one in report.problems:
        click.echo(f"line {one.line}, {one.column}: {one.what} Accepted: {one.allowed}", err=True)
    if not report.problems:
        done = "are right; nothing was changed" if dry_run else "were added as drafts"
        click.echo(f"{report.total} rows {done}.")
