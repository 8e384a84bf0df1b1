"""The `rqf` command, one module per group. Exit status: 0 done, 1 refused (reason on stderr), 2 usage."""

from __future__ import annotations

import click

from rqf import __version__
from rqf.cli import (
    audit,
    check,
    consistency,
    demo,
    evaluate,
    exports,
    imports,
    load,
    look,
    people,
    quality,
    rematch,
    serve,
    signing,
    worker,
)
from rqf.cli.site import Refusing


@click.group(cls=Refusing)
@click.version_option(__version__, prog_name="rqf")
def main() -> None:
    """The registry of a regional qualifications framework.

    Settings are environment variables that begin with RQF_; docs/operations.md lists them. Without
    RQF_DATABASE_URL the database is a file in the user's data directory.
    """


for command in (
    demo.demo, serve.serve, serve.db, worker.worker, load.load,
    imports.import_, exports.export, quality.quality,
    look.suggest, look.match, look.compare, people.user, people.key, signing.signing_key,
    audit.audit, check.check, consistency.consistency, evaluate.evaluate, rematch.rematch,
):  # fmt: skip
    main.add_command(command)
