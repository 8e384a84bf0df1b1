"""`rqf demo`: a site with the sample data and demonstration accounts, from nothing to serving."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import click
from platformdirs import user_data_path
from sqlalchemy.engine import URL

from rqf import exchange, paths
from rqf.cli import serve, worker
from rqf.models.database import Database

_HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the database and its keys; without it, one in the user's data directory.",
)  # fmt: skip
def demo(port: int, data: Path | None) -> None:
    """Serve a demonstration: an embedded database with the sample data and accounts to sign in with."""
    folder = (data or user_data_path("rqf", appauthor=False) / "demo").absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = URL.create("sqlite", database=str(folder / "rqf.sqlite")).render_as_string()
    password = _kept(folder / "password", 12)
    _prepare(folder, url, password)
    os.environ.update(
        RQF_DATABASE_URL=url,
        RQF_SECRET_KEY=_kept(folder / "secret_key", 48),
        RQF_DEMO="true",
        RQF_SECURE_COOKIES="false",
    )
    _introduce(port, password)
    with worker.beside():
        serve.run(_HOST, port)


def _prepare(folder: Path, url: str, password: str) -> None:
    """Make or upgrade the database, and load the sample if this is not the one loaded last."""
    mark, sample = folder / "sample", _mark_of_sample()
    if not (folder / "rqf.sqlite").exists():
        mark.unlink(missing_ok=True)
    database = Database(url)
    if not database.is_current():
        database.upgrade()
    if not mark.exists() or mark.read_text() != sample:
        click.echo("Loading the sample data …")
        with database.transaction() as session:
            exchange.load(session, "rqf demo")
        # The suggestions of the demonstration are looked up in what has been committed.
        with database.transaction() as session:
            exchange.load_demo(session, password)
        mark.write_text(sample)
    database.close()


def _kept(file: Path, length: int) -> str:
    """Return the secret in ``file``, made at the first start and readable by its owner only."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as target:
            target.write(secrets.token_urlsafe(length))
    return file.read_text().strip()


def _mark_of_sample() -> str:
    """Return a digest of the shipped sample: a new release brings new records into an old demonstration."""
    digest = hashlib.sha256()
    for file in sorted(paths.FIXTURES.rglob("*.*")):
        if file.suffix in (".json", ".csv"):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _introduce(port: int, password: str) -> None:
    click.echo(f"\nDemonstration site: http://{_HOST}:{port}\n")
    click.echo("Nothing on it is official. Accounts, all with the same password:\n")
    for email, about in exchange.demo_accounts():
        click.echo(f"  {email:<26} {about}")
    click.echo(f"\n  Password: {password}\n\nStop with Ctrl+C.\n", nl=True)
