"""`rqf check`: is this installation sound?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rqf import config, paths
from rqf.cli.site import as_json, database, say_json, settings
from rqf.errors import N_, NotFound, RqfError
from rqf.models import audit as trail
from rqf.models import catalogue, work
from rqf.models.database import SAFE_WAL, Database, sqlite_module
from rqf.models.standing import regional_edition
from rqf.models.tables import now

#: A job that waits longer has nobody to do it, or too few.
_LONG_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is right, and what was found."""

    name: str
    ok: bool
    found: str


@click.command()
@as_json
def check(json_: bool) -> None:
    """Look whether this installation is sound; exit status 1 when something is wrong."""
    findings = [_settings(), _files(), *_database()]
    if json_:
        say_json({"ok": all(one.ok for one in findings), "findings": [asdict(one) for one in findings]})
    else:
        for one in findings:
            click.echo(f"{'ok   ' if one.ok else 'WRONG'}  {one.name:<10} {one.found}")
    if not all(one.ok for one in findings):
        raise RqfError(N_("This installation is not sound."))


def _settings() -> Finding:
    found = settings()
    try:
        config.check(found)
    except RqfError as error:
        return Finding("settings", False, str(error))
    changed = [name for name, default in config.defaults().items() if found[name] != default]
    return Finding("settings", True, "set: " + ", ".join(f"RQF_{name}" for name in changed))


def _files() -> Finding:
    wanted = {
        "templates": paths.TEMPLATES / "base.html",
        "migrations": paths.MIGRATIONS / "env.py",
        "fixtures": paths.FIXTURES / "qualifications.csv",
        "static files": paths.STATIC / "app.css",
    }
    missing = [name for name, file in wanted.items() if not file.is_file()]
    return Finding("files", not missing, f"missing: {', '.join(missing)}" if missing else "all there")


def _database() -> Iterator[Finding]:
    store = database()
    try:
        yield _engine(store)
        current = store.is_current()
        yield Finding("schema", current, store.revision() or "empty; run: rqf db upgrade")
        if current:
            with store.read() as session:
                yield from _content(session)
    except DBAPIError as error:
        yield Finding("database", False, str(error.orig))
    finally:
        store.close()


def _engine(store: Database) -> Finding:
    if store.url.get_backend_name() != "sqlite":
        return Finding("database", True, store.url.render_as_string(hide_password=True))
    version = sqlite_module().sqlite_version_info
    release = ".".join(map(str, version))
    if version < SAFE_WAL:
        safe = ".".join(map(str, SAFE_WAL))
        return Finding("database", True, f"SQLite {release} is older than {safe}: runs without WAL, slower")
    return Finding("database", True, f"SQLite {release} in {store.url.database}")


def _content(session: Session) -> Iterator[Finding]:
    try:
        edition = regional_edition(session)
        yield Finding("framework", True, f"{edition.framework.code} {edition.label} ({edition.status})")
    except NotFound as error:
        yield Finding("framework", False, f"{error} Run: rqf load")
    yield Finding("index", True, f"{len(catalogue.index(session))} qualifications can be found")
    yield _jobs(session)
    broken = trail.verify(session)
    said = "whole" if broken is None else f"broken at entry {broken.entry}: {broken.fault}"
    yield Finding("audit", broken is None, said)


def _jobs(session: Session) -> Finding:
    since = work.waiting(session)
    if since is None or now() - since < _LONG_WAIT:
        return Finding("jobs", True, "none is waiting for long")
    return Finding("jobs", False, f"waiting since {since:%Y-%m-%d %H:%M} UTC; run: rqf worker")
