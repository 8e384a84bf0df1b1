"""The installation that a command works on, and how commands speak: to people, to programs, in refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Config
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rqf import config
from rqf.errors import N_, Invalid, RqfError
from rqf.models.database import Database, default_url

as_json = click.option("--json", "json_", is_flag=True, help="Answer in JSON, for programs.")


class Refusing(click.Group):
    """A group of commands whose refusals are a sentence on stderr and exit status 1."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except Invalid as error:
            lines = [f"{name}: {said}" for name, all_said in error.fields.items() for said in all_said]
            raise click.ClickException("\n".join([error.message.template, *lines])) from None
        except RqfError as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            raise click.ClickException(f"The database refuses: {error.orig}") from None


def settings() -> dict[str, Any]:
    """Return the settings: ``RQF_*`` variables over the defaults."""
    found = Config("")
    found.update(config.defaults())
    found.from_prefixed_env("RQF")
    return dict(found)


def database() -> Database:
    """Return the database that the settings name, whatever state it is in."""
    known = settings()
    return Database(known["DATABASE_URL"] or default_url(), encoder=known["ENCODER"])


@contextmanager
def ready_database() -> Iterator[Database]:
    """Give the database.

    :raises RqfError: its schema is not the one that this program knows.
    """
    found = database()
    try:
        if not found.is_current():
            raise RqfError(N_("The database has no current schema. Run first: rqf db upgrade"))
        yield found
    finally:
        found.close()


@contextmanager
def writing() -> Iterator[Session]:
    """Give a session that is committed when the command ends well."""
    with ready_database() as found, found.transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session for looking things up."""
    with ready_database() as found, found.read() as session:
        yield session


def say_json(answer: Any) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
