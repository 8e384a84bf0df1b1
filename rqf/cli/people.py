"""`rqf user` and `rqf key`: accounts, and the keys of programs."""

from __future__ import annotations

import secrets
import sys

import click

from rqf import people
from rqf.cli.site import Refusing, as_json, reading, say_json, writing
from rqf.rules.terms import Role


class RoleInCountry(click.ParamType):
    """A role and its scope: ``officer:CL``, ``reviewer:PE``, ``secretariat``."""

    name = "role[:country]"

    def convert(self, value: object, param: object, ctx: object) -> tuple[Role, str | None]:
        """Return the role and the country."""
        role, _, country = str(value).partition(":")
        try:
            return Role(role), country.upper() or None
        except ValueError:
            self.fail(f"“{value}” is not one of officer:CC, reviewer:CC, secretariat.")


@click.group(cls=Refusing)
def user() -> None:
    """The people who sign in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name, shown beside what they decide.")
@click.option("--role", "roles", multiple=True, required=True, type=RoleInCountry(), help="May be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, name: str, roles: tuple[tuple[Role, str | None], ...], password_stdin: bool) -> None:
    """Add a person. A password is made and shown once, unless it is given on standard input."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(15)
    with writing() as session:
        account = people.add_account(
            session, "rqf user add", email=email, name=name, password=password, roles=list(roles)
        )
    click.echo(f"{account.email} can sign in.")
    if not password_stdin:
        click.echo(f"Password: {password}")


@user.command("list")
@as_json
def list_(json_: bool) -> None:
    """List everybody with their roles."""
    with reading() as session:
        rows = [
            {
                "email": one.email,
                "name": one.name,
                "active": one.active,
                "roles": [f"{grant.role}:{grant.country_code}" if grant.country_code else str(grant.role)
                          for grant in one.roles],
            }
            for one in people.list_accounts(session)
        ]  # fmt: skip
    if json_:
        say_json(rows)
        return
    for row in rows:
        state = "" if row["active"] else "  (switched off)"
        click.echo(f"{row['email']:<32} {row['name']:<28} {', '.join(row['roles'])}{state}")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Switch an account off and end its sessions. What the person decided stays."""
    with writing() as session:
        people.disable_account(session, "rqf user disable", email)
    click.echo(f"{email} can no longer sign in.")


@click.group(cls=Refusing)
def key() -> None:
    """The keys with which programs write through the API."""


@key.command("add")
@click.argument("email")
@click.option("--label", required=True, help="What the key is for.")
def add_key(email: str, label: str) -> None:
    """Make a key that acts for the account with EMAIL. It is shown this once."""
    with writing() as session:
        made = people.add_key(session, "rqf key add", email, label)
    click.echo(made)
