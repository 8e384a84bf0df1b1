"""`rqf serve` and `rqf db`: the server, and the schema that it needs."""

from __future__ import annotations

import socket
from contextlib import nullcontext

import click
from granian import Granian
from granian.constants import Interfaces

from rqf import config
from rqf.cli.quality import fill_quality
from rqf.cli.site import Refusing, database, ready_database, settings
from rqf.cli.worker import beside
from rqf.errors import N_, RqfError

#: Named, not imported: each worker process builds its own application.
_FACTORY = "rqf.app:serve"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--no-worker", "alone", is_flag=True, help="Leave long work to `rqf worker`, run elsewhere.")
def serve(host: str, port: int, workers: int, alone: bool) -> None:
    """Serve the site. Needs RQF_SECRET_KEY and a current schema (rqf db upgrade)."""
    config.check(settings())
    with ready_database():
        pass
    with nullcontext() if alone else beside():
        run(host, port, workers)


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until told to stop.

    :raises RqfError: the address cannot be listened on.
    """
    _probe(host, port)
    Granian(
        _FACTORY, address=host, port=port, workers=workers, interface=Interfaces.WSGI, factory=True,
        blocking_threads=8, log_access=False, respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()  # fmt: skip


def _probe(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RqfError(
                N_("%(host)s:%(port)s cannot be listened on (%(reason)s). Choose another with --port."),
                host=host, port=port, reason=error.strerror,
            ) from None  # fmt: skip


@click.group(cls=Refusing)
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to this program; an empty database gets all of it."""
    found = database()
    found.upgrade()
    if scored := fill_quality(found):
        click.echo(f"{scored} records scored.")
    click.echo(f"The schema is current ({found.revision()}).")
    found.close()
