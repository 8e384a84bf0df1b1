"""`rqf signing-key`: the keys that sign statements."""

from __future__ import annotations

import click

from rqf import statements
from rqf.cli.site import Refusing, as_json, database, reading, say_json, settings, writing


@click.group("signing-key", cls=Refusing)
def signing_key() -> None:
    """The keys that sign statements of comparability."""


@signing_key.command()
def rotate() -> None:
    """Make a new key, which signs from now on. Statements signed by older ones stay valid."""
    found = database()
    file = statements.key_file(settings()["SIGNING_KEY_FILE"], found.url)
    found.close()
    with writing() as session:
        made = statements.rotate(session, "rqf signing-key rotate", file)
    click.echo(f"{made.kid} signs from now on. Its private half is in {file}: keep a copy in a safe place.")


@signing_key.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the public keys, the newest first."""
    with reading() as session:
        rows = [
            {
                "kid": one.kid,
                "created_at": one.created_at.isoformat(),
                "retired_at": one.retired_at.isoformat() if one.retired_at else None,
            }
            for one in statements.list_keys(session)
        ]
    if json_:
        say_json(rows)
        return
    for row in rows:
        state = f"retired on {row['retired_at'][:10]}" if row["retired_at"] else "signs"
        click.echo(f"{row['kid']}  since {row['created_at'][:10]}  {state}")
