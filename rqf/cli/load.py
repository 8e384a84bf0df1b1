"""`rqf load`: the fixtures of an installation."""

from __future__ import annotations

from pathlib import Path

import click

from rqf import exchange, paths
from rqf.cli.site import as_json, say_json, writing


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
