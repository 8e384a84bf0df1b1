"""`rqf evaluate`: how well the shipped matching does on data with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rqf import exchange
from rqf.cli.site import as_json, say_json

_FIGURES = ("mrr", "accuracy_at_1", "accuracy_at_10", "recall_at_10", "recall_at_200")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@as_json
def evaluate(folder: Path, json_: bool) -> None:
    """Measure the matching on FOLDER: queries.tsv, corpus_elements.tsv and annotations.tsv, as in MELO."""
    found = exchange.evaluate_folder(folder)
    if json_:
        say_json(found)
    else:
        _say(found)


def _say(found: dict[str, Any]) -> None:
    click.echo(f"{found['queries']} queries, {found['labels']} labels, method {found['method']}")
    for name in _FIGURES:
        one = found[name]
        label = name.replace("_", " ").replace("mrr", "MRR").replace(" at ", "@")
        click.echo(f"  {label:<14} {one['value']:.4f}   95 % interval {one['low']:.4f} to {one['high']:.4f}")
