"""`rqf rematch`: the candidates of every record in the other countries."""

from __future__ import annotations

from pathlib import Path

import click
from platformdirs import user_data_path
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rqf import lookup
from rqf.cli.site import as_json, reading, say_json
from rqf.errors import N_, RqfError


@click.command()
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", envvar="DASK_SCHEDULER_ADDRESS", help="Address of the Dask scheduler.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes of the local engine; all cores.")
@click.option("--full", is_flag=True, help="Match every record, not only what changed since the last run.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the result.")
@as_json
def rematch(
    engine: str, scheduler: str | None, workers: int | None, full: bool, out: Path | None, json_: bool
) -> None:
    """Find the best ten candidates of every published record in the other countries.

    The result is candidates.csv in the folder; the next run there matches only what changed.
    """
    if engine == "dask" and not scheduler:
        raise RqfError(N_("Say where the Dask scheduler is: --scheduler tcp://host:8786"))
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        disable=json_, transient=True,
    )  # fmt: skip
    with reading() as session, bar:
        line = bar.add_task("Matching", total=None)
        done = lookup.rematch(
            session,
            out or user_data_path("rqf", appauthor=False) / "rematch",
            full=full,
            scheduler=scheduler if engine == "dask" else None,
            workers=workers,
            progress=lambda count, total: bar.update(line, completed=count, total=total),
        )
    if json_:
        say_json({"matched": done.matched, "kept": done.kept, "full": done.full, "file": str(done.file)})
        return
    what = "all records" if done.full else "what changed"
    click.echo(f"Matched {what}: {done.matched} anew, {done.kept} kept. Result: {done.file}")
