"""Accounts and the actor: the person behind an action, with roles in their scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, Invalid, Message, NotAllowed, NotFound, WrongState, message
from rqf.models import Account, Country, RoleGrant, WebSession, audit, rounds
from rqf.people.passwords import hash_password
from rqf.rules.terms import Role
from rqf.rules.texts import searchable, strange_sign, tidy

#: Shortest password that is accepted (OWASP ASVS 5, 6.2.1 recommends at least 15 without a second factor).
SHORTEST_PASSWORD = 12
#: A longer one costs the server more than it protects.
LONGEST_PASSWORD = 1000
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Actor:
    """Who acts: an account and the roles it holds, each in a country or (None) in the region."""

    account: Account
    grants: frozenset[tuple[Role, str | None]]

    @property
    def id(self) -> int:
        """Return the account's id."""
        return self.account.id

    def countries(self, role: Role | None = None) -> frozenset[str]:
        """Return the countries in which the actor holds ``role``, or any role."""
        return frozenset(country for held, country in self.grants if country and role in (None, held))

    def has(self, role: Role, country: str | None = None) -> bool:
        """Tell whether the actor holds ``role``, in ``country`` when one is given."""
        return any(held == role and country in (None, where) for held, where in self.grants)

    def country(self, role: Role) -> str | None:
        """Return the country in which the actor holds ``role``; the first by code when there are several."""
        return min(self.countries(role), default=None)


def actor_of(account: Account) -> Actor:
    """Return ``account`` as an actor."""
    return Actor(account, frozenset((grant.role, grant.country_code) for grant in account.roles))


def find_actor(session: Session, account_id: int) -> Actor | None:
    """Return the active account with this id as an actor, or None."""
    account = session.scalar(
        select(Account).where(Account.id == account_id, Account.active).options(selectinload(Account.roles))
    )
    return actor_of(account) if account else None


def require(actor: Actor | None, role: Role, country: str | None = None) -> Actor:
    """Return ``actor`` if they hold ``role`` (in ``country``).

    :raises NotAllowed: they do not.
    """
    if actor is None or not actor.has(role, country):
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=role)
    return actor


def add_account(
    session: Session,
    by: Actor | str,
    *,
    email: str,
    name: str,
    password: str,
    roles: list[tuple[Role, str | None]],
) -> Account:
    """Add a person with their roles. ``by`` is the secretariat's actor or the name of a command.

    :raises Invalid: the address, the name, the password or a role is wrong.
    """
    if isinstance(by, Actor):
        require(by, Role.SECRETARIAT)
    granted = list(dict.fromkeys(roles))
    wrong = {
        "email": _wrong_address(session, email),
        "name": _wrong_name(tidy(name)),
        "password": _wrong_password(password),
        "roles": _wrong_roles(session, granted),
    }
    found = {field: [said] for field, said in wrong.items() if said}
    if found:
        raise Invalid(found)
    account = Account(email=_address(email), name=tidy(name), password_hash=hash_password(password))
    account.roles = [RoleGrant(role=role, country_code=country) for role, country in granted]
    session.add(account)
    session.flush()
    _note(session, by, account, "account.add", name=account.name, roles=_said(granted))
    return account


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by address, with their roles."""
    return list(session.scalars(select(Account).order_by(Account.email).options(selectinload(Account.roles))))


def countries(session: Session) -> list[str]:
    """Return the countries in which a role can be held, by code."""
    return list(session.scalars(select(Country.code).order_by(Country.code)))


def disable_account(session: Session, by: Actor | str, email: str) -> Account:
    """Switch an account off and end its sessions. What the person has done stays.

    :raises NotFound: nobody has this address.
    :raises WrongState: the account is switched off already, or it is one's own.
    """
    if isinstance(by, Actor):
        require(by, Role.SECRETARIAT)
    account = session.scalar(select(Account).where(Account.email == searchable(email).lower()))
    if account is None:
        raise NotFound(N_("There is no account for %(value)s."), value=email)
    if not account.active:
        raise WrongState(N_("The account of %(value)s is switched off already."), value=account.email)
    if isinstance(by, Actor) and by.id == account.id:
        raise WrongState(N_("You cannot switch off your own account: ask somebody else to."))
    account.active = False
    session.execute(delete(WebSession).where(WebSession.account_id == account.id))
    # Nobody waits for somebody who is gone: what they still had to review goes to the others.
    released = rounds.release(session, account.id)
    _note(session, by, account, "account.disable", **({"released": released} if released else {}))
    return account


def _address(email: str) -> str:
    return str(
        validate_email(tidy(email), check_deliverability=False, test_environment=True).normalized
    ).lower()


def _wrong_address(session: Session, email: str) -> Message | None:
    if not tidy(email):
        return message(N_("Enter the person's e-mail address."))
    try:
        address = _address(email)
    except EmailNotValidError:
        return message(N_("“%(value)s” is not an e-mail address."), value=email[:_LONGEST_NAME])
    if session.scalar(select(Account.id).where(Account.email == address)):
        return message(N_("There is an account for %(value)s already."), value=address)
    return None


def _wrong_name(name: str) -> Message | None:
    if not name:
        return message(N_("Enter the person's name: it stands beside what they decide."))
    strange = strange_sign(name)
    if strange:
        return message(
            N_("The text contains a control character (%(sign)s) that cannot be kept."), sign=strange
        )
    if len(name) > _LONGEST_NAME:
        return message(
            N_("The text has %(n)s characters; at most %(longest)s are accepted."),
            n=len(name), longest=_LONGEST_NAME,
        )  # fmt: skip
    return None


def _wrong_password(password: str) -> Message | None:
    if len(password) < SHORTEST_PASSWORD:
        return message(N_("The password needs at least %(n)s characters."), n=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return message(N_("The password may have at most %(n)s characters."), n=LONGEST_PASSWORD)
    return None


def _wrong_roles(session: Session, roles: list[tuple[Role, str | None]]) -> Message | None:
    if not roles:
        return message(N_("Choose at least one role."))
    known = countries(session)
    for role, country in roles:
        if (role == Role.SECRETARIAT) != (country is None):
            return message(N_("The role %(role)s needs a country, the secretariat none."), role=role)
        if country is not None and country not in known:
            return message(
                N_("“%(value)s” is not a country of this registry. Known: %(known)s."),
                value=country, known=", ".join(known),
            )  # fmt: skip
    return None


def _said(roles: list[tuple[Role, str | None]]) -> list[str]:
    return [f"{role}:{country}" if country else str(role) for role, country in roles]


def _note(session: Session, by: Actor | str, account: Account, action: str, **details: Any) -> None:
    who = by.account if isinstance(by, Actor) else by
    audit.record(session, who, action, "account", account.id, email=account.email, **details)
