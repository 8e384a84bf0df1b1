"""`rqf audit`: is the audit trail whole, and where does it stand?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rqf.cli.site import Refusing, as_json, reading, say_json
from rqf.errors import N_, Invalid, RqfError, message
from rqf.models import audit as trail
from rqf.rules.chain import Fault, Head, read_head

#: How a trail fails to hold -> the sentence that says so.
_SAID = {
    Fault.ALTERED: N_("Entry %(id)s of the audit trail was altered: what it says does not fit its hash."),
    Fault.UNLINKED: N_(
        "Entry %(id)s of the audit trail does not follow the one before it: an entry between them was "
        "removed, or entries were moved or put in."
    ),
    Fault.CUT_OFF: N_("The audit trail was cut off: it ends before entry %(id)s, which a kept head names."),
    Fault.REWRITTEN: N_(
        "The audit trail was written anew: up to entry %(id)s it is not what a kept head names."
    ),
}


@click.group(cls=Refusing)
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.option(
    "--head", "heads", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that was kept earlier; repeatable.",
)  # fmt: skip
@as_json
def verify(heads: tuple[Path, ...], json_: bool) -> None:
    """Recompute the chain of the audit trail; exit status 1 when an entry does not fit.

    A kept head also shows that the last entries are missing, or that the whole trail was written anew.
    """
    kept = [_read(file) for file in heads]
    with reading() as session:
        broken = trail.verify(session, kept)
    if json_:
        entry, fault = (broken.entry, broken.fault) if broken else (None, None)
        say_json({"whole": broken is None, "first_broken": entry, "fault": fault, "heads": len(kept)})
    elif broken is None:
        click.echo(f"The audit trail is whole{' and fits what was kept' if kept else ''}.")
    if broken is not None:
        raise RqfError(_SAID[broken.fault], id=broken.entry)


@audit.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@as_json
def head(file: Path | None, json_: bool) -> None:
    """Say where the trail stands now, or write it to FILE, to be kept for `rqf audit verify --head`."""
    with reading() as session:
        found = trail.head(session)
    if file:
        try:
            file.write_text(json.dumps(found.stored()) + "\n", "utf-8")
        except OSError as error:
            raise RqfError(N_("%(file)s cannot be written: %(why)s"), file=file, why=error.strerror) from None
    if json_:
        say_json(found.stored())
    elif not file:
        click.echo(f"{found.entries} entries up to entry {found.entry} at {found.at}\n{found.hash}")


def _read(file: Path) -> Head:
    try:
        return read_head(json.loads(file.read_text("utf-8")))
    except (ValueError, RecursionError):
        why = message(N_("%(file)s is not a JSON file."), file=file.name)
        raise Invalid({"head": [why]}) from None
