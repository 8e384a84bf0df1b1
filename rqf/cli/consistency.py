"""`rqf consistency`: look through the register for decisions that contradict each other."""

from __future__ import annotations

import click

from rqf import consistency as watch
from rqf.cli.site import as_json, ready_database, say_json


@click.command()
@as_json
def consistency(json_: bool) -> None:
    """Look through the whole register for decisions that contradict each other.

    What is found waits for the secretariat; what lost its cause is closed. Each stretch is a transaction of
    its own, so that nobody has to wait; a second run finds the same.
    """
    opened = closed = 0
    last: int | None = 0
    with ready_database() as database:
        while last is not None:
            with database.transaction() as session:
                step = watch.sweep(session, last)
            opened, closed, last = opened + step.opened, closed + step.closed, step.last
        with database.read() as session:
            waiting = {kind.value: count for kind, count in sorted(watch.count_open(session).items())}
    if json_:
        say_json({"opened": opened, "closed": closed, "open": waiting})
        return
    click.echo(f"Opened {opened}, closed {closed}. Open now: {sum(waiting.values())}")
    for kind, count in waiting.items():
        click.echo(f"  {count:>6}  {kind}")
