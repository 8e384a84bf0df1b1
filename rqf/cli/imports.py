"""`rqf import`: records from a file into the register of a country, and back out again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from rqf import exchange, people
from rqf.cli.site import as_json, ready_database, say_json, writing
from rqf.errors import N_, RqfError
from rqf.models import ImportBatch
from rqf.models.database import Database, in_steps
from rqf.people import Actor
from rqf.registry import imports

#: Rows that are shown one by one; the rest is in the file of --rest or on the page of the batch.
_MOST = 50


class _FileOr(click.Group):
    """`rqf import FILE …` beside `rqf import undo BATCH`: what is no command is a file, or its option."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put the command for files, which has no name, in front of a file."""
        if not args or args[0] not in self.commands:
            args = ["", *args]
        return super().parse_args(context, args)


@click.group("import", cls=_FileOr, add_help_option=False)
def import_() -> None:
    """Bring records from a file into a country's register, or take such an import back."""


@import_.command("")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", required=True, help="The country whose records they are, such as MX.")
@click.option("--by", "email", help="Address of the officer in whose name; without it, the operator's.")
@click.option("--profile", help="How the columns are to be read, such as RENEC; without it, it is guessed.")
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file that says what the columns mean, written as a profile.",
)  # fmt: skip
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="What holds for all rows.")
@click.option("--column", "columns", multiple=True, metavar="HEADER=FIELD", help="What a column means.")
@click.option("--encoding", help="Encoding of a text file; without it, it is guessed.")
@click.option("--delimiter", help="Sign between the columns of a text file; without it, it is guessed.")
@click.option("--sheet", help="Sheet of a workbook; without it, the first that holds something.")
@click.option("--check", "--dry-run", "only_check", is_flag=True, help="Only check; keep nothing.")
@click.option("--partial", is_flag=True, help="Leave rows with errors out instead of refusing all.")
@click.option("--rest", type=click.Path(path_type=Path), help="Where to write the rows with errors.")
@as_json
def import_file(file: Path, country: str, json_: bool, only_check: bool, **how: Any) -> None:
    """Bring the records of FILE (CSV, XLSX, ODS, JSON, JSON Lines) into a country's register, as drafts.

    All rows or none, unless --partial is given. A second run of the same file changes nothing.
    `rqf import undo BATCH` takes an import back.
    """
    with ready_database() as store:
        run = _dry_run if only_check else _import
        answer = run(store, country.upper(), file, json_, how)
    say_json(answer) if json_ else _tell(answer)
    if answer["wrong_rows"] and not how["partial"]:
        raise RqfError(N_("%(n)s rows are wrong, so nothing was imported."), n=answer["wrong_rows"])


@import_.command("undo")
@click.argument("batch")
@click.option("--by", "email", help="Address of the officer in whose name; without it, the operator's.")
@as_json
def undo(batch: str, email: str | None, json_: bool) -> None:
    """Take an applied import back, unless somebody decided something on its records since."""
    with writing() as session:
        officer = people.officer(session, imports.country_of(session, batch), email)
        undone = imports.undo(session, officer, batch)
        answer = {"batch": undone.uuid, "status": undone.status.value}
    say_json(answer) if json_ else click.echo(f"Import {answer['batch']}: {answer['status']}")


def _dry_run(store: Database, country: str, file: Path, quiet: bool, how: dict[str, Any]) -> dict[str, Any]:
    """Check in a transaction that is not kept. On SQLite other writers wait for it."""
    with store.write() as session:
        officer, batch, plan = _take_in(session, country, file, how)
        with _progress(quiet, "checking") as step:
            batch = imports.check(session, officer, batch.uuid, plan, step)
        answer = _answer(session, officer, batch, how)
        session.rollback()
    return answer


def _import(store: Database, country: str, file: Path, quiet: bool, how: dict[str, Any]) -> dict[str, Any]:
    """Check in short transactions, then apply in one. What is refused stays as a checked import."""
    with store.transaction() as session:
        officer, batch, plan = _take_in(session, country, file, how)
    with store.read() as session, _progress(quiet, "checking") as step:
        short = in_steps(session, store.transaction)
        batch = imports.check(session, officer, batch.uuid, plan, step, short)
    with store.transaction() as session:
        if not batch.totals["verdicts"]["wrong"] or how["partial"]:
            officer = people.officer(session, country, how["email"])
            with _progress(quiet, "applying") as step:
                batch = imports.apply(session, officer, batch.uuid, partial=how["partial"], progress=step)
        return _answer(session, officer, batch, how)


def _take_in(
    session: Session, country: str, file: Path, how: dict[str, Any]
) -> tuple[Actor, ImportBatch, imports.Plan]:
    officer = people.officer(session, country, how["email"])
    mapping = imports.read_mapping(how["mapping"].read_text("utf-8-sig")) if how["mapping"] else None
    reading = exchange.Reading(how["encoding"], how["delimiter"], how["sheet"])
    batch, guesses = imports.take_in(
        session, officer, country, file, file.name, profile=how["profile"], mapping=mapping, reading=reading
    )
    plan = _corrected(guesses.plan, how)
    imports.check_plan(plan)
    return officer, batch, plan


def _answer(session: Session, officer: Actor, batch: ImportBatch, how: dict[str, Any]) -> dict[str, Any]:
    answer = _as_plain(session, officer, batch)
    if how["rest"] and answer["wrong_rows"]:
        _write_rest(session, officer, batch, how["rest"])
    return answer


def _corrected(plan: imports.Plan, how: dict[str, Any]) -> imports.Plan:
    stored = plan.as_json()
    for name, given in (("constants", how["constants"]), ("columns", how["columns"])):
        for one in given:
            key, sign, value = one.partition("=")
            if not sign:
                raise click.UsageError(f"{one!r} has no “=”.")
            stored[name][key] = value or None if name == "columns" else value
    return imports.Plan.from_json(stored)


@contextmanager
def _progress(quiet: bool, what: str) -> Iterator[imports.Progress]:
    """Give a function that shows progress on the terminal, if there is one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _write_rest(session: Session, officer: Actor, batch: ImportBatch, path: Path) -> None:
    _, columns, rows = imports.rest(session, officer, batch.uuid)
    exchange.write(path, batch.reading["format"], columns, rows, batch.reading["delimiter"] or ",")


def _as_plain(session: Session, officer: Actor, batch: ImportBatch) -> dict[str, Any]:
    reading, total = batch.reading, batch.totals
    problems = [
        {
            "line": one["line"], "column": one["column"], "value": one["value"],
            "what": one["template"] % one["values"] if one["values"] else one["template"],
            "allowed": one["allowed"],
        }
        for one in imports.reasons(session, officer, batch.uuid)
    ]  # fmt: skip
    return {
        "batch": batch.uuid, "status": batch.status.value, "total": reading["total"],
        "reading": {name: reading[name] for name in ("format", "encoding", "delimiter", "sheet")},
        "plan": batch.plan, "totals": total, "wrong_rows": total["verdicts"]["wrong"], "problems": problems,
        "created": imports.created(session, batch),
    }  # fmt: skip


def _tell(answer: dict[str, Any]) -> None:
    for one in answer["problems"][:_MOST]:
        click.echo(f"line {one['line']}, {one['column']}: {one['what']} Accepted: {one['allowed']}", err=True)
    if len(answer["problems"]) > _MOST:
        click.echo(f"{len(answer['problems']) - _MOST} more problems; see --json or --rest", err=True)
    how = ", ".join(str(one) for one in answer["reading"].values() if one)
    click.echo(f"{answer['total']} rows read ({how}); profile: {answer['plan']['profile'] or 'guessed'}")
    for header, field in answer["plan"]["columns"].items():
        click.echo(f"  {header} -> {field or 'left out'}")
    for one in answer["totals"]["repairs"]:
        click.echo(f"  repaired {one['count']:>6} x {one['kind'].replace('_', ' ')} in {one['column']}")
    for verdict, count in answer["totals"]["verdicts"].items():
        click.echo(f"{count:>8} {verdict}")
    for flag, count in answer["totals"]["flags"].items():
        click.echo(f"{count:>8} {flag}")
    click.echo(f"Import {answer['batch']}: {answer['status']}")
