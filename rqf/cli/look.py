"""`rqf suggest`, `rqf match` and `rqf compare`: the look-up for terminals and scripts."""

from __future__ import annotations

import click

from rqf import lookup, registry
from rqf.api import answers
from rqf.api.schemas.advice import AdviceOut
from rqf.api.schemas.comparison import CandidateOut, ComparisonOut
from rqf.cli.site import as_json, reading, say_json


@click.command()
@click.argument("record", metavar="CODE_OR_ID")
@as_json
def suggest(record: str, json_: bool) -> None:
    """Suggest regional levels for a record, each with its score (0-100) and evidence."""
    with reading() as session:
        version = lookup.find(session, record)
        given = AdviceOut().dump(answers.advice(version, registry.advise(session, version)))
    if json_:
        say_json(given)
        return
    click.echo(f"{version.title} ({version.country_code} {version.code or ''})")
    if given["abstained"]:
        click.echo("The evidence is too thin for advice; what there is:")
    for one in given["suggestions"]:
        click.echo(f"  level {one['level']}  {one['score']:5.1f}")
        for evidence in one["evidence"]:
            click.echo(f"      {evidence['domain']:<12} {', '.join(evidence['words'])}")
    for one in given["precedents"]:
        by = ", ".join(one["endorsed_by"])
        click.echo(f"  precedent: {one['title']} ({one['country']}), level {one['low']}-{one['high']}, {by}")
    click.echo("A suggestion advises; people decide.")


@click.command()
@click.argument("title")
@click.option("--from", "origin", help="Country that the title comes from.")
@click.option("--to", "country", help="Only records of this country.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@as_json
def match(title: str, origin: str | None, country: str | None, limit: int, json_: bool) -> None:
    """Find the records that TITLE may mean, best first, with scores from 0 to 100."""
    origin, country = (code.upper() if code else None for code in (origin, country))
    with reading() as session:
        query = lookup.MatchQuery("1", title, origin)
        found = CandidateOut(many=True).dump(
            answers.candidates(lookup.match(session, [query], country, limit)["1"])
        )
    if json_:
        say_json({"query": title, "from": origin, "to": country, "candidates": found})
        return
    for one in found:
        click.echo(f"{one['score']:5.1f}  {one['country']}  {one['code'] or '-':<12} {one['title']}")
    if not found:
        click.echo("Nothing in the register comes close.")


@click.command()
@click.argument("a")
@click.argument("b")
@as_json
def compare(a: str, b: str, json_: bool) -> None:
    """Compare two records (codes or ids) on the five elements and outcome by outcome."""
    with reading() as session:
        said = ComparisonOut().dump(answers.comparison(lookup.compare(session, a, b), str))
    if json_:
        say_json(said)
        return
    for side in ("a", "b"):
        one = said[side]
        click.echo(f"{side.upper()}: {one['title']} ({one['country']} {one['code'] or one['id']})")
    for one in said["elements"]:
        click.echo(f"  {one['element']:<10} {one['difference']:<12} {one['reason']}")
    if outcomes := said["outcomes"]:
        _tell_outcomes(outcomes)
    for one in said["decided"]:
        click.echo(
            f"Decided ({one['number']}): {one['conclusion']}, for {one['purpose']}. {one['rationale']}"
        )
    click.echo(f"Suggested, not decided: {said['indication']['conclusion']}. {said['indication']['reason']}")


def _tell_outcomes(outcomes: dict) -> None:
    click.echo(
        f"  A has {outcomes['coverage_a_of_b']:.0f} % of B, B has {outcomes['coverage_b_of_a']:.0f} % of A"
    )
    for name in ("matched", "partial"):
        for pair in outcomes[name]:
            click.echo(f"  {name:<8} {_text(pair['a'])}\n           {_text(pair['b'])}")
    for name in ("missing", "extra"):
        for one in outcomes[name]:
            click.echo(f"  {name:<8} {_text(one)}")


def _text(outcome: dict) -> str:
    texts = outcome["texts"]
    return texts.get(outcome["original_language"]) or next(iter(texts.values()), "")
