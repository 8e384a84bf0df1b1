"""`rqf quality`: the scores of records, kept for those that have none."""

from __future__ import annotations

import click

from rqf.cli.site import as_json, ready_database, say_json
from rqf.models.database import Database
from rqf.registry import quality as scores


@click.command("quality")
@click.option("--again", is_flag=True, help="Take all scores anew, not only those that are missing.")
@as_json
def quality(again: bool, json_: bool) -> None:
    """Keep the scores of records that have none: after an upgrade, or once the method has changed.

    It can be stopped at any time and goes on where it was.
    """
    with ready_database() as found:
        count = fill_quality(found, again=again)
    say_json({"scored": count}) if json_ else click.echo(f"{count} records scored")


def fill_quality(database: Database, *, again: bool = False) -> int:
    """Score what has no score by the method of this program, a thousand records at a time."""
    with database.transaction() as session:
        if again:
            scores.start_again(session)
        else:
            scores.forget_other_methods(session)
    count, last = 0, 0
    while True:
        with database.transaction() as session:
            done = scores.fill(session, last)
        if not done:
            return count
        count, last = count + len(done), done[-1]
